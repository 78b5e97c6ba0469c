// SPDX-License-Identifier: Apache-2.0
#include "base/reserve.h"

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::base {
namespace {

TEST(ReserveMoreTest, IsCopiedSeldomInManySmallSteps) {
  std::vector<int> numbers;
  int moves = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t before = numbers.capacity();
    ReserveMore(numbers, 1);
    moves += numbers.capacity() != before ? 1 : 0;
    numbers.push_back(i);
  }
  EXPECT_LT(moves, 20);
}

TEST(ReserveMoreTest, MakesRoomForAllAtOnce) {
  std::vector<int> numbers{1, 2, 3};
  ReserveMore(numbers, 1000);
  EXPECT_GE(numbers.capacity(), 1003U);
  ReserveMore(numbers, 0);
  EXPECT_EQ(numbers, (std::vector<int>{1, 2, 3}));
}

}  // namespace
}  // namespace sightline::base
