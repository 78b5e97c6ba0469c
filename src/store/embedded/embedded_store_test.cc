// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/embedded_store.h"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(EmbeddedStoreTest, ShowsATraceFromHeadAndDayFileAlike) {
  BatchBuilder first(1, kNoon);
  first.AddSpan(1, 2, "chat");
  store_->Commit(first.Build());
  EXPECT_THAT(NamesOf(1), ElementsAre("chat"));
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("chat"));
  BatchBuilder second(2, kNoon);
  second.AddSpan(1, 1, "agent");
  store_->Commit(second.Build());
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  EXPECT_THAT(NamesOf(9), IsEmpty());
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, TellsWhenTheLastOfATraceCameFromHeadAndDayFileAlike) {
  BatchBuilder first(1, kNoon);
  first.AddSpan(1, 1, "run");
  store_->Commit(first.Build());
  BatchBuilder later(2, kNoon + 5 * kSecond);
  model::LogRecord log;
  log.trace_id = Trace(1);
  log.time_ns = kNoon;
  later.batch().logs.push_back(log);
  store_->Commit(later.Build());
  EXPECT_EQ((*store_->FetchTrace(Trace(1), Soon()))->received_ns, kNoon + 5 * kSecond);
  Seal();
  EXPECT_EQ((*store_->FetchTrace(Trace(1), Soon()))->received_ns, kNoon + 5 * kSecond);
}

TEST_F(EmbeddedStoreTest, KeepsEveryColumn) {
  BatchBuilder builder(1, kNoon);
  model::Span& span = builder.AddSpan(1, 2, "你好 🚀");
  span.usage = {.input_total = 10, .cache_read = 3, .output_total = 5};
  span.cost.picodollars = 123'456'789'012;
  span.cost_status = model::CostStatus::kPriced;
  span.attributes = R"({"a":1})";
  span.content = std::string_view("\0\xFFz", 3);
  span.marks = 0x80000001U;
  span.has_error = true;
  span.arguments_hash = 0xFEDCBA9876543210U;  // More than a signed integer holds.
  const model::Span want = span;
  store_->Commit(builder.Build());
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
  store_->Commit(first.Build());
  Seal();
  Reopen();
  EXPECT_EQ(store_->sealed_position(), 7U);
  EXPECT_EQ(store_->bodies().Find(base::DayOf(kNoon),
                                  base::HashBytes128("a message that is stored once")),
            41U);
  EXPECT_GT(store_->bodies().NewId(), 41U);
  BatchBuilder second(8, kNoon);
  second.AddSpan(1, 2, "chat");
  second.WithReference(41);
  store_->Commit(second.Build());
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "chat"));
  const std::vector<std::uint64_t> ids = {41, 99};
  const auto bodies = store_->LoadBodies(ids, Soon());
  ASSERT_TRUE(bodies.has_value());
  EXPECT_THAT(*bodies, ElementsAre(std::pair(41U, "a message that is stored once")));
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, FiltersTheList) {
  for (const bool is_sealed : {false, true}) {
    if (!is_sealed) {
      BatchBuilder builder(1, kNoon);
      model::Span& failed = builder.AddSpan(1, 1, "triage");
      failed.has_error = true;
      failed.agent_name = "triage";
      failed.session_id = "s-1";
      builder.AddSpan(1, 2, "chat").request_model = "gpt-5";
      builder.AddSpan(2, 1, "research").workflow_name = "crew";
      model::Span& orphan = builder.AddSpan(3, 2, "orphan");
      orphan.user_id = "u";
      orphan.run_id = "0123456789abcdef0123456789abcdef";
      store_->Commit(builder.Build());
    } else {
      Seal();
    }
    EXPECT_THAT(List({}), ElementsAre(3, 2, 1));
    EXPECT_THAT(List({.agent = "triage"}), ElementsAre(1));
    EXPECT_THAT(List({.agent = "tri"}), IsEmpty());
    EXPECT_THAT(List({.model = "gpt-5"}), ElementsAre(1));
    EXPECT_THAT(List({.session_id = "s-1"}), ElementsAre(1));
    EXPECT_THAT(List({.user_id = "u"}), ElementsAre(3));
    EXPECT_THAT(List({.workflow_id = "crew"}), ElementsAre(2));
    EXPECT_THAT(List({.workflow_id = "triage"}), ElementsAre(1));
    EXPECT_THAT(List({.has_error = true}), ElementsAre(1));
    EXPECT_THAT(List({.has_error = false}), ElementsAre(3, 2));
    EXPECT_THAT(List({.status = model::RunStatus::kFailed}), ElementsAre(1));
    EXPECT_THAT(List({.status = model::RunStatus::kCompleted}), ElementsAre(2));
    EXPECT_THAT(List({.status = model::RunStatus::kRunning}), ElementsAre(3));
    EXPECT_THAT(List({.execution_id = Trace(2).ToHex()}), ElementsAre(2));
    EXPECT_THAT(List({.execution_id = "0123456789abcdef0123456789abcdef"}), ElementsAre(3));
    EXPECT_THAT(List({.execution_id = "run-9"}), IsEmpty());
    EXPECT_THAT(List({.min_duration_ns = 2 * kSecond}), ElementsAre(1));
    EXPECT_THAT(List({.start_time_ns = kNoon + 2 * kSecond}), ElementsAre(3));
    EXPECT_THAT(List({.end_time_ns = kNoon + 2 * kSecond}), ElementsAre(2, 1));
  }
  clock_.Advance(hours(1));
  EXPECT_THAT(List({.status = model::RunStatus::kAbandoned}), ElementsAre(3));
}

TEST_F(EmbeddedStoreTest, PagesThroughTheListWithoutGapsOrRepeats) {
  BatchBuilder builder(1, kNoon);
  for (std::uint8_t trace = 1; trace <= 10; ++trace) {
    builder.AddSpan(trace, 1, "run");
  }
  store_->Commit(builder.Build());
  query::TraceQuery query{.limit = 3};
  std::vector<int> seen;
  while (true) {
    const auto page = store_->ListTraces(query, Soon());
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->total, 10U);
    for (const TracePage::Item& item : page->items) {
      seen.push_back(item.trace_id.bytes[15]);
    }
    if (!page->has_more) {
      break;
    }
    query.cursor = {page->items.back().start_ns, page->items.back().trace_id};
  }
  EXPECT_THAT(seen, ElementsAre(10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
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
  store_->Commit(builder.Build());
  for (const bool is_sealed : {false, true}) {
    if (is_sealed) {
      Seal();
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
    BatchBuilder builder(static_cast<std::uint64_t>(day) + 1, clock_.NowNs());
    builder.AddSpan(static_cast<std::uint8_t>(day + 1), 1, "run");
    store_->Commit(builder.Build());
    Seal();
    clock_.Advance(hours(24));
  }
  options_.retention_days = 3;
  Reopen();
  store_->EnforceRetention();
  EXPECT_THAT(List({}), ElementsAre(3, 2));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "2026-03-01.duckdb"));
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
  store_->Commit(builder.Build());
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

// As after a commit that failed as seen from here and had reached the disk.
TEST_F(EmbeddedStoreTest, DoesNotSealWhatADayFileHolds) {
  for (const std::uint64_t position : {1U, 2U}) {
    BatchBuilder builder(position, kNoon);
    builder.AddSpan(1, static_cast<std::uint8_t>(position), "run");
    store_->Commit(builder.Build());
    if (position == 1) {
      Seal();
      store_->Commit(builder.Build());
    }
  }
  Seal();
  EXPECT_THAT(NamesOf(1), SizeIs(2));
  EXPECT_EQ(store_->stats().sealed_spans, 2U);
  EXPECT_EQ(store_->stats().unsealed_rows, 0U);
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, RefusesADirectoryOfANewerFormat) {
  store_.reset();
  std::ofstream(directory_ / "format") << "2\n";
  const auto opened = EmbeddedStore::Open(options_, clock_, losses_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), base::Code::kFailedPrecondition);
  EXPECT_THAT(opened.error().message(), ::testing::HasSubstr("newer version of Sightline"));
  EXPECT_FALSE(CheckStore(directory_).has_value());
}

TEST_F(EmbeddedStoreTest, SealsByItselfAndTellsTheJournal) {
  options_.seal_rows = 1;
  Reopen();
  base::Mutex mutex;
  base::CondVar sealed;
  std::uint64_t position = 0;
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
  store_->Commit(builder.Build());
  const auto page = store_->ListTraces({}, std::chrono::steady_clock::now() - hours(1));
  // A read this small may finish before the watch looks; it must never hang or crash.
  if (!page.has_value()) {
    EXPECT_EQ(page.error().code(), base::Code::kDeadlineExceeded);
  }
}

TEST_F(EmbeddedStoreTest, CountsRunsByWorkflow) {
  BatchBuilder builder(1, kNoon);
  model::Span& failed = builder.AddSpan(1, 1, "a");
  failed.has_error = true;
  failed.agent_name = "triage";
  builder.AddSpan(2, 1, "b").agent_name = "writer";
  builder.AddSpan(3, 1, "b").agent_name = "writer";
  builder.AddSpan(4, 2, "c");
  store_->Commit(builder.Build());
  const auto totals = store_->TotalsByWorkflow(kNoon, 300 * kSecond, Soon());
  ASSERT_TRUE(totals.has_value()) << totals.error().message();
  std::vector<std::string> lines;
  for (const WorkflowTotals& workflow : *totals) {
    lines.push_back(fmt::format("{}: running {}, completed {} in {} s, failed {}",
                                workflow.workflow_id, workflow.running, workflow.completed,
                                workflow.completed_seconds, workflow.failed));
  }
  EXPECT_THAT(lines, UnorderedElementsAre("triage: running 0, completed 0 in 0 s, failed 1",
                                          "writer: running 0, completed 2 in 2 s, failed 0",
                                          "shop/c: running 1, completed 0 in 0 s, failed 0"));
  const auto agents = store_->AgentsSeen(Soon());
  ASSERT_TRUE(agents.has_value()) << agents.error().message();
  EXPECT_THAT(*agents, SizeIs(2));
}

TEST_F(EmbeddedStoreTest, KeepsASpanThatHasNotEndedUntilItEnds) {
  BatchBuilder started(1, kNoon);
  started.AddPending(1, 1, "agent").agent_name = "triage";
  store_->Commit(started.Build());
  for (int step = 0; step < 3; ++step) {
    SCOPED_TRACE(step);
    if (step == 1) {
      Seal();
    } else if (step == 2) {
      Reopen();
    }
    EXPECT_THAT(List({.status = model::RunStatus::kRunning}), ElementsAre(1));
    EXPECT_THAT(List({.agent = "triage"}), ElementsAre(1));
    EXPECT_THAT(List({.workflow_id = "triage"}), ElementsAre(1));
    EXPECT_TRUE(store_->MayKnow(Trace(1), 2));
    EXPECT_EQ(store_->MayKnow(Trace(1), 1), step != 0) << "not before its own batch";
    EXPECT_FALSE(store_->MayKnow(Trace(2), 9));
    EXPECT_THAT(NamesOf(1), ElementsAre("agent"));
    const std::vector<model::TraceId> ids = {Trace(1)};
    const auto summaries = store_->FetchSummaries(ids, Soon());
    ASSERT_TRUE(summaries.has_value());
    ASSERT_THAT((*summaries)->spans, SizeIs(1));
    EXPECT_TRUE((*summaries)->spans[0].has_mark(model::Mark::kPlaceholder));
  }
  BatchBuilder ended(2, kNoon);
  ended.AddSpan(1, 1, "agent").agent_name = "triage";
  store_->Commit(ended.Build());
  Seal();
  EXPECT_THAT(List({.status = model::RunStatus::kCompleted}), ElementsAre(1));
  EXPECT_THAT(NamesOf(1), ElementsAre("agent", "agent")) << "readers drop the placeholder";
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, DropsAPlaceholderThatIsSealedTogetherWithItsSpan) {
  BatchBuilder started(1, kNoon);
  started.AddPending(1, 1, "agent");
  store_->Commit(started.Build());
  BatchBuilder ended(2, kNoon);
  ended.AddSpan(1, 1, "agent");
  store_->Commit(ended.Build());
  Seal();
  EXPECT_THAT(NamesOf(1), ElementsAre("agent"));
  ExpectClean();
}

TEST_F(EmbeddedStoreTest, ScansEveryTraceOnceWithAllItsSpans) {
  BatchBuilder first(1, kNoon);
  first.AddSpan(1, 2, "chat");
  first.AddSpan(2, 1, "agent");
  store_->Commit(first.Build());
  Seal();
  BatchBuilder second(2, kNoon);
  second.AddSpan(1, 1, "agent");
  store_->Commit(second.Build());
  Seal();
  BatchBuilder third(3, kNoon);
  third.AddSpan(1, 3, "tool");
  third.AddPending(3, 1, "started");
  store_->Commit(third.Build());
  std::vector<std::string> traces;
  const auto scanned = store_->ScanTraces(
      base::DayOf(kNoon), [] {},
      [&](std::span<const model::Span> spans) {
        std::set<std::string> names;
        for (const model::Span& span : spans) {
          names.emplace(span.name);
        }
        traces.push_back(fmt::format("{}: {}", spans[0].trace_id.bytes[15], fmt::join(names, " ")));
        return true;
      },
      Soon());
  ASSERT_TRUE(scanned.has_value()) << scanned.error().message();
  EXPECT_THAT(traces, UnorderedElementsAre("1: agent chat tool", "2: agent"));
}

}  // namespace
}  // namespace sightline::store::embedded
