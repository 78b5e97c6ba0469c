// SPDX-License-Identifier: Apache-2.0
// Inputs and outputs of emitters that keep them under keys of their own: one pair of values for
// each span, whatever its kind. Values are JSON or plain text; what looks like messages becomes
// messages.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
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

using model::Dialect;
using model::SpanKind;

// JSON if it can be nothing else: texts are written in quotes by some emitters.
json::value ValueOf(const SourceAttribute& attribute) {
  if (attribute.text.starts_with('"')) {
    if (auto text = ParseJson(attribute.text)) {
      return std::move(*text);
    }
  }
  return ToStrictValue(attribute);
}

std::optional<json::value> First(const SourceView& view,
                                 std::initializer_list<std::string_view> keys) {
  const SourceAttribute* found = view.index.Find(keys);
  return found == nullptr ? std::nullopt : std::optional(ValueOf(*found));
}

void PutPair(const SourceView& view, std::initializer_list<std::string_view> inputs,
             std::initializer_list<std::string_view> outputs, model::Conversation& out) {
  if (const auto input = First(view, inputs)) {
    PutInput(view, *input, out);
  }
  if (const auto output = First(view, outputs)) {
    PutOutput(view, *output, out);
  }
}

// Before 2026; since then ReadMastra's keys.
void ReadMastraWords(const SourceView& view, model::Conversation& out) {
  if (view.source.dialect == Dialect::kMastra) {
    PutPair(view, {"input"}, {"output"}, out);
  }
}

// {"type": "chat_messages" or "text" or "json" ..., "value": ...}, also nested in lists.
json::value Unwrapped(const json::value& typed) {
  const json::value* value = Member(typed, {"value"});
  if (value == nullptr || TextMember(typed, {"type"}).empty()) {
    return typed;
  }
  if (TextMember(typed, {"type"}) != "list" || !value->is_array()) {
    return *value;
  }
  if (value->get_array().size() == 1) {
    return Unwrapped(value->get_array()[0]);
  }
  json::array list;
  for (const json::value& element : value->get_array()) {
    list.push_back(Unwrapped(element));
  }
  return list;
}

void ReadLangWatch(const SourceView& view, model::Conversation& out) {
  if (const auto input = First(view, {"langwatch.input"})) {
    PutInput(view, Unwrapped(*input), out);
  }
  if (const auto output = First(view, {"langwatch.output"})) {
    PutOutput(view, Unwrapped(*output), out);
  }
  if (view.source.kind == SpanKind::kRetriever && out.output_data.empty()) {
    out.output_data = view.index.Text({"langwatch.rag.contexts", "langwatch.rag_contexts"});
  }
}

// The calls of LiveKit's answer: [{"call_id", "name", "arguments"}].
void AddLiveKitCalls(const json::value& calls, model::Message& message) {
  if (!calls.is_array()) {
    return;
  }
  for (const json::value& call : calls.get_array()) {
    model::MessagePart part{.type = "tool_call"};
    part.id = std::string(TextMember(call, {"call_id", "id"}));
    part.name = std::string(TextMember(call, {"name"}));
    if (const json::value* arguments = Member(call, {"arguments"})) {
      part.payload_json = ToPayload(*arguments);
    }
    if (!part.name.empty()) {
      message.parts.push_back(std::move(part));
    }
  }
}

void ReadLiveKit(const SourceView& view, model::Conversation& out) {
  PutPair(view, {"lk.function_tool.arguments", "lk.pii.function_tool.arguments"},
          {"lk.function_tool.output", "lk.pii.function_tool.output"}, out);
  if (view.source.kind == SpanKind::kTool) {
    return;
  }
  if (const auto history = First(view, {"lk.pii.chat_ctx", "lk.chat_ctx"})) {
    const json::value* items = Member(*history, {"items"});
    PutInput(view, items != nullptr ? *items : *history, out);
  }
  if (out.input.empty() && out.input_data.empty()) {
    const std::string text =
        view.index.Text({"lk.pii.user_input", "lk.user_input", "lk.pii.user_transcript",
                         "lk.user_transcript", "lk.pii.input_text", "lk.input_text"});
    if (!text.empty()) {
      out.input.push_back(TextMessage(text, Side::kInput));
    }
  }
  model::Message answer{.role = "assistant"};
  std::string text = view.index.Text({"lk.pii.response.text", "lk.response.text"});
  if (!text.empty()) {
    answer.parts.push_back({.type = "text", .content = std::move(text)});
  }
  if (const auto calls =
          First(view, {"lk.pii.response.function_calls", "lk.response.function_calls"})) {
    AddLiveKitCalls(*calls, answer);
  }
  if (!answer.parts.empty()) {
    out.output.push_back(std::move(answer));
  }
}

void ReadSpringAi(const SourceView& view, model::Conversation& out) {
  PutPair(view, {"spring.ai.tool.call.arguments", "db.vector.query.content"},
          {"spring.ai.tool.call.result", "db.vector.query.response.documents"}, out);
}

// Instrumentations of OpenInference that put the arguments where others put the schema.
void ReadParameters(const SourceView& view, model::Conversation& out) {
  const bool is_one =
      view.source.dialect == Dialect::kBeeAi || view.source.dialect == Dialect::kAgno;
  if (is_one && view.source.kind == SpanKind::kTool &&
      view.index.Find({"input.value"}) == nullptr) {
    PutPair(view, {"tool.parameters"}, {}, out);
  }
}

void ReadCrewAi(const SourceView& view, model::Conversation& out) {
  if (view.source.dialect == Dialect::kCrewAi) {
    PutPair(view, {"formatted_description", "crew_inputs"}, {"task_output", "crew_output"}, out);
  }
}

}  // namespace

void ReadEmitterValues(const SourceView& view, model::Conversation& out) {
  constexpr auto kReaders = std::to_array<MessageReader>(
      {ReadMastraWords, ReadLangWatch, ReadLiveKit, ReadSpringAi, ReadParameters, ReadCrewAi});
  for (const MessageReader reader : kReaders) {
    reader(view, out);
    if (!out.input.empty() || !out.output.empty() || !out.input_data.empty() ||
        !out.output_data.empty()) {
      return;
    }
  }
  PutPair(view, {"lmnr.span.input", "koog.node.input", "koog.subgraph.input"},
          {"lmnr.span.output", "koog.node.output", "koog.subgraph.output"}, out);
}

}  // namespace sightline::normalize
