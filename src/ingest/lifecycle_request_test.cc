// SPDX-License-Identifier: Apache-2.0
// Events through state, request writer, normaliser and price book to the rows that are stored.
#include "ingest/lifecycle_request.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/batch_builder.h"
#include "ingest/lifecycle_parse.h"
#include "ingest/lifecycle_state.h"
#include "model/encoded_batch.h"
#include "model/outcome.h"
#include "model/rope.h"
#include "normalize/attribute_source.h"
#include "normalize/messages.h"
#include "pricing/embedded_prices.h"

namespace sightline::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::int64_t kNow = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
constexpr std::int64_t kSecond = 1'000'000'000;

// Knows no body; numbers them from 1.
class EmptyCatalog final : public store::BodyCatalog {
 public:
  base::Hash128 HashOf(std::string_view text) const override { return base::HashBytes128(text); }

  std::optional<Known> Find(std::int32_t, const base::Hash128&) const override {
    return std::nullopt;
  }

  std::uint64_t NewId() override { return ++last_id_; }

 private:
  std::uint64_t last_id_ = 0;
};

// An event at `second` seconds after noon with `members` besides.
std::string At(int second, std::string_view type, std::string_view members = "") {
  return fmt::format(
      R"({{"type":"{}","execution_id":"run-1","timestamp":"2026-03-01T12:00:{:02}Z"{}{}}})", type,
      second, members.empty() ? "" : ",", members);
}

class LifecycleRequestTest : public ::testing::Test {
 protected:
  // The batch of one request, as the journal gives it back.
  std::shared_ptr<model::Batch> Post(const std::vector<std::string>& items) {
    base::Arena arena;
    std::vector<LifecycleEvent> events;
    for (const std::string& item : items) {
      events.push_back(std::get<LifecycleEvent>(ParseEvent(item, kNow, arena)));
    }
    std::vector<LoadedRun> loaded;
    for (const model::TraceId& id : state_.UnknownRuns(events)) {
      loaded.push_back({.trace_id = id, .rows = nullptr, .bodies = {}});
    }
    const auto transaction = state_.Begin(events, loaded);
    otlp::Request request;
    WriteRequest(events, transaction->decisions, arena, request);
    RememberData(request, arena);
    const BatchBuilder::Built built = builder_.Build(request, kNow);
    EXPECT_EQ(built.rejected, 0);
    state_.End(*transaction, LifecycleState::Ending::kDurable);
    return model::EncodedBatch::Decode(model::EncodedBatch::Encode(*built.batch)).value();
  }

  // Of a request that ends in one span.
  model::Span PostSpan(const std::vector<std::string>& items) {
    batches_.push_back(Post(items));
    EXPECT_THAT(batches_.back()->spans, SizeIs(1));
    return batches_.back()->spans.empty() ? model::Span() : batches_.back()->spans.back();
  }

  model::SpanId Step(std::string_view step_id) const {
    return SpanIdOfStep(TraceIdOfRun("run-1"), step_id);
  }

  // What the web interface shows as input and output of the last span.
  model::Conversation data_;
  base::LossTable losses_;

 private:
  void RememberData(const otlp::Request& request, base::Arena& arena) {
    if (request.spans.empty()) {
      return;
    }
    normalize::Normalizer normalizer;
    auto context = normalizer.Prepare(request, arena, kNow, nullptr);
    model::Span row;
    (void)normalizer.NormalizeSpan(context, request.spans.size() - 1, row);
    const normalize::DecodedSource source(request, request.spans.back(), arena);
    data_ = normalize::ExtractConversation(source.source(row.kind, row.dialect));
  }

  LifecycleState state_{{}, losses_};
  normalize::Normalizer normalizer_;
  pricing::CurrentPrices prices_{
      pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides()).value()};
  RecentRows recent_;
  EmptyCatalog bodies_;
  BatchBuilder builder_{{.normalizer = normalizer_,
                         .prices = prices_,
                         .recent = recent_,
                         .bodies = bodies_,
                         .losses = losses_,
                         .limits = {}}};
  std::vector<std::shared_ptr<model::Batch>> batches_;
};

TEST_F(LifecycleRequestTest, AStartIsAPendingSpan) {
  const auto batch = Post({
      At(1, "execution.started",
         R"("workflow_id":"w","workflow_name":"Refunds","metadata":{"session_id":"s1"})"),
      At(2, "step.started",
         R"("step_id":"a","step_name":"Planner","kind":"agent","agent_id":"planner")"),
      At(3, "step.started", R"("step_id":"b","parent_step_id":"a")"),
  });
  EXPECT_THAT(batch->spans, SizeIs(0));
  ASSERT_THAT(batch->pending, SizeIs(3));
  const model::Span& run = batch->pending[0];
  EXPECT_EQ(run.trace_id, TraceIdOfRun("run-1"));
  EXPECT_EQ(run.span_id, Step(""));
  EXPECT_TRUE(run.is_root());
  EXPECT_EQ(run.kind, model::SpanKind::kWorkflow);
  EXPECT_EQ(run.name, "Refunds");
  EXPECT_EQ(run.workflow_id, "w");
  EXPECT_EQ(run.workflow_name, "Refunds");
  EXPECT_EQ(run.run_id, "run-1");
  EXPECT_EQ(run.session_id, "s1");
  EXPECT_EQ(run.start_ns, kNow + kSecond);
  EXPECT_EQ(run.end_ns, 0);
  EXPECT_EQ(run.dialect, model::Dialect::kLifecycle);
  EXPECT_TRUE(run.has_mark(model::Mark::kDerivedIds));
  EXPECT_TRUE(run.has_mark(model::Mark::kPlaceholder));

  const model::Span& planner = batch->pending[1];
  EXPECT_EQ(planner.span_id, Step("a"));
  EXPECT_EQ(planner.parent_span_id, Step(""));
  EXPECT_EQ(planner.kind, model::SpanKind::kAgent);
  EXPECT_EQ(planner.agent_name, "planner");
  EXPECT_EQ(planner.agent_id, "planner");
  EXPECT_EQ(planner.workflow_name, "Refunds");
  EXPECT_EQ(planner.run_id, "run-1");

  const model::Span& step = batch->pending[2];
  EXPECT_EQ(step.parent_span_id, Step("a"));
  EXPECT_EQ(step.kind, model::SpanKind::kTask);
  EXPECT_EQ(step.name, "b");
}

TEST_F(LifecycleRequestTest, AFinishIsWhatTheStartSaidOverlaidByWhatItSays) {
  Post({At(1, "execution.started", R"("workflow_name":"Refunds")"),
        At(2, "step.started",
           R"("step_id":"a","parent_step_id":"p","step_name":"look up","kind":"tool",)"
           R"("agent_id":"planner","input":{"order":7},"metadata":{"team":"red","try":1})")});
  const model::Span span =
      PostSpan({At(5, "step.finished",
                   R"("step_id":"a","status":"completed","output":"found","metadata":{"try":2},)"
                   R"("retry_count":1,"resource_usage":{"memory_usage":120.5})")});
  EXPECT_EQ(span.span_id, Step("a"));
  EXPECT_EQ(span.parent_span_id, Step("p"));
  EXPECT_EQ(span.start_ns, kNow + 2 * kSecond);
  EXPECT_EQ(span.end_ns, kNow + 5 * kSecond);
  EXPECT_EQ(span.kind, model::SpanKind::kTool);
  EXPECT_EQ(span.name, "look up");
  EXPECT_EQ(span.tool_name, "look up");
  EXPECT_EQ(span.agent_name, "planner");
  EXPECT_EQ(span.workflow_name, "Refunds");
  EXPECT_EQ(span.status, model::StatusCode::kOk);
  EXPECT_FALSE(span.has_mark(model::Mark::kPlaceholder));
  EXPECT_TRUE(span.has_mark(model::Mark::kDerivedIds));
  EXPECT_EQ(data_.input_data, R"({"order":7})");
  EXPECT_EQ(data_.output_data, "found");
  EXPECT_EQ(span.attributes,
            R"({"sightline.span.kind":"tool","gen_ai.workflow.name":"Refunds",)"
            R"("sightline.run.id":"run-1","sightline.step.id":"a",)"
            R"("sightline.status":"completed","output.mime_type":"text/plain","metadata.try":2,)"
            R"("sightline.retry_count":1,"sightline.resource_usage.memory_usage":120.5,)"
            R"("gen_ai.agent.id":"planner","gen_ai.agent.name":"planner",)"
            R"("input.mime_type":"application/json","metadata.team":"red"})");
}

struct OutcomeCase {
  std::string_view members;
  model::Outcome outcome;
  std::string_view error_type;
  std::string_view error_message;
};

TEST_F(LifecycleRequestTest, TellsHowARunCameOut) {
  const OutcomeCase cases[] = {
      {"", model::Outcome::kCompleted, "", ""},
      {R"("status":"completed","error_message":"recovered")", model::Outcome::kCompleted, "", ""},
      {R"("status":"failed")", model::Outcome::kFailed, "", ""},
      {R"("error_message":"boom","error_type":"timeout")", model::Outcome::kFailed, "timeout",
       "boom"},
      {R"("status":"cancelled","error_message":"by hand","error_type":"Stop")",
       model::Outcome::kCancelled, "cancelled", "by hand"},
  };
  int step = 0;
  for (const OutcomeCase& c : cases) {
    const std::string id =
        fmt::format(R"("step_id":"{}"{}{})", ++step, c.members.empty() ? "" : ",", c.members);
    const model::Span span = PostSpan({At(1, "step.finished", id)});
    EXPECT_EQ(model::OutcomeOf(span), c.outcome) << c.members;
    EXPECT_EQ(span.error_type, c.error_type) << c.members;
    EXPECT_EQ(span.error_message, c.error_message) << c.members;
  }
}

TEST_F(LifecycleRequestTest, SaysWhenTheStartIsNotKnown) {
  const model::Span span = PostSpan({At(7, "execution.finished", R"("workflow_id":"w")")});
  EXPECT_EQ(span.start_ns, kNow + 7 * kSecond);
  EXPECT_EQ(span.end_ns, span.start_ns);
  EXPECT_EQ(span.name, "w");
  EXPECT_THAT(span.attributes, HasSubstr(R"("sightline.start_unknown":true)"));
}

TEST_F(LifecycleRequestTest, TakesAStatedDurationForTheStart) {
  const model::Span span =
      PostSpan({At(7, "step.finished", R"("step_id":"a","metadata":{"duration_ms":1500})")});
  EXPECT_EQ(span.end_ns - span.start_ns, 1'500'000'000);
  EXPECT_THAT(span.attributes, Not(HasSubstr("start_unknown")));
}

TEST_F(LifecycleRequestTest, KeepsAndMarksAFinishBeforeItsStart) {
  const model::Span span = PostSpan(
      {At(7, "step.started", R"("step_id":"a")"), At(5, "step.finished", R"("step_id":"a")")});
  EXPECT_EQ(span.start_ns - span.end_ns, 2 * kSecond);
  EXPECT_TRUE(span.has_mark(model::Mark::kEndBeforeStart));
  EXPECT_EQ(losses_.count(base::Loss::kSpanEndBeforeStart), 1U);
}

TEST_F(LifecycleRequestTest, AModelCallIsCountedAndPriced) {
  const model::Span span = PostSpan(
      {At(3, "llm.call",
          R"("step_id":"a","provider":"OpenAI","model":"gpt-4o","input_tokens":1000,)"
          R"("output_tokens":100,"cache_read_tokens":400,"metadata":{"duration_ms":250})")});
  EXPECT_EQ(span.kind, model::SpanKind::kLlm);
  EXPECT_EQ(span.name, "chat gpt-4o");
  EXPECT_EQ(span.operation, "chat");
  EXPECT_EQ(span.provider, "openai");
  EXPECT_EQ(span.request_model, "gpt-4o");
  EXPECT_EQ(span.usage.input_total, 1000);
  EXPECT_EQ(span.usage.cache_read, 400);
  EXPECT_EQ(span.usage.total, 1100);
  EXPECT_EQ(span.cost_status, model::CostStatus::kPriced);
  // 600 at 2.50 USD, 400 at 1.25 USD and 100 at 10 USD a million.
  EXPECT_EQ(span.cost.picodollars, 3'000'000'000);
  EXPECT_EQ(span.end_ns - span.start_ns, 250'000'000);
}

TEST_F(LifecycleRequestTest, AddsCachedTokensThatTheInputCannotInclude) {
  const model::Span span =
      PostSpan({At(3, "llm.call",
                   R"("provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":10,)"
                   R"("output_tokens":5,"cache_read_tokens":100,"cache_write_tokens":50)")});
  EXPECT_EQ(span.usage.input_total, 160);
  EXPECT_EQ(span.usage.rule, model::UsageRule::kExclusiveByCounts);
}

TEST_F(LifecycleRequestTest, ShowsAModelWithoutPriceAsUnpriced) {
  const model::Span span =
      PostSpan({At(3, "llm.call", R"("model":"our-own-7b","input_tokens":10,"output_tokens":5)")});
  EXPECT_EQ(span.cost_status, model::CostStatus::kUnpriced);
}

TEST_F(LifecycleRequestTest, ReadsMessagesOfAModelCall) {
  PostSpan({At(3, "llm.call",
               R"("model":"m","input":[{"role":"user","content":"hi"}],"output":"hello")")});
  ASSERT_THAT(data_.input, SizeIs(1));
  EXPECT_EQ(data_.input[0].role, "user");
  EXPECT_EQ(data_.input[0].parts.at(0).content, "hi");
  ASSERT_THAT(data_.output, SizeIs(1));
  EXPECT_EQ(data_.output[0].parts.at(0).content, "hello");
}

struct PlaceCase {
  std::string_view name;
  std::vector<std::string> before;
  std::string_view call;
  std::string_view parent;  // Step id.
  std::int64_t duration_seconds;
};

TEST_F(LifecycleRequestTest, HangsAModelCallWhereItBelongs) {
  const std::string agent = At(1, "step.started", R"("step_id":"agent","kind":"agent")");
  const std::string model =
      At(2, "step.started", R"("step_id":"model","parent_step_id":"agent","kind":"llm")");
  const PlaceCase cases[] = {
      {"no step: the run", {}, R"("model":"a")", "", 0},
      {"a step that was not announced", {}, R"("step_id":"x","model":"b")", "x", 0},
      {"below an agent, whose start is not the call's",
       {agent},
       R"("step_id":"agent","model":"c")",
       "agent",
       0},
      {"below the step that is the call, with its start",
       {model},
       R"("step_id":"model","parent_step_id":"agent","model":"d")",
       "model",
       3},
      {"a step id of its own",
       {},
       R"("step_id":"call-1","parent_step_id":"agent","model":"e")",
       "agent",
       0},
  };
  for (const PlaceCase& c : cases) {
    Post(c.before);
    const model::Span span = PostSpan({At(5, "llm.call", c.call)});
    EXPECT_EQ(span.parent_span_id, Step(c.parent)) << c.name;
    EXPECT_EQ(span.end_ns - span.start_ns, c.duration_seconds * kSecond) << c.name;
  }
}

TEST_F(LifecycleRequestTest, ALogIsARecordOfItsStep) {
  const auto batch = Post({At(3, "log",
                              R"("step_id":"a","level":"WARNING","message":"slow",)"
                              R"("metadata":{"attempt":2})"),
                           At(4, "log", R"("message":"of the run")")});
  EXPECT_THAT(batch->spans, SizeIs(0));
  ASSERT_THAT(batch->logs, SizeIs(2));
  const model::LogRecord& log = batch->logs[0];
  EXPECT_EQ(log.trace_id, TraceIdOfRun("run-1"));
  EXPECT_EQ(log.span_id, Step("a"));
  EXPECT_EQ(log.time_ns, kNow + 3 * kSecond);
  EXPECT_EQ(log.severity, 13);
  EXPECT_EQ(log.severity_text, "WARNING");
  EXPECT_EQ(log.body, "slow");
  EXPECT_EQ(log.scope, kLifecycleScope);
  EXPECT_THAT(log.attributes, HasSubstr(R"("attempt":2)"));
  EXPECT_EQ(batch->logs[1].span_id, Step(""));
}

TEST_F(LifecycleRequestTest, ReadsLevels) {
  const std::pair<std::string_view, int> cases[] = {
      {R"("level":"trace")", 1},  {R"("level":"Debug")", 5},    {R"("level":"INFO")", 9},
      {R"("level":"warn")", 13},  {R"("level":"error")", 17},   {R"("level":"critical")", 21},
      {R"("level":"fatal")", 21}, {R"("level":"shouting")", 0}, {R"("message":"none")", 9},
  };
  for (const auto& [members, severity] : cases) {
    EXPECT_EQ(Post({At(1, "log", members)})->logs.at(0).severity, severity) << members;
  }
}

TEST_F(LifecycleRequestTest, WritesNothingForARepeat) {
  const std::string finish = At(3, "step.finished", R"("step_id":"a")");
  Post({finish});
  const auto batch = Post({finish});
  EXPECT_TRUE(batch->empty());
}

// What a restart gives back is what was known before it.
TEST_F(LifecycleRequestTest, AStartSurvivesARestart) {
  const auto batch =
      Post({At(1, "execution.started", R"("workflow_id":"w","workflow_name":"Refunds")"),
            At(2, "step.started",
               R"("step_id":"a","parent_step_id":"p","step_name":"look up","kind":"tool",)"
               R"("agent_id":"planner","input":{"order":7},"metadata":{"n":1,"x":0.5})")});
  LifecycleState restarted({}, losses_);
  restarted.Restore(*batch);
  base::Arena arena;
  const std::string item = At(9, "step.finished", R"("step_id":"a")");
  const std::vector<LifecycleEvent> events = {
      std::get<LifecycleEvent>(ParseEvent(item, kNow, arena))};
  const LoadedRun loaded{.trace_id = events[0].trace_id, .rows = nullptr, .bodies = {}};
  const auto transaction = restarted.Begin(events, {&loaded, 1});
  ASSERT_TRUE(transaction);
  ASSERT_NE(transaction->decisions[0].start, nullptr);
  EXPECT_EQ(transaction->decisions[0].workflow->name, "Refunds");

  otlp::Request request;
  WriteRequest(events, transaction->decisions, arena, request);
  ASSERT_THAT(request.spans, SizeIs(1));
  EXPECT_EQ(request.spans[0].name, "look up");
  EXPECT_EQ(request.spans[0].parent_span_id, Step("p").view());
  EXPECT_EQ(request.spans[0].start_ns, static_cast<std::uint64_t>(kNow + 2 * kSecond));
  std::vector<std::string> keys;
  for (const otlp::KeyValue& attribute : request.Attributes(request.spans[0].attributes)) {
    keys.emplace_back(attribute.key);
  }
  EXPECT_THAT(keys, ::testing::UnorderedElementsAre("sightline.span.kind", "sightline.workflow.id",
                                                    "gen_ai.workflow.name", "sightline.run.id",
                                                    "sightline.step.id", "gen_ai.agent.id",
                                                    "gen_ai.agent.name", "input.value",
                                                    "input.mime_type", "metadata.n", "metadata.x"));
}

}  // namespace
}  // namespace sightline::ingest
