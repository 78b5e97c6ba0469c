// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "demo/dialect.h"
#include "demo/gen_ai_call.h"
#include "demo/json_text.h"

namespace sightline::demo {
namespace {

// Appends the span of one step; an overload for each kind.
struct Writer {
  const RunPlan& run;
  const Step& step;

  otlp::SpanData Start(std::string_view operation, std::string_view object, SpanRole role) const {
    otlp::SpanData span = MakeSpan(run, step, fmt::format("{} {}", operation, object), role);
    Add(span, "gen_ai.operation.name", operation);
    if (!run.session_id.empty()) {
      Add(span, "gen_ai.conversation.id", run.session_id);
    }
    return span;
  }

  otlp::SpanData operator()(const WorkflowRun& workflow) const {
    otlp::SpanData span = Start("invoke_workflow", workflow.name, SpanRole::kInternal);
    Add(span, "gen_ai.workflow.name", workflow.name);
    return span;
  }

  otlp::SpanData operator()(const AgentRun& agent) const {
    otlp::SpanData span = Start("invoke_agent", agent.name, SpanRole::kInternal);
    Add(span, "gen_ai.provider.name", agent.model->provider);
    Add(span, "gen_ai.request.model", agent.model->name);
    Add(span, "gen_ai.agent.name", agent.name);
    Add(span, "gen_ai.agent.id", agent.id);
    Add(span, "gen_ai.agent.description", agent.description);
    Add(span, "user.id", run.user_id);
    Conversation shown;
    shown.messages.push_back(UserMessage(agent.input));
    Add(span, "gen_ai.input.messages", GenAiMessages(shown, 1));
    if (!agent.output.empty()) {
      Add(span, "gen_ai.output.messages", GenAiOutput(AssistantMessage(agent.output), "stop"));
    }
    const TokenCounts usage = UsageUnder(run, step);
    if (usage.input > 0) {
      Add(span, "gen_ai.usage.input_tokens", usage.input);
      Add(span, "gen_ai.usage.output_tokens", usage.output);
    }
    return span;
  }

  otlp::SpanData operator()(const TaskRun& task) const {
    return Start("execute_task", task.name, SpanRole::kInternal);
  }

  otlp::SpanData operator()(const ModelCall& call) const {
    otlp::SpanData span = Start("chat", call.model->name, SpanRole::kClient);
    AddGenAiRequest(run, call, span);
    AddGenAiResponse(call, span);
    return span;
  }

  otlp::SpanData operator()(const ToolCall& call) const {
    otlp::SpanData span = Start("execute_tool", call.request.name, SpanRole::kInternal);
    Add(span, "gen_ai.tool.name", call.request.name);
    Add(span, "gen_ai.tool.call.id", call.request.id);
    Add(span, "gen_ai.tool.type", "function");
    Add(span, "gen_ai.tool.description", call.description);
    Add(span, "gen_ai.tool.call.arguments", call.request.arguments);
    if (!step.failure.has_value()) {
      Add(span, "gen_ai.tool.call.result", call.result);
    }
    return span;
  }

  otlp::SpanData operator()(const Retrieval& retrieval) const {
    otlp::SpanData span = Start("retrieval", retrieval.source, SpanRole::kClient);
    Add(span, "gen_ai.data_source.id", retrieval.source);
    Add(span, "gen_ai.retrieval.query.text", retrieval.query);
    std::vector<std::string> documents;
    for (const Document& document : retrieval.documents) {
      documents.push_back(
          fmt::format(R"({{"id":{},"score":{:.3f}}})", Quote(document.id), document.score));
    }
    Add(span, "gen_ai.retrieval.documents", JsonArray(documents));
    return span;
  }

  otlp::SpanData operator()(const EmbeddingCall& call) const {
    otlp::SpanData span = Start("embeddings", call.model->name, SpanRole::kClient);
    Add(span, "gen_ai.provider.name", call.model->provider);
    Add(span, "gen_ai.request.model", call.model->name);
    Add(span, "gen_ai.embeddings.dimension.count", call.dimensions);
    Add(span, "gen_ai.usage.input_tokens", call.input_tokens);
    return span;
  }

  otlp::SpanData operator()(const RerankCall& call) const {
    otlp::SpanData span = Start("rerank", call.model->name, SpanRole::kClient);
    Add(span, "gen_ai.provider.name", call.model->provider);
    Add(span, "gen_ai.request.model", call.model->name);
    return span;
  }

  otlp::SpanData operator()(const GuardrailCheck& check) const {
    otlp::SpanData span = Start("guardrail_check", check.name, SpanRole::kInternal);
    Add(span, "gen_ai.guardrail.name", check.name);
    Add(span, "gen_ai.guardrail.triggered", check.is_triggered);
    return span;
  }

  otlp::SpanData operator()(const Handoff& handoff) const {
    otlp::SpanData span = Start("agent_handoff", handoff.to_agent, SpanRole::kInternal);
    Add(span, "gen_ai.handoff.from_agent", handoff.from_agent);
    Add(span, "gen_ai.handoff.to_agent", handoff.to_agent);
    return span;
  }

  // Written by WriteHttpExchange.
  otlp::SpanData operator()(const HttpExchange& http) const {
    return MakeSpan(run, step, http.method, SpanRole::kClient);
  }
};

void Write(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) {
  otlp::SpanData span = std::visit(Writer{run, step}, step.detail);
  if (step.failure.has_value()) {
    Add(span, "error.type", step.failure->error_type);
  }
  spans.push_back(std::move(span));
}

}  // namespace

void AddGenAiRequest(const RunPlan& run, const ModelCall& call, otlp::SpanData& span) {
  const Conversation& conversation = run.conversations[call.conversation];
  Add(span, "gen_ai.provider.name", call.model->provider);
  Add(span, "gen_ai.request.model", call.model->name);
  Add(span, "gen_ai.request.max_tokens", call.max_tokens);
  if (!call.model->does_reasoning) {  // Reasoning models take none.
    Add(span, "gen_ai.request.temperature", call.temperature);
  }
  if (call.is_streaming) {
    Add(span, "gen_ai.request.stream", true);
  }
  Add(span, "server.address", call.model->server);
  Add(span, "server.port", 443);
  Add(span, "gen_ai.system_instructions", GenAiInstructions(conversation.instructions));
  if (!conversation.tools.empty()) {
    Add(span, "gen_ai.tool.definitions", GenAiToolDefinitions(conversation.tools));
  }
  Add(span, "gen_ai.input.messages", GenAiMessages(conversation, call.message_count));
}

void AddGenAiResponse(const ModelCall& call, otlp::SpanData& span) {
  if (call.response_id.empty()) {
    return;  // It failed.
  }
  const std::string finish(FinishReasonName(call.finish));
  Add(span, "gen_ai.response.model", call.model->answered_name);
  Add(span, "gen_ai.response.id", call.response_id);
  Add(span, "gen_ai.response.finish_reasons", otlp::StringArray(std::vector<std::string>{finish}));
  Add(span, "gen_ai.output.messages", GenAiOutput(call.answer, finish));
  Add(span, "gen_ai.usage.input_tokens", call.tokens.input);
  Add(span, "gen_ai.usage.output_tokens", call.tokens.output);
  if (call.tokens.cache_read > 0) {
    Add(span, "gen_ai.usage.cache_read.input_tokens", call.tokens.cache_read);
  }
  if (call.tokens.cache_write > 0) {
    Add(span, "gen_ai.usage.cache_creation.input_tokens", call.tokens.cache_write);
  }
  if (call.tokens.reasoning > 0) {
    Add(span, "gen_ai.usage.reasoning.output_tokens", call.tokens.reasoning);
  }
  if (call.is_streaming) {
    Add(span, "gen_ai.response.time_to_first_chunk",
        static_cast<double>(call.first_token_ns) / 1e9);
  }
}

const Dialect& GenAiDialect() {
  static const Dialect kDialect = {
      .name = "gen_ai",
      .scope = {.name = "opentelemetry.util.genai",
                .version = "0.3b0",
                .attributes = {},
                .schema_url = "https://opentelemetry.io/schemas/1.41.0"},
      .write = &Write,
      .write_pending = nullptr};
  return kDialect;
}

}  // namespace sightline::demo
