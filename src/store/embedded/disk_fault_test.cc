// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/failing_disk_for_testing.h"
#include "store/embedded/store_for_testing.h"

// Each call that the store makes of its disk fails once, in turn: at a start, and while it seals
// and stops. (DuckDB and SQLite call the disk themselves: test/e2e/disk_faults_test.py.)

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int kMostCalls = 1000;

class DiskFaultTest : public EmbeddedStoreTest {
 protected:
  // A run of one span whose body is long enough to be stored as one.
  void Add(std::uint8_t number) {
    BatchBuilder builder(number, clock_.NowNs());
    builder.AddSpan(number, 1, fmt::format("span {}", number)).attributes = R"({"a":1})";
    builder.WithBody(number, fmt::format("body {}{}", number, std::string(40, '.')));
    Commit(builder.Build());
    Settle(RunNumber(number, number));
  }

  // True when it was opened.
  bool OpenOn(base::Disk& disk) {
    store_.reset();
    auto opened = EmbeddedStore::Open(options_, clock_, losses_, disk);
    if (!opened.has_value()) {
      EXPECT_FALSE(opened.error().message().empty());
      return false;
    }
    store_ = std::move(*opened);
    store_->SetRunSource(&runs_);
    return true;
  }

  void ExpectRuns(std::uint8_t count, const std::string& what) {
    EXPECT_THAT(List({}), SizeIs(count)) << what;
    for (std::uint8_t i = 1; i <= count; ++i) {
      EXPECT_THAT(NamesOf(i), ElementsAre(fmt::format("span {}", i))) << what;
      const std::vector<std::uint64_t> ids = {i};
      const auto bodies = store_->LoadBodies(ids, Soon());
      ASSERT_TRUE(bodies.has_value()) << what;
      EXPECT_THAT(*bodies, SizeIs(1)) << what;
    }
  }
};

TEST_F(DiskFaultTest, AStartFindsAllDaysOrSaysWhyItCannotStart) {
  Add(1);
  Seal();
  clock_.Advance(std::chrono::hours(24));
  Add(2);
  Seal();
  int calls = 0;
  for (; calls < kMostCalls && !HasFailure(); ++calls) {
    FailingDisk disk;
    disk.calls_until_failure = calls;
    const bool is_open = OpenOn(disk);
    const bool has_failed = disk.calls_until_failure == FailingDisk::kNever;
    disk.calls_until_failure = FailingDisk::kNever;
    if (is_open) {
      ExpectRuns(2, fmt::format("call {} of a start failed", calls));
    }
    store_.reset();  // Uses the disk.
    if (!has_failed) {
      break;
    }
  }
  EXPECT_GT(calls, 3);
  EXPECT_LT(calls, kMostCalls);
}

TEST_F(DiskFaultTest, SealsEverythingOnceInTheEnd) {
  int calls = 0;
  for (; calls < kMostCalls && !HasFailure(); ++calls) {
    const std::string what = fmt::format("call {} failed", calls);
    store_.reset();
    std::filesystem::remove_all(directory_);
    FailingDisk disk;
    disk.writes_halves = false;
    ASSERT_TRUE(OpenOn(disk));
    Add(1);
    disk.calls_until_failure = calls;
    bool is_sealed = store_->SealNow().has_value();
    Add(2);
    for (int i = 0; i < 20 && !(is_sealed && store_->stats().unsealed_rows == 0); ++i) {
      is_sealed = store_->SealNow().has_value();
    }
    EXPECT_EQ(store_->stats().unsealed_rows, 0U) << what;
    EXPECT_EQ(store_->stats().quarantined_batches, 0U) << what;
    store_.reset();  // Saves the indexes.
    const bool has_failed = disk.calls_until_failure == FailingDisk::kNever;
    Reopen();
    ExpectRuns(2, what);
    EXPECT_EQ(store_->stats().sealed_spans, 2U) << what;
    store_.reset();
    ExpectClean();
    if (!has_failed) {
      break;
    }
  }
  EXPECT_GT(calls, 10);
  EXPECT_LT(calls, kMostCalls);
}

}  // namespace
}  // namespace sightline::store::embedded
