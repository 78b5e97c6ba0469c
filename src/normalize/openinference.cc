// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"openinference.span.kind", Field::kOpenInferenceKind, 0},
    {"openinference.", Field::kKnown},
    {"llm.provider", Field::kProvider, 2},
    {"llm.system", Field::kProvider, 3},  // The vendor; the provider is the host.
    {"llm.request.model_name", Field::kRequestModel, 1},
    {"llm.model_name", Field::kRequestModel, 3},
    {"embedding.model_name", Field::kRequestModel, 4},
    {"reranker.model_name", Field::kRequestModel, 5},
    {"llm.response.model_name", Field::kResponseModel, 1},
    {"llm.model_name", Field::kResponseModel, 3},
    {"llm.finish_reason", Field::kFinishReasons, 7},
    {"llm.invocation_parameters", Field::kKnown},
    {"llm.tools.", Field::kKnown},
    {"llm.prompt_template.version", Field::kPromptVersion, 5},
    {"llm.prompt_template.", Field::kKnown},
    {"llm.function_call", Field::kKnown},

    {"llm.token_count.prompt", Field::kInputTokens, 2},
    {"llm.token_count.completion", Field::kOutputTokens, 2},
    {"llm.token_count.total", Field::kTotalTokens, 2},
    {"llm.token_count.prompt_details.cache_read", Field::kCacheReadTokens, 3},
    {"llm.token_count.prompt_details.cache_input", Field::kCacheReadTokens, 4},
    {"llm.token_count.prompt_details.cache_write", Field::kCacheWriteTokens, 5},
    {"llm.token_count.completion_details.reasoning", Field::kReasoningTokens, 5},
    {"llm.token_count.prompt_details.audio", Field::kAudioInputTokens, 2},
    {"llm.token_count.completion_details.audio", Field::kAudioOutputTokens, 2},
    {"llm.token_count.", Field::kKnown},

    {"llm.cost.total", Field::kCost, 1},
    {"llm.cost.prompt", Field::kCostInput, 0},
    {"llm.cost.completion", Field::kCostOutput, 0},
    {"llm.cost.", Field::kKnown},

    {"llm.input_messages.", Field::kMessages, 0, Form::kIndexed},
    {"llm.output_messages.", Field::kMessages, 0, Form::kIndexed},
    {"llm.prompts.", Field::kMessages, 0, Form::kIndexed},
    {"llm.choices.", Field::kMessages, 0, Form::kIndexed},
    {"llm.completions.", Field::kMessages, 0, Form::kIndexed},
    // The whole list as one JSON text.
    {"llm.input_messages", Field::kMessages, 0},
    {"llm.output_messages", Field::kMessages, 0},
    {"llm.prompts", Field::kMessages, 0},
    {"llm.choices", Field::kMessages, 0},
    {"llm.completions", Field::kMessages, 0},
    {"llm.tools", Field::kKnown},
    {"input.value", Field::kToolArguments, 12},
    {"input.mime_type", Field::kKnown},
    {"output.value", Field::kKnown},
    {"output.mime_type", Field::kKnown},
    {"input.audio.", Field::kKnown},
    {"output.audio.", Field::kKnown},
    {"audio.", Field::kKnown},
    {"image.", Field::kKnown},

    {"agent.name", Field::kAgentName, 1},
    {"graph.node.name", Field::kGraphNode, 0},
    {"graph.node.id", Field::kGraphNode, 1},
    {"graph.node.", Field::kKnown},
    {"tool.name", Field::kToolName, 1},
    {"tool.id", Field::kToolCallId, 2},
    {"message.tool_call_id", Field::kToolCallId, 3},
    {"tool_call.id", Field::kToolCallId, 7},
    {"tool.parameters", Field::kKnown},
    {"tool.", Field::kKnown},  // tool.parameters and tool.json_schema are the schema.
    {"tool_call.", Field::kKnown},
    {"tag.tags", Field::kTags, 1},
    {"metadata", Field::kMetadata, 0},
    Own("prompt.id", Field::kPromptName, 3),
    {"prompt.vendor", Field::kKnown},
    {"prompt.url", Field::kKnown},
    {"embedding.", Field::kKnown},
    {"reranker.", Field::kKnown},
    {"retrieval.", Field::kKnown},
    {"document.", Field::kKnown},
    {"annotations.", Field::kAnnotations, 0},
    {"evaluations.", Field::kAnnotations, 0},
    {"trace.annotations.", Field::kAnnotations, 0},
    {"trace.evaluations.", Field::kAnnotations, 0},
    {"session.annotations.", Field::kAnnotations, 0},
    {"session.evaluations.", Field::kAnnotations, 0},

    // CrewAI.
    Own("crew_id", Field::kWorkflowId, 2),
    Own("flow_id", Field::kWorkflowId, 3),
    Own("crew_key"),
    Own("crew_agents"),
    Own("crew_tasks"),
    Own("crew_inputs"),
    Own("task_key"),
    Own("task_id"),
    Own("task_name"),
    {"flow.node.name", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "openinference.",
    "llm.model_name",
    "llm.token_count.",
    "input.mime_type",
});

constexpr auto kKinds = std::to_array<NamedKind>({
    {"LLM", model::SpanKind::kLlm},
    {"AGENT", model::SpanKind::kAgent},
    {"CHAIN", model::SpanKind::kTask},
    {"PROMPT", model::SpanKind::kTask},
    {"TOOL", model::SpanKind::kTool},
    {"RETRIEVER", model::SpanKind::kRetriever},
    {"EMBEDDING", model::SpanKind::kEmbedding},
    {"RERANKER", model::SpanKind::kReranker},
    {"GUARDRAIL", model::SpanKind::kGuardrail},
    {"EVALUATOR", model::SpanKind::kEvaluator},
});

}  // namespace

const DialectSpec& OpenInferenceSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kOpenInference,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .kinds = kKinds,
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
