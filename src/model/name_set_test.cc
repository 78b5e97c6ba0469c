// SPDX-License-Identifier: Apache-2.0
#include "model/name_set.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::model {
namespace {

using Names = std::vector<std::string>;

TEST(NameSetTest, ReturnsNamesInOrder) {
  EXPECT_EQ(SplitSet(JoinSet(Names{"b", "", "a b"})), (Names{"b", "", "a b"}));
}

TEST(NameSetTest, OfNoNamesIsEmpty) {
  EXPECT_EQ(JoinSet(Names{}), "");
  EXPECT_EQ(SplitSet(""), Names{});
}

TEST(NameSetTest, FindsWholeNamesOnly) {
  const std::string set = JoinSet(Names{"beta", "v1"});
  EXPECT_TRUE(IsInSet(set, "beta"));
  EXPECT_FALSE(IsInSet(set, "bet"));
  EXPECT_FALSE(IsInSet(set, ""));
  EXPECT_NE(set.find(InSet("v1")), std::string::npos);
  EXPECT_EQ(set.find(InSet("v")), std::string::npos);
}

TEST(NameSetTest, ASeparatorInANameBecomesASpace) {
  EXPECT_EQ(SplitSet(JoinSet(Names{"a\x1f"
                                   "b"})),
            Names{"a b"});
}

TEST(NameSetTest, ATextThatIsNoSetIsOneName) {
  EXPECT_EQ(SplitSet("more"), Names{"more"});
  EXPECT_TRUE(IsInSet("more", "more"));
}

}  // namespace
}  // namespace sightline::model
