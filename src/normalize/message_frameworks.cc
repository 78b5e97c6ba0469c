// SPDX-License-Identifier: Apache-2.0
// Readers for the Vercel AI SDK, Sentry, Mastra, and for Pydantic AI with Logfire.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/message_shapes.h"
#include "normalize/message_sources.h"

namespace sightline::normalize {
namespace {

// {"system", "prompt", "messages"}: any of them may be absent.
void ReadVercelPrompt(const SourceView& view, const json::value& prompt, model::Conversation& out) {
  if (const auto* system = Member(prompt, {"system"})) {
    AppendParts(*system, ContentText::kPlain, out.system);
  }
  if (const auto* messages = Member(prompt, {"messages"})) {
    PutInput(view, *messages, out);
  } else if (const auto* text = Member(prompt, {"prompt"})) {
    if (text->is_string()) {
      out.input.push_back(TextMessage(TextOrJson(*text), Side::kInput));
    } else {
      PutInput(view, *text, out);
    }
  } else if (!prompt.is_object()) {
    PutInput(view, prompt, out);
  }
}

// The keys that hold one answer, a part each.
struct AnswerKeys {
  std::initializer_list<std::string_view> reasoning;
  std::initializer_list<std::string_view> text;
  std::initializer_list<std::string_view> object;
  std::initializer_list<std::string_view> calls;
  std::initializer_list<std::string_view> finish_reason;
};

// A text, or a list of texts as JSON text, which is how Sentry's SDKs write several.
void AppendText(const SourceAttribute* attribute, std::string_view type, model::Message& message) {
  if (attribute == nullptr) {
    return;
  }
  const json::value value = ToStrictValue(*attribute);
  const bool is_list = value.is_array() && !value.get_array().empty() &&
                       std::all_of(value.get_array().begin(), value.get_array().end(),
                                   [](const json::value& text) { return text.is_string(); });
  if (!is_list) {
    message.parts.push_back({.type = std::string(type), .content = TextOrJson(value)});
    return;
  }
  for (const json::value& text : value.get_array()) {
    message.parts.push_back({.type = std::string(type), .content = TextOrJson(text)});
  }
}

void ReadAnswer(const AttributeIndex& index, const AnswerKeys& keys, model::Conversation& out) {
  model::Message message{.role = "assistant"};
  AppendText(index.Find(keys.reasoning), "reasoning", message);
  AppendText(index.Find(keys.text), "text", message);
  if (std::string text = index.Text(keys.object); !text.empty()) {
    message.parts.push_back({.type = "text", .content = std::move(text)});
  }
  const auto calls = index.Value(keys.calls);
  if (calls && calls->is_array()) {
    for (const json::value& call : calls->get_array()) {
      message.parts.push_back(ToCall(call));
    }
  }
  if (!message.parts.empty()) {
    message.finish_reason = index.Text(keys.finish_reason);
    out.output.push_back(std::move(message));
  }
}

void ReadVercelAnswer(const SourceView& view, model::Conversation& out) {
  ReadAnswer(view.index,
             {.reasoning = {"ai.response.reasoning"},
              .text = {"ai.response.text", "ai.result.text"},
              .object = {"ai.response.object", "ai.result.object"},
              .calls = {"ai.response.toolCalls", "ai.result.toolCalls"},
              .finish_reason = {"ai.response.finishReason", "ai.finishReason"}},
             out);
}

// Logfire keeps a streamed answer as one text, with the number of its chunks.
void PutResponseData(const SourceView& view, const json::value& response,
                     model::Conversation& out) {
  for (const std::string_view name : {"combined_chunk_content", "text"}) {
    if (const auto text = TextMember(response, {name}); !text.empty()) {
      out.output.push_back(TextMessage(text, Side::kOutput));
      return;
    }
  }
  PutOutput(view, response, out);
}

// {"text": "Sunny", "toolCalls": []} is an answer unless it comes from a tool.
void PutMastraOutput(const SourceView& view, const SourceAttribute& attribute,
                     model::Conversation& out) {
  const json::value value = ToStrictValue(attribute);
  const auto text = TextMember(value, {"text"});
  const bool speaks = view.is_call() || view.source.kind == model::SpanKind::kAgent;
  if (!speaks || (text.empty() && Member(value, {"toolCalls"}) == nullptr)) {
    PutAttribute(view, attribute, Side::kOutput, out);
    return;
  }
  json::object fields = value.get_object();
  fields["role"] = "assistant";
  fields["content"] = json::string_view(text.data(), text.size());
  model::Message message;
  if (ReadMessage(fields, Side::kOutput, ContentText::kPlain, message)) {
    out.output.push_back(std::move(message));
  }
}

// A history that ends in the answer: the answer is the output.
void SplitHistory(model::Conversation& out) {
  if (out.output.empty() && !out.input.empty() && out.input.back().role == "assistant") {
    out.output.push_back(std::move(out.input.back()));
    out.input.pop_back();
  }
}

}  // namespace

void ReadVercelAi(const SourceView& view, model::Conversation& out) {
  const AttributeIndex& index = view.index;
  if (const auto prompt = index.Value({"ai.prompt"})) {
    ReadVercelPrompt(view, *prompt, out);
  }
  if (out.input.empty() && out.input_data.empty()) {
    if (const auto messages = index.Value({"ai.prompt.messages"})) {
      PutInput(view, *messages, out);
    }
  }
  if (out.input.empty() && out.input_data.empty()) {
    out.input_data = index.Text({"ai.value", "ai.values", "ai.documents"});
  }
  ReadVercelAnswer(view, out);
  if (out.output.empty()) {
    out.output_data = index.Text({"ai.embedding", "ai.embeddings", "ai.ranking"});
  }
}

void ReadSentry(const SourceView& view, model::Conversation& out) {
  const AttributeIndex& index = view.index;
  if (const auto messages = index.Value({"gen_ai.request.messages"})) {
    PutMessages(*messages, Side::kInput, out);
  } else {
    out.input_data = index.Text({"gen_ai.embeddings.input"});
  }
  ReadAnswer(index,
             {.reasoning = {"gen_ai.response.reasoning", "gen_ai.response.thinking"},
              .text = {"gen_ai.response.text"},
              .object = {"gen_ai.response.object"},
              .calls = {"gen_ai.response.tool_calls"},
              .finish_reason = {"gen_ai.response.finish_reason"}},
             out);
  if (const auto messages = index.Value({"gen_ai.response.messages"});
      messages && out.output.empty()) {
    PutMessages(*messages, Side::kOutput, out);
  }
}

void ReadMastra(const SourceView& view, model::Conversation& out) {
  // mastra.<type of the span>.input and .output.
  for (const SourceAttribute& attribute : view.index.attributes()) {
    if (!attribute.key.starts_with("mastra.") || IsAbsent(attribute)) {
      continue;
    }
    if (attribute.key.ends_with(".input")) {
      PutAttribute(view, attribute, Side::kInput, out);
    } else if (attribute.key.ends_with(".output")) {
      PutMastraOutput(view, attribute, out);
    }
  }
}

void ReadPydanticAi(const SourceView& view, model::Conversation& out) {
  const AttributeIndex& index = view.index;
  if (const auto history = index.Value({"pydantic_ai.all_messages"})) {
    PutInput(view, *history, out);
    SplitHistory(out);
  } else if (const auto bodies = index.Value({"all_messages_events", "events"})) {
    ReadEventBodies(*bodies, out);
    SplitHistory(out);
  }
  if (out.output.empty()) {
    if (const auto* result = index.Find({"final_result"})) {
      out.output.push_back(TextMessage(result->text, Side::kOutput));
    }
  }
  // Logfire's wrappers keep the provider's own request and response.
  if (out.input.empty()) {
    if (const auto request = index.Value({"request_data"})) {
      PutInput(view, *request, out);
    }
  }
  if (out.output.empty()) {
    if (const auto response = index.Value({"response_data"})) {
      PutResponseData(view, *response, out);
    }
  }
}

}  // namespace sightline::normalize
