// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/failing_disk_for_testing.h"
#include "store/embedded/store_for_testing.h"

// What throws on a thread of the store, as everything does when memory runs out, is told; the
// thread goes on.

namespace sightline::store::embedded {
namespace {

using std::chrono::hours;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class StoreThrowTest : public EmbeddedStoreTest {
 protected:
  // A run a day; more days than are opened at a start. Then it is the day after the last.
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

  void ReopenOn(base::Disk& disk) {
    store_.reset();
    auto opened = EmbeddedStore::Open(options_, clock_, losses_, disk);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    store_ = std::move(*opened);
    store_->SetRunSource(&runs_);
  }

  template <typename Condition>
  static void WaitUntil(const Condition& condition) {
    const auto deadline = Soon();
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    ASSERT_TRUE(condition());
  }
};

TEST_F(StoreThrowTest, HistoryIsReadOnWhenSomethingThrows) {
  SealDays(9);
  Reopen();
  ASSERT_FALSE(store_->has_all_days());
  std::vector<std::int32_t> told;
  store_->LoadHistory(
      0,
      [&](const DaySums& sums) {
        told.push_back(sums.day);
        if (told.size() % 2 == 1) {
          throw std::bad_alloc();
        }
      },
      [] { throw std::runtime_error("nobody listens"); });
  EXPECT_THAT(List({}), SizeIs(9)) << "a list waits for all days";
  store_->StopSealing();
  EXPECT_THAT(told, SizeIs(9));
  EXPECT_THAT(store_->stats().problems, Contains(HasSubstr("figures lack a day")).Times(5));
  EXPECT_THAT(store_->stats().problems, Contains(HasSubstr("nobody listens")));
  EXPECT_EQ(losses_.count(base::Loss::kTaskFailed), 6U);
}

TEST_F(StoreThrowTest, OneDayThatThrowsIsLeftOutOfHistory) {
  SealDays(9);
  FailingDisk disk;
  ReopenOn(disk);
  disk.throws = true;
  disk.calls_until_failure = 0;
  std::vector<std::int32_t> told;
  store_->LoadHistory(0, [&](const DaySums& sums) { told.push_back(sums.day); }, [] {});
  EXPECT_THAT(List({}), SizeIs(8));
  store_->StopSealing();
  EXPECT_THAT(told, SizeIs(8));
  EXPECT_THAT(store_->stats().problems, ElementsAre(HasSubstr("cannot open a day")));
  store_.reset();  // Uses the disk.
}

TEST_F(StoreThrowTest, SealsOnAfterRetentionThrew) {
  SealDays(2);
  options_.retention_days = 1;
  options_.seal_rows = 1;
  FailingDisk disk;
  ReopenOn(disk);
  disk.throws = true;
  disk.calls_until_failure = 0;
  store_->StartSealing([](std::uint64_t) {});
  WaitUntil([&] { return losses_.count(base::Loss::kTaskFailed) == 1; });
  BatchBuilder builder(3, clock_.NowNs());
  builder.AddSpan(3, 1, "run");
  runs_.next_cut.position = 3;
  store_->Commit(builder.Build());
  WaitUntil([&] { return store_->stats().unsealed_rows == 0; });
  store_->StopSealing();
  EXPECT_THAT(NamesOf(3), ElementsAre("run"));
  EXPECT_EQ(losses_.count(base::Loss::kRetentionDeleted), 0U);
  store_->EnforceRetention();
  EXPECT_EQ(losses_.count(base::Loss::kRetentionDeleted), 2U);
  store_.reset();  // Uses the disk.
}

}  // namespace
}  // namespace sightline::store::embedded
