// SPDX-License-Identifier: Apache-2.0
// Readers for messages that are events: one event per message (OTel GenAI 1.28 to 1.36, Strands),
// one per side (up to 1.27, OpenLIT), and the log events of coding agents.
#include <span>
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

constexpr std::string_view kEventContent = "gen_ai.event.content";  // Azure's SDKs.

// The role in "gen_ai.<role>.message"; "" for other names.
std::string_view RoleOf(std::string_view name) {
  constexpr std::string_view kPrefix = "gen_ai.";
  constexpr std::string_view kEnding = ".message";
  if (!name.starts_with(kPrefix) || !name.ends_with(kEnding) ||
      name.size() <= kPrefix.size() + kEnding.size()) {
    return {};
  }
  return name.substr(kPrefix.size(), name.size() - kPrefix.size() - kEnding.size());
}

// An object's members, or a content.
void Unfold(const json::value& value, json::object& fields) {
  if (!value.is_object()) {
    fields["content"] = value;
    return;
  }
  for (const auto& member : value.get_object()) {
    fields[member.key()] = member.value();
  }
}

// Google's instrumentations put the provider's whole message, {"parts", "role"}, into the content.
void UnfoldContent(json::object& fields) {
  const json::value* content = fields.if_contains("content");
  if (content != nullptr && Member(*content, {"parts", "role"}) != nullptr) {
    const json::value whole = *content;
    fields.erase("content");
    Unfold(whole, fields);
  }
}

// Attributes and body as one object; the body is the newer place.
json::object Fields(const SourceEvent& event) {
  json::object fields;
  for (const SourceAttribute& attribute : event.attributes) {
    if (IsAbsent(attribute)) {
      continue;
    }
    if (attribute.key == kEventContent) {
      Unfold(ToValue(attribute), fields);
      continue;
    }
    // What somebody said may look like Python.
    fields[json::string_view(attribute.key.data(), attribute.key.size())] =
        attribute.key == "content" ? ToStrictValue(attribute) : ToValue(attribute);
  }
  if (!event.body.text.empty()) {
    Unfold(ToValue(event.body), fields);
  }
  UnfoldContent(fields);
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
  for (const char* name : {"content", "parts", "tool_calls", "finish_reason"}) {
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

// Whole messages where the content of one is expected.
bool IsMessageList(const json::value& value) {
  const json::array* list = value.if_array();
  return list != nullptr && !list->empty() && Member(list->front(), {"role"}) != nullptr &&
         Member(list->front(), {"parts", "content"}) != nullptr;
}

// True if the name is one of a message event.
bool ReadMessageEvent(std::string_view name, json::object fields, model::Conversation& out) {
  if (name == "gen_ai.choice") {
    ReadChoice(std::move(fields), out);
    return true;
  }
  const std::string_view role = RoleOf(name);
  if (role.empty()) {
    return false;
  }
  if (role == "input" || role == "output") {  // Azure's newer names: a list of messages.
    const json::value* list = fields.if_contains("content");
    PutMessages(list != nullptr ? *list : json::value(fields),
                role == "input" ? Side::kInput : Side::kOutput, out);
    return true;
  }
  if (const json::value* list = fields.if_contains("content"); list && IsMessageList(*list)) {
    PutMessages(*list, Side::kInput, out);
    return true;
  }
  if (!fields.contains("role")) {
    fields["role"] = json::string_view(role.data(), role.size());
  }
  model::Message message;
  if (ReadMessage(fields, Side::kInput, ContentText::kMaybeJson, message)) {
    out.input.push_back(std::move(message));
  }
  return true;
}

// Azure's newer events hold what OTel's attributes of the same names hold.
bool ReadListEvent(const SourceEvent& event, model::Conversation& out) {
  const auto content = AttributeIndex(event.attributes).Value({kEventContent});
  if (event.name == "gen_ai.input.messages" || event.name == "gen_ai.output.messages") {
    if (content) {
      PutMessages(*content, event.name == "gen_ai.input.messages" ? Side::kInput : Side::kOutput,
                  out);
    }
    return true;
  }
  if (event.name.starts_with("gen_ai.system") &&
      event.name.find("instruction") != std::string_view::npos) {
    if (content) {
      AppendParts(*content, ContentText::kPlain, out.system);
    }
    return true;
  }
  return false;
}

// Up to version 1.27 of OTel's conventions one event held all messages of a side. LiteLLM writes a
// record for each, with the message as its body.
void ReadSideEvent(const SourceView& view, const SourceEvent& event, Side side,
                   model::Conversation& out) {
  json::object body;
  if (!event.body.text.empty()) {
    Unfold(ToValue(event.body), body);
  }
  if (body.contains("role") || body.contains("message")) {
    if (side == Side::kOutput) {
      ReadChoice(std::move(body), out);
    } else {
      PutMessages(body, side, out);
    }
    return;
  }
  const AttributeIndex index(event.attributes);
  const auto* found = side == Side::kInput
                          ? index.Find({"gen_ai.prompt", "gen_ai.input.messages"})
                          : index.Find({"gen_ai.completion", "gen_ai.output.messages"});
  if (found != nullptr) {
    PutAttribute(view, *found, side, out);
  }
}

// {"role", "content"}, where the content may be the attributes of the event that it was.
void PutUnfolded(const json::value& message, Side side, model::Conversation& out) {
  if (!message.is_object()) {
    return;
  }
  json::object fields = message.get_object();
  if (const json::value* content = Member(message, {"content"})) {
    if (const json::value* inner = Member(*content, {"message", "content"})) {
      fields["content"] = *inner;
    }
  }
  model::Message read;
  if (ReadMessage(fields, side, ContentText::kMaybeJson, read)) {
    (side == Side::kInput ? out.input : out.output).push_back(std::move(read));
  }
}

// AWS's distribution of OTel takes the messages out of spans and writes them as one record, named
// after the scope: {"input": {"messages": [..]}, "output": {"messages": [..]}}.
void ReadBothSides(const SourceEvent& event, model::Conversation& out) {
  if (event.body.text.find("\"messages\"") == std::string_view::npos) {
    return;
  }
  const json::value body = ToValue(event.body);
  for (const Side side : {Side::kInput, Side::kOutput}) {
    const json::value* half = Member(body, {side == Side::kInput ? "input" : "output"});
    const json::value* list = half == nullptr ? nullptr : Member(*half, {"messages"});
    if (list == nullptr || !list->is_array()) {
      continue;
    }
    for (const json::value& message : list->get_array()) {
      PutUnfolded(message, side, out);
    }
  }
}

void ReadEvents(const SourceView& view, std::span<const SourceEvent> events,
                model::Conversation& out) {
  for (const SourceEvent& event : events) {
    if (event.name == "gen_ai.content.prompt") {
      ReadSideEvent(view, event, Side::kInput, out);
    } else if (event.name == "gen_ai.content.completion") {
      ReadSideEvent(view, event, Side::kOutput, out);
    } else if (!event.name.starts_with("gen_ai.")) {
      ReadBothSides(event, out);
    } else if (!ReadListEvent(event, out)) {
      ReadMessageEvent(event.name, Fields(event), out);
    }
  }
}

void AddText(std::string_view text, Side side, model::Conversation& out) {
  if (!text.empty()) {
    (side == Side::kInput ? out.input : out.output).push_back(TextMessage(text, side));
  }
}

bool IsCodingAgent(model::Dialect dialect) {
  return dialect == model::Dialect::kClaudeCode || dialect == model::Dialect::kCodex ||
         dialect == model::Dialect::kGeminiCli;
}

// Of spans that stand for one log event of a coding agent: the event's attributes are theirs.
void ReadAgentAttributes(const SourceView& view, model::Conversation& out) {
  if (out.input.empty()) {
    AddText(view.index.Text({"prompt"}), Side::kInput, out);
  }
  if (!view.is_call()) {
    return;
  }
  // Gemini CLI: the request and the response of its API.
  if (const auto* request = view.index.Find({"request_text"}); request && out.input.empty()) {
    PutAttribute(view, *request, Side::kInput, out);
  }
  if (const auto* response = view.index.Find({"response_text"})) {
    PutAttribute(view, *response, Side::kOutput, out);
  }
}

// Log events of coding agents: "<emitter>.user_prompt" and the like.
void ReadAgentEvent(const SourceView& view, const SourceEvent& event, bool has_input,
                    bool has_output, model::Conversation& out) {
  const std::string_view name = event.name.substr(event.name.find('.') + 1);
  const AttributeIndex index(event.attributes);
  if (name == "user_prompt" && !has_input) {
    AddText(index.Text({"prompt"}), Side::kInput, out);
  } else if (name == "assistant_response" && !has_output) {
    AddText(index.Text({"response"}), Side::kOutput, out);
  } else if (name == "api_request_body" && view.is_call() && out.input.empty()) {
    if (const auto* body = index.Find({"body"})) {
      PutAttribute(view, *body, Side::kInput, out);
    }
  } else if (name == "api_response_body" && view.is_call() && out.output.empty()) {
    if (const auto* body = index.Find({"body"})) {
      PutAttribute(view, *body, Side::kOutput, out);
    }
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
  ReadEvents(view, view.source.events, out);
}

// Apart from the span's own events: some senders write both.
void ReadMessageLogs(const SourceView& view, model::Conversation& out) {
  ReadEvents(view, view.source.logs, out);
}

void ReadPromptLogs(const SourceView& view, model::Conversation& out) {
  AddText(view.index.Text({"user_prompt"}), Side::kInput, out);
  if (IsCodingAgent(view.source.dialect)) {
    ReadAgentAttributes(view, out);
  }
  const bool has_input = !out.input.empty();
  const bool has_output = !out.output.empty();
  for (const auto& events : {view.source.events, view.source.logs}) {
    for (const SourceEvent& event : events) {
      ReadAgentEvent(view, event, has_input, has_output, out);
    }
  }
}

}  // namespace sightline::normalize
