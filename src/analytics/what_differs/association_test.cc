// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/association.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

TEST(AssociationTestTest, AgreesWithSmallTablesByHand) {
  const AssociationTest test(20);
  // Fisher's tea: 8 cups, 4 selected; 4 taken, all of them selected: 1 of 70 ways. 3 or more: 17.
  EXPECT_NEAR(std::exp(test.LogP({8, 4}, {4, 4})), 1.0 / 70, 1e-12);
  EXPECT_NEAR(std::exp(test.LogP({8, 4}, {4, 3})), 17.0 / 70, 1e-12);
  EXPECT_NEAR(std::exp(test.LogOfExactly({8, 4}, {4, 3})), 16.0 / 70, 1e-12);
  EXPECT_EQ(test.LogP({8, 4}, {4, 0}), 0);
  // 6 of 8 hold at least 2 of 4 selected ones, because only 4 are not.
  EXPECT_EQ(test.LogP({8, 4}, {6, 2}), 0);
  EXPECT_EQ(test.LogP({8, 4}, {8, 4}), 0);
}

TEST(AssociationTestTest, SumsToOneOverAllCounts) {
  const AssociationTest test(1000);
  double sum = 0;
  for (std::size_t selected = 0; selected <= 100; ++selected) {
    sum += std::exp(test.LogOfExactly({1000, 300}, {100, selected}));
    const double tail = std::exp(test.LogP({1000, 300}, {100, selected}));
    EXPECT_NEAR(tail, 1 - sum + std::exp(test.LogOfExactly({1000, 300}, {100, selected})), 1e-9);
  }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(TestsToCorrectForTest, LeavesOutWhatCannotBeSignificant) {
  const AssociationTest test(100);
  // 1,000 tests of single runs: their least p is 0.1, never below 0.05.
  std::vector<std::size_t> by_size(101, 0);
  by_size[1] = 1000;
  by_size[10] = 7;
  EXPECT_EQ(TestsToCorrectFor(test, {100, 10}, by_size, std::log(0.05)), 7U);
  by_size[10] = 0;
  EXPECT_EQ(TestsToCorrectFor(test, {100, 10}, {}, std::log(0.05)), 1U);
}

}  // namespace
}  // namespace sightline::analytics
