// SPDX-License-Identifier: Apache-2.0
#include "net/host.h"

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

TEST(HostPolicyTest, AllowsNamesThatCannotPointElsewhere) {
  const HostPolicy policy({"ops.example"});
  for (const char* host :
       {"localhost", "LocalHost:8000", "localhost.", "a.b.localhost:1", "127.0.0.1",
        "127.0.0.1:65535", "10.1.2.3", "[::1]", "[::1]:8000", "[2001:db8::1]", "ops.example",
        "OPS.example:443", "ops.example.", "localhost:"}) {
    EXPECT_TRUE(policy.Allows(host)) << host;
  }
}

TEST(HostPolicyTest, RefusesOtherNames) {
  const HostPolicy policy({"ops.example"});
  for (const char* host : {"evil.example",
                           "evil.example:8000",
                           "",
                           ":8000",
                           "localhost.evil.example",
                           "evil-localhost",
                           "localhost:x",
                           "localhost:123456",
                           "localhost:1:2",
                           "evil@localhost",
                           "localhost@evil.example",
                           "localhost evil.example",
                           "127.0.0.1.evil.example",
                           "127.1",
                           "0x7f000001",
                           "2130706433",
                           "[::1",
                           "::1",
                           "[evil.example]",
                           "[::1]x",
                           "[]",
                           ".",
                           "a.ops.example",
                           "xops.example",
                           "localhost,evil.example",
                           "localhost/evil"}) {
    EXPECT_FALSE(policy.Allows(host)) << host;
  }
}

TEST(HostPolicyTest, AnyNameMayBeAllowed) {
  EXPECT_TRUE(HostPolicy({"*"}).Allows("whatever.example:80"));
  EXPECT_FALSE(HostPolicy({"*"}).Allows("a b:x"));
}

}  // namespace
}  // namespace sightline::net
