// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "demo/dialect.h"
#include "demo/json_text.h"

namespace sightline::demo {
namespace {

constexpr std::string_view kFunctionId = "docs-answer";

// AI SDK message objects: `[{"role":"user","content":[{"type":"text","text":...}]}]`.
std::string PromptMessages(const Conversation& conversation, std::size_t message_count) {
  std::vector<std::string> messages = {
      fmt::format(R"({{"role":"system","content":{}}})", Quote(conversation.instructions))};
  for (std::size_t i = 0; i < message_count; ++i) {
    const Message& message = conversation.messages[i];
    messages.push_back(fmt::format(R"({{"role":"{}","content":[{{"type":"text","text":{}}}]}})",
                                   RoleName(message.role), Quote(message.text)));
  }
  return JsonArray(messages);
}

std::string ProviderOf(const LanguageModel& model) {
  if (model.provider == "gcp.gemini") {
    return "google.generative-ai";
  }
  if (model.provider == "mistral_ai") {
    return "mistral.chat";
  }
  return fmt::format("{}.{}", model.provider, model.provider == "anthropic" ? "messages" : "chat");
}

std::string_view FinishName(FinishReason finish) {
  switch (finish) {
    case FinishReason::kToolCall:
      return "tool-calls";
    case FinishReason::kContentFilter:
      return "content-filter";
    case FinishReason::kStop:
    case FinishReason::kLength:
      break;
  }
  return FinishReasonName(finish);
}

struct Writer {
  const RunPlan& run;
  const Step& step;
  std::vector<otlp::SpanData>& spans;

  otlp::SpanData Start(std::string_view operation) const {
    otlp::SpanData span = MakeSpan(run, step, std::string(operation), SpanRole::kInternal);
    Add(span, "operation.name", fmt::format("{} {}", operation, kFunctionId));
    Add(span, "resource.name", kFunctionId);
    Add(span, "ai.operationId", operation);
    Add(span, "ai.telemetry.functionId", kFunctionId);
    Add(span, "ai.telemetry.metadata.sessionId", run.session_id);
    Add(span, "ai.telemetry.metadata.userId", run.user_id);
    return span;
  }

  // The provider's call inside an operation of the SDK.
  otlp::SpanData StartInner(std::string_view operation) const {
    otlp::SpanData span = Start(operation);
    span.parent_span_id = step.span_id;
    span.span_id = DerivedSpanId(step);
    return span;
  }

  // Spans of the application itself.
  void WriteOwn(std::string name, std::string_view input, std::string_view output) const {
    otlp::SpanData span = MakeSpan(run, step, std::move(name), SpanRole::kInternal);
    Add(span, "session.id", run.session_id);
    Add(span, "app.question", input);
    Add(span, "app.answer", output);
    spans.push_back(std::move(span));
  }

  void operator()(const WorkflowRun& workflow) const {
    WriteOwn(workflow.name, workflow.input, workflow.output);
  }

  void operator()(const TaskRun& task) const { WriteOwn(task.name, task.input, task.output); }

  static void AddUsage(otlp::SpanData& span, const ModelCall& call) {
    Add(span, "ai.usage.inputTokens", call.tokens.input);
    Add(span, "ai.usage.outputTokens", call.tokens.output);
    Add(span, "ai.usage.totalTokens", call.tokens.input + call.tokens.output);
    if (call.tokens.cache_read > 0) {
      Add(span, "ai.usage.cachedInputTokens", call.tokens.cache_read);
    }
    if (call.tokens.reasoning > 0) {
      Add(span, "ai.usage.reasoningTokens", call.tokens.reasoning);
    }
  }

  void AddInnerResponse(otlp::SpanData& span, const ModelCall& call) const {
    if (call.response_id.empty()) {
      return;  // It failed.
    }
    Add(span, "ai.response.finishReason", FinishName(call.finish));
    Add(span, "ai.response.text", call.answer.text);
    Add(span, "ai.response.id", call.response_id);
    Add(span, "ai.response.model", call.model->answered_name);
    Add(span, "ai.response.msToFirstChunk", static_cast<double>(call.first_token_ns) / 1e6);
    Add(span, "ai.response.msToFinish", static_cast<double>(step.end_ns - step.start_ns) / 1e6);
    AddUsage(span, call);
    Add(span, "gen_ai.response.finish_reasons",
        otlp::StringArray(std::vector<std::string>{std::string(FinishName(call.finish))}));
    Add(span, "gen_ai.response.id", call.response_id);
    Add(span, "gen_ai.response.model", call.model->answered_name);
    Add(span, "gen_ai.usage.input_tokens", call.tokens.input);
    Add(span, "gen_ai.usage.output_tokens", call.tokens.output);
    span.events.push_back(
        {.time_ns = span.start_ns + static_cast<std::uint64_t>(call.first_token_ns),
         .name = "ai.stream.firstChunk",
         .attributes = {
             {"ai.response.msToFirstChunk", static_cast<double>(call.first_token_ns) / 1e6}}});
  }

  void operator()(const ModelCall& call) const {
    const Conversation& conversation = run.conversations[call.conversation];
    const std::string messages = PromptMessages(conversation, call.message_count);
    otlp::SpanData outer = Start("ai.streamText");
    Add(outer, "ai.model.provider", ProviderOf(*call.model));
    Add(outer, "ai.model.id", call.model->name);
    Add(outer, "ai.prompt", fmt::format(R"({{"messages":{}}})", messages));
    Add(outer, "ai.settings.maxRetries", 2);
    if (!call.response_id.empty()) {
      Add(outer, "ai.response.finishReason", FinishName(call.finish));
      Add(outer, "ai.response.text", call.answer.text);
      AddUsage(outer, call);
    }
    spans.push_back(std::move(outer));
    otlp::SpanData inner = StartInner("ai.streamText.doStream");
    Add(inner, "ai.model.provider", ProviderOf(*call.model));
    Add(inner, "ai.model.id", call.model->name);
    Add(inner, "ai.prompt.messages", messages);
    Add(inner, "gen_ai.system", ProviderOf(*call.model));
    Add(inner, "gen_ai.request.model", call.model->name);
    Add(inner, "gen_ai.request.temperature", call.temperature);
    Add(inner, "gen_ai.request.max_tokens", call.max_tokens);
    AddInnerResponse(inner, call);
    spans.push_back(std::move(inner));
  }

  void operator()(const ToolCall& call) const {
    otlp::SpanData span = Start("ai.toolCall");
    Add(span, "ai.toolCall.name", call.request.name);
    Add(span, "ai.toolCall.id", call.request.id);
    Add(span, "ai.toolCall.args", call.request.arguments);
    if (!step.failure.has_value()) {
      Add(span, "ai.toolCall.result", call.result);
    }
    spans.push_back(std::move(span));
  }

  void operator()(const Retrieval& retrieval) const {
    otlp::SpanData span =
        MakeSpan(run, step, fmt::format("query {}", retrieval.source), SpanRole::kClient);
    Add(span, "db.system.name", "postgresql");
    Add(span, "db.operation.name", "SELECT");
    Add(span, "db.collection.name", retrieval.source);
    Add(span, "db.query.text",
        "SELECT id, body, 1 - (embedding <=> $1) AS score FROM passages ORDER BY score DESC LIMIT "
        "8");
    Add(span, "db.response.returned_rows", static_cast<std::int64_t>(retrieval.documents.size()));
    spans.push_back(std::move(span));
  }

  void operator()(const EmbeddingCall& call) const {
    otlp::SpanData outer = Start("ai.embed");
    Add(outer, "ai.model.provider", "openai.embedding");
    Add(outer, "ai.model.id", call.model->name);
    Add(outer, "ai.value", Quote(call.text));
    Add(outer, "ai.usage.tokens", call.input_tokens);
    otlp::SpanData inner = StartInner("ai.embed.doEmbed");
    Add(inner, "ai.model.provider", "openai.embedding");
    Add(inner, "ai.model.id", call.model->name);
    Add(inner, "ai.values", otlp::StringArray(std::vector<std::string>{Quote(call.text)}));
    Add(inner, "ai.usage.tokens", call.input_tokens);
    spans.push_back(std::move(outer));
    spans.push_back(std::move(inner));
  }

  void operator()(const RerankCall& call) const {
    std::vector<std::string> documents;
    for (const Document& document : call.candidates) {
      documents.push_back(Quote(document.text));
    }
    std::vector<std::string> ranking;
    for (const Document& document : call.ranking) {
      ranking.push_back(fmt::format(R"({{"id":{},"relevanceScore":{:.4f}}})", Quote(document.id),
                                    document.score));
    }
    otlp::SpanData outer = Start("ai.rerank");
    Add(outer, "ai.model.provider", "cohere.reranking");
    Add(outer, "ai.model.id", call.model->name);
    Add(outer, "ai.documents", otlp::StringArray(documents));
    otlp::SpanData inner = StartInner("ai.rerank.doRerank");
    Add(inner, "ai.model.provider", "cohere.reranking");
    Add(inner, "ai.model.id", call.model->name);
    Add(inner, "ai.ranking", otlp::StringArray(ranking));
    spans.push_back(std::move(outer));
    spans.push_back(std::move(inner));
  }

  void operator()(const AgentRun& agent) const { WriteOwn(agent.name, agent.input, agent.output); }

  void operator()(const GuardrailCheck& check) const { WriteOwn(check.name, check.input, {}); }

  void operator()(const Handoff& handoff) const { WriteOwn(handoff.to_agent, {}, {}); }

  // Written by WriteHttpExchange.
  void operator()(const HttpExchange& http) const { WriteOwn(http.method, {}, {}); }
};

void Write(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) {
  std::visit(Writer{run, step, spans}, step.detail);
}

}  // namespace

const Dialect& VercelAiDialect() {
  static const Dialect kDialect = {
      .name = "vercel_ai",
      .scope = {.name = "ai", .version = {}, .attributes = {}, .schema_url = {}},
      .write = &Write,
      .write_pending = nullptr};
  return kDialect;
}

}  // namespace sightline::demo
