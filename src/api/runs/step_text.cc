// SPDX-License-Identifier: Apache-2.0
#include "api/runs/step_text.h"

#include <string_view>
#include <vector>

#include "base/utf8.h"

namespace sightline::api {
namespace {

void Append(std::string_view role, const std::vector<model::MessagePart>& parts,
            std::string& text) {
  for (const model::MessagePart& part : parts) {
    text += role;
    text += ": ";
    if (!part.raw_json.empty()) {
      text += part.raw_json;
    } else if (!part.payload_json.empty()) {
      text += part.name + part.payload_json;
    } else {
      text += part.content;
    }
    text += '\n';
  }
}

std::string TextOf(const std::vector<model::Message>& messages) {
  std::string text;
  for (const model::Message& message : messages) {
    Append(message.role, message.parts, text);
  }
  return text;
}

std::string Spoken(const model::Message& message) {
  std::string text;
  for (const model::MessagePart& part : message.parts) {
    const std::string& said = part.payload_json.empty() ? part.content : part.payload_json;
    text += (text.empty() || said.empty() ? "" : "\n") + said;
  }
  return text;
}

}  // namespace

std::string InputTextOf(const model::Conversation& conversation) {
  std::string text = conversation.input_data;
  if (text.empty()) {
    Append("system", conversation.system, text);
    text += TextOf(conversation.input);
  }
  if (text.size() > kComparedBytes) {
    // The cut end is at the end of a character, so the rest begins with one.
    text.erase(0, base::TruncateUtf8(text, text.size() - kComparedBytes).size());
  }
  text.shrink_to_fit();
  return text;
}

std::string OutputTextOf(const model::Conversation& conversation) {
  std::string text =
      conversation.output_data.empty() ? TextOf(conversation.output) : conversation.output_data;
  text.resize(base::TruncateUtf8(text, kComparedBytes).size());
  text.shrink_to_fit();
  return text;
}

std::string SpokenInputOf(const model::Conversation& conversation) {
  if (!conversation.input_data.empty() || conversation.input.empty()) {
    return conversation.input_data;
  }
  return Spoken(conversation.input.back());
}

std::string SpokenOutputOf(const model::Conversation& conversation) {
  if (conversation.output.empty()) {
    return conversation.output_data;
  }
  std::string text;
  for (const model::Message& message : conversation.output) {
    text += (text.empty() ? "" : "\n") + Spoken(message);
  }
  return text;
}

}  // namespace sightline::api
