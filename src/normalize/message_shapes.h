// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

#include "model/message.h"
#include "normalize/json.h"

namespace sightline::normalize {

// Readers of messages as JSON, in any of the shapes that providers and frameworks use: OTel GenAI
// parts, OpenAI chat and responses, Anthropic, Gemini, Bedrock Converse, LangChain, Vercel AI SDK.
// One tolerant reader instead of one per provider, because frameworks pass on whatever they call.

// Which side of a call a value was found on: gives the role of texts that state none.
enum class Side : std::uint8_t { kInput, kOutput };

// How to read a content that is a text.
enum class ContentText : std::uint8_t {
  kPlain,
  kMaybeJson,  // Some emitters write a list of parts as JSON text.
};

// One part of a message.
model::MessagePart ToPart(const json::value& value);

// A call of a tool, whatever its type says.
model::MessagePart ToCall(const json::value& value);

// True for the definition of a tool, in the shape of any provider: a name with a schema or a
// description and no arguments.
bool IsToolDefinition(const json::value& value);

// The role by its usual name: any letter case, LangChain's, Gemini's and Cohere's names, enum
// values as Python writes them ("MessageRole.USER"). Other roles stay as they are.
std::string CanonicalRole(std::string_view role);

// A message's content: a text, one part or a list of parts.
void AppendParts(const json::value& content, ContentText text,
                 std::vector<model::MessagePart>& parts);

// Reads one message. False, and `out` untouched, if `value` does not look like one.
bool ReadMessage(const json::value& value, Side side, ContentText text, model::Message& out);

// Messages, and the system prompt and the tool definitions that came with them.
struct MessageList {
  std::vector<model::MessagePart> system;
  std::vector<model::Message> messages;
  json::array tools;
};

// What an element of a list that is no message is worth.
enum class Others : std::uint8_t {
  kRefuse,    // The list holds something else, then.
  kKeepText,  // The list holds messages by definition: the element is one of text.
};

// Reads a list of messages, or an object that holds one (a request with "messages" or "contents", a
// response with "choices" or "candidates"), or one message. False, and `out` untouched, if `value`
// looks like none of these. Tool definitions among the messages are not results of calls.
bool ReadMessages(const json::value& value, Side side, MessageList& out,
                  Others others = Others::kRefuse);

// As ReadMessages, for messages as JSON text, also as lenient encoders write it and cut off.
bool ReadMessagesText(std::string_view text, Side side, MessageList& out,
                      Others others = Others::kRefuse);

// One message with one text.
model::Message TextMessage(std::string_view text, Side side);

// Arguments or results as JSON text: structures as they are, also when they come as text; other
// texts quoted.
std::string ToPayload(const json::value& value);

}  // namespace sightline::normalize
