// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

// A seal that fails opens the database again.

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::uint64_t kAnyPosition = ~std::uint64_t{0};

// A batch whose metric points cannot be read.
std::shared_ptr<model::EncodedBatch> BrokenBatch(std::uint64_t position) {
  BatchBuilder bad(position, kNoon);
  model::MetricPoint point;
  point.name = "a name of a metric";
  bad.batch().points = {point, point};
  std::string record(bad.Build()->record());
  record[record.find("a name") - 1] = '\x7F';  // A length that is past the end.
  auto broken = model::EncodedBatch::Parse(record);
  EXPECT_TRUE(broken.has_value());
  (*broken)->position = position;
  return *broken;
}

TEST_F(EmbeddedStoreTest, PutsABatchThatCannotBeSealedAside) {
  BatchBuilder good(1, kNoon);
  good.AddSpan(1, 1, "run");
  BatchBuilder last(3, kNoon);
  last.AddSpan(2, 1, "run");
  Commit(good.Build());
  Commit(BrokenBatch(2));
  Commit(last.Build());
  for (int i = 0; i < 20 && store_->stats().unsealed_rows != 0; ++i) {
    static_cast<void>(store_->SealNow());
  }
  EXPECT_EQ(store_->stats().unsealed_rows, 0U);
  EXPECT_EQ(store_->stats().quarantined_batches, 1U);
  EXPECT_EQ(losses_.count(base::Loss::kBatchQuarantined), 1U);
  EXPECT_THAT(store_->stats().problems, ElementsAre(HasSubstr("quarantine")));
  EXPECT_THAT(NamesOf(1), SizeIs(1));
  EXPECT_THAT(NamesOf(2), SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "quarantine" / "2.batch"));
  EXPECT_EQ(ExpectClean().quarantined, 1U);
}

// Live state asks whether a run may be old: "no" would count it twice.
TEST_F(EmbeddedStoreTest, ForgetsNoTraceWhileTheDatabaseIsOpenedAgain) {
  BatchBuilder good(1, kNoon);
  good.AddSpan(1, 1, "run");
  Commit(good.Build());
  Seal();
  std::atomic<bool> is_over = false;
  std::atomic<int> forgotten = 0;
  std::jthread asker([&] {
    while (!is_over) {
      forgotten += store_->MayKnow(Trace(1), kAnyPosition) ? 0 : 1;
    }
  });
  Commit(BrokenBatch(2));
  for (int i = 0; i < 20 && store_->stats().unsealed_rows != 0; ++i) {
    static_cast<void>(store_->SealNow());
  }
  is_over = true;
  asker.join();
  EXPECT_EQ(store_->stats().quarantined_batches, 1U);
  EXPECT_EQ(forgotten, 0);
}

TEST_F(EmbeddedStoreTest, MayKnowEverythingWhileADayIsMissing) {
  BatchBuilder good(1, kNoon);
  good.AddSpan(1, 1, "run");
  Commit(good.Build());
  Seal();
  EXPECT_FALSE(store_->MayKnow(Trace(9), kAnyPosition));
  Commit(BrokenBatch(2));
  std::filesystem::resize_file(directory_ / "2026-03-01" / "frames", 0);
  EXPECT_FALSE(store_->SealNow().has_value());
  EXPECT_THAT(store_->stats().problems, SizeIs(1));
  EXPECT_TRUE(store_->MayKnow(Trace(1), kAnyPosition));
  EXPECT_TRUE(store_->MayKnow(Trace(9), kAnyPosition));
}

// For a lack of memory, for instance.
TEST_F(EmbeddedStoreTest, SealsOnWhenSomethingThrows) {
  options_.seal_rows = 1;
  Reopen();
  runs_.next_cut.position = 5;
  std::atomic<int> calls = 0;
  store_->StartSealing([&](std::uint64_t) {
    if (++calls == 1) {
      throw std::bad_alloc();
    }
  });
  const auto deadline = Soon();
  for (const std::uint64_t position : {1U, 2U}) {
    BatchBuilder builder(position, kNoon);
    builder.AddSpan(1, static_cast<std::uint8_t>(position), "run");
    store_->Commit(builder.Build());
    while (store_->stats().unsealed_rows > 0 && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
  }
  store_->StopSealing();
  EXPECT_GE(calls, 2);
  EXPECT_THAT(NamesOf(1), SizeIs(2));
  EXPECT_EQ(losses_.count(base::Loss::kSealFailed), 1U);
}

// Whoever knows how bodies are hashed could make two texts that are taken for one.
TEST_F(EmbeddedStoreTest, HashesBodiesWithAKeyOfTheInstallation) {
  const std::string text(1000, 'x');
  const base::Hash128 hash = store_->bodies().HashOf(text);
  EXPECT_NE(hash, base::HashBytes128(text));
  Reopen();
  EXPECT_EQ(store_->bodies().HashOf(text), hash);
  directory_ = temp_.path() / "another";
  options_.directory = directory_;
  Reopen();
  EXPECT_NE(store_->bodies().HashOf(text), hash);
}

}  // namespace
}  // namespace sightline::store::embedded
