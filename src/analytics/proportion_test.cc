// SPDX-License-Identifier: Apache-2.0
#include "analytics/proportion.h"

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// The figures are those of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
TEST(ProportionTest, GivesTheScoreInterval) {
  const ShareInterval many = IntervalOfShare(81, 263);
  EXPECT_NEAR(many.low, 0.2553, 5e-5);
  EXPECT_NEAR(many.high, 0.3662, 5e-5);
  const ShareInterval few = IntervalOfShare(15, 148);
  EXPECT_NEAR(few.low, 0.0624, 5e-5);
  EXPECT_NEAR(few.high, 0.1605, 5e-5);
  const ShareInterval none = IntervalOfShare(0, 20);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
  const ShareInterval one = IntervalOfShare(1, 29);
  EXPECT_NEAR(one.low, 0.0061, 5e-5);
  EXPECT_NEAR(one.high, 0.1718, 5e-5);
}

TEST(ProportionTest, KnowsNothingOfNothing) {
  EXPECT_EQ(IntervalOfShare(0, 0).low, 0);
  EXPECT_EQ(IntervalOfShare(0, 0).high, 1);
  EXPECT_EQ(IntervalOfShare(7, 7).high, 1);
}

}  // namespace
}  // namespace sightline::analytics
