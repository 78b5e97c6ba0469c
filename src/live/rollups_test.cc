// SPDX-License-Identifier: Apache-2.0
#include "live/rollups.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;

constexpr std::int64_t kNow = 29'500'000;  // Minutes; some time in 2026.
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kMinutesOfDay = model::MinutesOf(model::Window::k24Hours);

constexpr model::Window kWindows[] = {model::Window::k5Minutes, model::Window::k1Hour,
                                      model::Window::k24Hours};

model::RollupKey Workflow(std::string name) {
  return {.workflow = std::move(name)};
}

// An entry with `steps` steps that took 10 ms each.
model::RollupEntry Steps(std::int64_t minute, model::RollupKey key, std::int64_t steps) {
  model::RollupEntry entry{.minute = minute, .key = std::move(key), .counts = {.steps = steps}};
  entry.step_latency.Add(10 * kMillisecond, steps);
  return entry;
}

Rollups::Outcome Add(Rollups& rollups, const model::RollupEntry& entry) {
  return rollups.Apply(std::span(&entry, 1), RollupChange::kAdd);
}

Rollups::Outcome Remove(Rollups& rollups, const model::RollupEntry& entry) {
  return rollups.Apply(std::span(&entry, 1), RollupChange::kRemove);
}

std::int64_t StepsIn(const Rollups& rollups, model::Window window) {
  return rollups.Total(window).counts.steps;
}

TEST(RollupCountsTest, AddsAndSubtractsEveryCounter) {
  model::RollupCounts counts;
  std::int64_t value = 0;
  std::set<std::string_view> names;
  for (const model::RollupCountColumn& column : model::kRollupCountColumns) {
    counts.*column.field = ++value;
    names.insert(column.name);
  }
  EXPECT_EQ(names.size(), model::kRollupCountColumns.size());
  EXPECT_EQ(sizeof(model::RollupCounts), model::kRollupCountColumns.size() * sizeof(std::int64_t));
  model::RollupCounts sum = counts;
  sum += counts;
  for (const model::RollupCountColumn& column : model::kRollupCountColumns) {
    EXPECT_EQ(sum.*column.field, 2 * (counts.*column.field)) << column.name;
  }
  sum -= counts;
  EXPECT_EQ(sum, counts);
}

TEST(RollupsTest, CountsAMinuteInTheWindowsThatReachIt) {
  struct Case {
    std::string_view name;
    std::int64_t minutes_ago;
    std::vector<std::int64_t> expected;  // Steps in 5 min, 1 h, 24 h.
  };

  const Case cases[] = {
      {"the running minute", 0, {7, 7, 7}},
      {"the last of 5 minutes", 4, {7, 7, 7}},
      {"just outside of 5 minutes", 5, {0, 7, 7}},
      {"the last of the hour", 59, {0, 7, 7}},
      {"just outside of the hour", 60, {0, 0, 7}},
      {"the last of the day", kMinutesOfDay - 1, {0, 0, 7}},
      {"just outside of the day", kMinutesOfDay, {0, 0, 0}},
      {"a minute ahead", -1, {0, 0, 0}},
  };
  for (const Case& c : cases) {
    // Once as it is added, once by moving there.
    Rollups added(kNow);
    Add(added, Steps(kNow - c.minutes_ago, Workflow("w"), 7));
    Rollups moved(kNow - c.minutes_ago);
    Add(moved, Steps(kNow - c.minutes_ago, Workflow("w"), 7));
    moved.Advance(kNow);
    for (std::size_t i = 0; i < std::size(kWindows); ++i) {
      EXPECT_EQ(StepsIn(added, kWindows[i]), c.expected[i]) << c.name << ", window " << i;
      EXPECT_EQ(added.Total(kWindows[i]).step_latency.count(), c.expected[i]) << c.name;
      if (c.minutes_ago >= 0) {
        EXPECT_EQ(moved.Total(kWindows[i]), added.Total(kWindows[i])) << c.name << ", window " << i;
        EXPECT_EQ(moved.Get(kWindows[i], Workflow("w")), added.Get(kWindows[i], Workflow("w")))
            << c.name << ", window " << i;
      }
    }
  }
}

TEST(RollupsTest, CountsAComingMinuteWhenItComes) {
  Rollups rollups(kNow);
  EXPECT_EQ(Add(rollups, Steps(kNow + 2, Workflow("w"), 3)).ignored, 0U);
  rollups.Advance(kNow + 1);
  EXPECT_EQ(StepsIn(rollups, model::Window::k24Hours), 0);
  rollups.Advance(kNow + 2);
  EXPECT_EQ(StepsIn(rollups, model::Window::k5Minutes), 3);
}

TEST(RollupsTest, IgnoresWhatIsTooOldOrTooFarAhead) {
  Rollups rollups(kNow);
  for (const std::int64_t minute :
       {kNow - kMinutesOfDay, kNow + Rollups::kMaxMinutesAhead + 1, std::int64_t{0}}) {
    EXPECT_EQ(Add(rollups, Steps(minute, Workflow("w"), 1)).ignored, 1U) << minute;
  }
  EXPECT_EQ(rollups.size().cells, 0U);
}

TEST(RollupsTest, ForgetsEverythingAfterADay) {
  Rollups rollups(kNow);
  Add(rollups, Steps(kNow, Workflow("a"), 1));
  Add(rollups, Steps(kNow - 100, Workflow("b"), 1));
  Add(rollups, Steps(kNow + 10, Workflow("c"), 1));
  rollups.Advance(kNow + 5'000);
  EXPECT_TRUE(rollups.Total(model::Window::k24Hours).is_zero());
  EXPECT_THAT(rollups.GroupBy(model::Window::k24Hours, model::Dimension::kWorkflow), IsEmpty());
  EXPECT_EQ(rollups.size().keys, 0U);
  EXPECT_EQ(rollups.size().cells, 0U);
}

TEST(RollupsTest, DoesNotGoBackInTime) {
  Rollups rollups(kNow);
  Add(rollups, Steps(kNow, Workflow("w"), 1));
  rollups.Advance(kNow + 10);
  rollups.Advance(kNow);
  EXPECT_EQ(StepsIn(rollups, model::Window::k5Minutes), 0);
  EXPECT_EQ(StepsIn(rollups, model::Window::k1Hour), 1);
}

TEST(RollupsTest, GroupsByEachDimension) {
  Rollups rollups(kNow);
  Add(rollups, Steps(kNow, {"crew", "writer", "gpt-5", "shop"}, 1));
  Add(rollups, Steps(kNow - 3, {"crew", "writer", "", "shop"}, 2));
  Add(rollups, Steps(kNow - 30, {"crew", "critic", "gpt-5", "shop"}, 4));
  Add(rollups, Steps(kNow - 300, {"triage", "writer", "haiku", "desk"}, 8));

  const auto steps = [&](model::Window window, model::Dimension dimension,
                         std::optional<std::string_view> workflow = std::nullopt) {
    std::map<std::string, std::int64_t> by_name;
    for (const auto& [name, sums] : rollups.GroupBy(window, dimension, workflow)) {
      by_name[name] = sums.counts.steps;
      EXPECT_EQ(sums.step_latency.count(), sums.counts.steps) << name;
    }
    return by_name;
  };
  using Groups = std::map<std::string, std::int64_t>;
  EXPECT_EQ(steps(model::Window::k24Hours, model::Dimension::kWorkflow),
            (Groups{{"crew", 7}, {"triage", 8}}));
  EXPECT_EQ(steps(model::Window::k24Hours, model::Dimension::kAgent),
            (Groups{{"writer", 11}, {"critic", 4}}));
  EXPECT_EQ(steps(model::Window::k24Hours, model::Dimension::kModel),
            (Groups{{"", 2}, {"gpt-5", 5}, {"haiku", 8}}));
  EXPECT_EQ(steps(model::Window::k24Hours, model::Dimension::kService),
            (Groups{{"shop", 7}, {"desk", 8}}));
  EXPECT_EQ(steps(model::Window::k1Hour, model::Dimension::kAgent),
            (Groups{{"writer", 3}, {"critic", 4}}));
  EXPECT_EQ(steps(model::Window::k5Minutes, model::Dimension::kAgent), (Groups{{"writer", 3}}));
  EXPECT_EQ(steps(model::Window::k24Hours, model::Dimension::kAgent, "crew"),
            (Groups{{"writer", 3}, {"critic", 4}}));
  EXPECT_THAT(steps(model::Window::k24Hours, model::Dimension::kAgent, "other"), IsEmpty());
}

TEST(RollupsTest, GivesEveryMinuteOfASeries) {
  Rollups rollups(kNow);
  Add(rollups, Steps(kNow, Workflow("a"), 1));
  Add(rollups, Steps(kNow - 2, Workflow("a"), 2));
  Add(rollups, Steps(kNow - 2, Workflow("b"), 4));
  Add(rollups, Steps(kNow - 3, Workflow("b"), 8));
  Add(rollups, Steps(kNow + 1, Workflow("b"), 16));

  const auto steps = [&](std::int64_t minutes,
                         std::optional<std::string_view> workflow = std::nullopt) {
    std::vector<std::int64_t> counts;
    std::int64_t minute = kNow - minutes;
    for (const Rollups::Point& point : rollups.Series(minutes, workflow)) {
      EXPECT_EQ(point.minute, ++minute);
      counts.push_back(point.sums.counts.steps);
    }
    return counts;
  };
  EXPECT_THAT(steps(5), ElementsAre(0, 8, 6, 0, 1));
  EXPECT_THAT(steps(3, "a"), ElementsAre(2, 0, 1));
  EXPECT_THAT(steps(2, "nobody"), ElementsAre(0, 0));
  EXPECT_THAT(steps(0), IsEmpty());
  EXPECT_THAT(rollups.Series(1'000'000), SizeIs(kMinutesOfDay));
}

TEST(RollupsTest, ReplacesWhatARunContributed) {
  Rollups rollups(kNow);
  const model::RollupEntry provisional = Steps(kNow, Workflow("shop/run"), 2);
  const model::RollupEntry known = Steps(kNow, Workflow("crew"), 3);
  Add(rollups, provisional);
  Remove(rollups, provisional);
  Add(rollups, known);
  EXPECT_THAT(rollups.GroupBy(model::Window::k5Minutes, model::Dimension::kWorkflow),
              ElementsAre(Key("crew")));
  EXPECT_EQ(StepsIn(rollups, model::Window::k5Minutes), 3);
  EXPECT_EQ(rollups.size().keys, 1U);
  EXPECT_EQ(rollups.size().cells, 1U);
}

TEST(RollupsTest, MayRemoveBeforeItAdds) {
  Rollups rollups(kNow);
  const model::RollupEntry first = Steps(kNow, Workflow("w"), 2);
  model::RollupEntry slower = Steps(kNow, Workflow("w"), 2);
  slower.step_latency = {};
  slower.step_latency.Add(10 * kMillisecond + 1, 2);  // The same bucket, another sum.
  Remove(rollups, first);
  EXPECT_EQ(StepsIn(rollups, model::Window::k5Minutes), -2);
  Add(rollups, slower);
  rollups.Advance(kNow + 1);
  Add(rollups, first);
  EXPECT_EQ(rollups.Total(model::Window::k1Hour).step_latency, slower.step_latency);
  EXPECT_EQ(rollups.Get(model::Window::k1Hour, Workflow("w")),
            rollups.Total(model::Window::k1Hour));
}

TEST(RollupsTest, CountsKeysTooManyAsOther) {
  Rollups rollups(kNow, {.max_keys = 2, .max_cells = 100});
  EXPECT_EQ(Add(rollups, Steps(kNow, Workflow("a"), 1)).in_other, 0U);
  EXPECT_EQ(Add(rollups, Steps(kNow, Workflow("b"), 2)).in_other, 0U);
  EXPECT_EQ(Add(rollups, Steps(kNow, {"c", "agent", "model", "service"}, 4)).in_other, 1U);
  EXPECT_EQ(Add(rollups, Steps(kNow, Workflow("d"), 8)).in_other, 1U);
  EXPECT_EQ(Add(rollups, Steps(kNow, Workflow("a"), 16)).in_other, 0U);
  EXPECT_EQ(Add(rollups, Steps(kNow - 1, Workflow("a"), 32)).in_other, 0U);
  EXPECT_EQ(StepsIn(rollups, model::Window::k5Minutes), 63);
  EXPECT_EQ(rollups.size().keys, 2U);
  for (const model::Dimension dimension : {model::Dimension::kWorkflow, model::Dimension::kAgent,
                                           model::Dimension::kModel, model::Dimension::kService}) {
    const auto groups = rollups.GroupBy(model::Window::k5Minutes, dimension);
    EXPECT_EQ(groups.at("(other)").counts.steps, 12);
  }
}

TEST(RollupsTest, RemovesFromOtherWhatItAddedToOther) {
  Rollups rollups(kNow, {.max_keys = 1, .max_cells = 100});
  const model::RollupEntry a = Steps(kNow, Workflow("a"), 1);
  const model::RollupEntry b = Steps(kNow, Workflow("b"), 2);
  const model::RollupEntry later = Steps(kNow + 1, Workflow("b"), 4);
  Add(rollups, a);
  Add(rollups, b);
  Remove(rollups, a);
  rollups.Advance(kNow + 1);
  // There is room for "b" now, but in its first minute it has to stay in "(other)".
  Add(rollups, later);
  EXPECT_EQ(rollups.Get(model::Window::k5Minutes, Workflow("b")).counts.steps, 4);
  Remove(rollups, b);
  Remove(rollups, later);
  Add(rollups, later);
  EXPECT_THAT(rollups.GroupBy(model::Window::k5Minutes, model::Dimension::kWorkflow),
              ElementsAre(Key("b")));
  EXPECT_EQ(StepsIn(rollups, model::Window::k5Minutes), 4);
}

TEST(RollupsTest, OpensCellsForKnownKeysInAMinuteThatRefusedAnother) {
  Rollups rollups(kNow, {.max_keys = 1, .max_cells = 100});
  Add(rollups, Steps(kNow, Workflow("known"), 1));
  EXPECT_EQ(Add(rollups, Steps(kNow - 1, Workflow("stranger"), 1)).in_other, 1U);
  EXPECT_EQ(Add(rollups, Steps(kNow - 1, Workflow("known"), 1)).in_other, 0U);
  EXPECT_EQ(rollups.Get(model::Window::k5Minutes, Workflow("known")).counts.steps, 2);
}

TEST(RollupsTest, KeepsAKeyWhileItsOnlyRunIsReplaced) {
  Rollups rollups(kNow, {.max_keys = 1, .max_cells = 100});
  const model::RollupEntry known = Steps(kNow, Workflow("known"), 1);
  Add(rollups, known);
  Add(rollups, Steps(kNow, Workflow("stranger"), 1));
  Remove(rollups, known);
  EXPECT_EQ(Add(rollups, Steps(kNow, Workflow("known"), 2)).in_other, 0U);
  EXPECT_EQ(rollups.Get(model::Window::k5Minutes, Workflow("known")).counts.steps, 2);
}

TEST(RollupsTest, FoldsTheOldestMinutesToMakeRoom) {
  Rollups rollups(kNow, {.max_keys = 2, .max_cells = 3});
  const model::RollupEntry old_a = Steps(kNow - 90, Workflow("a"), 1);
  const model::RollupEntry old_b = Steps(kNow - 90, Workflow("b"), 2);
  Add(rollups, old_a);
  Add(rollups, old_b);
  Add(rollups, Steps(kNow, Workflow("a"), 4));
  const model::RollupSums total = rollups.Total(model::Window::k24Hours);
  EXPECT_EQ(Add(rollups, Steps(kNow, Workflow("b"), 8)).folded_cells, 2U);
  model::RollupSums grown = rollups.Total(model::Window::k24Hours);
  grown -= total;
  EXPECT_EQ(grown.counts.steps, 8);
  EXPECT_EQ(rollups.Get(model::Window::k24Hours, Workflow("a")).counts.steps, 4);
  EXPECT_EQ(rollups.GroupBy(model::Window::k24Hours, model::Dimension::kWorkflow)
                .at("(other)")
                .counts.steps,
            3);
  EXPECT_EQ(rollups.size().cells, 2U);
  // Entries of a folded minute are found there.
  Remove(rollups, old_a);
  EXPECT_EQ(Add(rollups, Steps(kNow - 90, Workflow("a"), 16)).in_other, 1U);
  EXPECT_EQ(rollups.GroupBy(model::Window::k24Hours, model::Dimension::kWorkflow)
                .at("(other)")
                .counts.steps,
            18);
}

TEST(RollupsTest, TakesChangesFromSeveralThreads) {
  Rollups rollups(kNow);
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 3; ++writer) {
      writers.emplace_back([&rollups, writer] {
        const model::RollupEntry entry = Steps(kNow, Workflow(std::to_string(writer % 2)), 1);
        for (int i = 0; i < 1'000; ++i) {
          Add(rollups, entry);
          EXPECT_GE(StepsIn(rollups, model::Window::k1Hour), 1);
          Remove(rollups, entry);
        }
        Add(rollups, entry);
      });
    }
  }
  EXPECT_EQ(StepsIn(rollups, model::Window::k1Hour), 3);
  EXPECT_EQ(rollups.Get(model::Window::k1Hour, Workflow("0")).counts.steps, 2);
}

}  // namespace
}  // namespace sightline::live
