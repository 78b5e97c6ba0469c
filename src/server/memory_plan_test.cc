// SPDX-License-Identifier: Apache-2.0
#include "server/memory_plan.h"

#include <cstdint>
#include <initializer_list>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/live/subscription_gate.h"
#include "ingest/lifecycle_state.h"
#include "ingest/pipeline.h"
#include "ingest/recent_rows.h"
#include "live/live.h"
#include "net/grpc_server.h"
#include "net/http_server.h"
#include "server/config.h"
#include "store/embedded/body_index.h"
#include "store/embedded/embedded_store.h"

namespace sightline::server {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

std::uint64_t SumOf(const MemoryPlan& plan) {
  return std::accumulate(plan.bytes.begin(), plan.bytes.end(), std::uint64_t{0});
}

MemoryPlan DefaultPlan() {
  return PlanMemory(Config{}.memory, Config{}.max_body_bytes).value();
}

TEST(MemoryPlanTest, AddsUpToTheBudget) {
  for (const std::uint64_t budget : std::initializer_list<std::uint64_t>{
           1024 * kMebibyte, 512 * kMebibyte, 777'777'777, 8192 * kMebibyte, 1'000'000'000'000}) {
    EXPECT_EQ(SumOf(PlanMemory(budget, 64 * kMebibyte).value()), budget);
    EXPECT_EQ(SumOf(PlanMemory(budget, 1024).value()), budget);
  }
}

TEST(MemoryPlanTest, IsWhatThePartsTakeByDefault) {
  const MemoryPlan plan = DefaultPlan();
  ASSERT_EQ(SumOf(plan), 1024 * kMebibyte);
  const store::embedded::EmbeddedStore::Options store;
  EXPECT_EQ(store.max_head_bytes, plan[MemoryPart::kHead]);
  EXPECT_EQ(store.seal_bytes, plan[MemoryPart::kSealing]);
  EXPECT_EQ(store.query_memory_bytes, plan[MemoryPart::kQueries]);
  EXPECT_EQ(store.reads.bytes, plan[MemoryPart::kReads]);
  EXPECT_EQ(store.fact_cache_bytes + store.run_cache_bytes, plan[MemoryPart::kSums]);
  EXPECT_EQ(store.body_index_bytes, plan[MemoryPart::kBodyIndex]);
  EXPECT_EQ(store::embedded::BodyIndex::kDefaultCapacity,
            plan[MemoryPart::kBodyIndex] / store::embedded::BodyIndex::kBytesPerBody);
  const live::Live::Options live;
  EXPECT_EQ(live.max_waiting_bytes, plan[MemoryPart::kLiveQueue]);
  EXPECT_EQ(live.runs.max_bytes, plan[MemoryPart::kLiveRuns]);
  EXPECT_EQ(live.rollups.max_cells, live::Rollups::CellsWithin(plan[MemoryPart::kRollups]));
  EXPECT_EQ(ingest::Pipeline::Options().max_row_bytes, plan[MemoryPart::kRows]);
  EXPECT_EQ(ingest::RecentRows::kDefaultCapacity,
            plan[MemoryPart::kRecentRows] / ingest::RecentRows::kBytesPerRow);
  const auto lifecycle = ingest::LifecycleState::WithinBytes(plan[MemoryPart::kLifecycle]);
  EXPECT_EQ(ingest::LifecycleState::Options().max_bytes, lifecycle.max_bytes);
  EXPECT_EQ(ingest::LifecycleState::Options().max_items, lifecycle.max_items);
  EXPECT_EQ(net::HttpServerOptions().max_answer_bytes, plan[MemoryPart::kAnswers]);
  EXPECT_EQ(api::SubscriptionGate::Options().max_payload_bytes, plan[MemoryPart::kConnections]);
  EXPECT_EQ(net::GrpcServerOptions().max_buffered_bytes, plan[MemoryPart::kGrpc]);
}

TEST(MemoryPlanTest, NamesEveryPart) {
  for (std::size_t i = 0; i < kMemoryParts; ++i) {
    EXPECT_NE(NameOf(static_cast<MemoryPart>(i)), "");
  }
}

TEST(MemoryPlanTest, LeavesRoomForOneUnfinishedRequestOfTheLargestSize) {
  for (const std::uint64_t body :
       std::initializer_list<std::uint64_t>{1024, 64 * kMebibyte, 512 * kMebibyte}) {
    EXPECT_GT(PlanMemory(2048 * kMebibyte, body).value()[MemoryPart::kGrpc], body);
  }
}

TEST(MemoryPlanTest, GivesEveryPartMoreOfMore) {
  const MemoryPlan small = PlanMemory(512 * kMebibyte, 64 * kMebibyte).value();
  const MemoryPlan large = PlanMemory(4096 * kMebibyte, 64 * kMebibyte).value();
  for (std::size_t i = 0; i < kMemoryParts; ++i) {
    const auto part = static_cast<MemoryPart>(i);
    if (part != MemoryPart::kProgram && part != MemoryPart::kGrpc) {
      EXPECT_GT(large[part], small[part]) << NameOf(part);
    }
  }
}

TEST(MemoryPlanTest, NamesTheLeastBudgetWhenItIsTooSmall) {
  const auto plan = PlanMemory(300 * kMebibyte, 64 * kMebibyte);
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code(), base::Code::kInvalidArgument);
  EXPECT_THAT(plan.error().message(), HasSubstr("at least 419430400 bytes"));
  EXPECT_TRUE(PlanMemory(400 * kMebibyte, 64 * kMebibyte).has_value());
}

}  // namespace
}  // namespace sightline::server
