// SPDX-License-Identifier: Apache-2.0
// Readers for the Vercel AI SDK and for Pydantic AI with Logfire.
#include <string>
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

void ReadVercelAnswer(const SourceView& view, model::Conversation& out) {
  const AttributeIndex& index = view.index;
  model::Message message{.role = "assistant"};
  if (std::string text = index.Text({"ai.response.reasoning"}); !text.empty()) {
    message.parts.push_back({.type = "reasoning", .content = std::move(text)});
  }
  if (std::string text = index.Text({"ai.response.text", "ai.result.text"}); !text.empty()) {
    message.parts.push_back({.type = "text", .content = std::move(text)});
  }
  if (std::string text = index.Text({"ai.response.object", "ai.result.object"}); !text.empty()) {
    message.parts.push_back({.type = "text", .content = std::move(text)});
  }
  const auto calls = index.Value({"ai.response.toolCalls", "ai.result.toolCalls"});
  if (calls && calls->is_array()) {
    for (const json::value& call : calls->get_array()) {
      model::MessagePart part = ToPart(call);
      if (part.type == "unknown" && call.is_object()) {
        json::object typed = call.get_object();
        typed["type"] = "tool-call";
        part = ToPart(typed);
      }
      message.parts.push_back(std::move(part));
    }
  }
  if (!message.parts.empty()) {
    message.finish_reason = index.Text({"ai.response.finishReason", "ai.finishReason"});
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
      PutOutput(view, *response, out);
    }
  }
}

}  // namespace sightline::normalize
