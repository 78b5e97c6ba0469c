// SPDX-License-Identifier: Apache-2.0
#include "server/open_files.h"

#include <sys/resource.h>

#include <limits>

#include <gtest/gtest.h>

namespace sightline::server {
namespace {

TEST(OpenFilesTest, RaisesTheLimitToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lowered{.rlim_cur = 64, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &lowered), 0);
  const std::size_t limit = RaiseOpenFilesLimit();
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  EXPECT_EQ(limit, before.rlim_max == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max()
                                                    : before.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(OpenFilesTest, LeavesHalfOfTheFilesToTheStore) {
  EXPECT_EQ(ConnectionsFor(1024, 3, 4096), 170U);
  EXPECT_EQ(ConnectionsFor(1'048'576, 3, 4096), 4096U);
  EXPECT_EQ(ConnectionsFor(1024, 3, 10), 10U);
  EXPECT_EQ(ConnectionsFor(4, 3, 10), 1U) << "a port takes at least one";
}

}  // namespace
}  // namespace sightline::server
