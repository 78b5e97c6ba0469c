// SPDX-License-Identifier: Apache-2.0
#include "net/connection_counts.h"

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

TEST(ConnectionCountsTest, LimitsAllAndEachAddress) {
  ConnectionCounts counts(3, 2);
  EXPECT_TRUE(counts.Enter("a"));
  EXPECT_TRUE(counts.Enter("a"));
  EXPECT_FALSE(counts.Enter("a")) << "of one address";
  EXPECT_TRUE(counts.Enter("b"));
  EXPECT_FALSE(counts.Enter("c")) << "in all";
  counts.Leave("a");
  EXPECT_TRUE(counts.Enter("c"));
  counts.Leave("b");
  EXPECT_TRUE(counts.Enter("a"));
}

TEST(AddressGroupTest, TakesAHostForOneAddress) {
  const auto group = [](const char* text) {
    return AddressGroup(boost::asio::ip::make_address(text));
  };
  EXPECT_EQ(group("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(group("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(group("2001:db8:1:2::1"), group("2001:db8:1:2:ffff::9"));
  EXPECT_NE(group("2001:db8:1:2::1"), group("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace sightline::net
