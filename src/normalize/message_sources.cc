// SPDX-License-Identifier: Apache-2.0
#include "normalize/message_sources.h"

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/message_shapes.h"

namespace sightline::normalize {
namespace {

void Append(MessageList&& list, std::vector<model::Message>& messages,
            std::vector<model::MessagePart>& system) {
  std::move(list.messages.begin(), list.messages.end(), std::back_inserter(messages));
  std::move(list.system.begin(), list.system.end(), std::back_inserter(system));
}

// Keys that hold messages by definition: what does not parse is one message of text.
void PutMessages(const json::value& value, Side side, model::Conversation& out) {
  auto& messages = side == Side::kInput ? out.input : out.output;
  MessageList list;
  if (ReadMessages(value, side, list)) {
    Append(std::move(list), messages, out.system);
  } else {
    messages.push_back(TextMessage(TextOrJson(value), side));
  }
}

void Put(const SourceView& view, const json::value& value, Side side, model::Conversation& out) {
  auto& messages = side == Side::kInput ? out.input : out.output;
  auto& data = side == Side::kInput ? out.input_data : out.output_data;
  MessageList list;
  // The data of a tool may look like a message and are none.
  if (view.source.kind != model::SpanKind::kTool && ReadMessages(value, side, list)) {
    Append(std::move(list), messages, out.system);
  } else if (view.source.kind == model::SpanKind::kLlm && value.is_string()) {
    messages.push_back(TextMessage(TextOrJson(value), side));
  } else {
    data = TextOrJson(value);
  }
}

// Values that are always JSON text: that of a text has quotes.
void PutJson(const SourceView& view, const SourceAttribute& attribute, Side side,
             model::Conversation& out) {
  const auto value = ParseJson(attribute.text);
  Put(view, value ? *value : ToValue(attribute), side, out);
}

void PutKeys(const SourceView& view, std::initializer_list<std::string_view> inputs,
             std::initializer_list<std::string_view> outputs, model::Conversation& out) {
  if (const auto value = view.index.Value(inputs)) {
    PutInput(view, *value, out);
  }
  if (const auto value = view.index.Value(outputs)) {
    PutOutput(view, *value, out);
  }
}

void ReadGenAiFrom(const AttributeIndex& index, model::Conversation& out) {
  if (const auto system = index.Value({"gen_ai.system_instructions"})) {
    const json::value* parts = Member(*system, {"parts"});
    AppendParts(parts != nullptr ? *parts : *system, ContentText::kPlain, out.system);
  }
  if (const auto input = index.Value({"gen_ai.input.messages"})) {
    PutMessages(*input, Side::kInput, out);
  }
  if (const auto output = index.Value({"gen_ai.output.messages"})) {
    PutMessages(*output, Side::kOutput, out);
  }
}

// Unfolded lists of plain completions: [{"prompt": {"text"}}] or [{"completion": {"text"}}].
void PutTexts(const std::optional<json::value>& list, std::string_view name, Side side,
              std::vector<model::Message>& messages) {
  if (!list || !list->is_array()) {
    return;
  }
  for (const json::value& element : list->get_array()) {
    if (const json::value* inner = Member(element, {name})) {
      messages.push_back(TextMessage(TextMember(*inner, {"text"}), side));
    }
  }
}

void PutIndexed(const std::optional<json::value>& list, Side side, ContentText text,
                std::vector<model::Message>& messages) {
  if (!list || !list->is_array()) {
    return;
  }
  for (const json::value& element : list->get_array()) {
    const json::value* inner = Member(element, {"message"});
    const json::value& value = inner != nullptr ? *inner : element;
    if (!value.is_object()) {
      continue;
    }
    // These keys hold messages, even if one states no role.
    json::object fields = value.get_object();
    if (!fields.contains("role")) {
      fields["role"] = side == Side::kInput ? "user" : "assistant";
    }
    model::Message message;
    if (ReadMessage(fields, side, text, message)) {
      messages.push_back(std::move(message));
    }
  }
}

// The flat spelling of a single function call, in OpenInference's early versions.
void AddLegacyCalls(const std::optional<json::value>& list, std::vector<model::Message>& messages) {
  if (!list || !list->is_array() || list->get_array().size() != messages.size()) {
    return;
  }
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const json::value* message = Member(list->get_array()[i], {"message"});
    const json::value* name =
        message == nullptr ? nullptr : Member(*message, {"function_call_name"});
    if (name == nullptr) {
      continue;
    }
    model::MessagePart part{.type = "tool_call", .name = TextOrJson(*name)};
    if (const auto* arguments = Member(*message, {"function_call_arguments_json"})) {
      part.payload_json = ToPayload(*arguments);
    }
    messages[i].parts.push_back(std::move(part));
  }
}

}  // namespace

void PutInput(const SourceView& view, const json::value& value, model::Conversation& out) {
  Put(view, value, Side::kInput, out);
}

void PutOutput(const SourceView& view, const json::value& value, model::Conversation& out) {
  Put(view, value, Side::kOutput, out);
}

void ReadGenAiAttributes(const SourceView& view, model::Conversation& out) {
  ReadGenAiFrom(view.index, out);
}

void ReadDetailsEvent(const SourceView& view, model::Conversation& out) {
  for (const SourceEvent& event : view.source.events) {
    if (event.name == "gen_ai.client.inference.operation.details") {
      ReadGenAiFrom(AttributeIndex(event.attributes), out);
    }
  }
}

void ReadGenAiDeprecated(const SourceView& view, model::Conversation& out) {
  PutKeys(view, {"gen_ai.prompt"}, {"gen_ai.completion"}, out);
}

void ReadOpenInference(const SourceView& view, model::Conversation& out) {
  const auto input = view.index.Tree("llm.input_messages.");
  PutIndexed(input, Side::kInput, ContentText::kPlain, out.input);
  AddLegacyCalls(input, out.input);
  const auto output = view.index.Tree("llm.output_messages.");
  PutIndexed(output, Side::kOutput, ContentText::kPlain, out.output);
  AddLegacyCalls(output, out.output);
  if (out.input.empty()) {
    PutTexts(view.index.Tree("llm.prompts."), "prompt", Side::kInput, out.input);
  }
  if (out.output.empty()) {
    PutTexts(view.index.Tree("llm.choices."), "completion", Side::kOutput, out.output);
  }
}

void ReadTraceloop(const SourceView& view, model::Conversation& out) {
  // Not gen_ai.prompt.name and the like: those make an object, not a list.
  std::vector<SourceAttribute> indexed;
  for (const SourceAttribute& attribute : view.index.attributes()) {
    for (const std::string_view prefix : {"gen_ai.prompt.", "gen_ai.completion."}) {
      if (attribute.key.starts_with(prefix) && attribute.key.size() > prefix.size() &&
          attribute.key[prefix.size()] >= '0' && attribute.key[prefix.size()] <= '9') {
        indexed.push_back(attribute);
      }
    }
  }
  const AttributeIndex index(indexed);
  PutIndexed(index.Tree("gen_ai.prompt."), Side::kInput, ContentText::kMaybeJson, out.input);
  PutIndexed(index.Tree("gen_ai.completion."), Side::kOutput, ContentText::kMaybeJson, out.output);
}

void ReadLangfuse(const SourceView& view, model::Conversation& out) {
  PutKeys(view, {"langfuse.observation.input", "langfuse.trace.input"},
          {"langfuse.observation.output", "langfuse.trace.output"}, out);
}

void ReadMlflow(const SourceView& view, model::Conversation& out) {
  if (const auto* found = view.index.Find({"mlflow.spanInputs"})) {
    PutJson(view, *found, Side::kInput, out);
  }
  if (const auto* found = view.index.Find({"mlflow.spanOutputs"})) {
    PutJson(view, *found, Side::kOutput, out);
  }
}

void ReadGoogleAdk(const SourceView& view, model::Conversation& out) {
  PutKeys(view, {"gcp.vertex.agent.llm_request", "gcp.vertex.agent.data"},
          {"gcp.vertex.agent.llm_response"}, out);
}

void ReadGenericValues(const SourceView& view, model::Conversation& out) {
  // The values are what they are said to be: plain text that looks like JSON stays text.
  const auto value = [&](std::string_view key, std::string_view type_key) {
    const SourceAttribute* found = view.index.Find({key});
    if (found == nullptr) {
      return std::optional<json::value>();
    }
    const bool is_text = view.index.Text({type_key}) == "text/plain";
    return std::optional(is_text ? json::value(json::string(found->text.data(), found->text.size()))
                                 : ToValue(*found));
  };
  if (const auto input = value("input.value", "input.mime_type")) {
    PutInput(view, *input, out);
  }
  if (const auto output = value("output.value", "output.mime_type")) {
    PutOutput(view, *output, out);
  }
}

void ReadTraceloopEntity(const SourceView& view, model::Conversation& out) {
  for (const Side side : {Side::kInput, Side::kOutput}) {
    const auto* found = side == Side::kInput
                            ? view.index.Find({"traceloop.entity.input", "gen_ai.task.input",
                                               "gen_ai.workflow.input"})
                            : view.index.Find({"traceloop.entity.output", "gen_ai.task.output",
                                               "gen_ai.workflow.output"});
    if (found != nullptr) {
      PutJson(view, *found, side, out);
    }
  }
}

}  // namespace sightline::normalize
