// SPDX-License-Identifier: Apache-2.0
// Readers for messages that are events: one event per message (OTel GenAI 1.28 to 1.36, Strands),
// one per side (up to 1.27, OpenLIT), and the log events of coding agents.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "normalize/message_shapes.h"
#include "normalize/message_sources.h"

namespace sightline::normalize {
namespace {

struct EventRole {
  std::string_view name;
  std::string_view role;
};

constexpr auto kRoles = std::to_array<EventRole>({
    {"gen_ai.system.message", "system"},
    {"gen_ai.user.message", "user"},
    {"gen_ai.assistant.message", "assistant"},
    {"gen_ai.tool.message", "tool"},
});

// Attributes and body as one object; the body is the newer place.
json::object Fields(const SourceEvent& event) {
  json::object fields;
  for (const SourceAttribute& attribute : event.attributes) {
    if (!IsAbsent(attribute)) {
      fields[json::string_view(attribute.key.data(), attribute.key.size())] = ToValue(attribute);
    }
  }
  if (!event.body.text.empty()) {
    const json::value body = ToValue(event.body);
    if (body.is_object()) {
      for (const auto& member : body.get_object()) {
        fields[member.key()] = member.value();
      }
    } else {
      fields["content"] = body;
    }
  }
  return fields;
}

// {"index", "finish_reason", "message": {..} or Strands' JSON content, "tool_calls",
// "tool.result"}.
void ReadChoice(json::object fields, model::Conversation& out) {
  const json::value* inner = fields.if_contains("message");
  json::object message;
  if (inner != nullptr && inner->is_object()) {
    message = inner->get_object();
  } else if (inner != nullptr) {
    message["content"] = *inner;
  }
  for (const char* name : {"content", "tool_calls", "finish_reason"}) {
    if (const json::value* found = fields.if_contains(name)) {
      message[name] = *found;
    }
  }
  if (!message.contains("role")) {
    message["role"] = "assistant";
  }
  model::Message read;
  if (ReadMessage(message, Side::kOutput, ContentText::kMaybeJson, read)) {
    out.output.push_back(std::move(read));
  }
}

// True if the name is one of a message event.
bool ReadMessageEvent(std::string_view name, json::object fields, model::Conversation& out) {
  if (name == "gen_ai.choice") {
    ReadChoice(std::move(fields), out);
    return true;
  }
  for (const EventRole& event : kRoles) {
    if (event.name != name) {
      continue;
    }
    if (!fields.contains("role")) {
      fields["role"] = json::string_view(event.role.data(), event.role.size());
    }
    model::Message message;
    if (ReadMessage(fields, Side::kInput, ContentText::kMaybeJson, message)) {
      out.input.push_back(std::move(message));
    }
    return true;
  }
  return false;
}

void AddText(std::string_view text, Side side, model::Conversation& out) {
  if (!text.empty()) {
    (side == Side::kInput ? out.input : out.output).push_back(TextMessage(text, side));
  }
}

}  // namespace

void ReadEventBodies(const json::value& bodies, model::Conversation& out) {
  if (!bodies.is_array()) {
    return;
  }
  for (const json::value& body : bodies.get_array()) {
    if (body.is_object()) {
      ReadMessageEvent(TextMember(body, {"event.name", "name"}), body.get_object(), out);
    }
  }
}

void ReadMessageEvents(const SourceView& view, model::Conversation& out) {
  for (const SourceEvent& event : view.source.events) {
    const AttributeIndex index(event.attributes);
    if (event.name == "gen_ai.content.prompt") {
      if (const auto value = index.Value({"gen_ai.prompt"})) {
        PutInput(view, *value, out);
      }
    } else if (event.name == "gen_ai.content.completion") {
      if (const auto value = index.Value({"gen_ai.completion"})) {
        PutOutput(view, *value, out);
      }
    } else if (event.name.starts_with("gen_ai.")) {
      ReadMessageEvent(event.name, Fields(event), out);
    }
  }
}

void ReadPromptLogs(const SourceView& view, model::Conversation& out) {
  AddText(view.index.Text({"user_prompt"}), Side::kInput, out);
  for (const SourceEvent& event : view.source.events) {
    const AttributeIndex index(event.attributes);
    if (event.name == "claude_code.user_prompt" || event.name == "codex.user_prompt" ||
        event.name == "gemini_cli.user_prompt") {
      AddText(index.Text({"prompt"}), Side::kInput, out);
    } else if (event.name == "claude_code.assistant_response") {
      AddText(index.Text({"response"}), Side::kOutput, out);
    }
  }
}

}  // namespace sightline::normalize
