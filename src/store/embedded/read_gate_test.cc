// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/read_gate.h"

#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

using namespace std::chrono_literals;

ReadGate::Deadline Soon() {
  return std::chrono::steady_clock::now() + 30s;
}

ReadGate::Deadline Now() {
  return std::chrono::steady_clock::now();
}

// As another request would.
base::Result<void> GrowElsewhere(const ReadGate& gate, std::uint64_t bytes,
                                 ReadGate::Deadline deadline) {
  base::Result<void> grown;
  std::thread([&] { grown = gate.Begin()->Grow(bytes, deadline); }).join();
  return grown;
}

TEST(ReadGateTest, GivesBackWhatAReadTook) {
  const ReadGate gate({.bytes = 100, .most_bytes_of_read = 1000});
  auto charge = gate.Begin();
  EXPECT_TRUE(charge->Grow(60, Now()).has_value());
  EXPECT_TRUE(charge->Grow(40, Now()).has_value());
  EXPECT_EQ(gate.taken_bytes(), 100U);
  charge.reset();
  EXPECT_EQ(gate.taken_bytes(), 0U);
}

TEST(ReadGateTest, OneThreadAloneGoesBeyond) {
  const ReadGate gate({.bytes = 100, .most_bytes_of_read = 1000});
  auto large = gate.Begin();
  ASSERT_TRUE(large->Grow(500, Now()).has_value());
  const auto refused = GrowElsewhere(gate, 1, Now());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::Code::kUnavailable);
  // A comparison reads two runs.
  const auto second = gate.Begin();
  EXPECT_TRUE(second->Grow(500, Now()).has_value());
  EXPECT_TRUE(large->Grow(100, Now()).has_value());
}

TEST(ReadGateTest, OthersGoOnOnceTheLargeReadEnds) {
  const ReadGate gate({.bytes = 100, .most_bytes_of_read = 1000});
  auto large = gate.Begin();
  ASSERT_TRUE(large->Grow(500, Now()).has_value());
  base::Result<void> grown = base::Error(base::Code::kInternal, "not yet");
  std::thread waiting([&] { grown = gate.Begin()->Grow(200, Soon()); });
  large.reset();
  waiting.join();
  EXPECT_TRUE(grown.has_value());
  EXPECT_EQ(gate.taken_bytes(), 0U);
}

TEST(ReadGateTest, RefusesWhatNoMachineHolds) {
  const ReadGate gate({.bytes = 100, .most_bytes_of_read = 1000});
  auto charge = gate.Begin();
  ASSERT_TRUE(charge->Grow(1000, Now()).has_value());
  const auto refused = charge->Grow(1, Soon());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::Code::kResourceExhausted);
}

}  // namespace
}  // namespace sightline::store::embedded
