// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "demo/dialect.h"
#include "demo/json_text.h"

namespace sightline::demo {
namespace {

// How the instrumentations name providers and prefix span names.
struct ProviderWords {
  std::string_view system;  // gen_ai.system.
  std::string_view prefix;
};

ProviderWords WordsOf(const LanguageModel& model) {
  if (model.provider == "anthropic") {
    return {.system = "Anthropic", .prefix = "anthropic"};
  }
  if (model.provider == "mistral_ai") {
    return {.system = "MistralAI", .prefix = "mistralai"};
  }
  if (model.provider == "gcp.gemini") {
    return {.system = "Google", .prefix = "gemini"};
  }
  if (model.provider == "cohere") {
    return {.system = "Cohere", .prefix = "cohere"};
  }
  return {.system = "OpenAI", .prefix = "openai"};
}

struct Writer {
  const RunPlan& run;
  const Step& step;

  otlp::SpanData Start(std::string name, SpanRole role) const {
    otlp::SpanData span = MakeSpan(run, step, std::move(name), role);
    if (const auto* workflow = std::get_if<WorkflowRun>(&run.steps.front().detail)) {
      Add(span, "traceloop.workflow.name", workflow->name);
    }
    Add(span, "traceloop.association.properties.session_id", run.session_id);
    Add(span, "traceloop.association.properties.user_id", run.user_id);
    return span;
  }

  // The span of a decorated function.
  otlp::SpanData StartEntity(std::string_view name, std::string_view kind, std::string_view input,
                             std::string_view output) const {
    otlp::SpanData span = Start(fmt::format("{}.{}", name, kind), SpanRole::kInternal);
    Add(span, "traceloop.span.kind", kind);
    Add(span, "traceloop.entity.name", name);
    if (kind != "workflow") {
      Add(span, "traceloop.entity.path", name);
    }
    Add(span, "traceloop.entity.input",
        fmt::format(R"({{"args":[{}],"kwargs":{{}}}})", JsonOrQuoted(input)));
    if (!step.failure.has_value()) {
      Add(span, "traceloop.entity.output", JsonOrQuoted(output));
    }
    return span;
  }

  otlp::SpanData operator()(const WorkflowRun& workflow) const {
    return StartEntity(workflow.name, "workflow", workflow.input, workflow.output);
  }

  otlp::SpanData operator()(const AgentRun& agent) const {
    return StartEntity(agent.name, "agent", agent.input, agent.output);
  }

  otlp::SpanData operator()(const TaskRun& task) const {
    return StartEntity(task.name, "task", task.input, task.output);
  }

  static void AddPrompt(otlp::SpanData& span, std::size_t index, std::string_view role,
                        const Message& message) {
    const std::string key = fmt::format("gen_ai.prompt.{}.", index);
    Add(span, key + "role", role);
    Add(span, key + "content", message.text);
    if (message.role == Role::kTool) {
      Add(span, key + "tool_call_id", message.tool_call_id);
    }
    for (std::size_t i = 0; i < message.tool_calls.size(); ++i) {
      const ToolRequest& call = message.tool_calls[i];
      const std::string call_key = fmt::format("{}tool_calls.{}.", key, i);
      Add(span, call_key + "id", call.id);
      Add(span, call_key + "name", call.name);
      Add(span, call_key + "arguments", call.arguments);
    }
  }

  void AddAnswer(otlp::SpanData& span, const ModelCall& call) const {
    if (call.response_id.empty()) {
      return;  // It failed.
    }
    Add(span, "gen_ai.response.model", call.model->answered_name);
    Add(span, "gen_ai.response.id", call.response_id);
    Add(span, "gen_ai.completion.0.role", "assistant");
    Add(span, "gen_ai.completion.0.content", call.answer.text);
    Add(span, "gen_ai.completion.0.finish_reason", FinishReasonName(call.finish));
    Add(span, "gen_ai.usage.prompt_tokens", call.tokens.input);
    Add(span, "gen_ai.usage.completion_tokens", call.tokens.output);
    Add(span, "llm.usage.total_tokens", call.tokens.input + call.tokens.output);
    if (call.tokens.cache_read > 0) {
      Add(span, "gen_ai.usage.cache_read_input_tokens", call.tokens.cache_read);
    }
    if (call.tokens.cache_write > 0) {
      Add(span, "gen_ai.usage.cache_creation_input_tokens", call.tokens.cache_write);
    }
    if (call.tokens.reasoning > 0) {
      Add(span, "gen_ai.usage.reasoning_tokens", call.tokens.reasoning);
    }
    if (call.is_streaming) {
      span.events.push_back(
          {.time_ns = span.start_ns + static_cast<std::uint64_t>(call.first_token_ns),
           .name = "llm.content.completion.chunk",
           .attributes = {}});
    }
  }

  otlp::SpanData operator()(const ModelCall& call) const {
    const Conversation& conversation = run.conversations[call.conversation];
    const ProviderWords words = WordsOf(*call.model);
    otlp::SpanData span = Start(fmt::format("{}.chat", words.prefix), SpanRole::kClient);
    Add(span, "llm.request.type", "chat");
    Add(span, "gen_ai.system", words.system);
    Add(span, "gen_ai.request.model", call.model->name);
    Add(span, "gen_ai.request.max_tokens", call.max_tokens);
    Add(span, "gen_ai.request.temperature", call.temperature);
    Add(span, "llm.is_streaming", call.is_streaming);
    Message instructions;
    instructions.text = conversation.instructions;
    AddPrompt(span, 0, "system", instructions);
    for (std::size_t i = 0; i < call.message_count; ++i) {
      const Message& message = conversation.messages[i];
      AddPrompt(span, i + 1, RoleName(message.role), message);
    }
    AddAnswer(span, call);
    return span;
  }

  otlp::SpanData operator()(const ToolCall& call) const {
    return StartEntity(call.request.name, "tool", call.request.arguments, call.result);
  }

  // A vector store client: a database span, its hits as events.
  otlp::SpanData operator()(const Retrieval& retrieval) const {
    otlp::SpanData span = Start("qdrant.search", SpanRole::kClient);
    Add(span, "db.system", "qdrant");
    Add(span, "db.operation", "search");
    Add(span, "qdrant.search.collection_name", retrieval.source);
    Add(span, "qdrant.search.top_k", 8);
    for (const Document& document : retrieval.documents) {
      span.events.push_back({.time_ns = span.end_ns,
                             .name = "db.search.result",
                             .attributes = {{"db.search.result.id", document.id},
                                            {"db.search.result.score", document.score},
                                            {"db.search.result.entity", document.text}}});
    }
    return span;
  }

  otlp::SpanData operator()(const EmbeddingCall& call) const {
    const ProviderWords words = WordsOf(*call.model);
    otlp::SpanData span = Start(fmt::format("{}.embeddings", words.prefix), SpanRole::kClient);
    Add(span, "llm.request.type", "embedding");
    Add(span, "gen_ai.system", words.system);
    Add(span, "gen_ai.request.model", call.model->name);
    Add(span, "gen_ai.response.model", call.model->answered_name);
    Add(span, "gen_ai.prompt.0.content", call.text);
    Add(span, "gen_ai.usage.prompt_tokens", call.input_tokens);
    Add(span, "llm.usage.total_tokens", call.input_tokens);
    return span;
  }

  otlp::SpanData operator()(const RerankCall& call) const {
    otlp::SpanData span = Start("cohere.rerank", SpanRole::kClient);
    Add(span, "llm.request.type", "rerank");
    Add(span, "gen_ai.system", "Cohere");
    Add(span, "gen_ai.request.model", call.model->name);
    for (std::size_t i = 0; i < call.candidates.size(); ++i) {
      Add(span, fmt::format("gen_ai.prompt.{}.role", i), "system");
      Add(span, fmt::format("gen_ai.prompt.{}.content", i), call.candidates[i].text);
    }
    const std::size_t count = call.candidates.size();
    Add(span, fmt::format("gen_ai.prompt.{}.role", count), "user");
    Add(span, fmt::format("gen_ai.prompt.{}.content", count), call.query);
    std::string ranking;
    for (const Document& document : call.ranking) {
      ranking += fmt::format("Doc {}, Score: {:.4f}\n", document.id, document.score);
    }
    Add(span, "gen_ai.completion.0.role", "assistant");
    Add(span, "gen_ai.completion.0.content", ranking);
    return span;
  }

  otlp::SpanData operator()(const GuardrailCheck& check) const {
    return StartEntity(check.name, "task", check.input, check.is_triggered ? "refused" : "passed");
  }

  otlp::SpanData operator()(const Handoff& handoff) const {
    return StartEntity(fmt::format("transfer_to_{}", handoff.to_agent), "tool", "{}", "{}");
  }

  // Written by WriteHttpExchange.
  otlp::SpanData operator()(const HttpExchange& http) const {
    return Start(http.method, SpanRole::kClient);
  }
};

void Write(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) {
  otlp::SpanData span = std::visit(Writer{run, step}, step.detail);
  if (step.failure.has_value()) {
    Add(span, "error.type", step.failure->type);
  }
  spans.push_back(std::move(span));
}

}  // namespace

const Dialect& TraceloopDialect() {
  static const Dialect kDialect = {.name = "traceloop",
                                   .scope = {.name = "traceloop.tracer",
                                             .version = "0.40.0",
                                             .attributes = {},
                                             .schema_url = {}},
                                   .write = &Write,
                                   .write_pending = nullptr};
  return kDialect;
}

}  // namespace sightline::demo
