// SPDX-License-Identifier: Apache-2.0
#include "api/request/nearest_name.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace sightline::api {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({"count", "cost", "p95_duration"});

TEST(NearestNameTest, TakesTheFewestEdits) {
  EXPECT_EQ(NearestName("costs", kNames), "cost");
  EXPECT_EQ(NearestName("duration", kNames), "p95_duration");
  EXPECT_EQ(NearestName("conut", kNames), "count");
  EXPECT_EQ(NearestName("cost", kNames), "cost");
}

TEST(NearestNameTest, BearsEverything) {
  EXPECT_EQ(NearestName("x", {}), "");
  EXPECT_EQ(NearestName("", kNames), "cost") << "the shortest";
  EXPECT_NE(NearestName(std::string(1'000'000, 'x'), kNames), "");
}

}  // namespace
}  // namespace sightline::api
