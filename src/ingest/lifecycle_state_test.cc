// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_state.h"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "ingest/lifecycle_parse.h"
#include "model/rope.h"

namespace sightline::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr std::int64_t kNow = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.

constexpr std::string_view kRunStarted =
    R"({"type":"execution.started","execution_id":"r","timestamp":"2026-03-01T12:00:01Z"})";
constexpr std::string_view kRunFinished =
    R"({"type":"execution.finished","execution_id":"r","status":"completed"})";
constexpr std::string_view kRunFailed =
    R"({"type":"execution.finished","execution_id":"r","status":"failed"})";
constexpr std::string_view kStepStarted =
    R"({"type":"step.started","execution_id":"r","step_id":"s","step_name":"plan"})";
constexpr std::string_view kStepFinished =
    R"({"type":"step.finished","execution_id":"r","step_id":"s"})";
constexpr std::string_view kCall = R"({"type":"llm.call","execution_id":"r","step_id":"s"})";
constexpr std::string_view kLog = R"({"type":"log","execution_id":"r","message":"a"})";

using Ending = LifecycleState::Ending;

std::string_view VerdictName(EventVerdict verdict) {
  switch (verdict) {
    case EventVerdict::kStore:
      return "store";
    case EventVerdict::kRepeated:
      return "repeated";
    case EventVerdict::kContradicted:
      return "contradicted";
    case EventVerdict::kTooLate:
      return "too late";
  }
  return "?";
}

// A state, and a store that holds nothing but what a test puts there.
class LifecycleStateTest : public ::testing::Test {
 protected:
  using Transaction = LifecycleState::Transaction;

  std::vector<LifecycleEvent> Parse(const std::vector<std::string_view>& items) {
    std::vector<LifecycleEvent> events;
    for (const std::string_view item : items) {
      events.push_back(std::get<LifecycleEvent>(ParseEvent(item, kNow, arena_)));
    }
    return events;
  }

  std::optional<Transaction> Begin(const std::vector<std::string_view>& items) {
    const auto events = Parse(items);
    std::vector<LoadedRun> loaded;
    for (const model::TraceId& id : state_->UnknownRuns(events)) {
      ++reads_;
      loaded.push_back({.trace_id = id, .rows = stored_, .bodies = stored_bodies_});
    }
    return state_->Begin(events, loaded);
  }

  // The verdicts of one request that becomes durable.
  std::vector<std::string_view> Post(const std::vector<std::string_view>& items) {
    const auto transaction = Begin(items);
    if (!transaction) {
      return {"refused"};
    }
    state_->End(*transaction, Ending::kDurable);
    std::vector<std::string_view> names;
    for (const EventDecision& decision : transaction->decisions) {
      names.push_back(VerdictName(decision.verdict));
    }
    return names;
  }

  void Restart(LifecycleState::Options options = {}) {
    state_ = std::make_unique<LifecycleState>(options, losses_);
    reads_ = 0;
  }

  model::Span StoredSpan(std::string_view step_id) {
    model::Span span;
    span.trace_id = TraceIdOfRun("r");
    span.span_id = SpanIdOfStep(span.trace_id, step_id);
    span.dialect = model::Dialect::kLifecycle;
    span.start_ns = 5;
    span.set_mark(model::Mark::kDerivedIds);
    return span;
  }

  model::Span Placeholder(std::string_view step_id) {
    model::Span span = StoredSpan(step_id);
    span.set_mark(model::Mark::kPlaceholder);
    return span;
  }

  base::LossTable losses_;
  std::unique_ptr<LifecycleState> state_ =
      std::make_unique<LifecycleState>(LifecycleState::Options{}, losses_);
  std::shared_ptr<model::Batch> stored_ = std::make_shared<model::Batch>();
  BodyTexts stored_bodies_;
  int reads_ = 0;
  base::Arena arena_;
};

struct SequenceCase {
  std::string_view name;
  std::vector<std::vector<std::string_view>> requests;
  std::vector<std::string_view> last;  // Verdicts of the last request.
};

TEST_F(LifecycleStateTest, DecidesWhatIsNew) {
  const std::string_view other_log = R"({"type":"log","execution_id":"r","message":"b"})";
  const std::string_view other_run = R"({"type":"execution.finished","execution_id":"q"})";
  const SequenceCase cases[] = {
      {"everything once",
       {{kRunStarted, kStepStarted, kCall, kLog, kStepFinished, kRunFinished}},
       {"store", "store", "store", "store", "store", "store"}},
      {"everything again",
       {{kRunStarted, kStepStarted, kCall, kLog, kStepFinished, kRunFinished},
        {kRunStarted, kStepStarted, kCall, kLog, kStepFinished, kRunFinished}},
       {"repeated", "repeated", "repeated", "repeated", "repeated", "repeated"}},
      {"twice in one request",
       {{kRunStarted, kRunStarted, kRunFinished, kRunFinished}},
       {"store", "repeated", "store", "repeated"}},
      {"the first of two finishes stands",
       {{kRunStarted}, {kRunFailed}, {kRunFinished}},
       {"contradicted"}},
      {"a finish without start", {{kRunFinished}}, {"store"}},
      {"a start after its finish", {{kRunFinished}, {kRunStarted}}, {"too late"}},
      {"a start after its finish in one request",
       {{kRunFinished, kRunStarted}},
       {"store", "store"}},
      {"a step of a run that was not announced", {{kStepStarted}}, {"store"}},
      {"a second line", {{kLog}, {kLog, other_log}}, {"repeated", "store"}},
      {"another run", {{kRunFinished}, {other_run}}, {"store"}},
  };
  for (const SequenceCase& c : cases) {
    Restart();
    for (std::size_t i = 0; i + 1 < c.requests.size(); ++i) {
      Post(c.requests[i]);
    }
    EXPECT_EQ(Post(c.requests.back()), c.last) << c.name;
  }
}

TEST_F(LifecycleStateTest, GivesAFinishItsStart) {
  Post({kRunStarted, kStepStarted});
  const auto transaction = Begin({kStepFinished, kRunFinished});
  ASSERT_TRUE(transaction);
  ASSERT_NE(transaction->decisions[0].start, nullptr);
  EXPECT_EQ(transaction->decisions[0].start->name, "plan");
  EXPECT_EQ(transaction->decisions[0].start->start_ns, kNow);
  EXPECT_EQ(transaction->decisions[1].start->start_ns, kNow + 1'000'000'000);
}

TEST_F(LifecycleStateTest, GivesAFinishTheStartThatFollowsInTheSameRequest) {
  const auto transaction = Begin({kStepFinished, kStepStarted});
  ASSERT_TRUE(transaction);
  ASSERT_NE(transaction->decisions[0].start, nullptr);
  EXPECT_EQ(transaction->decisions[0].start->name, "plan");
}

TEST_F(LifecycleStateTest, TellsWhetherTheStepOfACallIsKnown) {
  auto transaction = Begin({kCall});
  EXPECT_FALSE(transaction->decisions[0].is_step_known);
  state_->End(*transaction, Ending::kDurable);
  Post({kStepStarted});
  transaction = Begin({R"({"type":"llm.call","execution_id":"r","step_id":"s","model":"m"})"});
  EXPECT_TRUE(transaction->decisions[0].is_step_known);
  EXPECT_EQ(transaction->decisions[0].start->name, "plan");
}

TEST_F(LifecycleStateTest, NamesTheWorkflowForEventsThatDoNot) {
  Post(
      {R"({"type":"execution.started","execution_id":"r","workflow_id":"w","workflow_name":"W"})"});
  Post({R"({"type":"execution.started","execution_id":"q"})"});
  const auto transaction = Begin({kCall, R"({"type":"log","execution_id":"q"})"});
  EXPECT_EQ(transaction->decisions[0].workflow->id, "w");
  EXPECT_EQ(transaction->decisions[0].workflow->name, "W");
  EXPECT_TRUE(transaction->decisions[1].workflow->is_empty());
}

TEST_F(LifecycleStateTest, RefusesWhatRepeatsAnEventInFlight) {
  for (const auto& [first, second] : {
           std::pair(kStepStarted, kStepStarted),
           std::pair(kStepFinished, kStepFinished),
           std::pair(kStepFinished, kStepStarted),
           std::pair(kCall, kCall),
           std::pair(kLog, kLog),
       }) {
    Restart();
    const auto transaction = Begin({first});
    EXPECT_THAT(Post({second}), ElementsAre("refused")) << first << second;
    state_->End(*transaction, Ending::kDurable);
    EXPECT_NE(Post({second}).front(), "refused");
  }
}

TEST_F(LifecycleStateTest, ChangesNothingWhenItRefuses) {
  const auto transaction = Begin({kStepStarted});
  EXPECT_THAT(Post({kRunStarted, kStepStarted}), ElementsAre("refused"));
  state_->End(*transaction, Ending::kDurable);
  EXPECT_THAT(Post({kRunStarted, kStepStarted}), ElementsAre("store", "repeated"));
}

TEST_F(LifecycleStateTest, TakesAFinishWhoseStartIsInFlight) {
  const auto start = Begin({kStepStarted});
  const auto finish = Begin({kStepFinished});
  ASSERT_TRUE(finish);
  EXPECT_EQ(finish->decisions[0].start->name, "plan");
  state_->End(*finish, Ending::kDurable);
  state_->End(*start, Ending::kDurable);
  EXPECT_THAT(Post({kStepStarted, kStepFinished}), ElementsAre("repeated", "repeated"));
  EXPECT_EQ(state_->size().bytes, 0U);
}

TEST_F(LifecycleStateTest, ForgetsWhatDidNotBecomeDurable) {
  auto transaction = Begin({kRunStarted, kStepStarted, kCall, kLog, kStepFinished});
  state_->End(*transaction, Ending::kFailed);
  EXPECT_EQ(state_->size().items, 0U);
  EXPECT_EQ(state_->size().bytes, 0U);
  EXPECT_THAT(Post({kRunStarted, kStepStarted, kCall, kLog, kStepFinished}),
              ElementsAre("store", "store", "store", "store", "store"));
}

TEST_F(LifecycleStateTest, KeepsTheStartOfAFinishThatDidNotBecomeDurable) {
  Post({kStepStarted});
  auto finish = Begin({kStepFinished});
  state_->End(*finish, Ending::kFailed);
  finish = Begin({kStepFinished});
  ASSERT_TRUE(finish);
  ASSERT_NE(finish->decisions[0].start, nullptr);
  EXPECT_EQ(finish->decisions[0].start->name, "plan");
}

struct EndingCase {
  Ending start;
  Ending finish;
  bool is_start_first;
  std::vector<std::string_view> again;  // Start and finish sent again.
};

TEST_F(LifecycleStateTest, EndsStartAndFinishOfDifferentRequestsInAnyOrder) {
  const EndingCase cases[] = {
      {Ending::kFailed, Ending::kFailed, true, {"store", "store"}},
      {Ending::kFailed, Ending::kFailed, false, {"store", "store"}},
      {Ending::kFailed, Ending::kDurable, true, {"too late", "repeated"}},
      {Ending::kFailed, Ending::kDurable, false, {"too late", "repeated"}},
      {Ending::kDurable, Ending::kFailed, true, {"repeated", "store"}},
      {Ending::kDurable, Ending::kFailed, false, {"repeated", "store"}},
      {Ending::kDurable, Ending::kDurable, true, {"repeated", "repeated"}},
  };
  for (const EndingCase& c : cases) {
    Restart();
    const auto start = Begin({kStepStarted});
    const auto finish = Begin({kStepFinished});
    if (c.is_start_first) {
      state_->End(*start, c.start);
      state_->End(*finish, c.finish);
    } else {
      state_->End(*finish, c.finish);
      state_->End(*start, c.start);
    }
    EXPECT_EQ(Post({kStepStarted, kStepFinished}), c.again) << &c - cases;
    EXPECT_EQ(state_->size().bytes, 0U) << &c - cases;
  }
}

TEST_F(LifecycleStateTest, ReadsARunFromTheStoreOnce) {
  Post({kStepStarted});
  Post({kStepFinished, kLog});
  EXPECT_EQ(reads_, 1);
}

TEST_F(LifecycleStateTest, KnowsWhatTheStoreHolds) {
  model::Span step = Placeholder("s");
  step.parent_span_id = SpanIdOfStep(step.trace_id, "");
  step.kind = model::SpanKind::kAgent;
  step.name = "plan";
  step.attributes = R"({"logfire.span_type":"pending_span","a":"x\n","n":-2,"d":1.5,"b":true})";
  stored_->spans.push_back(step);
  model::Span run = StoredSpan("");
  run.has_error = true;
  stored_->spans.push_back(run);
  model::LogRecord log;
  log.trace_id = run.trace_id;
  log.scope = kLifecycleScope;
  const std::string log_attributes =
      R"({"sightline.event.id":")" + Parse({kLog})[0].item_id.ToHex() + R"("})";
  log.attributes = log_attributes;
  stored_->logs.push_back(log);

  EXPECT_THAT(Post({kRunFinished, kRunFailed, kStepStarted, kLog}),
              ElementsAre("contradicted", "repeated", "repeated", "repeated"));
  const auto finish = Begin({kStepFinished});
  ASSERT_NE(finish->decisions[0].start, nullptr);
  const LifecycleStart& start = *finish->decisions[0].start;
  EXPECT_EQ(start.start_ns, 5);
  EXPECT_EQ(start.kind, model::SpanKind::kAgent);
  EXPECT_EQ(start.parent_span_id, step.parent_span_id);
  const auto attributes = UnpackAttributes(start.attributes);
  ASSERT_THAT(attributes, SizeIs(4));
  EXPECT_EQ(attributes[0].key, "a");
  EXPECT_EQ(attributes[0].value.bytes, "x\n");
  EXPECT_EQ(attributes[1].value.integer, -2);
  EXPECT_EQ(attributes[2].value.number, 1.5);
  EXPECT_EQ(attributes[3].value.kind, otlp::ValueKind::kBool);
}

// A pending span whose input is stored as two bodies.
void AddPendingWithBodies(model::Span span, model::Batch& batch) {
  std::string content;
  model::AppendRope(content, {.key = "input.value",
                              .pieces = {{.body_id = 7, .literal = {}},
                                         {.body_id = 0, .literal = " and "},
                                         {.body_id = 8, .literal = {}}}});
  span.content = batch.arena.Copy(content);
  batch.pending.push_back(span);
}

TEST_F(LifecycleStateTest, JoinsStoredInputs) {
  AddPendingWithBodies(Placeholder("s"), *stored_);
  EXPECT_THAT(BodiesOfStarts(*stored_), ElementsAre(7U, 8U));
  stored_bodies_ = {{7, "bread"}, {8, "butter"}};
  const auto finish = Begin({kStepFinished});
  const auto attributes = UnpackAttributes(finish->decisions[0].start->attributes);
  ASSERT_THAT(attributes, SizeIs(1));
  EXPECT_EQ(attributes[0].key, "input.value");
  EXPECT_EQ(attributes[0].value.bytes, "bread and butter");
}

TEST_F(LifecycleStateTest, CompletesFromTheStoreWhatTheJournalOnlyRefersTo) {
  AddPendingWithBodies(Placeholder("s"), *stored_);
  stored_->bodies.push_back({.id = 7, .hash = {}, .bytes = "bread"});
  state_->Restore(*stored_);
  stored_bodies_ = {{7, "bread"}, {8, "butter"}};
  const auto finish = Begin({kStepFinished});
  EXPECT_EQ(reads_, 1);
  EXPECT_THAT(UnpackAttributes(finish->decisions[0].start->attributes), SizeIs(1));
}

TEST_F(LifecycleStateTest, RestoresFromTheJournalOnlyWhatIsOfEvents) {
  model::Span foreign = StoredSpan("");
  foreign.dialect = model::Dialect::kGenAi;
  stored_->pending.push_back(foreign);
  stored_->spans.push_back(foreign);
  stored_->logs.push_back({.trace_id = foreign.trace_id, .scope = "other"});
  state_->Restore(*stored_);
  EXPECT_EQ(state_->size().runs, 0U);
}

TEST_F(LifecycleStateTest, ForgetsTheRunThatWasTouchedLongestAgo) {
  Restart({.max_items = 6});  // Three runs of one item.
  const auto finish = [](std::string_view run) {
    return R"({"type":"execution.finished","execution_id":")" + std::string(run) + "\"}";
  };
  const std::string a = finish("a"), b = finish("b"), c = finish("c"), d = finish("d");
  Post({a});
  Post({b});
  Post({c});
  Post({a});
  EXPECT_EQ(state_->size().runs, 3U);
  Post({d});
  EXPECT_EQ(state_->size().runs, 3U);
  EXPECT_EQ(losses_.count(base::Loss::kEventRunForgotten), 1U);
  EXPECT_THAT(Post({a, c, d}), ElementsAre("repeated", "repeated", "repeated"));
  EXPECT_EQ(reads_, 4);
  EXPECT_THAT(Post({b}), ElementsAre("store"));  // This store holds nothing.
  EXPECT_EQ(reads_, 5);
}

TEST_F(LifecycleStateTest, BoundsWhatStartsSaid) {
  Restart({.max_bytes = 4096});
  std::list<std::string> items;
  for (int i = 0; i < 50; ++i) {
    items.push_back(R"({"type":"execution.started","execution_id":"r)" + std::to_string(i) +
                    R"(","input":")" + std::string(1000, 'x') + "\"}");
    EXPECT_THAT(Post({items.back()}), ElementsAre("store"));
    EXPECT_LE(state_->size().bytes, 4096U);
  }
  EXPECT_GE(state_->size().runs, 3U);
}

TEST_F(LifecycleStateTest, NeverForgetsARunInFlight) {
  Restart({.max_items = 1});
  const auto transaction = Begin({kStepStarted, kLog});
  const std::string_view other = R"({"type":"execution.finished","execution_id":"q"})";
  EXPECT_THAT(Post({other}), ElementsAre("store"));
  EXPECT_EQ(state_->size().runs, 1U);
  state_->End(*transaction, Ending::kDurable);
  EXPECT_EQ(state_->size().runs, 0U);  // Larger than the limit by itself.
  EXPECT_EQ(state_->size().items, 0U);
}

}  // namespace
}  // namespace sightline::ingest
