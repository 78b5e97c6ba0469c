// SPDX-License-Identifier: Apache-2.0
#include "normalize/messages.h"

#include <array>
#include <string>
#include <utility>

#include "normalize/message_sources.h"

namespace sightline::normalize {
namespace {

bool HasInput(const model::Conversation& conversation) {
  return !conversation.input.empty() || !conversation.input_data.empty();
}

bool HasOutput(const model::Conversation& conversation) {
  return !conversation.output.empty() || !conversation.output_data.empty();
}

}  // namespace

void TakeMissing(model::Conversation&& from, model::Conversation& into) {
  if (!HasInput(into)) {
    into.input = std::move(from.input);
    into.input_data = std::move(from.input_data);
  }
  if (!HasOutput(into)) {
    into.output = std::move(from.output);
    into.output_data = std::move(from.output_data);
  }
  if (into.system.empty()) {
    into.system = std::move(from.system);
  }
  if (into.tools_json.empty()) {
    into.tools_json = std::move(from.tools_json);
  }
}

std::span<const MessageReader> MessageReaders() {
  static constexpr auto kReaders = std::to_array<MessageReader>({
      ReadGenAiAttributes,
      ReadDetailsEvent,
      ReadOpenInference,
      ReadTraceloop,
      ReadGenAiDeprecated,
      ReadVercelAi,
      ReadSentry,
      ReadLangfuse,
      ReadMessageEvents,
      ReadMessageLogs,
      ReadPydanticAi,
      ReadGoogleAdk,
      ReadMlflow,
      ReadMastra,
      ReadEmitterValues,
      ReadPromptLogs,
      ReadGenericValues,
      ReadTraceloopEntity,
  });
  return kReaders;
}

model::Conversation ExtractConversation(const AttributeSource& source) {
  const AttributeIndex index(source.attributes);
  const SourceView view{.source = source, .index = index};
  model::Conversation conversation;
  switch (source.kind) {
    case model::SpanKind::kTool:
      ReadToolData(view, conversation);
      break;
    case model::SpanKind::kRetriever:
    case model::SpanKind::kReranker:
      ReadDocuments(view, conversation);
      break;
    case model::SpanKind::kOther:
    case model::SpanKind::kAgent:
    case model::SpanKind::kWorkflow:
    case model::SpanKind::kTask:
    case model::SpanKind::kLlm:
    case model::SpanKind::kEmbedding:
    case model::SpanKind::kGuardrail:
    case model::SpanKind::kEvaluator:
    case model::SpanKind::kHttp:
    case model::SpanKind::kDb:
      break;
  }
  for (const MessageReader reader : MessageReaders()) {
    if (HasInput(conversation) && HasOutput(conversation)) {
      break;
    }
    model::Conversation found;
    reader(view, found);
    TakeMissing(std::move(found), conversation);
  }
  if (std::string tools = ReadToolDefinitions(view); !tools.empty()) {
    conversation.tools_json = std::move(tools);
  }
  conversation.input_data = StructureText(std::move(conversation.input_data));
  conversation.output_data = StructureText(std::move(conversation.output_data));
  return conversation;
}

}  // namespace sightline::normalize
