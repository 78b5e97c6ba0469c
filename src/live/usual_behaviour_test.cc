// SPDX-License-Identifier: Apache-2.0
#include "live/usual_behaviour.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sightline::live {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;

TEST(RecentMedianTest, IsTheMiddleOfTheLastValues) {
  struct Case {
    std::string_view name;
    std::initializer_list<std::int64_t> values;
    std::int64_t median;
  };

  const Case cases[] = {
      {"nothing", {}, 0},
      {"one", {7}, 7},
      {"odd", {9, 1, 5}, 5},
      {"even", {9, 1, 5, 7}, 5},
  };
  for (const Case& c : cases) {
    RecentMedian recent;
    for (const std::int64_t value : c.values) {
      recent.Add(value);
    }
    EXPECT_EQ(recent.median(), c.median) << c.name;
    EXPECT_EQ(recent.count(), c.values.size()) << c.name;
  }
}

TEST(RecentMedianTest, FollowsWhatBecomesUsual) {
  RecentMedian recent;
  for (int i = 0; i < 1'000; ++i) {
    recent.Add(1);
  }
  EXPECT_EQ(recent.count(), RecentMedian::kKept);
  for (std::size_t i = 0; i < RecentMedian::kKept / 2; ++i) {
    EXPECT_EQ(recent.median(), 1);
    recent.Add(100);
  }
  recent.Add(100);
  EXPECT_EQ(recent.median(), 100);
}

TEST(RecentSketchTest, ForgetsValuesThatManyCameAfter) {
  RecentSketch recent;
  recent.Add(kMinute);
  for (std::int64_t i = 1; i < 2 * RecentSketch::kGeneration; ++i) {
    recent.Add(kSecond);
    EXPECT_GT(recent.sketch().max(), 59 * kSecond);
  }
  EXPECT_EQ(recent.sketch().count(), 2 * RecentSketch::kGeneration);
  recent.Add(kSecond);
  EXPECT_LT(recent.sketch().max(), 2 * kSecond);
  EXPECT_EQ(recent.sketch().count(), RecentSketch::kGeneration + 1);
}

TEST(UsualBehaviourTest, KeepsStepsApartByName) {
  UsualBehaviour usual;
  usual.AddStep("tool search", kSecond);
  usual.AddStep("tool search", kSecond);
  usual.AddStep("chat", kMinute);
  const model::Sketch* search = usual.FindStep(UsualBehaviour::HashOf("tool search"));
  ASSERT_NE(search, nullptr);
  EXPECT_EQ(search->count(), 2);
  EXPECT_LT(search->max(), 2 * kSecond);
  EXPECT_EQ(usual.FindStep(UsualBehaviour::HashOf("tool")), nullptr);
}

TEST(UsualBehaviourTest, ForgetsTheNameThatWasNotUsedForTheLongestTime) {
  UsualBehaviour usual({.max_steps = 2, .max_workflows = 1});
  const auto knows = [&](std::string_view name) {
    return usual.FindStep(UsualBehaviour::HashOf(name)) != nullptr;
  };
  usual.AddStep("a", 1);
  usual.AddStep("b", 1);
  usual.AddStep("a", 1);
  usual.AddStep("c", 1);
  EXPECT_TRUE(knows("a"));
  EXPECT_FALSE(knows("b"));
  EXPECT_TRUE(knows("c"));
  usual.AddRun("first", {.tokens = 1});
  usual.AddRun("second", {.tokens = 1});
  EXPECT_EQ(usual.FindWorkflow(UsualBehaviour::HashOf("first")), nullptr);
  EXPECT_NE(usual.FindWorkflow(UsualBehaviour::HashOf("second")), nullptr);
}

TEST(UsualBehaviourTest, LearnsOnlyWhatIsKnownOfARun) {
  UsualBehaviour usual;
  usual.AddRun("w", {.duration_ns = 2 * kMinute, .tokens = 10'000});
  usual.AddRun("w", {.duration_ns = 2 * kMinute, .cost_picodollars = 500});
  usual.AddRun("w", {.duration_ns = 2 * kMinute});
  const UsualBehaviour::Workflow* workflow = usual.FindWorkflow(UsualBehaviour::HashOf("w"));
  ASSERT_NE(workflow, nullptr);
  EXPECT_EQ(workflow->tokens_per_minute.count(), 1U);
  EXPECT_EQ(workflow->tokens_per_minute.median(), 5'000);
  EXPECT_EQ(workflow->cost_picodollars.count(), 1U);
  EXPECT_EQ(workflow->cost_picodollars.median(), 500);
}

TEST(UsualBehaviourTest, CountsAShortRunAsAMinute) {
  EXPECT_EQ(UsualBehaviour::TokensPerMinute(600, kSecond), 600);
  EXPECT_EQ(UsualBehaviour::TokensPerMinute(600, -kSecond), 600);
  EXPECT_EQ(UsualBehaviour::TokensPerMinute(600, 3 * kMinute), 200);
}

}  // namespace
}  // namespace sightline::live
