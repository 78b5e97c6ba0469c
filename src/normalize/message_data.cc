// SPDX-License-Identifier: Apache-2.0
// Data of spans that are no conversation: tool arguments and results, queries and documents, tool
// definitions.
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/message_sources.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

// What an event says: its only value, else all of them as one object.
std::string EventData(const SourceEvent& event) {
  if (event.attributes.size() == 1) {
    return TextOrJson(ToValue(event.attributes[0]));
  }
  json::object fields;
  for (const SourceAttribute& attribute : event.attributes) {
    fields[json::string_view(attribute.key.data(), attribute.key.size())] = ToValue(attribute);
  }
  return fields.empty() ? std::string() : ToJsonText(fields);
}

std::string MemberOfEvent(const SourceView& view, std::string_view event_name,
                          std::initializer_list<std::string_view> keys) {
  for (const auto& events : {view.source.events, view.source.logs}) {
    for (const SourceEvent& event : events) {
      if (event.name != event_name) {
        continue;
      }
      if (std::string text = AttributeIndex(event.attributes).Text(keys); !text.empty()) {
        return text;
      }
    }
  }
  return {};
}

std::string FirstEventData(const SourceView& view, std::string_view event_name) {
  for (const SourceEvent& event : view.source.events) {
    if (event.name == event_name) {
      return EventData(event);
    }
  }
  return {};
}

// [{"document": {...}}] without the wrappers, as JSON text; a text that is no list as it is.
std::string DocumentList(const SourceView& view, std::string_view prefix) {
  const auto tree = ListBelow(view.index, prefix);
  if (!tree) {
    return {};
  }
  if (!tree->is_array()) {
    return TextOrJson(*tree);
  }
  json::array documents;
  for (const json::value& element : tree->get_array()) {
    const json::value* inner = Member(element, {"document"});
    documents.push_back(inner != nullptr ? *inner : element);
  }
  return ToJsonText(documents);
}

// Vector stores of OpenLLMetry write one event per result.
std::string ResultEvents(const SourceView& view) {
  json::array results;
  for (const SourceEvent& event : view.source.events) {
    if (event.name == "db.query.result" || event.name == "db.search.result") {
      json::object fields;
      for (const SourceAttribute& attribute : event.attributes) {
        fields[json::string_view(attribute.key.data(), attribute.key.size())] = ToValue(attribute);
      }
      results.push_back(std::move(fields));
    }
  }
  return results.empty() ? std::string() : ToJsonText(results);
}

// [{"tool": {"json_schema": ...}}] as a list of the schemas.
std::string SchemaList(const SourceView& view) {
  const auto tree = ListBelow(view.index, "llm.tools.");
  if (!tree || !tree->is_array()) {
    return {};
  }
  json::array tools;
  for (const json::value& element : tree->get_array()) {
    const json::value* tool = Member(element, {"tool"});
    const json::value* schema = tool == nullptr ? nullptr : Member(*tool, {"json_schema"});
    const auto parsed = schema != nullptr && schema->is_string()
                            ? ParseStructure(TextOrJson(*schema))
                            : std::nullopt;
    tools.push_back(parsed ? *parsed : schema != nullptr ? *schema : element);
  }
  return ToJsonText(tools);
}

// A list whose elements may themselves be JSON text.
std::string ParsedList(const json::value& value) {
  if (!value.is_array()) {
    return TextOrJson(value);
  }
  json::array list;
  for (const json::value& element : value.get_array()) {
    const auto parsed = element.is_string() ? ParseStructure(TextOrJson(element)) : std::nullopt;
    list.push_back(parsed ? *parsed : element);
  }
  return ToJsonText(list);
}

// Google ADK and Pydantic AI keep the definitions inside the request.
std::string ToolsInRequest(const SourceView& view) {
  if (const auto request = view.index.Value({"gcp.vertex.agent.llm_request"})) {
    const json::value* config = Member(*request, {"config"});
    const json::value* tools = config == nullptr ? nullptr : Member(*config, {"tools"});
    if (tools != nullptr) {
      return ToJsonText(*tools);
    }
  }
  if (const auto parameters = view.index.Value({"model_request_parameters"})) {
    const json::value* tools = Member(*parameters, {"function_tools"});
    if (tools != nullptr && tools->is_array() && !tools->get_array().empty()) {
      return ToJsonText(*tools);
    }
  }
  return {};
}

}  // namespace

void ReadToolData(const SourceView& view, model::Conversation& out) {
  const AttributeIndex& index = view.index;
  out.input_data =
      index.Text({"gen_ai.tool.call.arguments", "tool_arguments", "ai.toolCall.args",
                  "gcp.vertex.agent.tool_call_args", "gen_ai.tool.args", "gen_ai.tool.input",
                  "tool_input", "tool_parameters", "arguments", "function_args",
                  "mcp.request.argument", "traceloop.entity.input", "input.value", "input"});
  out.output_data = index.Text({"gen_ai.tool.call.result", "tool_response", "ai.toolCall.result",
                                "gcp.vertex.agent.tool_response", "gen_ai.tool.output"});
  if (out.output_data.empty()) {
    out.output_data = FirstEventData(view, "tool.output");
  }
  if (out.output_data.empty()) {
    out.output_data =
        index.Text({"output", "mcp.response.value", "traceloop.entity.output", "output.value"});
  }
  for (std::string* data : {&out.input_data, &out.output_data}) {
    if (data->starts_with('"')) {
      *data = Unquote(*data);  // OpenLLMetry writes texts as JSON.
    }
  }
  // Mastra: mastra.<type of the span>.input and .output.
  for (const SourceAttribute& attribute : index.attributes()) {
    if (attribute.key.starts_with("mastra.") && !IsAbsent(attribute)) {
      std::string* data = attribute.key.ends_with(".input")    ? &out.input_data
                          : attribute.key.ends_with(".output") ? &out.output_data
                                                               : nullptr;
      if (data != nullptr && data->empty()) {
        *data = std::string(attribute.text);
      }
    }
  }
  // Gemini CLI puts both into the keys for messages.
  if (out.input_data.empty()) {
    out.input_data = index.Text({"gen_ai.input.messages"});
  }
  if (out.output_data.empty()) {
    out.output_data = index.Text({"gen_ai.output.messages"});
  }
  // Strands has both in message events.
  if (out.input_data.empty()) {
    out.input_data = MemberOfEvent(view, "gen_ai.tool.message", {"content"});
  }
  if (out.output_data.empty()) {
    out.output_data = MemberOfEvent(view, "gen_ai.choice", {"message", "tool.result"});
  }
}

void ReadDocuments(const SourceView& view, model::Conversation& out) {
  const AttributeIndex& index = view.index;
  out.input_data = index.Text({"gen_ai.retrieval.query.text", "gen_ai.retrieval.query",
                               "reranker.query", "gen_ai.memory.query.text"});
  out.output_data = index.Text({"gen_ai.retrieval.documents", "gen_ai.memory.records"});
  for (const std::string_view prefix : {"retrieval.documents.", "reranker.output_documents."}) {
    if (out.output_data.empty()) {
      out.output_data = DocumentList(view, prefix);
    }
  }
  if (out.output_data.empty()) {
    out.output_data = ResultEvents(view);
  }
}

std::string ReadToolDefinitions(const SourceView& view) {
  const AttributeIndex& index = view.index;
  if (const auto tools = index.Value({"gen_ai.tool.definitions"})) {
    return ParsedList(*tools);
  }
  if (std::string schemas = SchemaList(view); !schemas.empty()) {
    return schemas;
  }
  if (const auto tools = index.Value({"ai.prompt.tools", "gen_ai.request.available_tools"})) {
    return ParsedList(*tools);
  }
  if (const auto functions = index.Tree("llm.request.functions.")) {
    return ToJsonText(*functions);
  }
  if (const auto tools = index.Value({"mlflow.chat.tools"})) {
    return ParsedList(*tools);
  }
  // LangChain's instrumentation only has them among the settings of the call.
  if (const auto settings = index.Value({"llm.invocation_parameters"})) {
    const json::value* tools = Member(*settings, {"tools", "functions"});
    if (tools != nullptr && tools->is_array() && !tools->get_array().empty()) {
      return ParsedList(*tools);
    }
  }
  if (view.source.kind == model::SpanKind::kTool) {
    // On tool spans these are the schema, not the arguments; except for those who write them there.
    const bool are_arguments = view.source.dialect == model::Dialect::kBeeAi ||
                               view.source.dialect == model::Dialect::kAgno;
    return are_arguments ? index.Text({"tool.json_schema"})
                         : index.Text({"tool.json_schema", "tool.parameters"});
  }
  return ToolsInRequest(view);
}

}  // namespace sightline::normalize
