// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetentionTest : public EmbeddedStoreTest {
 protected:
  // A run a day, each with the number of its day, from the first of March on. Then it is the day
  // after the last.
  void SealDays(int days) {
    for (int day = 0; day < days; ++day) {
      const auto number = static_cast<std::uint8_t>(day + 1);
      BatchBuilder builder(number, clock_.NowNs());
      builder.AddSpan(number, 1, "run");
      Commit(builder.Build());
      Settle(RunNumber(number, number));
      Seal();
      clock_.Advance(hours(24));
    }
  }

  bool HasFolder(std::string_view day) const { return std::filesystem::exists(directory_ / day); }
};

TEST_F(RetentionTest, DeletesWholeDaysByAgeAndBySize) {
  SealDays(3);
  options_.retention_days = 3;
  Reopen();
  store_->EnforceRetention();
  EXPECT_THAT(List({}), ElementsAre(3, 2));
  EXPECT_FALSE(HasFolder("2026-03-01"));
  options_.retention_days = 0;
  options_.retention_bytes = 1;
  Reopen();
  store_->EnforceRetention();
  EXPECT_THAT(List({}), ElementsAre(3));
  EXPECT_EQ(losses_.count(base::Loss::kRetentionDeleted), 2U);
  EXPECT_THAT(NamesOf(1), IsEmpty());
}

// The journal may still hold what the deleted day held: it must not be asked to replay it.
TEST_F(RetentionTest, RemembersThePositionOfDeletedDays) {
  BatchBuilder builder(7, kNoon);
  builder.AddSpan(1, 1, "run");
  Commit(builder.Build());
  Settle(RunNumber(1, 7));
  Seal();
  clock_.Advance(hours(24 * 10));
  options_.retention_days = 3;
  Reopen();
  store_->EnforceRetention();
  EXPECT_THAT(List({}), IsEmpty());
  EXPECT_EQ(store_->sealed_position(), 7U);
  Reopen();
  EXPECT_EQ(store_->sealed_position(), 7U);
  EXPECT_EQ(CheckStore(directory_)->sealed_position, 7U);
}

// A read of a large store may take long, and must neither fail nor hold up retention and sealing.
TEST_F(RetentionTest, LeavesADayToReadsThatUseItAndDeletesItAfterThem) {
  SealDays(3);
  options_.retention_days = 3;
  Reopen();
  int visited = 0;
  const auto read = store_->VisitNewestRows(
      [&](const model::Batch&) {
        ++visited;
        store_->EnforceRetention();
        EXPECT_EQ(store_->stats().days, 2U) << "no later read sees it";
        EXPECT_THAT(List({}), ElementsAre(3, 2));
        EXPECT_TRUE(HasFolder("2026-03-01")) << "the read goes on";
      },
      Soon());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(visited, 1);
  store_->EnforceRetention();
  EXPECT_FALSE(HasFolder("2026-03-01"));
  EXPECT_EQ(losses_.count(base::Loss::kRetentionDeleted), 1U);
}

// What was built before midnight and refers to bodies of that day may be committed after it.
TEST_F(RetentionTest, KeepsTheNewestDayWhileSomethingThatRefersToItMayCome) {
  clock_.Advance(hours(12) - minutes(1));
  BatchBuilder first(1, clock_.NowNs());
  first.AddSpan(1, 1, "run");
  first.WithBody(7, "a text that both runs say");
  Commit(first.Build());
  Settle(RunNumber(1, 1));
  Seal();
  BatchBuilder late(2, clock_.NowNs());
  late.AddSpan(2, 1, "run");
  late.WithReference(7);
  options_.retention_days = 1;
  Reopen();
  clock_.Advance(minutes(2));
  store_->EnforceRetention();
  EXPECT_TRUE(HasFolder("2026-03-01"));
  Commit(late.Build());
  clock_.Advance(hours(1));
  store_->EnforceRetention();
  const std::vector<std::uint64_t> ids = {7};
  EXPECT_THAT(*store_->LoadBodies(ids, Soon()), SizeIs(1)) << "the head refers to it";
  Seal();
  store_->EnforceRetention();
  EXPECT_FALSE(HasFolder("2026-03-01"));
}

// New days are attached and old ones detached while there is never a moment without a read.
TEST_F(RetentionTest, GoesOnWhileReadersNeverPause) {
  SealDays(1);
  std::atomic<bool> is_over = false;
  std::atomic<int> failures = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!is_over) {
        failures += store_->ListRuns({}, Soon()).has_value() ? 0 : 1;
      }
    });
  }
  const auto deadline = Soon();
  for (std::uint8_t day = 2; day <= 6; ++day) {
    BatchBuilder builder(day, clock_.NowNs());
    builder.AddSpan(day, 1, "run");
    Commit(builder.Build());
    Settle(RunNumber(day, day));
    Seal();
    clock_.Advance(hours(24));
  }
  is_over = true;
  readers.clear();
  EXPECT_LT(std::chrono::steady_clock::now(), deadline);
  EXPECT_EQ(failures, 0);
  EXPECT_THAT(List({}), SizeIs(6));
}

// Reads that looked up the days before a day is deleted still find its tables.
TEST_F(RetentionTest, FailsNoReadsThatGoOnMeanwhile) {
  SealDays(6);
  options_.retention_bytes = 1;
  Reopen();
  std::atomic<bool> is_over = false;
  std::atomic<int> failures = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!is_over) {
        failures += store_->ListRuns({}, Soon()).has_value() ? 0 : 1;
        failures += store_->FetchTrace(Trace(6), Soon()).has_value() ? 0 : 1;
      }
    });
  }
  store_->EnforceRetention();
  is_over = true;
  readers.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_THAT(List({}), ElementsAre(6));
  store_->EnforceRetention();
  EXPECT_FALSE(HasFolder("2026-03-05"));
  EXPECT_TRUE(HasFolder("2026-03-06"));
  ExpectClean();
}

}  // namespace
}  // namespace sightline::store::embedded
