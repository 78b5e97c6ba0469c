// SPDX-License-Identifier: Apache-2.0
#include "normalize/normalizer.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/loss.h"
#include "model/span.h"
#include "otlp/decode.h"
#include "otlp/encode.h"

namespace sightline::normalize {
namespace {

using model::Mark;
using model::SpanKind;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'770'000'000 * kSecond;

// One span in a request of its own, normalised.
class SpanNormalizer {
 public:
  std::vector<otlp::NamedValue> resource;
  otlp::ScopeData scope;
  otlp::SpanData span{.trace_id = std::string(16, '\x11'),
                      .span_id = std::string(8, '\x22'),
                      .name = "span",
                      .start_ns = static_cast<std::uint64_t>(kNow),
                      .end_ns = static_cast<std::uint64_t>(kNow + kSecond)};

  const model::Span& Run(std::vector<otlp::NamedValue> attributes) {
    span.attributes = std::move(attributes);
    body_ = otlp::EncodeTraces({.attributes = resource}, scope, std::span(&span, 1));
    EXPECT_TRUE(otlp::Decode(otlp::Signal::kTraces, body_, request_).has_value());
    auto context = normalizer_.Prepare(request_, arena_, kNow, &losses);
    out_ = {};
    outcome = normalizer_.NormalizeSpan(context, 0, out_);
    return out_;
  }

  SpanOutcome outcome = SpanOutcome::kSpan;
  base::LossTable losses;

 private:
  Normalizer normalizer_;
  otlp::Request request_;
  base::Arena arena_;
  std::string body_;
  model::Span out_;
};

TEST(NormalizerTest, ReadsAModelCallOfTheCurrentConventions) {
  SpanNormalizer run;
  const model::Span& span = run.Run({{"gen_ai.operation.name", "chat"},
                                     {"gen_ai.provider.name", "openai"},
                                     {"gen_ai.request.model", "gpt-5"},
                                     {"gen_ai.usage.input_tokens", 100},
                                     {"gen_ai.usage.output_tokens", "7"},
                                     {"my.own", "x"}});
  EXPECT_EQ(run.outcome, SpanOutcome::kSpan);
  EXPECT_EQ(span.kind, SpanKind::kLlm);
  EXPECT_EQ(span.dialect, model::Dialect::kGenAi);
  EXPECT_EQ(span.provider, "openai");
  EXPECT_EQ(span.request_model, "gpt-5");
  EXPECT_EQ(span.usage.total, 107);
  EXPECT_EQ(span.unmapped, R"(["my.own"])");
}

struct KindCase {
  std::string_view name;
  std::vector<otlp::NamedValue> attributes;
  SpanKind expected;
};

TEST(NormalizerTest, DecidesTheKindInTheOrderOfTheRules) {
  const KindCase cases[] = {
      {"1 Langfuse beats OpenInference",
       {{"langfuse.observation.type", "tool"}, {"openinference.span.kind", "LLM"}},
       SpanKind::kTool},
      {"1 Langfuse span with a model is a model call",
       {{"langfuse.observation.type", "span"}, {"langfuse.observation.model.name", "gpt-4"}},
       SpanKind::kLlm},
      {"1 Langfuse span has no opinion",
       {{"langfuse.observation.type", "span"}, {"gen_ai.operation.name", "invoke_agent"}},
       SpanKind::kAgent},
      {"1 Langfuse span alone is a task", {{"langfuse.observation.type", "span"}}, SpanKind::kTask},
      {"2 OpenInference beats LangSmith",
       {{"openinference.span.kind", "TOOL"}, {"langsmith.span.kind", "llm"}},
       SpanKind::kTool},
      {"2 OpenInference UNKNOWN has no opinion",
       {{"openinference.span.kind", "UNKNOWN"}, {"gen_ai.operation.name", "chat"}},
       SpanKind::kLlm},
      {"3 LangSmith beats the operation",
       {{"langsmith.span.kind", "retriever"}, {"gen_ai.operation.name", "embeddings"}},
       SpanKind::kRetriever},
      {"3 LangSmith prompt runs are no calls",
       {{"langsmith.span.kind", "prompt"}, {"gen_ai.operation.name", "chat"}},
       SpanKind::kTask},
      {"4 MLflow's value is JSON text",
       {{"mlflow.spanType", "\"TOOL\""}, {"gen_ai.operation.name", "chat"}},
       SpanKind::kTool},
      {"5 Traceloop workflow beats the operation",
       {{"traceloop.span.kind", "workflow"}, {"gen_ai.operation.name", "invoke_agent"}},
       SpanKind::kWorkflow},
      {"5 Traceloop task gives way to the operation",
       {{"traceloop.span.kind", "task"}, {"gen_ai.operation.name", "execute_tool"}},
       SpanKind::kTool},
      {"5 Traceloop task comes before later rules",
       {{"traceloop.span.kind", "task"}, {"mcp.method.name", "tools/call"}},
       SpanKind::kTask},
      {"6 operation beats operationId",
       {{"gen_ai.operation.name", "execute_tool"}, {"ai.operationId", "ai.streamText"}},
       SpanKind::kTool},
      {"6 operationId of a step", {{"ai.operationId", "ai.streamText.doStream"}}, SpanKind::kLlm},
      {"6 request type", {{"llm.request.type", "rerank"}}, SpanKind::kReranker},
      {"6 fetch_response is no call",
       {{"gen_ai.operation.name", "fetch_response"},
        {"gen_ai.request.model", "gpt-4"},
        {"gen_ai.usage.input_tokens", 5}},
       SpanKind::kOther},
      {"6 an unknown operation has no opinion",
       {{"gen_ai.operation.name", "response"},
        {"gen_ai.request.model", "gpt-4"},
        {"gen_ai.usage.input_tokens", 5}},
       SpanKind::kLlm},
      {"7 MCP tool call", {{"mcp.method.name", "tools/call"}}, SpanKind::kTool},
      {"7 other MCP methods",
       {{"mcp.method.name", "initialize"}, {"gen_ai.tool.name", "x"}},
       SpanKind::kOther},
      {"9 tool keys alone", {{"gen_ai.tool.call.id", "c1"}}, SpanKind::kTool},
      {"9 tool keys on a model call prove nothing",
       {{"gen_ai.tool.name", "a, b"},
        {"gen_ai.request.model", "gpt-4"},
        {"gen_ai.usage.input_tokens", 5}},
       SpanKind::kLlm},
      {"10 model and messages",
       {{"gen_ai.request.model", "gpt-4"}, {"gen_ai.input.messages", "[1]"}},
       SpanKind::kLlm},
      {"10 a model alone is not enough", {{"gen_ai.request.model", "gpt-4"}}, SpanKind::kOther},
      {"11 database before HTTP", {{"db.system", "mysql"}, {"http.method", "GET"}}, SpanKind::kDb},
      {"11 HTTP", {{"http.request.method", "GET"}}, SpanKind::kHttp},
      {"11 messaging", {{"messaging.system", "kafka"}}, SpanKind::kOther},
      {"nothing", {}, SpanKind::kOther},
  };
  for (const KindCase& c : cases) {
    SpanNormalizer run;
    EXPECT_EQ(run.Run(c.attributes).kind, c.expected) << c.name;
  }
}

TEST(NormalizerTest, KnowsSpanNamesOnlyFromTheirEmitters) {
  SpanNormalizer run;
  run.span.name = "invocation";
  EXPECT_EQ(run.Run({}).kind, SpanKind::kOther);
  run.scope.name = "gcp.vertex.agent";
  EXPECT_EQ(run.Run({}).kind, SpanKind::kTask);
  run.span.name = "agent_run [root]";
  EXPECT_EQ(run.Run({}).kind, SpanKind::kAgent);
  run.scope.name = "";
  run.span.name = "claude_code.llm_request";
  EXPECT_EQ(run.Run({}).kind, SpanKind::kLlm);
  EXPECT_EQ(run.Run({}).dialect, model::Dialect::kClaudeCode);
}

TEST(NormalizerTest, ReadsBareWordsOnlyFromTheirEmitters) {
  const std::vector<otlp::NamedValue> words = {
      {"model", "gpt-4o"}, {"input_tokens", 5}, {"tool_name", "hammer"}, {"user_prompt", "hi"}};
  SpanNormalizer other;
  const model::Span& span = other.Run(words);
  EXPECT_EQ(span.kind, SpanKind::kOther);
  EXPECT_EQ(span.request_model, "");
  EXPECT_EQ(span.usage.input_total, model::Usage::kUnknown);
  EXPECT_EQ(span.unmapped, R"(["model","input_tokens","tool_name","user_prompt"])");
  // A scope, a service or a span name is enough of a proof.
  for (const int proof : {0, 1, 2}) {
    SpanNormalizer run;
    run.scope.name = proof == 0 ? "com.anthropic.claude_code.tracing" : "";
    if (proof == 1) {
      run.resource = {{"service.name", "claude-code"}};
    }
    run.span.name = proof == 2 ? "claude_code.llm_request" : "span";
    const model::Span& own = run.Run(words);
    EXPECT_EQ(own.request_model, "gpt-4o") << proof;
    EXPECT_EQ(own.usage.input_total, 5) << proof;
    EXPECT_EQ(own.unmapped, "") << proof;
  }
}

TEST(NormalizerTest, ReadsTimeToFirstTokenInItsOwnUnit) {
  struct Case {
    std::string_view name;
    std::string scope;
    otlp::NamedValue attribute;
    std::int64_t expected_ms;
  };

  const Case cases[] = {
      {"seconds", "", {"gen_ai.response.time_to_first_chunk", 0.5}, 500},
      {"seconds as text", "", {"gen_ai.response.time_to_first_chunk", "0.5"}, 500},
      {"seconds of the client", "", {"gen_ai.client.operation.time_to_first_chunk", 0.25}, 250},
      {"Claude Code", "com.anthropic.claude_code", {"ttft_ms", 850}, 850},
      {"Vercel response", "", {"ai.response.msToFirstChunk", 412.5}, 412},
      {"Vercel stream", "", {"ai.stream.msToFirstChunk", 30}, 30},
      {"server in seconds", "", {"gen_ai.server.time_to_first_token", 0.8}, 800},
      {"server of Strands",
       "strands.telemetry.tracer",
       {"gen_ai.server.time_to_first_token", 450},
       450},
  };
  for (const Case& c : cases) {
    SpanNormalizer run;
    run.scope.name = c.scope;
    EXPECT_EQ(run.Run({c.attribute}).time_to_first_token_ns / 1'000'000, c.expected_ms) << c.name;
  }
  SpanNormalizer run;
  run.scope.name = "com.anthropic.claude_code";
  EXPECT_EQ(run.Run({{"ttft_ms", -3}}).time_to_first_token_ns, model::Span::kUnknown);
}

TEST(NormalizerTest, TakesTheCostThatTheSenderStates) {
  struct Case {
    std::string_view name;
    std::vector<otlp::NamedValue> attributes;
    std::int64_t picodollars;
    model::CostStatus status = model::CostStatus::kReported;
    std::string scope;
  };

  const std::string claude_code = "com.anthropic.claude_code";

  const Case cases[] = {
      {"Langfuse total",
       {{"langfuse.observation.cost_details", R"({"input":0.1,"total":0.3})"}},
       300'000'000'000},
      {"Langfuse buckets",
       {{"langfuse.observation.cost_details", R"({"input":0.1,"output":"0.2"})"}},
       300'000'000'000},
      {"Langfuse beats OpenInference",
       {{"llm.cost.total", 9.0}, {"langfuse.observation.cost_details", R"({"total":0.3})"}},
       300'000'000'000},
      {"OpenInference total",
       {{"llm.cost.total", 0.25}, {"llm.cost.prompt", 0.1}},
       250'000'000'000},
      {"OpenInference parts",
       {{"llm.cost.completion", 0.25}, {"llm.cost.prompt", 0.1}},
       350'000'000'000},
      {"MLflow", {{"mlflow.llm.cost", R"({"input_cost":0.1,"output_cost":0.2})"}}, 300'000'000'000},
      {"Pydantic AI", {{"operation.cost", 0.00034125}}, 341'250'000},
      {"OpenLIT", {{"gen_ai.usage.cost", 0.5}}, 500'000'000'000},
      {"OpenLIT without a price", {{"gen_ai.usage.cost", 0.0}}, 0, model::CostStatus::kNone},
      {"Claude Code",
       {{"cost_usd", "0.0123456"}, {"cost_usd_micros", 12346}},
       12'345'600'000,
       model::CostStatus::kReported,
       claude_code},
      {"Claude Code in millionths",
       {{"cost_usd_micros", "12346000"}},
       12'346'000'000'000,
       model::CostStatus::kReported,
       claude_code},
      {"the same word of somebody else", {{"cost_usd", 1.0}}, 0, model::CostStatus::kNone},
      {"none", {}, 0, model::CostStatus::kNone},
      {"not a number", {{"operation.cost", "cheap"}}, 0, model::CostStatus::kNone},
  };
  for (const Case& c : cases) {
    SpanNormalizer run;
    run.scope.name = c.scope;
    const model::Span& span = run.Run(c.attributes);
    EXPECT_EQ(span.cost.picodollars, c.picodollars) << c.name;
    EXPECT_EQ(span.cost_status, c.status) << c.name;
  }
}

std::uint64_t ArgumentsHash(std::vector<otlp::NamedValue> attributes) {
  SpanNormalizer run;
  return run.Run(std::move(attributes)).arguments_hash;
}

TEST(NormalizerTest, HashesTheArgumentsOfToolCallsOnly) {
  const otlp::NamedValue is_tool = {"openinference.span.kind", "TOOL"};
  const otlp::NamedValue is_model_call = {"openinference.span.kind", "LLM"};
  const std::uint64_t paris = base::HashBytes64(R"({"city":"Paris"})");
  const std::uint64_t nothing = base::HashBytes64("{}");

  struct Case {
    std::string_view name;
    std::vector<otlp::NamedValue> attributes;
    std::uint64_t expected;
  };

  const Case cases[] = {
      {"first key of the row",
       {is_tool,
        {"input.value", "other"},
        {"gen_ai.tool.call.arguments", R"({"city":"Paris"})"},
        {"arguments", "other"}},
       paris},
      {"last key of the row", {is_tool, {"input.value", R"({"city":"Paris"})"}}, paris},
      {"absent values are passed over",
       {is_tool,
        {"gen_ai.tool.call.arguments", "[REDACTED]"},
        {"gen_ai.tool.args", R"({"city":"Paris"})"}},
       paris},
      {"a map counts as its JSON text",
       {is_tool, {"gen_ai.tool.call.arguments", otlp::AnyData::Map{{"city", "Paris"}}}},
       paris},
      {"no arguments are known arguments", {is_tool, {"ai.toolCall.args", "{}"}}, nothing},
      {"Google ADK writes {} instead of content",
       {is_tool, {"gcp.vertex.agent.tool_call_args", "{}"}},
       0},
      {"a tool call without the row", {is_tool, {"output.value", "x"}}, 0},
      {"a model call", {is_model_call, {"input.value", "question"}}, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ArgumentsHash(c.attributes), c.expected) << c.name;
  }
}

TEST(NormalizerTest, NeverAddsAliasesOfOneCount) {
  SpanNormalizer run;
  const model::Span& span = run.Run({{"gen_ai.usage.prompt_tokens", 10},
                                     {"gen_ai.usage.input_tokens", 10},
                                     {"llm.token_count.prompt", 11},
                                     {"ai.usage.inputTokens", 12},
                                     {"gen_ai.aggregated_usage.input_tokens", 500},
                                     {"gen_ai.usage.output_tokens", 3}});
  EXPECT_EQ(span.usage.input_total, 10);
  EXPECT_EQ(span.usage.total, 13);
}

TEST(NormalizerTest, RepairsAndMarksTextThatIsNotUtf8) {
  SpanNormalizer run;
  const model::Span& span = run.Run({{"gen_ai.agent.name", "caf\xE9"}, {"odd\xFFkey", 1}});
  EXPECT_EQ(span.agent_name, "caf\xEF\xBF\xBD");
  EXPECT_EQ(span.unmapped, "[\"odd\xEF\xBF\xBDkey\"]");
  EXPECT_TRUE(span.has_mark(Mark::kTextRepaired));
  EXPECT_EQ(run.losses.count(base::Loss::kTextRepaired), 1U);
}

TEST(NormalizerTest, RejectsOnlyWhatHasNoValidId) {
  SpanNormalizer run;
  run.span.span_id = std::string(8, '\0');
  run.Run({});
  EXPECT_EQ(run.outcome, SpanOutcome::kInvalidId);
  run.span.span_id = std::string(8, '\x01');
  run.span.trace_id = std::string(15, '\x01');
  run.Run({});
  EXPECT_EQ(run.outcome, SpanOutcome::kInvalidId);
  EXPECT_EQ(run.losses.count(base::Loss::kSpanInvalidId), 2U);
  run.span.trace_id = std::string(16, '\x01');
  run.span.parent_span_id = "short";
  EXPECT_TRUE(run.Run({}).parent_span_id.is_zero());
  EXPECT_EQ(run.outcome, SpanOutcome::kSpan);
  EXPECT_EQ(run.losses.count(base::Loss::kSpanInvalidParentId), 1U);
  run.span.parent_span_id = std::string(8, '\0');  // How some emitters say that there is none.
  EXPECT_TRUE(run.Run({}).parent_span_id.is_zero());
  EXPECT_EQ(run.losses.count(base::Loss::kSpanInvalidParentId), 1U);
}

TEST(NormalizerTest, MarksTheSimulatorsSpans) {
  SpanNormalizer run;
  EXPECT_FALSE(run.Run({}).has_mark(Mark::kDemo));
  run.resource = {{"sightline.demo", true}};
  EXPECT_TRUE(run.Run({}).has_mark(Mark::kDemo));
}

}  // namespace
}  // namespace sightline::normalize
