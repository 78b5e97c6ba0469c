// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/embedded_store.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/columns.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(EmbeddedStoreTest, ShowsATraceFromHeadAndFramesAlike) {
  BatchBuilder first(1, kNoon);
  first.AddSpan(1, 2, "chat");
  Commit(first.Build());
  EXPECT_THAT(NamesOf(1), ElementsAre("chat"));
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("chat"));
  BatchBuilder second(2, kNoon);
  second.AddSpan(1, 1, "agent");
  Commit(second.Build());
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  EXPECT_THAT(NamesOf(9), IsEmpty());
  Reopen();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, TellsWhenTheLastOfATraceCameFromHeadAndFramesAlike) {
  BatchBuilder first(1, kNoon);
  first.AddSpan(1, 1, "run");
  Commit(first.Build());
  BatchBuilder later(2, kNoon + 5 * kSecond);
  model::LogRecord log;
  log.trace_id = Trace(1);
  log.time_ns = kNoon;
  later.batch().logs.push_back(log);
  Commit(later.Build());
  EXPECT_EQ((*store_->FetchTrace(Trace(1), Soon()))->received_ns, kNoon + 5 * kSecond);
  Seal();
  EXPECT_EQ((*store_->FetchTrace(Trace(1), Soon()))->received_ns, kNoon + 5 * kSecond);
  EXPECT_THAT((*store_->FetchTrace(Trace(1), Soon()))->logs, SizeIs(1));
}

TEST_F(EmbeddedStoreTest, KeepsEveryColumn) {
  BatchBuilder builder(1, kNoon);
  model::Span& span = builder.AddSpan(1, 2, "你好 🚀");
  span.usage = {.input_total = 10, .cache_read = 3, .output_total = 5};
  span.cost.picodollars = 123'456'789'012;
  span.cost_status = model::CostStatus::kPriced;
  span.attributes = R"({"a":1})";
  span.content = std::string_view("\0\xFFz", 3);
  span.service = "not UTF-8: \xFF";
  span.marks = 0x80000001U;
  span.has_error = true;
  span.arguments_hash = 0xFEDCBA9876543210U;  // More than a signed integer holds.
  const model::Span want = span;
  Commit(builder.Build());
  Seal();
  Reopen();
  const auto rows = store_->FetchTrace(Trace(1), Soon());
  ASSERT_TRUE(rows.has_value());
  ASSERT_THAT((*rows)->spans, SizeIs(1));
  model::ForEachColumn<model::Span>([&](std::size_t, const auto& column) {
    EXPECT_EQ(column.get((*rows)->spans[0]), column.get(want)) << column.name;
  });
}

TEST_F(EmbeddedStoreTest, ContinuesAfterARestart) {
  BatchBuilder first(7, kNoon);
  first.AddSpan(1, 1, "agent");
  first.WithBody(41, "a message that is stored once");
  Commit(first.Build());
  Seal();
  Reopen();
  EXPECT_EQ(store_->sealed_position(), 7U);
  EXPECT_GT(store_->bodies().NewId(), 41U);
  BatchBuilder second(8, kNoon);
  second.AddSpan(1, 2, "chat");
  second.WithReference(41);
  Commit(second.Build());
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  const std::vector<std::uint64_t> ids = {41, 99};
  const auto bodies = store_->LoadBodies(ids, Soon());
  ASSERT_TRUE(bodies.has_value());
  EXPECT_THAT(*bodies, ElementsAre(std::pair(41U, "a message that is stored once")));
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, FindsABodyThatIsDurableUntilTheNextDay) {
  const std::string_view text = "a message that is stored once";
  const base::Hash128 hash = store_->bodies().HashOf(text);
  EXPECT_NE(hash, base::HashBytes128(text)) << "nobody outside can know it";
  BatchBuilder builder(1, kNoon);
  builder.AddSpan(1, 1, "run");
  builder.batch().bodies.push_back({.id = 5, .hash = hash, .owner = Trace(1), .bytes = text});
  Commit(builder.Build());
  const auto known = store_->bodies().Find(base::DayOf(kNoon), hash);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->id, 5U);
  EXPECT_EQ(known->owner, Trace(1));
  EXPECT_FALSE(store_->bodies().Find(base::DayOf(kNoon) + 1, hash).has_value());
}

TEST_F(EmbeddedStoreTest, StartsWithoutADeletedPositionThatIsDamaged) {
  store_.reset();
  std::ofstream(directory_ / "deleted_position") << "17 0123456789abcdef\n";
  Reopen();
  EXPECT_EQ(store_->sealed_position(), 0U);
  EXPECT_THAT(store_->stats().problems, ElementsAre(HasSubstr("deleted_position")));
  EXPECT_THAT(CheckStore(directory_)->problems, SizeIs(1));
}

// As after a commit that failed as seen from here and had reached the disk.
TEST_F(EmbeddedStoreTest, DoesNotSealWhatADayHolds) {
  for (const std::uint64_t position : {1U, 2U}) {
    BatchBuilder builder(position, kNoon);
    builder.AddSpan(1, static_cast<std::uint8_t>(position), "run");
    Commit(builder.Build());
    if (position == 1) {
      Seal();
      Commit(builder.Build());
    }
  }
  Seal();
  EXPECT_THAT(NamesOf(1), SizeIs(2));
  EXPECT_EQ(store_->stats().sealed_spans, 2U);
  EXPECT_EQ(store_->stats().unsealed_rows, 0U);
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, SealsOnlyWhatLiveStateHasTakenIn) {
  BatchBuilder first(1, kNoon);
  first.AddSpan(1, 1, "run");
  Commit(first.Build());
  BatchBuilder second(2, kNoon);
  second.AddSpan(2, 1, "run");
  store_->Commit(second.Build());
  Seal();
  EXPECT_EQ(store_->sealed_position(), 1U);
  EXPECT_EQ(store_->stats().unsealed_rows, 1U);
  EXPECT_THAT(NamesOf(2), SizeIs(1));
  runs_.next_cut.position = 2;
  Seal();
  EXPECT_EQ(store_->sealed_position(), 2U);
}

TEST_F(EmbeddedStoreTest, SealsBatchesOfSeveralDaysTogetherWithOneCut) {
  BatchBuilder today(1, kNoon);
  today.AddSpan(1, 1, "run");
  BatchBuilder tomorrow(2, kNoon + 86'400 * kSecond);
  tomorrow.AddSpan(1, 2, "chat");
  Commit(today.Build());
  Commit(tomorrow.Build());
  Settle(RunNumber(1, 2));
  Seal();
  EXPECT_EQ(store_->stats().days, 2U);
  EXPECT_THAT(NamesOf(1), SizeIs(2));
  EXPECT_THAT(List({}), ElementsAre(1));
  Reopen();
  EXPECT_TRUE(store_->OpenRuns(Soon())->empty());
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, KnowsWhichRunsWentOn) {
  const auto commit = [&](std::uint64_t position, std::uint8_t trace) {
    BatchBuilder builder(position, kNoon);
    builder.AddSpan(trace, static_cast<std::uint8_t>(position), "span");
    Commit(builder.Build());
  };
  commit(1, 1);
  commit(2, 2);
  commit(3, 3);
  runs_.next_cut.open_position = 2;  // Run 2 and 3 go on.
  Settle(RunNumber(1, 1));
  Seal();
  commit(4, 1);  // Run 1 was re-opened.
  runs_.next_cut.open_position = 3;
  model::RunRecord second = RunNumber(2, 2);
  Settle(second);
  Seal();
  Reopen();
  auto open = store_->OpenRuns(Soon()).value();
  std::sort(open.begin(), open.end(),
            [](const OpenRun& a, const OpenRun& b) { return a.trace_id < b.trace_id; });
  ASSERT_THAT(open, SizeIs(2));
  EXPECT_EQ(open[0].trace_id, Trace(1));
  EXPECT_EQ(open[0].settled_position, 1U);
  EXPECT_EQ(open[0].last_position, 4U);
  EXPECT_EQ(open[1].trace_id, Trace(3));
  EXPECT_EQ(open[1].settled_position, 0U);
  EXPECT_THAT((*store_->FetchSpansBefore(Trace(1), 2, Soon()))->spans, SizeIs(1));
}

TEST_F(EmbeddedStoreTest, TellsSumsOfEveryDayAtTheStart) {
  for (int day = 0; day < 12; ++day) {
    runs_.next_cut.workflows = {{.workflow_id = "w", .completed = 1, .completed_seconds = 2.5}};
    runs_.next_cut.agents = {{.name = "a", .last_received_ns = day}};
    model::RollupEntry entry{.minute = day, .key = {.workflow = "w"}};
    entry.counts.steps = 3;
    entry.step_latency.Add(kSecond);
    runs_.next_cut.rollups = {entry};
    Settle(RunNumber(static_cast<std::uint8_t>(day + 1), 1));
    Seal();
    clock_.Advance(hours(24));
  }
  Reopen();
  base::Mutex mutex;
  base::CondVar changed;
  bool is_done = false;
  std::int64_t completed = 0;
  std::int64_t steps = 0;
  std::int64_t latencies = 0;
  store_->LoadHistory(
      10,
      [&](const DaySums& sums) {
        completed += sums.workflows.at(0).completed;
        for (const model::RollupEntry& entry : sums.rollups) {
          steps += entry.counts.steps;
          latencies += entry.step_latency.count();
        }
      },
      [&] {
        base::MutexLock lock(mutex);
        is_done = true;
        changed.NotifyAll();
      });
  EXPECT_THAT(List({}), SizeIs(12)) << "lists wait for all days";
  base::MutexLock lock(mutex);
  while (!is_done) {
    changed.Wait(mutex);
  }
  EXPECT_EQ(completed, 12);
  EXPECT_EQ(steps, 6) << "of the minutes asked for";
  EXPECT_EQ(latencies, 2);
}

TEST_F(EmbeddedStoreTest, StartsWithoutADayThatIsDamaged) {
  for (int day = 0; day < 3; ++day) {
    const auto number = static_cast<std::uint8_t>(day + 1);
    BatchBuilder builder(number, clock_.NowNs());
    builder.AddSpan(number, 1, "run");
    Commit(builder.Build());
    Settle(RunNumber(number, number));
    Seal();
    clock_.Advance(hours(24));
  }
  store_.reset();
  std::filesystem::resize_file(directory_ / "2026-03-01" / "facts.duckdb", 0);
  std::ofstream(directory_ / "2026-03-02" / "facts.duckdb") << "this is no database at all";
  Reopen();
  EXPECT_THAT(List({}), ElementsAre(3));
  EXPECT_THAT(store_->stats().problems, SizeIs(2));
  EXPECT_THAT(CheckStore(directory_)->problems, SizeIs(2));
}

TEST_F(EmbeddedStoreTest, RefusesADirectoryOfAnotherFormat) {
  store_.reset();
  std::ofstream(directory_ / "format") << "3\n";
  auto opened = EmbeddedStore::Open(options_, clock_, losses_, disk_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), base::Code::kFailedPrecondition);
  EXPECT_THAT(opened.error().message(), HasSubstr("newer version of Sightline"));
  EXPECT_FALSE(CheckStore(directory_).has_value());
  std::ofstream(directory_ / "format") << "1\n";
  opened = EmbeddedStore::Open(options_, clock_, losses_, disk_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_THAT(opened.error().message(), HasSubstr("before the first release"));
  std::filesystem::remove(directory_ / "format");
  std::ofstream(directory_ / "2026-03-01.duckdb") << "";
  EXPECT_FALSE(EmbeddedStore::Open(options_, clock_, losses_, disk_).has_value());
}

TEST_F(EmbeddedStoreTest, SealsByItselfAndTellsTheJournal) {
  options_.seal_rows = 1;
  Reopen();
  base::Mutex mutex;
  base::CondVar sealed;
  std::uint64_t position = 0;
  runs_.next_cut.position = 5;
  store_->StartSealing([&](std::uint64_t sealed_position) {
    base::MutexLock lock(mutex);
    position = sealed_position;
    sealed.NotifyAll();
  });
  BatchBuilder builder(5, kNoon);
  builder.AddSpan(1, 1, "run");
  store_->Commit(builder.Build());
  {
    base::MutexLock lock(mutex);
    while (position != 5) {
      sealed.Wait(mutex);
    }
  }
  store_->StopSealing();
  EXPECT_EQ(store_->stats().unsealed_rows, 0U);
  EXPECT_EQ(store_->stats().sealed_spans, 1U);
}

TEST_F(EmbeddedStoreTest, StopsAReadAtItsDeadline) {
  BatchBuilder builder(1, kNoon);
  builder.AddSpan(1, 1, "run");
  Commit(builder.Build());
  Settle(RunNumber(1, 1));
  Seal();
  const auto past = std::chrono::steady_clock::now() - hours(1);
  EXPECT_EQ(store_->FetchTrace(Trace(1), past).error().code(), base::Code::kDeadlineExceeded);
  const auto page = store_->ListRuns({}, past);
  // A read this small may finish before the watch looks; it must never hang or crash.
  if (!page.has_value()) {
    EXPECT_EQ(page.error().code(), base::Code::kDeadlineExceeded);
  }
}

TEST_F(EmbeddedStoreTest, KeepsASpanThatHasNotEndedUntilItEnds) {
  BatchBuilder started(1, kNoon);
  started.AddPending(1, 1, "agent");
  Commit(started.Build());
  for (int step = 0; step < 3; ++step) {
    SCOPED_TRACE(step);
    if (step == 1) {
      Seal();
    } else if (step == 2) {
      Reopen();
    }
    EXPECT_TRUE(store_->MayKnow(Trace(1), 2));
    EXPECT_EQ(store_->MayKnow(Trace(1), 1), step != 0) << "not before its own batch";
    EXPECT_FALSE(store_->MayKnow(Trace(2), 9));
    const auto rows = store_->FetchTrace(Trace(1), Soon());
    ASSERT_TRUE(rows.has_value());
    ASSERT_THAT((*rows)->spans, SizeIs(1));
    EXPECT_TRUE((*rows)->spans[0].has_mark(model::Mark::kPlaceholder));
  }
  BatchBuilder ended(2, kNoon);
  ended.AddSpan(1, 1, "agent");
  Commit(ended.Build());
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "agent")) << "readers drop the placeholder";
  ExpectClean();
}

// One byte that is not UTF-8 stopped the first store for good.
TEST_F(EmbeddedStoreTest, SealsMetricsWhateverTheirNamesAre) {
  BatchBuilder builder(1, kNoon);
  for (const std::string_view name : {"caf\xE9", "\xED\xA0\x80", "", "fine"}) {
    model::MetricPoint point;
    point.name = name;
    point.unit = name;
    point.scope = name;
    point.attributes = name;
    point.value = 1;
    builder.batch().points.push_back(point);
  }
  Commit(builder.Build());
  Seal();
  EXPECT_EQ(store_->stats().unsealed_rows, 0U);
  EXPECT_EQ(losses_.count(base::Loss::kSealFailed), 0U);
  EXPECT_EQ(ExpectClean().points, 4U);
}

// A record of the right form whose rows are not: it is found when it is sealed or read.
// A day so small that DuckDB never writes its tables by itself would stay in memory, as large as
// whole blocks make it, for as long as the server runs.
TEST_F(EmbeddedStoreTest, WritesOutADayOnceOthersCameAfterIt) {
  constexpr std::int64_t kDay = 86'400 * kSecond;
  for (std::uint8_t day = 0; day < 5; ++day) {
    BatchBuilder batch(day + 1, kNoon + day * kDay);
    batch.AddSpan(static_cast<std::uint8_t>(day + 1), 1, "run");
    Commit(batch.Build());
    Seal();
  }
  std::vector<std::string> waiting;
  for (const auto& folder : std::filesystem::directory_iterator(directory_)) {
    const std::filesystem::path log = folder.path() / "facts.duckdb.wal";
    if (std::filesystem::exists(log) && std::filesystem::file_size(log) != 0) {
      waiting.push_back(folder.path().filename());
    }
  }
  EXPECT_THAT(waiting, testing::UnorderedElementsAre("2026-03-04", "2026-03-05"));
}

}  // namespace
}  // namespace sightline::store::embedded
