// SPDX-License-Identifier: Apache-2.0
#include "live/totals.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace sightline::live {
namespace {

TEST(NamesSeenTest, KeepsABoundedNumberOfNamesOfOneMoment) {
  NamesSeen names;
  for (int i = 0; i < 300'000; ++i) {
    names.See("agent-" + std::to_string(i), 7);
    if (i % 5'000 == 0) {
      ASSERT_LE(names.CountSince(0), NamesSeen::kMaxNames);
    }
  }
  EXPECT_EQ(names.count(), 300'000U);
}

TEST(NamesSeenTest, ForgetsThoseThatWereSilentForLongest) {
  NamesSeen names;
  for (std::int64_t i = 0; i < 30'000; ++i) {
    names.See("agent-" + std::to_string(i), i);
  }
  EXPECT_EQ(names.count(), 30'000U);
  EXPECT_EQ(names.CountSince(20'000), 10'000U);
}

// A workflow that was not kept because there were too many is not taken out of one that is.
TEST(TotalsTest, TakesRunsOutOfWhereTheyWereAdded) {
  Totals totals;
  const RunCounts one{.completed = 1};
  for (std::size_t i = 0; i < Totals::kMaxWorkflows; ++i) {
    totals.Add("w" + std::to_string(i), one);
  }
  totals.Add("late", one);
  totals.Remove("w0", one);
  totals.Add("late", one);
  totals.Remove("late", one);
  EXPECT_GE(totals.of("late").completed, 0);
  EXPECT_EQ(totals.of("w0").completed, 0);
  totals.Add("w0", one);
  EXPECT_EQ(totals.of("w0").completed, 1);
  EXPECT_EQ(totals.all().completed, static_cast<std::int64_t>(Totals::kMaxWorkflows) + 1);
}

}  // namespace
}  // namespace sightline::live
