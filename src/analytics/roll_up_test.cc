// SPDX-License-Identifier: Apache-2.0
#include "analytics/roll_up.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// Spans with these parents; those that count have tokens and cost a thousand picodollars.
struct Family {
  explicit Family(const std::vector<std::size_t>& parents) : spans(parents.size()) {
    view.parents = parents;
    view.counts_usage.resize(parents.size());
    for (const model::Span& span : spans) {
      view.spans.push_back(span);
    }
  }

  void Count(std::size_t i, std::int64_t tokens, model::CostStatus status) {
    view.counts_usage[i] = true;
    spans[i].usage.input_total = tokens;
    spans[i].cost.picodollars = 1'000;
    spans[i].cost_status = status;
  }

  std::vector<model::Span> spans;
  TraceView view;
};

constexpr std::size_t kNone = TraceView::kNone;

TEST(RollUpTest, AddsUpWhatIsBelowWhereverItStarts) {
  // 1 is the root; 0 started before its parent 3.
  Family run({3, kNone, 1, 1, kNone});
  run.Count(0, 10, model::CostStatus::kPriced);
  run.Count(2, 5, model::CostStatus::kUnpriced);
  run.spans[0].has_error = true;
  run.spans[3].has_error = true;
  run.spans[3].usage.input_total = 99;  // Repeats the call below it: does not count.
  const std::vector<RollUp> sums = RollUps(run.view);
  EXPECT_EQ(sums[1].descendants, 3U);
  EXPECT_EQ(sums[1].errors, 2U);
  EXPECT_EQ(sums[1].model_calls, 2);
  EXPECT_EQ(sums[1].unpriced_calls, 1);
  EXPECT_EQ(sums[1].tokens, 15);
  EXPECT_EQ(sums[1].picodollars, 1'000);
  EXPECT_EQ(sums[3].descendants, 1U);
  EXPECT_EQ(sums[3].errors, 2U);
  EXPECT_EQ(sums[3].tokens, 10);
  EXPECT_EQ(sums[0].descendants, 0U);
  EXPECT_EQ(sums[4].descendants, 0U);
  EXPECT_EQ(sums[4].tokens, 0);
}

TEST(RollUpTest, TakesAChainOfManySpans) {
  constexpr std::size_t kSpans = 300'000;
  std::vector<std::size_t> parents(kSpans);
  for (std::size_t i = 0; i < kSpans; ++i) {
    parents[i] = i == 0 ? kNone : i - 1;
  }
  const std::vector<RollUp> sums = RollUps(Family(parents).view);
  EXPECT_EQ(sums.front().descendants, kSpans - 1);
  EXPECT_EQ(sums.back().descendants, 0U);
}

TEST(RollUpTest, NoSpansNoSums) {
  EXPECT_TRUE(RollUps(TraceView()).empty());
}

}  // namespace
}  // namespace sightline::analytics
