// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/name_grams.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

struct NameCase {
  std::string_view name;
  std::string_view sought;
  std::string_view text;
  bool may_hold;
};

const std::vector<NameCase> kCases = {
    {"the same", "planner", "planner", true},
    {"inside, in any case", "PLAN", "the Planner", true},
    {"not there", "plan", "pla an", false},
    {"one character off", "plans", "plan", false},
    {"long s and Kelvin sign", "risks", "ri\u017F\u212As", true},
    {"across punctuation", "market-research", "market/research", true},
    {"two characters tell nothing", "xy", "", true},
    {"other scripts tell nothing", "写手", "", true},
};

TEST(NameGramsTest, TellWhatNoTextHoldsButNeverDenyWhatOneDoes) {
  for (const NameCase& c : kCases) {
    NameGrams grams;
    grams.Add(c.text);
    EXPECT_EQ(grams.MayHold(c.sought), c.may_hold) << c.name;
  }
}

TEST(NameGramsTest, AreNotFilledByHexadecimalIds) {
  NameGrams grams;
  std::uint64_t state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    grams.Add(fmt::format("conv_{:016x}", state));
  }
  EXPECT_TRUE(grams.MayHold("deadbeef"));
  EXPECT_TRUE(grams.MayHold("conv"));
  EXPECT_FALSE(grams.MayHold("upstream"));
}

}  // namespace
}  // namespace sightline::store::embedded
