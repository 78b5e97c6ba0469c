// SPDX-License-Identifier: Apache-2.0
#include "repricing/job.h"

#include <gtest/gtest.h>

namespace sightline::repricing {
namespace {

model::Fact Step(model::FactTable& table, std::string_view name, std::int64_t cost,
                 std::uint32_t unpriced) {
  return {.cost_picodollars = cost,
          .model = table.NumberOf(name),
          .model_calls = 1,
          .unpriced_calls = unpriced};
}

TEST(DifferenceTest, AddsStepsByModelAndLeavesRunsOut) {
  model::FactTable before;
  before.facts = {Step(before, "acme/a", 0, 1), Step(before, "acme/b", 5, 0)};
  before.facts.push_back({.cost_picodollars = 5, .kind = model::Fact::kRun});
  model::FactTable after;
  after.facts = {Step(after, "acme/b", 7, 0), Step(after, "acme/a", 3, 0)};
  Difference difference;
  difference.AddSteps(before, after);
  const std::map<std::string, ModelDifference> expected = {
      {"acme/a", {.calls = 1, .new_cost = 3, .unpriced_before = 1}},
      {"acme/b", {.calls = 1, .old_cost = 5, .new_cost = 7}}};
  EXPECT_EQ(difference.models, expected);
}

TEST(DifferenceTest, AddsUp) {
  Difference sum{.runs = 1, .changed_runs = 1, .models = {{"a/b", {.calls = 1, .old_cost = 2}}}};
  sum += {.runs = 2, .changed_runs = 0, .models = {{"a/b", {.calls = 3, .new_cost = 4}}}};
  EXPECT_EQ(sum.runs, 3);
  EXPECT_EQ(sum.changed_runs, 1);
  EXPECT_EQ(sum.models["a/b"], (ModelDifference{.calls = 4, .old_cost = 2, .new_cost = 4}));
}

TEST(JobTest, IsReadBackAsItWasStored) {
  Job job{.start_ns = 1,
          .end_ns = 2,
          .mode = Mode::kApply,
          .state = State::kFailed,
          .finished_ns = 9,
          .difference = {.runs = 7,
                         .changed_runs = 3,
                         .models = {{"acme/\"x\"",
                                     {.calls = 1,
                                      .old_cost = 2,
                                      .new_cost = 3,
                                      .unpriced_before = 4,
                                      .unpriced_after = 5}}}},
          .skipped_runs = 6,
          .detail = "the disk is full"};
  const base::Result<Job> read = Job::Decode(job.Encode());
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(read->Encode(), job.Encode());
  EXPECT_EQ(read->mode, Mode::kApply);
  EXPECT_EQ(read->difference.models, job.difference.models);
}

TEST(JobTest, RefusesWhatIsDamaged) {
  EXPECT_FALSE(Job::Decode("{").has_value());
  EXPECT_FALSE(Job::Decode("{}").has_value());
  EXPECT_FALSE(Difference::Decode(R"({"models":[]})").has_value());
  EXPECT_FALSE(Difference::Decode(R"({"models":{"a":1}})").has_value());
}

}  // namespace
}  // namespace sightline::repricing
