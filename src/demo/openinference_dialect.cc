// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "demo/dialect.h"
#include "demo/json_text.h"

namespace sightline::demo {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kText = "text/plain";

void AddMessage(otlp::SpanData& span, const std::string& prefix, const Message& message) {
  Add(span, prefix + "role", RoleName(message.role));
  if (!message.text.empty()) {
    Add(span, prefix + "content", message.text);
  }
  if (message.role == Role::kTool) {
    Add(span, prefix + "tool_call_id", message.tool_call_id);
    Add(span, prefix + "name", message.tool_name);
  }
  for (std::size_t i = 0; i < message.tool_calls.size(); ++i) {
    const ToolRequest& call = message.tool_calls[i];
    const std::string key = fmt::format("{}tool_calls.{}.tool_call.", prefix, i);
    Add(span, key + "id", call.id);
    Add(span, key + "function.name", call.name);
    Add(span, key + "function.arguments", call.arguments);
  }
}

void AddDocuments(otlp::SpanData& span, std::string_view prefix,
                  const std::vector<Document>& documents) {
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Document& document = documents[i];
    const std::string key = fmt::format("{}.{}.document.", prefix, i);
    Add(span, key + "id", document.id);
    Add(span, key + "content", document.text);
    Add(span, key + "score", document.score);
    Add(span, key + "metadata", fmt::format(R"({{"source":{}}})", Quote(document.source)));
  }
}

// `llm.system` is the vendor; the provider hosts it.
std::string_view SystemOf(const LanguageModel& model) {
  return model.provider == "gcp.gemini" ? "vertexai" : model.provider;
}

std::string_view ProviderOf(const LanguageModel& model) {
  if (model.provider == "gcp.gemini") {
    return "google";
  }
  return model.provider == "mistral_ai" ? "mistralai" : model.provider;
}

struct Writer {
  const RunPlan& run;
  const Step& step;

  otlp::SpanData Start(std::string name, std::string_view kind) const {
    otlp::SpanData span = MakeSpan(run, step, std::move(name), SpanRole::kInternal);
    Add(span, "openinference.span.kind", kind);
    Add(span, "session.id", run.session_id);
    Add(span, "user.id", run.user_id);
    return span;
  }

  static void AddInput(otlp::SpanData& span, std::string_view text, std::string_view type) {
    Add(span, "input.value", text);
    Add(span, "input.mime_type", type);
  }

  static void AddOutput(otlp::SpanData& span, std::string_view text, std::string_view type) {
    if (!text.empty()) {
      Add(span, "output.value", text);
      Add(span, "output.mime_type", type);
    }
  }

  // The root names the whole workflow and is an agent span in this instrumentation.
  otlp::SpanData operator()(const WorkflowRun& workflow) const {
    otlp::SpanData span = Start(workflow.name, "AGENT");
    AddInput(span, workflow.input, kText);
    AddOutput(span, workflow.output, kText);
    Add(span, "tag.tags", otlp::StringArray(run.tags));
    Add(span, "metadata", fmt::format(R"({{"run_id":"{}","tier":"team"}})", run.run_id));
    return span;
  }

  otlp::SpanData operator()(const AgentRun& agent) const {
    otlp::SpanData span = Start(agent.name, "AGENT");
    Add(span, "agent.name", agent.name);
    Add(span, "graph.node.id", agent.name);
    AddInput(span, agent.input, kText);
    AddOutput(span, agent.output, kText);
    return span;
  }

  otlp::SpanData operator()(const TaskRun& task) const {
    otlp::SpanData span = Start(task.name, "CHAIN");
    AddInput(span, task.input, kText);
    AddOutput(span, task.output, kText);
    return span;
  }

  void AddCallOutput(otlp::SpanData& span, const ModelCall& call) const {
    if (call.response_id.empty()) {
      return;  // It failed.
    }
    AddMessage(span, "llm.output_messages.0.message.", call.answer);
    AddOutput(span, GenAiOutput(call.answer, FinishReasonName(call.finish)), kJson);
    Add(span, "llm.finish_reason",
        call.finish == FinishReason::kToolCall ? "tool_calls" : FinishReasonName(call.finish));
    Add(span, "llm.token_count.prompt", call.tokens.input);
    Add(span, "llm.token_count.completion", call.tokens.output);
    Add(span, "llm.token_count.total", call.tokens.input + call.tokens.output);
    if (call.tokens.cache_read > 0) {
      Add(span, "llm.token_count.prompt_details.cache_read", call.tokens.cache_read);
    }
    if (call.tokens.cache_write > 0) {
      Add(span, "llm.token_count.prompt_details.cache_write", call.tokens.cache_write);
    }
    if (call.tokens.reasoning > 0) {
      Add(span, "llm.token_count.completion_details.reasoning", call.tokens.reasoning);
    }
  }

  otlp::SpanData operator()(const ModelCall& call) const {
    const Conversation& conversation = run.conversations[call.conversation];
    otlp::SpanData span = Start("generation", "LLM");
    Add(span, "llm.system", SystemOf(*call.model));
    Add(span, "llm.provider", ProviderOf(*call.model));
    Add(span, "llm.model_name",
        call.response_id.empty() ? call.model->name : call.model->answered_name);
    Add(span, "llm.invocation_parameters",
        fmt::format(R"({{"temperature":{:.1f},"max_tokens":{},"stream":{}}})", call.temperature,
                    call.max_tokens, call.is_streaming));
    Add(span, "llm.input_messages.0.message.role", "system");
    Add(span, "llm.input_messages.0.message.content", conversation.instructions);
    for (std::size_t i = 0; i < call.message_count; ++i) {
      AddMessage(span, fmt::format("llm.input_messages.{}.message.", i + 1),
                 conversation.messages[i]);
    }
    AddInput(span, GenAiMessages(conversation, call.message_count), kJson);
    for (std::size_t i = 0; i < conversation.tools.size(); ++i) {
      const ToolDefinition& tool = conversation.tools[i];
      Add(span, fmt::format("llm.tools.{}.tool.json_schema", i),
          fmt::format(
              R"({{"type":"function","function":{{"name":{},"description":{},"parameters":{}}}}})",
              Quote(tool.name), Quote(tool.description), tool.parameters));
    }
    AddCallOutput(span, call);
    return span;
  }

  otlp::SpanData operator()(const ToolCall& call) const {
    otlp::SpanData span = Start(call.request.name, "TOOL");
    Add(span, "tool.name", call.request.name);
    Add(span, "tool.description", call.description);
    Add(span, "tool_call.id", call.request.id);
    AddInput(span, call.request.arguments, kJson);
    if (!step.failure.has_value()) {
      AddOutput(span, call.result, call.result.starts_with('{') ? kJson : kText);
    }
    return span;
  }

  otlp::SpanData operator()(const Retrieval& retrieval) const {
    otlp::SpanData span = Start(retrieval.source, "RETRIEVER");
    AddInput(span, retrieval.query, kText);
    AddDocuments(span, "retrieval.documents", retrieval.documents);
    return span;
  }

  otlp::SpanData operator()(const EmbeddingCall& call) const {
    otlp::SpanData span = Start("embeddings", "EMBEDDING");
    Add(span, "embedding.model_name", call.model->name);
    Add(span, "embedding.embeddings.0.embedding.text", call.text);
    Add(span, "llm.provider", ProviderOf(*call.model));
    Add(span, "llm.token_count.prompt", call.input_tokens);
    Add(span, "llm.token_count.total", call.input_tokens);
    return span;
  }

  otlp::SpanData operator()(const RerankCall& call) const {
    otlp::SpanData span = Start("rerank", "RERANKER");
    Add(span, "reranker.model_name", call.model->name);
    Add(span, "reranker.query", call.query);
    Add(span, "reranker.top_k", static_cast<std::int64_t>(call.ranking.size()));
    AddDocuments(span, "reranker.input_documents", call.candidates);
    AddDocuments(span, "reranker.output_documents", call.ranking);
    return span;
  }

  otlp::SpanData operator()(const GuardrailCheck& check) const {
    otlp::SpanData span = Start(check.name, "GUARDRAIL");
    AddInput(span, check.input, kText);
    AddOutput(span, fmt::format(R"({{"tripwire_triggered":{}}})", check.is_triggered), kJson);
    return span;
  }

  otlp::SpanData operator()(const Handoff& handoff) const {
    otlp::SpanData span = Start(fmt::format("handoff to {}", handoff.to_agent), "TOOL");
    Add(span, "tool.name", fmt::format("transfer_to_{}", handoff.to_agent));
    Add(span, "graph.node.id", handoff.to_agent);
    Add(span, "graph.node.parent_id", handoff.from_agent);
    return span;
  }

  // Written by WriteHttpExchange.
  otlp::SpanData operator()(const HttpExchange& http) const { return Start(http.method, "CHAIN"); }
};

void Write(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) {
  spans.push_back(std::visit(Writer{run, step}, step.detail));
}

}  // namespace

const Dialect& OpenInferenceDialect() {
  static const Dialect kDialect = {.name = "openinference",
                                   .scope = {.name = "openinference.instrumentation.openai_agents",
                                             .version = "1.3.0",
                                             .attributes = {},
                                             .schema_url = {}},
                                   .write = &Write,
                                   .write_pending = nullptr};
  return kDialect;
}

}  // namespace sightline::demo
