// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

// Lists of runs: from memory, from a cut that is being sealed, and from disk.

namespace sightline::store::embedded {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
  run.version = "2.1.0";
  run.environment = "staging";
  run.tags = {"beta", "eu west"};
  run.prompt_versions = {"answer@7"};
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
  EXPECT_EQ(got.version, "2.1.0");
  EXPECT_EQ(got.environment, "staging");
  EXPECT_THAT(got.tags, ElementsAre("beta", "eu west"));
  EXPECT_THAT(got.prompt_versions, ElementsAre("answer@7"));
  EXPECT_EQ(got.error_message, "boom \uFFFD");
  EXPECT_EQ(got.usage.total, 12);
  EXPECT_EQ(got.usage.cache_read, model::Usage::kUnknown);
  EXPECT_EQ(got.cost.picodollars, 99);
  EXPECT_EQ(got.cost_status, model::CostStatus::kPartial);
  EXPECT_EQ(got.tool_calls, 3U);
}

TEST_F(EmbeddedStoreTest, SaysTheSameAgainUntilADayHasMore) {
  const query::TraceQuery failed = {.status = model::RunStatus::kFailed, .limit = 10};
  const auto settle = [&](std::uint8_t number) {
    model::RunRecord run = RunNumber(number, number);
    run.status = number % 2 == 0 ? model::RunStatus::kFailed : model::RunStatus::kCompleted;
    Settle(run);
  };
  settle(1);
  settle(2);
  Seal();
  EXPECT_THAT(List(failed), ElementsAre(2));
  EXPECT_THAT(List(failed), ElementsAre(2));
  EXPECT_THAT(List({.status = model::RunStatus::kCompleted, .limit = 10}), ElementsAre(1));
  settle(3);
  settle(4);
  EXPECT_THAT(List(failed), ElementsAre(4, 2)) << "one of them in memory";
  Seal();
  EXPECT_THAT(List(failed), ElementsAre(4, 2));
  clock_.Advance(hours(24));
  settle(6);
  Seal();
  EXPECT_THAT(List(failed), ElementsAre(6, 4, 2));
  model::RunRecord again = RunNumber(2, 7);
  again.status = model::RunStatus::kCompleted;
  again.is_newer_version = true;
  Settle(again);
  Seal();
  EXPECT_THAT(List(failed), ElementsAre(6, 4)) << "what the older day said is no longer so";
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

// Whatever older versions of it say: one that settled as abandoned or running before it went on.
TEST_F(EmbeddedStoreTest, ListsNoRunAsRunningThatHasEnded) {
  const auto version = [](std::uint64_t position, model::RunStatus status) {
    model::RunRecord run = RunNumber(1, position);
    run.status = status;
    run.is_newer_version = position > 1;
    return run;
  };
  const auto running = [&] { return List({.status = model::RunStatus::kRunning}); };
  Settle(version(1, model::RunStatus::kRunning));
  Seal();
  EXPECT_THAT(running(), IsEmpty()) << "on disk nothing is running";
  runs_.open = {version(2, model::RunStatus::kRunning)};
  EXPECT_THAT(running(), ElementsAre(1));
  Settle(version(2, model::RunStatus::kRunning));
  runs_.open = {version(3, model::RunStatus::kCompleted)};
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(running(), IsEmpty());
    EXPECT_THAT(List({.status = model::RunStatus::kCompleted}), ElementsAre(1));
    if (i == 0) {
      runs_.open.clear();
      Settle(version(3, model::RunStatus::kCompleted));
      Seal();
    } else {
      Reopen();
    }
  }
}

// Runs in memory, in the cut and in two days, by every order; what is not known comes last.
TEST_F(EmbeddedStoreTest, ListsRunsInAnyOrder) {
  const auto run = [](std::uint8_t number, std::int64_t seconds, std::int64_t picodollars,
                      std::int64_t tokens, std::uint32_t errors) {
    model::RunRecord record = RunNumber(number, number);
    record.end_ns = record.start_ns + seconds * kSecond;
    if (picodollars >= 0) {
      record.cost.picodollars = picodollars;
      record.cost_status = model::CostStatus::kPriced;
    } else {
      record.cost_status = model::CostStatus::kUnpriced;
    }
    record.usage.total = tokens < 0 ? model::Usage::kUnknown : tokens;
    record.error_count = errors;
    return record;
  };
  Settle(run(1, 5, 700, 10, 0));
  Settle(run(2, 1, -1, -1, 3));
  Seal();
  clock_.Advance(hours(24));
  Settle(run(3, 9, 0, 30, 0));
  Settle(run(4, 3, 700, 0, 1));
  Seal();
  Settle(run(5, 2, 5, 20, 2));
  runs_.open = {run(6, 4, 9000, -1, 0)};

  const auto in_order = [&](std::string_view text, std::size_t limit) {
    query::TraceQuery query = {.limit = limit, .sort = *query::RunSort::Parse(text)};
    std::vector<int> traces;
    for (;;) {
      const auto page = store_->ListRuns(query, Soon());
      EXPECT_TRUE(page.has_value()) << page.error().message();
      for (const model::RunRecord& listed : page->runs) {
        traces.push_back(listed.trace_id.bytes[15]);
      }
      if (!page->has_more) {
        return traces;
      }
      query.cursor = query::CursorAfter(query.sort, page->runs.back());
    }
  };
  for (const std::size_t limit : {1, 2, 3, 100}) {
    EXPECT_THAT(in_order("-start", limit), ElementsAre(6, 5, 4, 3, 2, 1));
    EXPECT_THAT(in_order("start", limit), ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_THAT(in_order("-duration", limit), ElementsAre(3, 1, 6, 4, 5, 2));
    EXPECT_THAT(in_order("duration", limit), ElementsAre(2, 5, 4, 6, 1, 3));
    EXPECT_THAT(in_order("-cost", limit), ElementsAre(6, 4, 1, 5, 3, 2));
    EXPECT_THAT(in_order("cost", limit), ElementsAre(3, 5, 1, 4, 6, 2));
    EXPECT_THAT(in_order("-tokens", limit), ElementsAre(3, 5, 1, 4, 6, 2));
    EXPECT_THAT(in_order("tokens", limit), ElementsAre(4, 1, 5, 3, 2, 6));
    EXPECT_THAT(in_order("-errors", limit), ElementsAre(2, 5, 4, 6, 3, 1));
    EXPECT_THAT(in_order("errors", limit), ElementsAre(1, 3, 6, 4, 5, 2));
  }
  EXPECT_THAT(List({.amounts = {.min_cost = 5, .max_cost = 700}}), ElementsAre(5, 4, 1));
  EXPECT_THAT(List({.amounts = {.max_cost = 0}}), ElementsAre(3))
      << "what is not known is not nothing";
  EXPECT_THAT(List({.amounts = {.min_tokens = 20}}), ElementsAre(5, 3));
  EXPECT_THAT(List({.amounts = {.min_tokens = 0}}), ElementsAre(5, 4, 3, 1));
}

TEST_F(EmbeddedStoreTest, FiltersTheList) {
  model::RunRecord failed = RunNumber(1, 1);
  failed.status = model::RunStatus::kFailed;
  failed.error_count = 1;
  failed.workflow_id = "triage";
  failed.agents = {"triage", "writer"};
  failed.models = {"gpt-5"};
  failed.session_id = "s-1";
  failed.version = "2.1.0";
  failed.environment = "staging";
  failed.tags = {"beta", "eu"};
  failed.prompt_versions = {"answer@7", "plan@1"};
  failed.end_ns = failed.start_ns + 2 * kSecond;
  model::RunRecord crew = RunNumber(2, 1);
  crew.workflow_id = "crew";
  crew.user_id = "it's";
  crew.version = "2.1.1";
  crew.tags = {"beta"};
  crew.prompt_versions = {"answer@8"};
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
    EXPECT_THAT(List({.version = "2.1.0"}), ElementsAre(1));
    EXPECT_THAT(List({.version = "2.1"}), IsEmpty());
    EXPECT_THAT(List({.environment = "staging"}), ElementsAre(1));
    EXPECT_THAT(List({.tag = "beta"}), ElementsAre(2, 1));
    EXPECT_THAT(List({.tag = "eu"}), ElementsAre(1));
    EXPECT_THAT(List({.tag = "e"}), IsEmpty());
    EXPECT_THAT(List({.prompt_version = "answer@8"}), ElementsAre(2));
    EXPECT_THAT(List({.prompt_version = "answer"}), IsEmpty());
    EXPECT_THAT(List({.version = "2.1.1", .tag = "beta"}), ElementsAre(2));
    EXPECT_THAT(List({.text = "PLAN@1"}), ElementsAre(1));
    EXPECT_THAT(List({.has_error = true}), ElementsAre(1));
    EXPECT_THAT(List({.has_error = false}), ElementsAre(3, 2));
    EXPECT_THAT(List({.status = model::RunStatus::kFailed}), ElementsAre(1));
    EXPECT_THAT(List({.status = model::RunStatus::kCompleted}), ElementsAre(3, 2));
    EXPECT_THAT(List({.execution_id = Trace(2).ToHex()}), ElementsAre(2));
    EXPECT_THAT(List({.execution_id = "0123456789ABCDEF0123456789abcdef"}), IsEmpty());
    EXPECT_THAT(List({.execution_id = "0123456789abcdef0123456789abcdef"}), ElementsAre(3));
    EXPECT_THAT(List({.amounts = {.min_duration_ns = 2 * kSecond}}), ElementsAre(1));
    EXPECT_THAT(List({.amounts = {.max_duration_ns = kSecond}}), ElementsAre(3, 2));
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
    query.cursor = query::CursorAfter(query.sort, page->runs.back());
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

// A run that is being stored was counted in memory and, a moment later, on disk as well.
TEST_F(EmbeddedStoreTest, CountsEachRunOnceWhileRunsAreStored) {
  constexpr int kRounds = 40;
  std::atomic<std::uint64_t> least = 0;
  std::atomic<std::uint64_t> most = 0;
  std::atomic<bool> is_over = false;
  std::atomic<int> reads = 0;
  std::jthread reader([&] {
    while (!is_over) {
      const std::uint64_t at_least = least;
      const auto page = store_->ListRuns({.limit = 1}, Soon());
      ASSERT_TRUE(page.has_value());
      EXPECT_THAT(page->total,
                  ::testing::AllOf(::testing::Ge(at_least), ::testing::Le(most.load())));
      ++reads;
    }
  });
  for (std::uint8_t i = 1; i <= kRounds; ++i) {
    ++most;
    Settle(RunNumber(i, i));
    ++least;
    Seal();
  }
  is_over = true;
  reader.join();
  EXPECT_GT(reads, 10);
}

}  // namespace
}  // namespace sightline::store::embedded
