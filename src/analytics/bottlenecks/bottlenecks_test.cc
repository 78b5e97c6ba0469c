// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/bottlenecks.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "analytics/bottlenecks/call_profile.h"
#include "analytics/bottlenecks/repeated_work.h"
#include "analytics/bottlenecks/retiming.h"

namespace sightline::analytics {
namespace {

// A run whose first span is the root.
class RunBuilder {
 public:
  RunBuilder(std::int64_t end, std::uint8_t number = 1) {
    run_.trace_id.bytes.back() = number;
    run_.root = 0;
    Add("run", TimedSpan::kNoParent, 0, end).kind = model::SpanKind::kAgent;
  }

  ProfiledSpan& Add(std::string_view name, std::size_t parent, std::int64_t start,
                    std::int64_t end) {
    run_.times.push_back({.parent = parent, .start_ns = start, .end_ns = end});
    ProfiledSpan span;
    span.name = name;
    span.kind = model::SpanKind::kTool;
    span.is_step = true;
    run_.spans.push_back(span);
    return run_.spans.back();
  }

  const ProfiledRun& run() const { return run_; }

 private:
  ProfiledRun run_;
};

std::int64_t DurationIfHalf(const ProfiledRun& run, std::string_view name) {
  const SpanTree tree(run.times, run.root);
  std::vector<bool> is_scaled;
  for (const ProfiledSpan& span : run.spans) {
    is_scaled.push_back(span.name == name);
  }
  return Retiming(tree).DurationIfScaled(is_scaled, 0.5);
}

TEST(RetimingTest, MovesUpWhatWaited) {
  // a 10-50, then b 60-100 after a pause of 10; c runs beside both.
  RunBuilder builder(110);
  builder.Add("a", 0, 10, 50);
  builder.Add("b", 0, 60, 100);
  builder.Add("c", 0, 10, 90);
  EXPECT_EQ(DurationIfHalf(builder.run(), "a"), 100);  // c is in the way now: 90 + 10.
  EXPECT_EQ(DurationIfHalf(builder.run(), "b"), 100);  // Likewise.
  EXPECT_EQ(DurationIfHalf(builder.run(), "c"), 110);  // Nobody waited for it.
  // Before, between and after: a 5-45, b 50-90, then 5.
  EXPECT_EQ(DurationIfHalf(builder.run(), "run"), 95);
}

TEST(RetimingTest, ShortensParentsThroughTheirChildren) {
  RunBuilder builder(100);
  builder.Add("outer", 0, 0, 80);
  builder.Add("inner", 1, 20, 70);
  builder.Add("after", 0, 80, 100);
  // inner 25 instead of 50: outer 55, after 20.
  EXPECT_EQ(DurationIfHalf(builder.run(), "inner"), 75);
  // What is before and after inner 15 instead of 30.
  EXPECT_EQ(DurationIfHalf(builder.run(), "outer"), 85);
}

TEST(RetimingTest, LetsSerialCallsBeginTogether) {
  RunBuilder builder(100);
  builder.Add("a", 0, 10, 40);
  builder.Add("b", 0, 40, 90);
  const SpanTree tree(builder.run().times, 0);
  // Both from 10: b ends at 60, and the root 10 later.
  EXPECT_EQ(Retiming(tree).DurationIfParallel({false, false, true}), 70);
  EXPECT_EQ(Retiming(tree).DurationIfParallel({false, false, false}), 100);
}

TEST(RetimingTest, TellsHowMuchLaterASpanCouldHaveEnded) {
  RunBuilder builder(110);
  builder.Add("a", 0, 10, 50);
  builder.Add("b", 0, 60, 100);
  builder.Add("c", 0, 10, 90);
  const SpanTree tree(builder.run().times, 0);
  EXPECT_EQ(Retiming(tree).Slacks(), (std::vector<std::int64_t>{0, 0, 0, 10}));
}

TEST(RetimingTest, OfARunWithoutDuration) {
  const RunBuilder builder(-1);
  const SpanTree tree(builder.run().times, 0);
  EXPECT_EQ(Retiming(tree).duration(), 0);
  EXPECT_EQ(Retiming(tree).DurationIfScaled({true}, 0.5), 0);
}

TEST(SerialCallsTest, AreToolsWithNothingBetween) {
  RunBuilder builder(100);
  builder.Add("a", 0, 0, 20);
  builder.Add("b", 0, 20, 40);
  builder.Add("think", 0, 40, 60).kind = model::SpanKind::kLlm;
  builder.Add("c", 0, 60, 80);
  const SpanTree tree(builder.run().times, 0);
  const auto calls = FindSerialCalls(builder.run(), Retiming(tree));
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].first, 1U);
  EXPECT_EQ(calls[0].second, 2U);
}

struct IndependenceCase {
  std::string_view first_input;
  std::string_view first_output;
  std::string_view second_input;
  bool is_independent;
};

TEST(SerialCallsTest, AreIndependentWhenNoValueIsHandedOn) {
  constexpr IndependenceCase kCases[] = {
      {R"({"city":"Rome"})", R"({"weather":"sunny"})", R"({"city":"Oslo"})", true},
      {R"({"name":"Ada"})", R"({"user_id":"u77"})", R"({"id":"u77"})", false},
      {R"({"user":"u77"})", R"({"user":"u77","age":5})", R"({"user":"u77"})", true},
      {R"({"q":"x"})", R"({"title":"Moby Dick"})", R"({"book":"moby dick"})", false},
      {"a", "", "b", false},
      {"a", "result", "", false},
  };
  for (const IndependenceCase& test : kCases) {
    EXPECT_EQ(IsIndependent(test.first_input, test.first_output, test.second_input),
              test.is_independent)
        << test.second_input;
  }
}

TEST(RepeatedWorkTest, FindsAttemptsAndRepeats) {
  RunBuilder builder(1000);
  const auto call = [&](std::string_view name, std::int64_t start, std::uint64_t arguments,
                        bool has_failed) {
    ProfiledSpan& span = builder.Add(name, 0, start, start + 10);
    span.arguments_hash = arguments;
    span.has_failed = has_failed;
  };
  call("find", 0, 7, true);      // 1: tried again with the same arguments.
  call("find", 20, 7, false);    // 2
  call("find", 40, 8, true);     // 3: what follows has other arguments.
  call("find", 60, 9, false);    // 4
  call("find", 80, 7, false);    // 5: as in 2.
  call("other", 100, 7, false);  // 6: another tool.
  call("read", 120, 0, true);    // 7: arguments are not known.
  call("read", 140, 0, false);   // 8
  const RepeatedWork work = FindRepeatedWork(builder.run());
  EXPECT_EQ(work.attempts, (std::vector<std::size_t>{1, 7}));
  EXPECT_EQ(work.repeats, (std::vector<std::size_t>{5}));
}

TEST(RepeatedWorkTest, AsksAgainAfterAChange) {
  RunBuilder builder(1000);
  const auto call = [&](std::string_view name, std::int64_t start) {
    builder.Add(name, 0, start, start + 10).arguments_hash = 7;
  };
  call("read_file", 0);
  call("update_file", 20);
  call("read_file", 40);    // 3: may say something else now.
  call("update_file", 60);  // 4: the same change again.
  EXPECT_EQ(FindRepeatedWork(builder.run()).repeats, (std::vector<std::size_t>{4}));
}

TEST(BottleneckSumsTest, SumUpRunsByStep) {
  BottleneckSums sums;
  for (std::uint8_t number = 1; number <= 2; ++number) {
    RunBuilder builder(100, number);
    builder.Add("a", 0, 0, 30).picodollars = 5;
    builder.Add("b", 0, 30, 100).picodollars = 15;
    builder.Add("GET", 2, 40, 90).is_step = false;  // Counts for b.
    const std::vector<SerialCalls> independent = {{.first = 1, .second = 2}};
    sums.Add(builder.run(), independent);
  }
  EXPECT_EQ(sums.runs(), 2U);
  EXPECT_EQ(sums.duration_ns(), 200);
  const StepSums& b = sums.steps().at("b");
  EXPECT_EQ(b.path_ns, 140);
  EXPECT_EQ(b.self_ns, 140);
  EXPECT_EQ(b.runs, 2U);
  EXPECT_EQ(b.calls, 2U);
  EXPECT_EQ(b.picodollars, 30);
  EXPECT_EQ(b.saved_if_half_ns, 70);
  EXPECT_EQ(sums.picodollars(), 40);
  const SerialSums& serial = sums.serial().at({"a", "b"});
  EXPECT_EQ(serial.calls, 2U);
  EXPECT_EQ(serial.runs.size(), 2U);
  EXPECT_EQ(serial.saved_ns, 60);  // b from the start: 70 instead of 100, twice.
}

TEST(BottleneckSumsTest, SumUpWhatAttemptsCost) {
  RunBuilder builder(100);
  ProfiledSpan& attempt = builder.Add("ask", 0, 0, 40);
  attempt.has_failed = true;
  builder.Add("chat", 1, 10, 30).picodollars = 9;
  builder.Add("ask", 0, 40, 80);
  BottleneckSums sums;
  sums.Add(builder.run(), {});
  const RepeatedSums& ask = sums.attempts().at("ask");
  EXPECT_EQ(ask.calls, 1U);
  EXPECT_EQ(ask.wasted_ns, 40);
  EXPECT_EQ(ask.picodollars, 9);
}

TEST(CallProfileTest, SumsSelfTimeByAgentStepAndTool) {
  RunBuilder builder(100);
  ProfiledSpan& chat = builder.Add("chat", 0, 0, 60);
  chat.agent = "planner";
  chat.tool_or_model = "large";
  chat.tokens = 12;
  builder.Add("GET", 1, 10, 30).is_step = false;
  CallProfile times(ProfileWeight::kTime);
  CallProfile tokens(ProfileWeight::kTokens);
  times.Add(builder.run());
  tokens.Add(builder.run());
  const CallProfile::Stack stack = {"planner", "chat", "large"};
  EXPECT_EQ(times.stacks().at(stack), 60);
  EXPECT_EQ(times.stacks().at({"", "run", ""}), 40);
  EXPECT_EQ(times.total(), 100);
  EXPECT_EQ(tokens.stacks().size(), 1U);
  EXPECT_EQ(tokens.stacks().at(stack), 12);
}

}  // namespace
}  // namespace sightline::analytics
