// SPDX-License-Identifier: Apache-2.0
#include "normalize/content_keys.h"

#include <algorithm>
#include <array>
#include <functional>

#include <boost/unordered/unordered_flat_set.hpp>

namespace sightline::normalize {
namespace {

constexpr std::array<std::string_view, 97> kKeys = {
    "ai.documents",
    "ai.prompt",
    "ai.prompt.messages",
    "ai.ranking",
    "ai.response.object",
    "ai.response.reasoning",
    "ai.response.text",
    "ai.response.toolCalls",
    "ai.result.object",
    "ai.result.text",
    "ai.result.toolCalls",
    "ai.toolCall.args",
    "ai.toolCall.result",
    "ai.value",
    "ai.values",
    "all_messages_events",
    "arguments",
    "body",
    "content",
    "crew_inputs",
    "crew_output",
    "db.vector.query.content",
    "db.vector.query.response.documents",
    "events",
    "exception.message",
    "exception.stacktrace",
    "final_result",
    "formatted_description",
    "function_args",
    "gcp.vertex.agent.data",
    "gcp.vertex.agent.llm_request",
    "gcp.vertex.agent.llm_response",
    "gcp.vertex.agent.tool_call_args",
    "gcp.vertex.agent.tool_response",
    "gen_ai.completion",
    "gen_ai.embeddings.input",
    "gen_ai.event.content",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.prompt",
    "gen_ai.request.messages",
    "gen_ai.response.object",
    "gen_ai.response.reasoning",
    "gen_ai.response.text",
    "gen_ai.response.tool_calls",
    "gen_ai.retrieval.documents",
    "gen_ai.retrieval.query",
    "gen_ai.retrieval.query.text",
    "gen_ai.system.instructions",
    "gen_ai.system_instructions",
    "gen_ai.tool.args",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "gen_ai.tool.input",
    "gen_ai.tool.output",
    "input",
    "input.value",
    "koog.node.input",
    "koog.node.output",
    "koog.subgraph.input",
    "koog.subgraph.output",
    "langfuse.observation.input",
    "langfuse.observation.output",
    "langfuse.trace.input",
    "langfuse.trace.output",
    "langwatch.input",
    "langwatch.output",
    "langwatch.rag.contexts",
    "lk.chat_ctx",
    "lk.function_tool.arguments",
    "lk.function_tool.output",
    "lk.response.text",
    "lk.user_input",
    "llm.prompts",
    "lmnr.span.input",
    "lmnr.span.output",
    "message",
    "mlflow.spanInputs",
    "mlflow.spanOutputs",
    "output",
    "output.value",
    "prompt",
    "pydantic_ai.all_messages",
    "request_data",
    "request_text",
    "response",
    "response_data",
    "response_text",
    "retrieval.documents",
    "spring.ai.tool.call.arguments",
    "spring.ai.tool.call.result",
    "task_output",
    "tool.result",
    "tool_arguments",
    "tool_input",
    "tool_parameters",
    "tool_response",
};

// Keys with an index or a name in the middle end in one of these.
constexpr std::array<std::string_view, 10> kIndexedEndings = {".arguments",
                                                              ".content",
                                                              ".content.text",
                                                              ".document.content",
                                                              ".function.arguments",
                                                              ".message.content",
                                                              ".message_content.text",
                                                              ".text",
                                                              ".refusal",
                                                              ".reasoning"};

bool IsIndexed(std::string_view key) {
  for (const std::string_view prefix :
       {"llm.input_messages.", "llm.output_messages.", "llm.prompts.", "llm.choices.",
        "llm.completions.", "gen_ai.prompt.", "gen_ai.completion.", "retrieval.documents.",
        "reranker.", "embedding.embeddings."}) {
    if (key.starts_with(prefix)) {
      return std::any_of(kIndexedEndings.begin(), kIndexedEndings.end(),
                         [&](std::string_view ending) { return key.ends_with(ending); });
    }
  }
  if (key.starts_with("mastra.")) {
    return key.ends_with(".input") || key.ends_with(".output");
  }
  return key.starts_with("traceloop.entity.") || key.starts_with("mcp.re") ||
         key.starts_with("lk.pii.");
}

}  // namespace

bool IsContentKey(std::string_view key) {
  static const boost::unordered_flat_set<std::string_view, std::hash<std::string_view>> kSet(
      kKeys.begin(), kKeys.end());
  return kSet.contains(key) || IsIndexed(key);
}

bool IsContentEvent(std::string_view event_name) {
  // Scopes are the names that AWS's distribution of OTel gives to its records of messages.
  return event_name.starts_with("gen_ai.") || event_name.ends_with(".user_prompt") ||
         event_name.ends_with(".assistant_response") ||
         event_name.starts_with("opentelemetry.instrumentation.") ||
         event_name.starts_with("openinference.instrumentation.") ||
         event_name == "strands.telemetry.tracer";
}

}  // namespace sightline::normalize
