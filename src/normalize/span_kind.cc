// SPDX-License-Identifier: Apache-2.0
#include "normalize/span_kind.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "normalize/key_words.h"
#include "normalize/operation_family.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::SpanKind;

constexpr auto kOperations = std::to_array<NamedKind>({
    {"chat", SpanKind::kLlm},
    {"invoke_agent", SpanKind::kAgent},
    {"execute_tool", SpanKind::kTool},
    {"generate_content", SpanKind::kLlm},
    {"text_completion", SpanKind::kLlm},
    {"text_completions", SpanKind::kLlm},
    {"embeddings", SpanKind::kEmbedding},
    {"embedding", SpanKind::kEmbedding},
    {"create_agent", SpanKind::kAgent},
    {"agent_call", SpanKind::kAgent},
    {"agent", SpanKind::kAgent},
    {"start_thread_run", SpanKind::kAgent},
    {"process_thread_run", SpanKind::kAgent},
    {"invoke_workflow", SpanKind::kWorkflow},
    {"execute_task", SpanKind::kTask},
    {"plan", SpanKind::kTask},
    {"submit_tool_outputs", SpanKind::kTask},
    {"handoff", SpanKind::kTask},
    {"agent_step", SpanKind::kTask},
    {"agent_handoff", SpanKind::kTask},
    {"execute_event_loop_cycle", SpanKind::kTask},
    {"user_prompt", SpanKind::kTask},
    {"system_prompt", SpanKind::kTask},
    {"schedule_tool_calls", SpanKind::kTask},
    {"completion", SpanKind::kLlm},
    {"generate", SpanKind::kLlm},
    {"llm_request", SpanKind::kLlm},
    {"llm_call", SpanKind::kLlm},
    {"transcription", SpanKind::kLlm},
    {"speech_generation", SpanKind::kLlm},
    {"image", SpanKind::kLlm},
    {"audio", SpanKind::kLlm},
    {"tool_call", SpanKind::kTool},
    {"mcp_tool_call", SpanKind::kTool},
    {"retrieval", SpanKind::kRetriever},
    {"vector_db_retrieve", SpanKind::kRetriever},
    {"search_memory", SpanKind::kRetriever},
    {"vectordb", SpanKind::kRetriever},
    {"rerank", SpanKind::kReranker},
    {"guardrail_check", SpanKind::kGuardrail},
    {"guardrail.run", SpanKind::kGuardrail},
    {"guard", SpanKind::kGuardrail},
    // Legal names that stand for no step of ours; fetch_response must not count tokens.
    {"fetch_response", SpanKind::kOther},
    {"create_thread", SpanKind::kOther},
    {"create_message", SpanKind::kOther},
    {"list_messages", SpanKind::kOther},
    {"list_run_steps", SpanKind::kOther},
    {"get_thread_run", SpanKind::kOther},
    {"create_conversation", SpanKind::kOther},
    {"list_conversation_items", SpanKind::kOther},
    {"create_memory_store", SpanKind::kOther},
    {"delete_memory_store", SpanKind::kOther},
    {"create_memory", SpanKind::kOther},
    {"update_memory", SpanKind::kOther},
    {"upsert_memory", SpanKind::kOther},
    {"delete_memory", SpanKind::kOther},
});

struct Case {
  const Slots& slots;
  std::string_view span_name;
  const DialectSpec* spec;
};

std::string_view TextOf(const Slots& slots, Field field) {
  if (!slots.has(field) || slots.value(field).kind != otlp::ValueKind::kString) {
    return {};
  }
  return slots.value(field).bytes;
}

std::optional<SpanKind> Look(std::span<const NamedKind> table, std::string_view value) {
  if (value.empty()) {
    return std::nullopt;
  }
  for (const NamedKind& entry : table) {
    if (MatchesName(entry.name, value)) {
      return entry.kind;
    }
  }
  return std::nullopt;
}

std::string Changed(std::string_view text, char from, char to) {
  std::string changed(text);
  std::transform(changed.begin(), changed.end(), changed.begin(), [=](char c) {
    return c >= from && c <= from + 25 ? static_cast<char>(c - from + to) : c;
  });
  return changed;
}

std::optional<SpanKind> FromLifecycle(const Case& c) {
  return model::ParseSpanKind(TextOf(c.slots, Field::kLifecycleKind));
}

std::optional<SpanKind> FromLangfuse(const Case& c) {
  if (!c.slots.has(Field::kLangfuseType)) {
    return std::nullopt;
  }
  const std::string type = Changed(TextOf(c.slots, Field::kLangfuseType), 'A', 'a');
  if (type == "span") {
    // The generic default; up to 3.3.0 the Python SDK wrote it on generations, too.
    return c.slots.has(Field::kLangfuseCall) ? std::optional(SpanKind::kLlm) : std::nullopt;
  }
  return Look(LangfuseSpec().kinds, type);
}

std::optional<SpanKind> FromOpenInference(const Case& c) {
  if (!c.slots.has(Field::kOpenInferenceKind)) {
    return std::nullopt;
  }
  return Look(OpenInferenceSpec().kinds,
              Changed(TextOf(c.slots, Field::kOpenInferenceKind), 'a', 'A'));
}

std::optional<SpanKind> FromLangSmith(const Case& c) {
  return Look(LangSmithSpec().kinds, TextOf(c.slots, Field::kLangSmithKind));
}

std::optional<SpanKind> FromMlflow(const Case& c) {
  if (!c.slots.has(Field::kMlflowType)) {
    return std::nullopt;
  }
  return Look(MlflowSpec().kinds, Unquote(TextOf(c.slots, Field::kMlflowType)));
}

std::optional<SpanKind> FromTraceloop(const Case& c) {
  return Look(TraceloopSpec().kinds, TextOf(c.slots, Field::kTraceloopKind));
}

std::optional<SpanKind> FromEmitter(const Case& c) {
  if (!c.slots.has(Field::kEmitterKind)) {
    return std::nullopt;
  }
  const DialectSpec* owner = SpecOf(c.slots.rule(Field::kEmitterKind).owner);
  return owner == nullptr ? std::nullopt : Look(owner->kinds, TextOf(c.slots, Field::kEmitterKind));
}

std::optional<SpanKind> FromOperation(const Case& c) {
  if (const auto operation = TextOf(c.slots, Field::kOperationName); !operation.empty()) {
    if (const auto kind = KindOfOperation(operation)) {
      return kind;
    }
  }
  std::string_view claude_type = TextOf(c.slots, Field::kClaudeSpanType);
  if (claude_type.starts_with(ClaudeCodeSpec().span_name_proof)) {
    claude_type.remove_prefix(ClaudeCodeSpec().span_name_proof.size());
  }
  if (const auto kind = Look(ClaudeCodeSpec().kinds, claude_type)) {
    return kind;
  }
  if (const auto kind = Look(VercelAiSpec().kinds, TextOf(c.slots, Field::kVercelOperation))) {
    return kind;
  }
  return KindOfOperation(TextOf(c.slots, Field::kRequestType));
}

// "task" and "unknown" of Traceloop: only if the operation has no opinion.
std::optional<SpanKind> FromTraceloopTask(const Case& c) {
  return c.slots.has(Field::kTraceloopKind) ? std::optional(SpanKind::kTask) : std::nullopt;
}

std::optional<SpanKind> FromMcp(const Case& c) {
  if (!c.slots.has(Field::kMcpMethod)) {
    return std::nullopt;
  }
  return TextOf(c.slots, Field::kMcpMethod) == "tools/call" ? SpanKind::kTool : SpanKind::kOther;
}

std::optional<SpanKind> FromName(const Case& c) {
  const std::string_view prefix = ClaudeCodeSpec().span_name_proof;
  if (c.span_name.starts_with(prefix)) {
    return Look(ClaudeCodeSpec().kinds, c.span_name.substr(prefix.size()));
  }
  // Names such as "invocation" mean something only from the emitter that is known for them.
  return c.spec != nullptr ? Look(c.spec->span_names, c.span_name) : std::nullopt;
}

bool HasUsage(const Slots& slots) {
  return slots.has(Field::kInputTokens) || slots.has(Field::kOutputTokens) ||
         slots.has(Field::kTotalTokens) || slots.has(Field::kLangfuseUsage) ||
         slots.has(Field::kMlflowUsage) || slots.has(Field::kLangSmithUsage);
}

std::optional<SpanKind> FromToolKeys(const Case& c) {
  const bool names_tool = c.slots.has(Field::kToolName) || c.slots.has(Field::kToolCallId);
  if (names_tool && !HasUsage(c.slots) && !c.slots.has(Field::kRequestModel)) {
    return SpanKind::kTool;
  }
  return std::nullopt;
}

// "text-embedding-3-small", "mistral-embed", "rerank-v3.5".
SpanKind KindOfModel(std::string_view model) {
  const KeyWords words(model);
  if (words.HasPrefix("embed")) {
    return SpanKind::kEmbedding;
  }
  return words.HasPrefix("rerank") ? SpanKind::kReranker : SpanKind::kLlm;
}

std::optional<SpanKind> FromModelAndUsage(const Case& c) {
  const bool names_model = c.slots.has(Field::kRequestModel) || c.slots.has(Field::kResponseModel);
  // Logfire logs the end of a stream beside the span of the call.
  if (TextOf(c.slots, Field::kLogfireSpanType) == "log" && !HasUsage(c.slots)) {
    return std::nullopt;
  }
  if (names_model && (HasUsage(c.slots) || c.slots.has(Field::kMessages))) {
    return KindOfModel(TextOf(
        c.slots, c.slots.has(Field::kRequestModel) ? Field::kRequestModel : Field::kResponseModel));
  }
  return std::nullopt;
}

std::optional<SpanKind> FromInfrastructure(const Case& c) {
  if (c.slots.has(Field::kDbSystem)) {
    return SpanKind::kDb;
  }
  if (c.slots.has(Field::kHttpMethod)) {
    return SpanKind::kHttp;
  }
  return c.slots.has(Field::kMessaging) ? std::optional(SpanKind::kOther) : std::nullopt;
}

std::optional<SpanKind> FromLangfuseDefault(const Case& c) {
  return TextOf(c.slots, Field::kLangfuseType).empty() ? std::nullopt
                                                       : std::optional(SpanKind::kTask);
}

struct Rule {
  std::string_view name;
  std::optional<SpanKind> (*read)(const Case&);
  Field by = Field::kCount;
};

constexpr auto kRules = std::to_array<Rule>({
    {"kind of the events API", FromLifecycle, Field::kLifecycleKind},
    {"kind of Langfuse", FromLangfuse, Field::kLangfuseType},
    {"kind of OpenInference", FromOpenInference, Field::kOpenInferenceKind},
    {"kind of LangSmith", FromLangSmith, Field::kLangSmithKind},
    {"kind of MLflow", FromMlflow, Field::kMlflowType},
    {"kind of Traceloop", FromTraceloop, Field::kTraceloopKind},
    {"kind of the emitter", FromEmitter, Field::kEmitterKind},
    {"operation", FromOperation, Field::kOperationName},
    {"task of Traceloop", FromTraceloopTask, Field::kTraceloopKind},
    {"MCP method", FromMcp, Field::kMcpMethod},
    {"span name", FromName},
    {"tool keys without model and usage", FromToolKeys, Field::kToolName},
    {"model with usage or messages", FromModelAndUsage, Field::kRequestModel},
    {"database, HTTP or messaging keys", FromInfrastructure},
    {"default of Langfuse", FromLangfuseDefault, Field::kLangfuseType},
});

// The rules up to here read an attribute whose only purpose is to state the kind.
constexpr std::size_t kDeclaringRules = 7;

}  // namespace

std::optional<SpanKind> KindOfOperation(std::string_view operation) {
  for (const NamedKind& entry : kOperations) {
    if (entry.name == operation) {
      return entry.kind;
    }
  }
  return KindOfOperationFamily(operation);
}

KindAnswer DecideKind(const Slots& slots, std::string_view span_name, const DialectSpec* spec) {
  const Case input{.slots = slots, .span_name = span_name, .spec = spec};
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (const auto kind = kRules[i].read(input)) {
      return {.kind = *kind,
              .is_declared = i < kDeclaringRules,
              .rule = kRules[i].name,
              .by = kRules[i].by};
    }
  }
  return {};
}

}  // namespace sightline::normalize
