// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sightline::model {

// One part of a message, after the OTel GenAI part types; unknown types keep their JSON in `raw`.
//
// Thread: value.
struct MessagePart {
  std::string type;          // text, reasoning, tool_call, tool_call_response, blob, uri, file ...
  std::string content;       // text, reasoning: the text. blob: base64. uri: the address.
  std::string id;            // tool_call, tool_call_response: call id. file: file id.
  std::string name;          // tool_call: tool name.
  std::string payload_json;  // tool_call: arguments; tool_call_response: response. JSON text.
  std::string mime_type;
  std::string modality;
  std::string raw_json;  // Parts of other types: the whole original JSON value.

  friend bool operator==(const MessagePart&, const MessagePart&) = default;
};

struct Message {
  std::string role;  // system, user, assistant, tool or any other text.
  std::string name;
  std::vector<MessagePart> parts;
  std::string finish_reason;  // Output messages only.

  friend bool operator==(const Message&, const Message&) = default;
};

// What went into a span and what came out, rebuilt from its original attributes and events.
struct Conversation {
  std::vector<MessagePart> system;
  std::vector<Message> input;
  std::vector<Message> output;
  std::string tools_json;   // Tool definitions as JSON text, "" when absent.
  std::string input_data;   // Tool arguments, retrieval query or other input; text or JSON text.
  std::string output_data;  // Tool result, documents or other output; text or JSON text.
};

}  // namespace sightline::model
