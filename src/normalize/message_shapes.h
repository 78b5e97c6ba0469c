// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

// A message's content: a text, one part or a list of parts.
void AppendParts(const json::value& content, ContentText text,
                 std::vector<model::MessagePart>& parts);

// Reads one message. False, and `out` untouched, if `value` does not look like one.
bool ReadMessage(const json::value& value, Side side, ContentText text, model::Message& out);

// Messages and the system prompt that came with them.
struct MessageList {
  std::vector<model::MessagePart> system;
  std::vector<model::Message> messages;
};

// Reads a list of messages, or an object that holds one (a request with "messages" or "contents", a
// response with "choices" or "candidates"), or one message. False, and `out` untouched, if `value`
// looks like none of these.
bool ReadMessages(const json::value& value, Side side, MessageList& out);

// One message with one text.
model::Message TextMessage(std::string_view text, Side side);

// Arguments or results as JSON text: structures as they are, also when they come as text; other
// texts quoted.
std::string ToPayload(const json::value& value);

}  // namespace sightline::normalize
