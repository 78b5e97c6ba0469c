// SPDX-License-Identifier: Apache-2.0
#include "model/ancestors.h"

#include <cstddef>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::model {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t kNone = RunShape::kNone;

std::vector<std::size_t> Nearest(const std::vector<std::size_t>& parents,
                                 const std::vector<bool>& has) {
  return NearestAtOrAbove(
      parents.size(), [&](std::size_t i) { return parents[i]; },
      [&](std::size_t i) { return has[i]; });
}

TEST(AncestorsTest, FindsTheNearestWhereverItStarts) {
  EXPECT_THAT(Nearest({}, {}), IsEmpty());
  EXPECT_THAT(Nearest({kNone}, {false}), ElementsAre(kNone));
  // 4 is the root, above 2; 2 is above 0 and 3; 1 stands alone.
  EXPECT_THAT(Nearest({2, kNone, 4, 2, kNone}, {false, false, true, true, true}),
              ElementsAre(2, kNone, 2, 3, 4));
  EXPECT_THAT(Nearest({2, kNone, 4, 2, kNone}, {false, false, false, false, true}),
              ElementsAre(4, kNone, 4, 4, 4));
}

TEST(AncestorsTest, CirclesLeadNowhere) {
  EXPECT_THAT(Nearest({kNone, 2, 1, 1}, {true, false, false, false}),
              ElementsAre(0, kNone, kNone, kNone));
}

// Walking up from each span would take 45 billion steps.
TEST(AncestorsTest, TakesAChainOfManySpans) {
  constexpr std::size_t kSpans = 300'000;
  std::vector<std::size_t> parents(kSpans);
  std::vector<bool> has(kSpans);
  for (std::size_t i = 0; i < kSpans; ++i) {
    parents[i] = i == 0 ? kNone : i - 1;
  }
  has[0] = true;
  const std::vector<std::size_t> nearest = Nearest(parents, has);
  EXPECT_THAT(nearest, ::testing::Each(0));
}

}  // namespace
}  // namespace sightline::model
