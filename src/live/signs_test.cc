// SPDX-License-Identifier: Apache-2.0
#include "live/signs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/sign_text.h"

namespace sightline::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000 * kMillisecond;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kStart = 1'772'366'400 * kSecond;
constexpr std::int64_t kDollar = 1'000'000'000'000;

model::SpanId IdOf(std::uint8_t number) {
  model::SpanId id;
  id.bytes[7] = number;
  return id;
}

UsualBehaviour UsualSteps(std::string_view name, int samples, std::int64_t duration_ns) {
  UsualBehaviour usual;
  for (int i = 0; i < samples; ++i) {
    usual.AddStep(name, duration_ns);
  }
  return usual;
}

UsualBehaviour UsualRuns(std::string_view workflow, int runs, const UsualBehaviour::Run& run) {
  UsualBehaviour usual;
  for (int i = 0; i < runs; ++i) {
    usual.AddRun(workflow, run);
  }
  return usual;
}

// A run whose root is open, seen at its start.
RunFacts Running() {
  return {.workflow = "crew", .start_ns = kStart, .last_seen_ns = kStart, .has_root = true};
}

StepFacts OpenStep(std::uint8_t id, std::string_view name, std::int64_t start_ns = kStart) {
  return {
      .span_id = IdOf(id), .step_name = name, .kind = model::SpanKind::kTask, .start_ns = start_ns};
}

StepFacts ToolCall(std::uint8_t id, std::string_view name, std::uint64_t arguments_hash) {
  return {.span_id = IdOf(id),
          .step_name = name,
          .kind = model::SpanKind::kTool,
          .start_ns = kStart + id * kSecond,
          .end_ns = kStart + id * kSecond + 10 * kMillisecond,
          .arguments_hash = arguments_hash};
}

StepFacts ModelCall(std::uint8_t id) {
  StepFacts facts = ToolCall(id, "chat gpt-5", 0);
  facts.kind = model::SpanKind::kLlm;
  return facts;
}

std::vector<SignKind> KindsOf(const std::vector<Sign>& signs) {
  std::vector<SignKind> kinds;
  kinds.reserve(signs.size());
  for (const Sign& sign : signs) {
    kinds.push_back(sign.kind);
  }
  return kinds;
}

std::string MessagesOf(const std::vector<Sign>& signs) {
  std::string messages;
  for (const Sign& sign : signs) {
    messages += sign.message;
  }
  return messages;
}

class SignsTest : public testing::Test {
 protected:
  SignOptions options_;
  UsualBehaviour usual_;
  RunSigns signs_{options_};
};

TEST(SignKindTest, HasADifferentWireNameForEachKind) {
  std::set<std::string_view> names;
  for (const SignKind kind : {SignKind::kStepOverdue, SignKind::kSilent, SignKind::kRepeatedCall,
                              SignKind::kCallCycle, SignKind::kTokenSurge, SignKind::kCostSurge}) {
    names.insert(SignKindName(kind));
  }
  EXPECT_THAT(names, ElementsAre("call_cycle", "cost_surge", "repeated_call", "silent",
                                 "step_overdue", "token_surge"));
}

TEST_F(SignsTest, RaisesAStepThatIsOpenLongerThanUsual) {
  struct Case {
    std::string_view name;
    int samples;
    std::int64_t usual_ns;
    std::int64_t open_ns;
    std::string message;  // "" if it must not be raised.
  };

  const Case cases[] = {
      {"longer", 240, 3 * kSecond, 12'300 * kMillisecond,
       "Step \"chat\" has been open for 12.3 s; 99 % of the last 240 took at most about 3.0 s."},
      {"as long as usual", 240, 3 * kSecond, 3 * kSecond, ""},
      {"too few samples", 19, 3 * kSecond, kMinute, ""},
      {"just enough samples", 20, 3 * kSecond, kMinute,
       "Step \"chat\" has been open for 1 min 0 s; 99 % of the last 20 took at most about 3.0 s."},
      {"usual is short, the floor holds", 240, kMillisecond, kSecond, ""},
      {"usual is short, over the floor", 240, kMillisecond, kSecond + kMillisecond,
       "Step \"chat\" has been open for 1.0 s; 99 % of the last 240 took at most about 1 ms."},
      {"starts later than now", 240, 3 * kSecond, -kMinute, ""},
  };
  for (const Case& c : cases) {
    RunSigns signs(options_);
    signs.OnRun(Running());
    signs.OnStep(OpenStep(1, "chat"));
    options_.silent_after_ns = 10 * kMinute;
    const auto raised =
        signs.Evaluate(kStart + c.open_ns, UsualSteps("chat", c.samples, c.usual_ns)).raised;
    EXPECT_EQ(MessagesOf(raised), c.message) << c.name;
    if (!raised.empty()) {
      EXPECT_EQ(raised[0].kind, SignKind::kStepOverdue) << c.name;
      EXPECT_EQ(raised[0].span_id, IdOf(1)) << c.name;
      EXPECT_EQ(raised[0].raised_ns, kStart + c.open_ns) << c.name;
    }
  }
}

TEST_F(SignsTest, KnowsNothingOfStepsThatNeverEnded) {
  signs_.OnRun(Running());
  signs_.OnStep(OpenStep(1, "chat"));
  EXPECT_THAT(signs_.Evaluate(kStart + 59 * kSecond, UsualSteps("other", 99, 1)).raised, IsEmpty());
}

TEST_F(SignsTest, RaisesASignOnceAndClearsItOnce) {
  usual_ = UsualSteps("chat", 50, kSecond);
  signs_.OnRun(Running());
  signs_.OnStep(OpenStep(1, "chat"));
  signs_.OnStep(OpenStep(2, "chat", kStart + 5 * kSecond));
  EXPECT_THAT(signs_.Evaluate(kStart + 4 * kSecond, usual_).raised, SizeIs(1));
  EXPECT_THAT(signs_.Evaluate(kStart + 5 * kSecond, usual_).raised, IsEmpty());
  const auto second = signs_.Evaluate(kStart + 9 * kSecond, usual_);
  ASSERT_THAT(second.raised, SizeIs(1));
  EXPECT_EQ(second.raised[0].span_id, IdOf(2));
  EXPECT_THAT(signs_.active(), SizeIs(2));

  StepFacts ended = OpenStep(1, "chat");
  ended.end_ns = kStart + 10 * kSecond;
  signs_.OnStep(ended);
  const auto third = signs_.Evaluate(kStart + 10 * kSecond, usual_);
  EXPECT_THAT(third.raised, IsEmpty());
  ASSERT_THAT(third.cleared, SizeIs(1));
  EXPECT_EQ(third.cleared[0].span_id, IdOf(1));
  EXPECT_EQ(third.cleared[0].raised_ns, kStart + 4 * kSecond);
  EXPECT_THAT(signs_.Evaluate(kStart + 11 * kSecond, usual_).cleared, IsEmpty());
  EXPECT_THAT(signs_.active(), SizeIs(1));
}

TEST_F(SignsTest, HasNoSignsOfARunThatIsOver) {
  usual_ = UsualSteps("chat", 50, kSecond);
  signs_.OnRun(Running());
  signs_.OnStep(OpenStep(1, "chat"));
  signs_.Evaluate(kStart + 5 * kSecond, usual_);
  RunFacts over = Running();
  over.is_over = true;
  signs_.OnRun(over);
  const auto changes = signs_.Evaluate(kStart + 2 * kMinute, usual_);
  EXPECT_THAT(changes.raised, IsEmpty());
  EXPECT_THAT(KindsOf(changes.cleared), ElementsAre(SignKind::kStepOverdue));
  EXPECT_THAT(signs_.active(), IsEmpty());
}

TEST_F(SignsTest, WatchesABoundedNumberOfOpenSteps) {
  options_.silent_after_ns = 10 * kMinute;
  usual_ = UsualSteps("chat", 50, kSecond);
  signs_.OnRun(Running());
  for (std::size_t i = 0; i < RunSigns::kMaxOpenSteps + 10; ++i) {
    StepFacts facts = OpenStep(static_cast<std::uint8_t>(i), "chat");
    facts.span_id.bytes[0] = static_cast<std::uint8_t>(1 + i / 256);
    signs_.OnStep(facts);
    signs_.OnStep(facts);
  }
  EXPECT_THAT(signs_.Evaluate(kStart + kMinute, usual_).raised, SizeIs(RunSigns::kMaxOpenSteps));
}

TEST_F(SignsTest, RaisesSilenceWhileMoreIsToCome) {
  struct Case {
    std::string_view name;
    int open_steps;
    bool has_root;
    std::int64_t silent_ns;
    std::string message;
  };

  const Case cases[] = {
      {"a step is open", 1, true, kMinute,
       "No sign of life for 1 min 0 s, and step \"step 1\" is open."},
      {"several steps are open", 3, true, 65 * kSecond,
       "No sign of life for 1 min 5 s, and 3 steps are open, for the longest time \"step 3\"."},
      {"the root has not come", 0, false, kMinute,
       "No sign of life for 1 min 0 s, and the root of the run has not come."},
      {"nothing more is expected", 0, true, 10 * kMinute, ""},
      {"not yet", 1, false, kMinute - 1, ""},
      {"clock behind", 1, false, -kMinute, ""},
  };
  for (const Case& c : cases) {
    RunSigns signs(options_);
    RunFacts run = Running();
    run.has_root = c.has_root;
    signs.OnRun(run);
    for (int i = 1; i <= c.open_steps; ++i) {
      const std::string name = "step " + std::to_string(i);
      signs.OnStep(OpenStep(static_cast<std::uint8_t>(i), name, kStart - i));
    }
    const auto raised = signs.Evaluate(kStart + c.silent_ns, usual_).raised;
    EXPECT_EQ(MessagesOf(raised), c.message) << c.name;
    if (!raised.empty()) {
      EXPECT_EQ(raised[0].kind, SignKind::kSilent) << c.name;
      EXPECT_EQ(raised[0].span_id, IdOf(static_cast<std::uint8_t>(c.open_steps))) << c.name;
    }
  }
}

TEST_F(SignsTest, ClearsSilenceWithTheNextSignOfLife) {
  RunFacts run = Running();
  run.has_root = false;
  signs_.OnRun(run);
  EXPECT_THAT(signs_.Evaluate(kStart + 2 * kMinute, usual_).raised, SizeIs(1));
  run.last_seen_ns = kStart + 2 * kMinute;
  signs_.OnRun(run);
  EXPECT_THAT(KindsOf(signs_.Evaluate(kStart + 2 * kMinute, usual_).cleared),
              ElementsAre(SignKind::kSilent));
  EXPECT_THAT(KindsOf(signs_.Evaluate(kStart + 4 * kMinute, usual_).raised),
              ElementsAre(SignKind::kSilent));
}

TEST_F(SignsTest, RaisesAToolThatIsCalledWithTheSameArguments) {
  signs_.OnRun(Running());
  signs_.OnStep(ToolCall(1, "tool search", 7));
  signs_.OnStep(ToolCall(2, "tool search", 8));
  signs_.OnStep(ToolCall(3, "tool search", 7));
  signs_.OnStep(ToolCall(4, "tool fetch", 7));
  EXPECT_THAT(signs_.Evaluate(kStart + 5 * kSecond, usual_).raised, IsEmpty());
  signs_.OnStep(ToolCall(6, "tool search", 7));
  signs_.OnStep(ToolCall(6, "tool search", 7));
  const auto raised = signs_.Evaluate(kStart + 7 * kSecond, usual_).raised;
  ASSERT_THAT(KindsOf(raised), ElementsAre(SignKind::kRepeatedCall));
  EXPECT_EQ(raised[0].message,
            "\"tool search\" was called 3 times with the same arguments among the last 5 tool "
            "calls.");
  EXPECT_EQ(raised[0].span_id, IdOf(6));
  // A fourth time is not news, another call is.
  signs_.OnStep(ToolCall(8, "tool search", 7));
  EXPECT_THAT(signs_.Evaluate(kStart + 9 * kSecond, usual_).raised, IsEmpty());
  signs_.OnStep(ToolCall(9, "tool search", 8));
  signs_.OnStep(ToolCall(10, "tool search", 8));
  EXPECT_THAT(signs_.Evaluate(kStart + 11 * kSecond, usual_).raised, SizeIs(1));
  EXPECT_THAT(signs_.active(), SizeIs(2));
  for (std::uint8_t id = 20; id < 40; ++id) {
    signs_.OnStep(ToolCall(id, "tool search", id));
  }
  EXPECT_THAT(signs_.Evaluate(kStart + kMinute, usual_).cleared, SizeIs(2));
}

TEST_F(SignsTest, KeepsASignWhileNothingNewComes) {
  signs_.OnRun(Running());
  for (std::uint8_t id = 1; id <= 3; ++id) {
    signs_.OnStep(ToolCall(id, "tool search", 7));
  }
  EXPECT_THAT(signs_.Evaluate(kStart + 4 * kSecond, usual_).raised, SizeIs(1));
  for (int i = 0; i < 3; ++i) {
    const auto changes = signs_.Evaluate(kStart + 5 * kSecond, usual_);
    EXPECT_THAT(changes.raised, IsEmpty());
    EXPECT_THAT(changes.cleared, IsEmpty());
  }
  // Over, and re-opened by something that comes late.
  RunFacts run = Running();
  run.is_over = true;
  signs_.OnRun(run);
  EXPECT_THAT(signs_.Evaluate(kStart + 6 * kSecond, usual_).cleared, SizeIs(1));
  EXPECT_THAT(signs_.Evaluate(kStart + 7 * kSecond, usual_).cleared, IsEmpty());
  signs_.OnRun(Running());
  EXPECT_THAT(signs_.Evaluate(kStart + 8 * kSecond, usual_).raised, SizeIs(1));
}

TEST_F(SignsTest, SaysNothingOfCallsWhoseArgumentsAreNotKnown) {
  signs_.OnRun(Running());
  for (std::uint8_t id = 1; id < 30; id = static_cast<std::uint8_t>(id + 2)) {
    signs_.OnStep(ModelCall(id));
    signs_.OnStep(ToolCall(static_cast<std::uint8_t>(id + 1), "tool search", 0));
  }
  EXPECT_THAT(signs_.Evaluate(kStart + kSecond, usual_).raised, IsEmpty());
}

TEST_F(SignsTest, RaisesCallsThatGoInCircles) {
  options_.repeated_times = 100;
  signs_.OnRun(Running());
  std::vector<StepFacts> steps;
  for (std::uint8_t id = 1; id <= 10; id = static_cast<std::uint8_t>(id + 2)) {
    steps.push_back(ModelCall(id));
    steps.push_back(ToolCall(static_cast<std::uint8_t>(id + 1), "tool search", 7));
  }
  // Children arrive by end time, parts of a batch in any order.
  std::swap(steps[0], steps[7]);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_THAT(signs_.active(), IsEmpty()) << i;
    signs_.OnStep(steps[i]);
    signs_.Evaluate(kStart + kMinute / 2, usual_);
  }
  ASSERT_THAT(KindsOf(signs_.active()), ElementsAre(SignKind::kCallCycle));
  EXPECT_EQ(signs_.active()[0].message,
            "The last 10 calls are 5 rounds of the same: \"chat gpt-5\", \"tool search\".");
  // It goes on in the middle of a round, then breaks off.
  signs_.OnStep(ModelCall(11));
  auto changes = signs_.Evaluate(kStart + kMinute / 2, usual_);
  EXPECT_THAT(changes.raised, IsEmpty());
  EXPECT_THAT(changes.cleared, IsEmpty());
  signs_.OnStep(ToolCall(12, "tool fetch", 7));
  EXPECT_THAT(signs_.Evaluate(kStart + kMinute / 2, usual_).cleared, SizeIs(1));
}

TEST_F(SignsTest, RaisesTokensAndCostFarAboveTheUsual) {
  constexpr std::int64_t kUnknown = RunFacts::kUnknown;

  struct Case {
    std::string_view name;
    int earlier_runs;
    UsualBehaviour::Run usual;  // Of runs of 2 minutes.
    std::int64_t tokens;        // After 2 minutes.
    std::int64_t cost;
    std::string message;
  };

  const Case cases[] = {
      {"tokens",
       12,
       {.tokens = 48'000, .cost_picodollars = kDollar},
       300'000,
       kDollar,
       "150,000 tokens a minute, 6.2 times the median of the last 12 runs of \"crew\" (24,000 "
       "tokens a minute)."},
      {"cost",
       12,
       {.tokens = 48'000, .cost_picodollars = kDollar / 5},
       48'000,
       kDollar * 5 / 4,
       "$1.25, 6.2 times the median of the last 12 runs of \"crew\" ($0.2000)."},
      {"less than the factor",
       12,
       {.tokens = 48'000, .cost_picodollars = kDollar},
       240'000,
       5 * kDollar,
       ""},
      {"too few earlier runs",
       4,
       {.tokens = 48'000, .cost_picodollars = kDollar},
       9'000'000,
       90 * kDollar,
       ""},
      {"below the floors", 12, {.tokens = 200, .cost_picodollars = 1}, 39'000, kDollar / 11, ""},
      {"not known", 12, {.tokens = 48'000, .cost_picodollars = kDollar}, kUnknown, kUnknown, ""},
      {"never known before", 12, {}, 9'000'000, 90 * kDollar, ""},
      {"usually nothing",
       12,
       {.tokens = 0},
       40'000,
       kUnknown,
       "20,000 tokens a minute, while the median of the last 12 runs of \"crew\" is 0 tokens a "
       "minute."},
  };
  for (Case c : cases) {
    c.usual.duration_ns = 2 * kMinute;
    RunSigns signs(options_);
    RunFacts run = Running();
    run.last_seen_ns = kStart + 2 * kMinute;
    run.tokens = c.tokens;
    run.cost_picodollars = c.cost;
    signs.OnRun(run);
    EXPECT_EQ(
        MessagesOf(signs.Evaluate(kStart + 2 * kMinute, UsualRuns("crew", c.earlier_runs, c.usual))
                       .raised),
        c.message)
        << c.name;
    EXPECT_THAT(
        signs.Evaluate(kStart + 2 * kMinute, UsualRuns("another workflow", c.earlier_runs, c.usual))
            .raised,
        IsEmpty())
        << c.name;
  }
}

TEST_F(SignsTest, DoesNotTakeABusyFirstSecondForASurge) {
  usual_ = UsualRuns("crew", 5, {.duration_ns = 10 * kMinute, .tokens = 300'000});
  RunFacts run = Running();
  run.tokens = 30'000;
  signs_.OnRun(run);
  EXPECT_THAT(signs_.Evaluate(kStart + kSecond, usual_).raised, IsEmpty());
}

TEST_F(SignsTest, RaisesASurgeOnceInARun) {
  usual_ = UsualRuns("crew", 5, {.duration_ns = kMinute, .tokens = 10'000});
  RunFacts run = Running();
  run.tokens = 60'000;
  signs_.OnRun(run);
  EXPECT_THAT(KindsOf(signs_.Evaluate(kStart + kMinute, usual_).raised),
              ElementsAre(SignKind::kTokenSurge));
  EXPECT_THAT(signs_.Evaluate(kStart + kMinute, usual_).raised, IsEmpty());
  EXPECT_THAT(KindsOf(signs_.Evaluate(kStart + 2 * kMinute, usual_).cleared),
              ElementsAre(SignKind::kTokenSurge));
  run.tokens = 500'000;
  signs_.OnRun(run);
  EXPECT_THAT(signs_.Evaluate(kStart + 2 * kMinute, usual_).raised, IsEmpty());
}

TEST(SignTextTest, WritesFiguresForPeople) {
  EXPECT_EQ(DurationText(0), "0 ms");
  EXPECT_EQ(DurationText(850 * kMillisecond), "850 ms");
  EXPECT_EQ(DurationText(12'345 * kMillisecond), "12.3 s");
  EXPECT_EQ(DurationText(999'900'000), "1.0 s");
  EXPECT_EQ(DurationText(59'949 * kMillisecond), "59.9 s");
  EXPECT_EQ(DurationText(59'950 * kMillisecond), "1 min 0 s");
  EXPECT_EQ(DurationText(60 * kMinute - kMillisecond), "1 h 0 min");
  EXPECT_EQ(DurationText(125 * kSecond), "2 min 5 s");
  EXPECT_EQ(DurationText(200 * kMinute), "3 h 20 min");
  EXPECT_EQ(NumberText(0), "0");
  EXPECT_EQ(NumberText(999), "999");
  EXPECT_EQ(NumberText(1'000), "1,000");
  EXPECT_EQ(NumberText(1'234'567), "1,234,567");
  EXPECT_EQ(NumberText(-123'456), "-123,456");
  EXPECT_EQ(DollarsText(kDollar * 5 / 4), "$1.25");
  EXPECT_EQ(DollarsText(kDollar / 8), "$0.1250");
}

TEST(SignTextTest, CutsLongNames) {
  EXPECT_EQ(ShortName("tool search"), "tool search");
  EXPECT_EQ(ShortName(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(ShortName(std::string(81, 'x')), std::string(80, 'x') + "...");
}

}  // namespace
}  // namespace sightline::live
