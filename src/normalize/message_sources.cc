// SPDX-License-Identifier: Apache-2.0
#include "normalize/message_sources.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/message_shapes.h"

namespace sightline::normalize {
namespace {

void Append(MessageList&& list, Side side, model::Conversation& out) {
  auto& messages = side == Side::kInput ? out.input : out.output;
  std::move(list.messages.begin(), list.messages.end(), std::back_inserter(messages));
  std::move(list.system.begin(), list.system.end(), std::back_inserter(out.system));
  if (out.tools_json.empty() && !list.tools.empty()) {
    out.tools_json = ToJsonText(list.tools);
  }
}

bool Read(const json::value& value, Side side, MessageList& out, Others others) {
  return value.is_string() ? ReadMessagesText(TextOrJson(value), side, out, others)
                           : ReadMessages(value, side, out, others);
}

void Put(const SourceView& view, const json::value& value, Side side, model::Conversation& out) {
  auto& messages = side == Side::kInput ? out.input : out.output;
  auto& data = side == Side::kInput ? out.input_data : out.output_data;
  MessageList list;
  // The data of a tool may look like a message and are none.
  if (view.source.kind != model::SpanKind::kTool && Read(value, side, list, Others::kRefuse)) {
    Append(std::move(list), side, out);
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
  if (const auto* found = view.index.Find(inputs)) {
    PutAttribute(view, *found, Side::kInput, out);
  }
  if (const auto* found = view.index.Find(outputs)) {
    PutAttribute(view, *found, Side::kOutput, out);
  }
}

void ReadGenAiFrom(const AttributeIndex& index, model::Conversation& out) {
  if (const auto system =
          index.Value({"gen_ai.system_instructions", "gen_ai.system.instructions"})) {
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

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The words that OpenInference's flat keys are made of; dots in other names mean nothing.
bool IsFlatWord(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"message", "message_content", "contents", "image", "tool_calls", "tool_call", "function",
       "tool", "prompt", "completion", "document", "embedding"});
  return IsNumber(word) || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// {"0": a, "1": b} as [a, b].
json::value ListOfNumbered(json::object&& map) {
  json::array list;
  for (const auto& member : map) {
    if (!IsNumber({member.key().data(), member.key().size()})) {
      return std::move(map);
    }
    list.push_back(member.value());
  }
  return list;
}

// {"message.role": "user"} as {"message": {"role": "user"}}, as flat keys give it; `depth` is how
// many structures may still be opened.
json::value Unflatten(const json::value& value, int depth = 16) {
  if (depth == 0 || (!value.is_array() && !value.is_object())) {
    return value;
  }
  if (const json::array* list = value.if_array()) {
    json::array unflattened;
    for (const json::value& element : *list) {
      unflattened.push_back(Unflatten(element, depth - 1));
    }
    return unflattened;
  }
  json::object map;
  json::object groups;
  for (const auto& [name, member] : value.get_object()) {
    const std::size_t dot = name.find('.');
    const bool is_flat =
        dot != json::string_view::npos && dot + 1 < name.size() && IsFlatWord({name.data(), dot});
    if (!is_flat) {
      map[name] = Unflatten(member, depth - 1);
      continue;
    }
    json::value& group = groups[name.substr(0, dot)];
    if (!group.is_object()) {
      group = json::object();
    }
    group.get_object()[name.substr(dot + 1)] = member;
  }
  for (const auto& [name, group] : groups) {
    json::value inner = Unflatten(group, depth - 1);
    map[name] = inner.is_object() ? ListOfNumbered(std::move(inner.get_object())) : inner;
  }
  return map;
}

// Unfolded lists of plain completions: [{"prompt": {"text"}}] or [{"completion": {"text"}}], or the
// texts themselves.
void PutTexts(const std::optional<json::value>& list, std::string_view name, Side side,
              std::vector<model::Message>& messages) {
  if (!list) {
    return;
  }
  if (!list->is_array()) {
    messages.push_back(TextMessage(TextOrJson(*list), side));
    return;
  }
  for (const json::value& element : list->get_array()) {
    const json::value* inner = Member(element, {name});
    const json::value& value = inner != nullptr ? *inner : element;
    if (value.is_string()) {
      messages.push_back(TextMessage(TextOrJson(value), side));
    } else if (const auto text = TextMember(value, {"text"}); !text.empty()) {
      messages.push_back(TextMessage(text, side));
    } else if (const auto prompt = TextMember(value, {"user"}); !prompt.empty()) {
      messages.push_back(TextMessage(prompt, side));  // The very first OpenLLMetry.
    }
  }
}

bool StateRoles(const std::optional<json::value>& list) {
  return list && list->is_array() && !list->get_array().empty() &&
         Member(list->get_array().front(), {"role", "content", "message"}) != nullptr;
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

// Prompts and completions of OpenInference, which are texts, and of the first OpenLLMetry, which
// had these names for messages.
void PutPlain(const std::optional<json::value>& list, std::string_view name, Side side,
              std::vector<model::Message>& messages) {
  if (StateRoles(list)) {
    PutIndexed(list, side, ContentText::kMaybeJson, messages);
  } else {
    PutTexts(list, name, side, messages);
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

std::optional<json::value> ListBelow(const AttributeIndex& index, std::string_view prefix) {
  if (auto tree = index.Tree(prefix)) {
    return tree;
  }
  const auto value = index.Value({prefix.substr(0, prefix.size() - 1)});
  return value ? std::optional(Unflatten(*value)) : std::nullopt;
}

void PutMessages(const json::value& value, Side side, model::Conversation& out) {
  MessageList list;
  if (Read(value, side, list, Others::kKeepText)) {
    Append(std::move(list), side, out);
  } else {
    auto& messages = side == Side::kInput ? out.input : out.output;
    messages.push_back(TextMessage(TextOrJson(value), side));
  }
}

void PutAttribute(const SourceView& view, const SourceAttribute& attribute, Side side,
                  model::Conversation& out) {
  Put(view, ToStrictValue(attribute), side, out);
}

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
  for (const auto& events : {view.source.events, view.source.logs}) {
    for (const SourceEvent& event : events) {
      if (event.name == "gen_ai.client.inference.operation.details") {
        model::Conversation found;
        ReadGenAiFrom(AttributeIndex(event.attributes), found);
        TakeMissing(std::move(found), out);
      }
    }
  }
}

void ReadGenAiDeprecated(const SourceView& view, model::Conversation& out) {
  PutKeys(view, {"gen_ai.prompt"}, {"gen_ai.completion"}, out);
}

void ReadOpenInference(const SourceView& view, model::Conversation& out) {
  const auto input = ListBelow(view.index, "llm.input_messages.");
  PutIndexed(input, Side::kInput, ContentText::kPlain, out.input);
  AddLegacyCalls(input, out.input);
  const auto output = ListBelow(view.index, "llm.output_messages.");
  PutIndexed(output, Side::kOutput, ContentText::kPlain, out.output);
  AddLegacyCalls(output, out.output);
  if (out.input.empty()) {
    PutPlain(ListBelow(view.index, "llm.prompts."), "prompt", Side::kInput, out.input);
  }
  if (out.output.empty()) {
    PutPlain(ListBelow(view.index, "llm.choices."), "completion", Side::kOutput, out.output);
  }
  if (out.output.empty()) {
    PutPlain(ListBelow(view.index, "llm.completions."), "completion", Side::kOutput, out.output);
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
                                 : ToStrictValue(*found));
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
