// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/hex.h"
#include "demo/dialect.h"
#include "demo/gen_ai_call.h"
#include "demo/json_text.h"

namespace sightline::demo {
namespace {

// When a span is written: a pending span knows only how its step began.
enum class Moment : std::uint8_t { kStart, kEnd };

struct Writer {
  const RunPlan& run;
  const Step& step;
  Moment moment;

  otlp::SpanData Start(std::string name, std::string_view message) const {
    otlp::SpanData span = MakeSpan(run, step, std::move(name), SpanRole::kInternal);
    Add(span, "logfire.msg", message);
    Add(span, "gen_ai.agent.call.id", run.run_id);
    Add(span, "gen_ai.conversation.id", run.session_id);
    if (const AgentRun* agent = run.AgentOf(step)) {
      Add(span, "gen_ai.agent.name", agent->name);
    }
    return span;
  }

  otlp::SpanData operator()(const AgentRun& agent) const {
    otlp::SpanData span =
        Start(fmt::format("invoke_agent {}", agent.name), fmt::format("{} run", agent.name));
    Add(span, "gen_ai.operation.name", "invoke_agent");
    Add(span, "agent_name", agent.name);
    Add(span, "model_name", agent.model->name);
    Add(span, "user.id", run.user_id);
    Add(span, "logfire.tags", otlp::StringArray(run.tags));
    if (moment == Moment::kStart) {
      return span;
    }
    const TokenCounts usage = UsageUnder(run, step);
    Add(span, "gen_ai.aggregated_usage.input_tokens", usage.input);
    Add(span, "gen_ai.aggregated_usage.output_tokens", usage.output);
    const Conversation& conversation = run.conversations.back();
    Add(span, "pydantic_ai.all_messages",
        GenAiMessages(conversation, conversation.messages.size()));
    if (!agent.output.empty()) {
      Add(span, "final_result", agent.output);
    }
    Add(span, "logfire.json_schema",
        R"({"type":"object","properties":{"pydantic_ai.all_messages":{"type":"array"},"final_result":{"type":"object"}}})");
    return span;
  }

  otlp::SpanData operator()(const ModelCall& call) const {
    otlp::SpanData span =
        Start(fmt::format("chat {}", call.model->name), fmt::format("chat {}", call.model->name));
    span.kind = static_cast<std::uint32_t>(SpanRole::kClient);
    Add(span, "gen_ai.operation.name", "chat");
    Add(span, "model_request_parameters",
        fmt::format(R"({{"function_tools":{},"output_mode":"text","allow_text_output":true}})",
                    GenAiToolDefinitions(run.conversations[call.conversation].tools)));
    AddGenAiRequest(run, call, span);
    if (moment == Moment::kEnd) {
      AddGenAiResponse(call, span);
      if (call.tokens.cache_read > 0) {
        Add(span, "gen_ai.usage.details.cache_read_tokens", call.tokens.cache_read);
      }
      if (call.tokens.cache_write > 0) {
        Add(span, "gen_ai.usage.details.cache_write_tokens", call.tokens.cache_write);
      }
    }
    return span;
  }

  otlp::SpanData operator()(const ToolCall& call) const {
    otlp::SpanData span = Start(fmt::format("execute_tool {}", call.request.name),
                                fmt::format("running tool: {}", call.request.name));
    Add(span, "gen_ai.operation.name", "execute_tool");
    Add(span, "gen_ai.tool.name", call.request.name);
    Add(span, "gen_ai.tool.call.id", call.request.id);
    Add(span, "gen_ai.tool.call.arguments", call.request.arguments);
    if (moment == Moment::kEnd && !step.failure.has_value()) {
      Add(span, "gen_ai.tool.call.result", call.result);
    }
    return span;
  }

  // The framework has no spans of its own for the other kinds: a plain logfire.span().
  template <typename Detail>
  otlp::SpanData operator()(const Detail&) const {
    return Start("step", "step");
  }
};

void Write(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) {
  otlp::SpanData span = std::visit(Writer{run, step, Moment::kEnd}, step.detail);
  Add(span, "logfire.span_type", "span");
  if (step.failure.has_value()) {
    Add(span, "logfire.level_num", 17);
  }
  spans.push_back(std::move(span));
}

otlp::SpanData WritePending(const RunPlan& run, const Step& step, std::string_view span_id) {
  otlp::SpanData span = std::visit(Writer{run, step, Moment::kStart}, step.detail);
  std::vector<std::uint8_t> real_parent(span.parent_span_id.begin(), span.parent_span_id.end());
  real_parent.resize(8);  // All zero for a root.
  span.parent_span_id = span.span_id;
  span.span_id = span_id;
  span.end_ns = span.start_ns;
  span.status_code = 0;
  span.status_message.clear();
  span.events.clear();
  Add(span, "logfire.span_type", "pending_span");
  Add(span, "logfire.pending_parent_id", base::HexEncode(real_parent));
  return span;
}

}  // namespace

const Dialect& PydanticAiDialect() {
  static const Dialect kDialect = {
      .name = "pydantic_ai",
      .scope = {.name = "pydantic-ai", .version = "1.20.0", .attributes = {}, .schema_url = {}},
      .write = &Write,
      .write_pending = &WritePending};
  return kDialect;
}

}  // namespace sightline::demo
