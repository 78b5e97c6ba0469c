// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/intervals.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

TEST(ConformalHalfWidthsTest, HoldTheWantedShareOfTheErrors) {
  std::vector<StepErrors> errors;
  for (int origin = 1; origin <= 99; ++origin) {
    errors.push_back(
        {origin % 2 == 0 ? static_cast<double>(origin) : -static_cast<double>(origin)});
  }
  const std::vector<double> widths = ConformalHalfWidths(errors, 0.8);
  ASSERT_EQ(widths.size(), 1U);
  EXPECT_NEAR(widths[0], 80, 1.5);
}

TEST(ConformalHalfWidthsTest, AreWiderWhereErrorsAreLarger) {
  std::vector<StepErrors> errors;
  for (int origin = 1; origin <= 20; ++origin) {
    StepErrors steps(20, 1.0 * origin);
    for (std::size_t h = 10; h < 20; ++h) {
      steps[h] *= 10;
    }
    errors.push_back(steps);
  }
  const std::vector<double> widths = ConformalHalfWidths(errors, 0.8);
  EXPECT_GT(widths[15], 6 * widths[5]);
}

TEST(ConformalHalfWidthsTest, PassOverWhatIsNotKnown) {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  const std::vector<StepErrors> errors = {{gap, 2}, {-2, gap}};
  for (const double width : ConformalHalfWidths(errors, 0.5)) {
    EXPECT_NEAR(width, 2, 1e-9);
  }
}

TEST(ConformalHalfWidthsTest, AreZeroWithoutErrorsAndEmptyWithoutOrigins) {
  EXPECT_EQ(ConformalHalfWidths(std::vector<StepErrors>{{0, 0}}, 0.5), (std::vector<double>{0, 0}));
  EXPECT_TRUE(ConformalHalfWidths({}, 0.5).empty());
}

}  // namespace
}  // namespace sightline::analytics
