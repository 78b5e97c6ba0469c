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

TEST_F(EmbeddedStoreTest, ListsARunFromMemoryFromACutAndFromDiskAlike) {
  runs_.open = {RunNumber(1, 1)};
  EXPECT_THAT(List({}), ElementsAre(1));
  runs_.open.clear();
  Settle(RunNumber(1, 1));
  EXPECT_THAT(List({}), ElementsAre(1));
  Seal();
  EXPECT_THAT(List({}), ElementsAre(1));
  Reopen();
  const auto page = store_->ListRuns({}, Soon());
  ASSERT_TRUE(page.has_value());
  ASSERT_THAT(page->runs, SizeIs(1));
  EXPECT_EQ(page->runs[0].workflow_id, "w");
  EXPECT_EQ(page->runs[0].end_ns, kNoon + 2 * kSecond);
  EXPECT_TRUE(page->is_total_exact);
  EXPECT_EQ(page->total, 1U);
}

TEST_F(EmbeddedStoreTest, KeepsEveryFieldOfARun) {
  model::RunRecord run = RunNumber(1, 1);
  run.run_id = "run-1";
  run.agents = {"triage", "writer"};
  run.models = {"gpt-5"};
  run.services = {"shop", "crm"};
  run.error_message = "boom \xFF";
  run.usage = {.input_total = 5, .output_total = 7, .total = 12};
  run.cost.picodollars = 99;
  run.cost_status = model::CostStatus::kPartial;
  run.tool_calls = 3;
  Settle(run);
  Seal();
  Reopen();
  const auto page = store_->ListRuns({}, Soon());
  ASSERT_TRUE(page.has_value()) << page.error().message();
  ASSERT_THAT(page->runs, SizeIs(1));
  const model::RunRecord& got = page->runs[0];
  EXPECT_EQ(got.run_id, "run-1");
  EXPECT_THAT(got.agents, ElementsAre("triage", "writer"));
  EXPECT_THAT(got.models, ElementsAre("gpt-5"));
  EXPECT_THAT(got.services, ElementsAre("shop", "crm"));
  EXPECT_EQ(got.error_message, "boom \uFFFD");
  EXPECT_EQ(got.usage.total, 12);
  EXPECT_EQ(got.usage.cache_read, model::Usage::kUnknown);
  EXPECT_EQ(got.cost.picodollars, 99);
  EXPECT_EQ(got.cost_status, model::CostStatus::kPartial);
  EXPECT_EQ(got.tool_calls, 3U);
}

TEST_F(EmbeddedStoreTest, ListsOnlyTheNewestVersionOfARun) {
  model::RunRecord first = RunNumber(1, 1);
  first.status = model::RunStatus::kFailed;
  Settle(first);
  Settle(RunNumber(2, 1));
  Seal();
  clock_.Advance(hours(24));
  // Re-opened: what live state says of it hides what is stored.
  model::RunRecord again = RunNumber(1, 5);
  again.status = model::RunStatus::kRunning;
  again.is_newer_version = true;
  runs_.open = {again};
  EXPECT_THAT(List({.status = model::RunStatus::kFailed}), IsEmpty());
  EXPECT_THAT(List({.status = model::RunStatus::kRunning}), ElementsAre(1));
  EXPECT_THAT(List({}), ElementsAre(2, 1));
  runs_.open.clear();
  again.status = model::RunStatus::kCompleted;
  again.start_ns = kNoon - kSecond;  // An earlier span came late.
  Settle(again);
  Seal();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(List({.status = model::RunStatus::kFailed}), IsEmpty());
    EXPECT_THAT(List({.status = model::RunStatus::kCompleted}), ElementsAre(2, 1));
    EXPECT_THAT(List({.limit = 1}), ElementsAre(2));
    const auto page = store_->ListRuns({.limit = 1}, Soon());
    EXPECT_EQ(page->total, 2U);
    Reopen();
  }
}

TEST_F(EmbeddedStoreTest, FiltersTheList) {
  model::RunRecord failed = RunNumber(1, 1);
  failed.status = model::RunStatus::kFailed;
  failed.error_count = 1;
  failed.workflow_id = "triage";
  failed.agents = {"triage", "writer"};
  failed.models = {"gpt-5"};
  failed.session_id = "s-1";
  failed.end_ns = failed.start_ns + 2 * kSecond;
  model::RunRecord crew = RunNumber(2, 1);
  crew.workflow_id = "crew";
  crew.user_id = "it's";
  model::RunRecord named = RunNumber(3, 1);
  named.run_id = "0123456789abcdef0123456789abcdef";
  named.services = {"shop"};
  runs_.open = {failed, crew, named};
  for (int step = 0; step < 3; ++step) {
    SCOPED_TRACE(step);
    if (step == 1) {
      runs_.open.clear();
      runs_.next_cut.settled = {failed, crew, named};
    } else if (step == 2) {
      Seal();
    }
    EXPECT_THAT(List({}), ElementsAre(3, 2, 1));
    EXPECT_THAT(List({.agent = "triage"}), ElementsAre(1));
    EXPECT_THAT(List({.agent = "tri"}), IsEmpty());
    EXPECT_THAT(List({.model = "gpt-5"}), ElementsAre(1));
    EXPECT_THAT(List({.session_id = "s-1"}), ElementsAre(1));
    EXPECT_THAT(List({.user_id = "it's"}), ElementsAre(2));
    EXPECT_THAT(List({.service = "shop"}), ElementsAre(3));
    EXPECT_THAT(List({.workflow_id = "crew"}), ElementsAre(2));
    EXPECT_THAT(List({.has_error = true}), ElementsAre(1));
    EXPECT_THAT(List({.has_error = false}), ElementsAre(3, 2));
    EXPECT_THAT(List({.status = model::RunStatus::kFailed}), ElementsAre(1));
    EXPECT_THAT(List({.status = model::RunStatus::kCompleted}), ElementsAre(3, 2));
    EXPECT_THAT(List({.execution_id = Trace(2).ToHex()}), ElementsAre(2));
    EXPECT_THAT(List({.execution_id = "0123456789ABCDEF0123456789abcdef"}), IsEmpty());
    EXPECT_THAT(List({.execution_id = "0123456789abcdef0123456789abcdef"}), ElementsAre(3));
    EXPECT_THAT(List({.min_duration_ns = 2 * kSecond}), ElementsAre(1));
    EXPECT_THAT(List({.max_duration_ns = kSecond}), ElementsAre(3, 2));
    EXPECT_THAT(List({.start_time_ns = kNoon + 2 * kSecond}), ElementsAre(3, 2));
    EXPECT_THAT(List({.end_time_ns = kNoon + 2 * kSecond}), ElementsAre(1));
    EXPECT_EQ(store_->FindRun(named.run_id, Soon()).value(), Trace(3));
    EXPECT_EQ(store_->FindRun("no", Soon()).error().code(), base::Code::kNotFound);
  }
}

TEST_F(EmbeddedStoreTest, PagesThroughDaysAndMemoryWithoutGapsOrRepeats) {
  for (std::uint8_t number = 1; number <= 9; ++number) {
    Settle(RunNumber(number, number));
    if (number % 2 == 0) {
      Seal();
    }
    if (number == 4) {
      clock_.Advance(hours(24));  // The next ones are in another folder, whatever their start.
    }
  }
  runs_.open = {RunNumber(10, 10)};
  query::TraceQuery query{.limit = 3, .counts_exactly = true};
  std::vector<int> seen;
  while (true) {
    const auto page = store_->ListRuns(query, Soon());
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->total, 10U);
    for (const model::RunRecord& run : page->runs) {
      seen.push_back(run.trace_id.bytes[15]);
    }
    if (!page->has_more) {
      break;
    }
    query.cursor = {page->runs.back().start_ns, page->runs.back().trace_id};
  }
  EXPECT_THAT(seen, ElementsAre(10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
  const auto counted =
      store_->ListRuns({.workflow_id = "w", .limit = 2, .counts_exactly = true}, Soon());
  EXPECT_EQ(counted->total, 10U);
  EXPECT_TRUE(counted->is_total_exact);
  const auto estimated = store_->ListRuns({.workflow_id = "w", .limit = 2}, Soon());
  EXPECT_FALSE(estimated->is_total_exact);
  EXPECT_EQ(estimated->total, 3U) << "at least";
}

TEST_F(EmbeddedStoreTest, SearchesBodiesInAnyScriptAndLetterCase) {
  BatchBuilder builder(1, kNoon);
  builder.AddSpan(1, 1, "run");
  builder.WithBody(1, "Wie ist das WETTER in Zürich?");
  builder.AddSpan(2, 1, "run");
  builder.WithBody(2, R"({"role":"user","content":"\u4eca\u5929\u5929\u6c14 \ud83d\ude80"})");
  builder.AddSpan(3, 1, "run");
  builder.WithBody(3, R"({"role":"user","content":"ما هو الطقس اليوم؟ 🚀 say \"hi\""})");
  builder.AddSpan(4, 1, "run");
  builder.WithReference(1);
  Commit(builder.Build());
  for (std::uint8_t number = 1; number <= 4; ++number) {
    Settle(RunNumber(number, 1));
  }
  for (int step = 0; step < 3; ++step) {
    SCOPED_TRACE(step);
    if (step == 1) {
      Seal();
    } else if (step == 2) {
      Reopen();
    }
    EXPECT_THAT(List({.text = "wetter in zÜrich"}), ElementsAre(4, 1));
    EXPECT_THAT(List({.text = "今天天气"}), ElementsAre(2));
    EXPECT_THAT(List({.text = "🚀"}), ElementsAre(3, 2));
    EXPECT_THAT(List({.text = "الطقس"}), ElementsAre(3));
    EXPECT_THAT(List({.text = "say \"hi\""}), ElementsAre(3));
    EXPECT_THAT(List({.text = "100%"}), IsEmpty());
  }
}

TEST_F(EmbeddedStoreTest, DeletesWholeDaysByAgeAndBySize) {
  for (int day = 0; day < 3; ++day) {
    const auto number = static_cast<std::uint8_t>(day + 1);
    BatchBuilder builder(number, clock_.NowNs());
    builder.AddSpan(number, 1, "run");
    Commit(builder.Build());
    Settle(RunNumber(number, number));
    Seal();
    clock_.Advance(hours(24));
  }
  options_.retention_days = 3;
  Reopen();
  store_->EnforceRetention();
  EXPECT_THAT(List({}), ElementsAre(3, 2));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "2026-03-01"));
  options_.retention_days = 0;
  options_.retention_bytes = 1;
  Reopen();
  store_->EnforceRetention();
  EXPECT_THAT(List({}), ElementsAre(3));
  EXPECT_EQ(losses_.count(base::Loss::kRetentionDeleted), 2U);
  EXPECT_THAT(NamesOf(1), IsEmpty());
}

// The journal may still hold what the deleted day held: it must not be asked to replay it.
TEST_F(EmbeddedStoreTest, RemembersThePositionOfDeletedDays) {
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
TEST_F(EmbeddedStoreTest, PutsABatchThatCannotBeSealedAside) {
  BatchBuilder good(1, kNoon);
  good.AddSpan(1, 1, "run");
  BatchBuilder bad(2, kNoon);
  model::MetricPoint point;
  point.name = "a name of a metric";
  bad.batch().points = {point, point};
  std::string record(bad.Build()->record());
  record[record.find("a name") - 1] = '\x7F';  // A length that is past the end.
  auto broken = model::EncodedBatch::Parse(record);
  ASSERT_TRUE(broken.has_value());
  (*broken)->position = 2;
  BatchBuilder last(3, kNoon);
  last.AddSpan(2, 1, "run");
  Commit(good.Build());
  Commit(*broken);
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

}  // namespace
}  // namespace sightline::store::embedded
