// SPDX-License-Identifier: Apache-2.0
#include "analytics/critical_path/critical_path.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

constexpr std::size_t kRoot = TimedSpan::kNoParent;

// Sections as "A 0-10, B 10-40": spans are called by letters in the order of the list.
std::string Path(const std::vector<TimedSpan>& spans, std::size_t root = 0) {
  std::string text;
  for (const PathSection& section : FindCriticalPath(SpanTree(spans, root)).sections) {
    text += text.empty() ? "" : ", ";
    text += std::string(1, static_cast<char>('A' + section.span)) + " " +
            std::to_string(section.time.start_ns) + "-" + std::to_string(section.time.end_ns);
  }
  return text;
}

struct PathCase {
  std::string_view name;
  std::vector<TimedSpan> spans;
  std::string_view want;
};

TEST(CriticalPathTest, FollowsWhatEndedLast) {
  const std::vector<PathCase> cases = {
      {"a span alone", {{kRoot, 0, 100}}, "A 0-100"},
      {"one child", {{kRoot, 0, 100}, {0, 20, 60}}, "A 0-20, B 20-60, A 60-100"},
      {"the child that ended last of two in parallel",
       {{kRoot, 0, 100}, {0, 10, 50}, {0, 10, 70}},
       "A 0-10, C 10-70, A 70-100"},
      {"two that touch", {{kRoot, 0, 100}, {0, 10, 50}, {0, 50, 100}}, "A 0-10, B 10-50, C 50-100"},
      {"the longer of two that end together",
       {{kRoot, 0, 100}, {0, 60, 100}, {0, 10, 100}},
       "A 0-10, C 10-100"},
      {"a child of a child",
       {{kRoot, 0, 100}, {0, 10, 90}, {1, 20, 80}},
       "A 0-10, B 10-20, C 20-80, B 80-90, A 90-100"},
      {"siblings that began while it ran are not before it",
       {{kRoot, 0, 100}, {0, 10, 40}, {0, 30, 60}},
       "A 0-30, C 30-60, A 60-100"},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Path(c.spans), c.want) << c.name;
  }
}

TEST(CriticalPathTest, CutsChildrenAtTheirParent) {
  const std::vector<PathCase> cases = {
      {"ends after its parent", {{kRoot, 0, 100}, {0, 40, 150}}, "A 0-40, B 40-100"},
      {"starts before its parent", {{kRoot, 50, 100}, {0, 0, 80}}, "B 50-80, A 80-100"},
      {"lies after its parent, with all below it",
       {{kRoot, 0, 100}, {0, 100, 150}, {1, 20, 80}},
       "A 0-100"},
      {"is cut at what is left of its parent",
       {{kRoot, 0, 100}, {0, 40, 150}, {1, 20, 60}, {1, 90, 120}},
       "A 0-40, C 40-60, B 60-90, D 90-100"},
      {"ends before it starts", {{kRoot, 0, 100}, {0, 80, 20}}, "A 0-100"},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Path(c.spans), c.want) << c.name;
  }
}

TEST(CriticalPathTest, DoesNotWaitForConsumers) {
  using enum Handover;
  EXPECT_EQ(Path({{kRoot, 0, 100, kProducer}, {0, 40, 80, kConsumer}, {1, 50, 60}}), "A 0-100");
  EXPECT_EQ(Path({{kRoot, 0, 100, kCall}, {0, 40, 80, kConsumer}}), "A 0-40, B 40-80, A 80-100");
  EXPECT_EQ(Path({{kRoot, 0, 100, kProducer}, {0, 40, 80, kCall}}), "A 0-40, B 40-80, A 80-100");
}

TEST(CriticalPathTest, ToleratesSmallOverlaps) {
  const std::vector<PathCase> cases = {
      {"1 % of the parent", {{kRoot, 0, 1000}, {0, 0, 410}, {0, 400, 1000}}, "B 0-400, C 400-1000"},
      {"more than 1 %", {{kRoot, 0, 1000}, {0, 0, 411}, {0, 400, 1000}}, "A 0-400, C 400-1000"},
      {"a third one starts in it",
       {{kRoot, 0, 1000}, {0, 0, 410}, {0, 400, 1000}, {0, 405, 500}},
       "A 0-400, C 400-1000"},
      {"a third one ends in it",
       {{kRoot, 0, 1000}, {0, 0, 410}, {0, 400, 1000}, {0, 100, 405}},
       "A 0-100, D 100-400, C 400-1000"},
      {"below the earlier one",
       {{kRoot, 0, 1000}, {0, 0, 410}, {0, 400, 1000}, {1, 100, 410}},
       "B 0-100, D 100-400, C 400-1000"},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Path(c.spans), c.want) << c.name;
  }
}

TEST(CriticalPathTest, KeepsSpansWithoutDuration) {
  const std::vector<TimedSpan> spans = {
      {kRoot, 0, 100}, {0, 10, 50}, {0, 50, 50}, {0, 50, 50}, {0, 50, 90}};
  EXPECT_EQ(Path(spans), "A 0-10, B 10-50, E 50-90, A 90-100");
  EXPECT_THAT(FindCriticalPath(SpanTree(spans, 0)).is_on_path, Each(true));
  EXPECT_EQ(Path({{kRoot, 5, 5}}), "");
}

TEST(CriticalPathTest, SurvivesAnyInput) {
  EXPECT_EQ(Path({}), "");
  EXPECT_EQ(Path({{kRoot, 0, 10}}, 7), "");
  EXPECT_EQ(Path({{kRoot, 10, 0}}), "");
  EXPECT_EQ(Path({{1, 0, 10}, {0, 2, 4}}), "A 0-2, B 2-4, A 4-10") << "a circle through the root";
  EXPECT_EQ(Path({{kRoot, 0, 10}, {2, 1, 9}, {1, 1, 9}}), "A 0-10") << "a circle beside it";
  EXPECT_EQ(Path({{kRoot, 0, 10}, {99, 1, 9}}), "A 0-10") << "a parent that does not exist";
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(FindCriticalPath(SpanTree(std::vector<TimedSpan>{{kRoot, Limits::min(), Limits::max()},
                                                             {0, Limits::min(), Limits::max()}},
                                      0))
                .sections.size(),
            1U);
}

TEST(CriticalPathTest, SaysWhyASpanDoesNotCount) {
  using enum Handover;
  const std::vector<TimedSpan> spans = {{kRoot, 0, 100, kProducer},
                                        {0, 10, 20, kConsumer},
                                        {1, 12, 14},
                                        {0, 200, 300},
                                        {0, 10, 20},
                                        {kRoot, 0, 100}};
  const SpanTree tree(spans, 0);
  std::vector<Standing> standings;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    standings.push_back(tree.standing(i));
  }
  EXPECT_THAT(standings,
              ElementsAre(Standing::kCounts, Standing::kNotWaitedFor, Standing::kUnderLeftOut,
                          Standing::kOutsideParent, Standing::kCounts, Standing::kNotReached));
}

// Recursion would end the program, and quadratic work the patience of the test runner.
TEST(CriticalPathTest, HandlesDeepAndWideRuns) {
  constexpr std::size_t kSpans = 300'000;
  std::vector<TimedSpan> deep = {{kRoot, 0, 2 * kSpans}};
  std::vector<TimedSpan> wide = {{kRoot, 0, 2 * kSpans}};
  for (std::size_t i = 1; i < kSpans; ++i) {
    const auto at = static_cast<std::int64_t>(i);
    deep.push_back({i - 1, at, static_cast<std::int64_t>(2 * kSpans) - at});
    wide.push_back({0, at, at + 1});
  }
  EXPECT_EQ(FindCriticalPath(SpanTree(deep, 0)).sections.size(), 2 * kSpans - 1);
  EXPECT_EQ(FindCriticalPath(SpanTree(wide, 0)).sections.size(), kSpans + 1);
  EXPECT_EQ(SelfTimes(wide)[0], static_cast<std::int64_t>(kSpans) + 1);
}

TEST(SelfTimesTest, LeaveOutTheTimeOfChildrenOnce) {
  const std::vector<TimedSpan> spans = {
      {kRoot, 0, 600}, {0, 10, 210}, {0, 205, 305}, {0, 300, 700}, {9, 5, 3}};
  EXPECT_THAT(SelfTimes(spans), ElementsAre(10, 200, 100, 400, 0));
}

}  // namespace
}  // namespace sightline::analytics
