// SPDX-License-Identifier: Apache-2.0
#include "api/conversation_json.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace sightline::api {
namespace {

// Writes messages; `list` is "input", "output" or "system".
class MessageWriter {
 public:
  MessageWriter(const std::string& span_id, BodyWriter& body_writer, base::JsonWriter& json)
      : span_id_(span_id), body_writer_(body_writer), json_(json) {}

  void Parts(const std::vector<model::MessagePart>& parts, const std::string& place) {
    json_.BeginArray();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Part(parts[i], fmt::format("field=messages&key={}.{}", place, i));
    }
    json_.EndArray();
  }

  void Messages(const std::vector<model::Message>& messages, std::string_view list) {
    json_.BeginArray();
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const model::Message& message = messages[i];
      json_.BeginObject();
      json_.Key("role").String(message.role);
      if (!message.name.empty()) {
        json_.Key("name").String(message.name);
      }
      json_.Key("parts");
      Parts(message.parts, fmt::format("{}.{}", list, i));
      if (!message.finish_reason.empty()) {
        json_.Key("finish_reason").String(message.finish_reason);
      }
      json_.EndObject();
    }
    json_.EndArray();
  }

 private:
  void Part(const model::MessagePart& part, const std::string& place) {
    if (!part.raw_json.empty() && IsJson(part.raw_json)) {
      json_.Raw(part.raw_json);
      return;
    }
    json_.BeginObject();
    json_.Key("type").String(part.type);
    const auto text = [&](std::string_view key, std::string_view value) {
      if (!value.empty()) {
        json_.Key(key).String(value);
      }
    };
    text("id", part.id);
    text("name", part.name);
    text("mime_type", part.mime_type);
    text("modality", part.modality);
    if (part.type == "text" || part.type == "reasoning" || !part.content.empty()) {
      json_.Key("content");
      body_writer_.Write(span_id_, part.content, false, place);
    }
    if (!part.payload_json.empty()) {
      json_.Key(part.type == "tool_call" ? "arguments" : "response");
      body_writer_.Write(span_id_, part.payload_json, IsJson(part.payload_json), place);
    }
    json_.EndObject();
  }

  const std::string& span_id_;
  BodyWriter& body_writer_;
  base::JsonWriter& json_;
};

}  // namespace

void WriteConversation(const model::Conversation& conversation, const std::string& span_id,
                       BodyWriter& body_writer, base::JsonWriter& json) {
  MessageWriter writer(span_id, body_writer, json);
  json.Key("messages").BeginObject();
  json.Key("system");
  writer.Parts(conversation.system, "system.0");
  json.Key("input");
  writer.Messages(conversation.input, "input");
  json.Key("output");
  writer.Messages(conversation.output, "output");
  json.Key("tools");
  if (conversation.tools_json.empty()) {
    json.Null();
  } else {
    body_writer.Write(span_id, conversation.tools_json, IsJson(conversation.tools_json),
                      "field=tools");
  }
  json.EndObject();
  const auto data = [&](std::string_view key, const std::string& text) {
    json.Key(key);
    if (text.empty()) {
      json.Null();
    } else {
      body_writer.Write(span_id, text, IsStructured(text), fmt::format("field={}", key));
    }
  };
  data("input_data", conversation.input_data);
  data("output_data", conversation.output_data);
}

}  // namespace sightline::api
