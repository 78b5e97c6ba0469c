// SPDX-License-Identifier: Apache-2.0
#include "demo/stories.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "demo/language_models.h"
#include "demo/plan.h"
#include "demo/simulator.h"

namespace sightline::demo {
namespace {

constexpr std::int64_t kStartNs = 1'760'000'000'000'000'000;
constexpr std::chrono::minutes kHistory{25};
constexpr std::int64_t kEndNs = kStartNs + std::chrono::nanoseconds(kHistory).count();

Simulator MakeSimulator(const Stories& stories) {
  return Simulator({.seed = 5, .start_ns = kStartNs, .runs_per_minute = 60, .stories = stories});
}

Stories AllStories() {
  return Stories::InHistory(kStartNs, kHistory);
}

// Shows every run of the history to `check`.
void ForEachRun(const std::function<void(const RunPlan&)>& check) {
  Simulator simulator = MakeSimulator(AllStories());
  simulator.ObserveRunsForTesting(check);
  while (simulator.Next().time_ns < kEndNs) {
  }
}

// Something about steps before and after a story begins.
struct Means {
  double before = 0;
  double after = 0;
};

// `value` of each step for which it is not negative.
Means MeansOf(Story story, const std::function<double(const Step&)>& value) {
  const Stories stories = AllStories();
  std::array<double, 2> sums{};
  std::array<int, 2> counts{};
  ForEachRun([&](const RunPlan& run) {
    for (const Step& step : run.steps) {
      if (const double found = value(step); found >= 0) {
        const std::size_t side = stories.HasBegun(story, step.start_ns) ? 1 : 0;
        sums[side] += found;
        ++counts[side];
      }
    }
  });
  EXPECT_GT(counts[0], 100);
  EXPECT_GT(counts[1], 100);
  return {.before = sums[0] / counts[0], .after = sums[1] / counts[1]};
}

TEST(StoriesTest, BeginInTheFirstHalfOfTheHistoryOrSoon) {
  for (const auto& [history, half] :
       {std::pair(std::chrono::minutes(600), std::chrono::minutes(300)),
        std::pair(std::chrono::minutes(0), std::chrono::minutes(5))}) {
    const Stories stories = Stories::InHistory(kStartNs, history);
    for (std::size_t i = 0; i < kStoryCount; ++i) {
      const auto story = static_cast<Story>(i);
      EXPECT_FALSE(stories.HasBegun(story, kStartNs));
      EXPECT_TRUE(stories.HasBegun(story, kStartNs + std::chrono::nanoseconds(half).count()));
      EXPECT_FALSE(Stories().HasBegun(story, kEndNs));
    }
  }
}

TEST(StoriesTest, BeforeTheyBeginEverythingIsAsWithoutThem) {
  Simulator with = MakeSimulator(AllStories());
  Simulator without = MakeSimulator(Stories());
  const std::int64_t begin_ns =
      kStartNs + std::chrono::nanoseconds(std::chrono::seconds(210)).count();
  int exports = 0;
  for (Export next = with.Next(); next.time_ns < begin_ns; next = with.Next()) {
    const Export other = without.Next();
    ASSERT_EQ(next.time_ns, other.time_ns);
    ASSERT_EQ(base::HashBytes64(next.body), base::HashBytes64(other.body));
    ++exports;
  }
  EXPECT_GT(exports, 300);
}

TEST(StoriesTest, RerankingTakesMuchLonger) {
  const Means means = MeansOf(Story::kSlowReranking, [](const Step& step) {
    return std::holds_alternative<RerankCall>(step.detail)
               ? static_cast<double>(step.end_ns - step.start_ns)
               : -1;
  });
  EXPECT_GT(means.after, 7 * means.before);
}

TEST(StoriesTest, PromptsToClaudeAreNoLongerReadFromTheCache) {
  const Means means = MeansOf(Story::kLostCache, [](const Step& step) {
    const auto* call = std::get_if<ModelCall>(&step.detail);
    return call != nullptr && call->model == &kClaudeSonnet
               ? static_cast<double>(call->tokens.cache_read)
               : -1;
  });
  EXPECT_GT(means.before, 1000);
  EXPECT_EQ(means.after, 0);
}

TEST(StoriesTest, LookingUpOrdersFailsForOneCustomerOnly) {
  std::map<std::string, std::pair<int, int>> lookups;  // By user: failed ones, others.
  const Stories stories = AllStories();
  ForEachRun([&](const RunPlan& run) {
    for (const Step& step : run.steps) {
      const auto* call = std::get_if<ToolCall>(&step.detail);
      if (call == nullptr || call->request.name != "lookup_order" ||
          !stories.HasBegun(Story::kLockedCustomer, step.start_ns)) {
        continue;
      }
      const bool is_locked =
          step.failure.has_value() && step.failure->type == "CustomerRecordLocked";
      auto& [failed, others] = lookups[run.user_id];
      ++(is_locked ? failed : others);
      EXPECT_TRUE(!is_locked || run.steps[0].failure.has_value());
    }
  });
  EXPECT_GT(lookups.size(), 15U);
  for (const auto& [user, counts] : lookups) {
    const bool is_locked = user == kLockedCustomerId;
    EXPECT_EQ(counts.first > 20, is_locked) << user;
    EXPECT_EQ(counts.second == 0, is_locked) << user;
    EXPECT_TRUE(is_locked || counts.first == 0) << user;
  }
}

TEST(StoriesTest, SomeResearchRunsSearchForTheSameAgainAndAgain) {
  const Stories stories = AllStories();
  std::array<int, 2> runs{};
  std::array<int, 2> loops{};
  ForEachRun([&](const RunPlan& run) {
    if (run.scenario != ScenarioKind::kResearchCrew) {
      return;
    }
    std::map<std::string, int> searches;
    int most = 0;
    for (const Step& step : run.steps) {
      const auto* call = std::get_if<ToolCall>(&step.detail);
      if (call != nullptr && call->request.name == "web_search") {
        most = std::max(most, ++searches[call->request.arguments]);
      }
    }
    const std::size_t side = stories.HasBegun(Story::kSearchLoop, run.steps[0].start_ns) ? 1 : 0;
    ++runs[side];
    loops[side] += most > kMinLoopRounds ? 1 : 0;
  });
  EXPECT_GT(runs[0], 10);
  EXPECT_LE(loops[0], 1);  // One that was going on when the story began.
  EXPECT_NEAR(loops[1], kLoopShare * runs[1], 0.1 * runs[1]);
}

}  // namespace
}  // namespace sightline::demo
