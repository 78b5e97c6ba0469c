// SPDX-License-Identifier: Apache-2.0
// Cuts held against their definition: all cuts add up to the newest versions of all runs, whatever
// comes late, however long it takes to load, and wherever the process ends.
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "live/history_for_testing.h"
#include "live/live.h"
#include "live/runs.h"
#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

using Cells = std::map<std::string, model::RollupSums>;

void AddEntry(Cells& cells, const model::RollupEntry& entry) {
  const std::string key = fmt::format("{} {} {} {} {}", entry.minute, entry.key.workflow,
                                      entry.key.agent, entry.key.model, entry.key.service);
  cells[key] += model::RollupSums{entry.counts, entry.step_latency, entry.run_latency};
  if (cells[key].is_zero()) {
    cells.erase(key);
  }
}

struct WorkflowSums {
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t abandoned = 0;
  double seconds = 0;

  std::string Text() const {
    return fmt::format("{} {} {} {} {:.3f}", completed, failed, cancelled, abandoned,
                       seconds + 0.0);
  }
};

// "completed failed cancelled abandoned seconds" by workflow, without those of zeros.
using Workflows = std::map<std::string, std::string>;

Workflows TextsOf(const std::map<std::string, WorkflowSums>& sums) {
  Workflows texts;
  for (const auto& [workflow, sum] : sums) {
    if (sum.completed != 0 || sum.failed != 0 || sum.cancelled != 0 || sum.abandoned != 0) {
      texts[workflow] = sum.Text();
    }
  }
  return texts;
}

// What a store makes of cuts.
struct Sealed {
  std::uint64_t position = 0;
  std::uint64_t open_position = 0;
  std::map<model::TraceId, model::RunRecord> records;
  Cells cells;
  std::vector<model::RollupEntry> entries;
  std::vector<model::WorkflowDelta> deltas;
  std::map<std::string, WorkflowSums> workflows;

  void Add(const model::LiveCut& cut) {
    ASSERT_GE(cut.position, position);
    position = cut.position;
    open_position = cut.open_position;
    for (const model::RunRecord& record : cut.settled) {
      ASSERT_LE(record.position, position);
      const auto known = records.find(record.trace_id);
      ASSERT_TRUE(known == records.end() || known->second.position < record.position);
      records.insert_or_assign(record.trace_id, record);
    }
    for (const model::RollupEntry& entry : cut.rollups) {
      AddEntry(cells, entry);
      entries.push_back(entry);
    }
    for (const model::WorkflowDelta& delta : cut.workflows) {
      WorkflowSums& sums = workflows[delta.workflow_id];
      sums.completed += delta.completed;
      sums.failed += delta.failed;
      sums.cancelled += delta.cancelled;
      sums.abandoned += delta.abandoned;
      sums.seconds += delta.completed_seconds;
      deltas.push_back(delta);
    }
  }
};

// What the newest versions of all runs add up to.
void ExpectSumsOfAllRuns(const RememberedHistory& history, const Sealed& sealed) {
  Cells cells;
  std::map<std::string, WorkflowSums> workflows;
  for (const model::TraceId& trace_id : history.Traces()) {
    const RunState state = SettledState(trace_id, history.Rows(trace_id, UINT64_MAX));
    for (const model::RollupEntry& entry : state.contribution()) {
      AddEntry(cells, entry);
    }
    const RunCounts& counts = state.counted().counts;
    WorkflowSums& sums = workflows[state.counted().workflow_id];
    sums.completed += counts.completed;
    sums.failed += counts.failed;
    sums.cancelled += counts.cancelled;
    sums.abandoned += counts.abandoned;
    sums.seconds += counts.completed_seconds();
    const auto record = sealed.records.find(trace_id);
    ASSERT_NE(record, sealed.records.end());
    EXPECT_EQ(record->second.status, state.record()->status);
    EXPECT_EQ(record->second.workflow_id, state.record()->workflow_id);
    EXPECT_EQ(record->second.span_count, state.record()->span_count);
    EXPECT_EQ(record->second.usage, state.record()->usage);
    EXPECT_EQ(record->second.position, history.LastPosition(trace_id, UINT64_MAX));
  }
  EXPECT_EQ(TextsOf(sealed.workflows), TextsOf(workflows));
  EXPECT_EQ(sealed.cells.size(), cells.size());
  EXPECT_TRUE(sealed.cells == cells);
}

class RandomSpans {
 public:
  explicit RandomSpans(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t Below(std::uint64_t limit) { return generator_() % limit; }

  // Spans of a few traces: late roots, repeats, starts without ends, guesses that turn out wrong.
  std::vector<SpanBuilder> Next(std::uint32_t traces) {
    std::vector<SpanBuilder> spans;
    for (std::uint64_t left = 1 + Below(6); left > 0; --left) {
      const auto number = static_cast<std::uint8_t>(1 + Below(6));
      const auto parent = static_cast<std::uint8_t>(number == 1 ? 0 : Below(3) == 0 ? 2 : 1);
      const model::SpanKind kinds[] = {model::SpanKind::kLlm, model::SpanKind::kTool,
                                       model::SpanKind::kAgent, model::SpanKind::kHttp};
      SpanBuilder span(1, number, parent == number ? std::uint8_t{1} : parent,
                       number == 1 ? model::SpanKind::kAgent : kinds[Below(4)]);
      span.Trace(static_cast<std::uint32_t>(Below(traces)));
      const double start = static_cast<double>(Below(200));
      span.Lasting(start, start + static_cast<double>(Below(90)));
      Decorate(span);
      spans.push_back(span);
    }
    return spans;
  }

 private:
  void Decorate(SpanBuilder& span) {
    static constexpr std::string_view kNames[] = {"triage", "refunds", "search"};
    if (Below(3) == 0) {
      span.Agent(kNames[Below(3)]);
    }
    if (Below(4) == 0) {
      span.Workflow(kNames[Below(3)]);
    }
    if (Below(3) == 0) {
      span.Tokens(static_cast<std::int64_t>(Below(1000)), static_cast<std::int64_t>(Below(100)));
    }
    if (Below(6) == 0) {
      span.Failed("Timeout");
    } else if (Below(12) == 0) {
      span.Cancelled();
    }
    if (Below(4) == 0) {
      span.Pending();
    }
  }

  std::mt19937_64 generator_;
};

// Runs without threads, so that the order of everything is the test's.
class Machine {
 public:
  explicit Machine(std::uint64_t seed) : random(seed) { Restart(); }

  void Arrive() {
    const model::BatchPtr batch = MakeBatch(++position, clock.NowNs(), random.Next(12));
    history.Commit(batch);
    runs->Apply(*batch);
  }

  void BeginLoad() {
    const Runs::LoadRequest* request = runs->NextLoad();
    if (request != nullptr && loading == nullptr) {
      loading = std::make_unique<RunState>(SettledState(
          request->trace_id, history.Load(request->trace_id, request->position).value()->spans));
    }
  }

  void FinishLoad() {
    if (loading != nullptr) {
      runs->Loaded(std::move(loading));
    }
  }

  void Refresh() {
    rollups->Advance(clock.NowNs() / kMinuteNs);
    runs->Refresh(clock.NowNs());
    runs->TakeChanged();
  }

  void Cut() {
    model::LiveCut cut = std::move(runs->TakeCut()).Finish();
    cut.position = runs->position();
    cut.open_position = runs->open_position();
    sealed.Add(cut);
  }

  // The process ends and another one begins, as durable storage starts it.
  void Restart() {
    loading = nullptr;
    rollups = std::make_unique<Rollups>(clock.NowNs() / kMinuteNs);
    runs =
        std::make_unique<Runs>(Runs::Options{.max_open_runs = 8, .max_spans = 40, .kept_spans = 30},
                               history, *rollups, rates, losses);
    for (const model::WorkflowDelta& delta : sealed.deltas) {
      runs->totals().Add(delta.workflow_id, {.completed = delta.completed,
                                             .failed = delta.failed,
                                             .cancelled = delta.cancelled,
                                             .abandoned = delta.abandoned});
    }
    rollups->Apply(sealed.entries, RollupChange::kAdd);
    runs->SkipTo(sealed.position);
    for (const model::TraceId& trace_id : history.Traces()) {
      Resume(trace_id);
    }
    for (const model::BatchPtr& batch : history.batches()) {
      if (batch->position > sealed.position) {
        runs->Apply(*batch);
      }
    }
  }

  void Resume(const model::TraceId& trace_id) {
    const auto record = sealed.records.find(trace_id);
    const std::uint64_t settled = record == sealed.records.end() ? 0 : record->second.position;
    const std::uint64_t last = history.LastPosition(trace_id, sealed.position + 1);
    if (last <= settled) {
      return;
    }
    ASSERT_GE(last, sealed.open_position) << "it is looked for from there";
    runs->Resume(history.Rows(trace_id, settled + 1), history.Rows(trace_id, sealed.position + 1),
                 clock.NowNs(), last);
  }

  void SettleAll() {
    while (true) {
      while (runs->NextLoad() != nullptr || loading != nullptr) {
        BeginLoad();
        FinishLoad();
      }
      Refresh();
      if (runs->size().runs == 0) {
        break;
      }
      clock.Advance(std::chrono::minutes(6));
    }
    Cut();
  }

  void Step() {
    const std::chrono::seconds waits[] = {std::chrono::seconds(0), std::chrono::seconds(1),
                                          std::chrono::seconds(31), std::chrono::minutes(6)};
    switch (random.Below(12)) {
      case 0:
        BeginLoad();
        break;
      case 1:
        FinishLoad();
        break;
      case 2:
        Cut();
        break;
      case 3:
        if (random.Below(4) == 0) {
          Restart();
        }
        break;
      case 4:
      case 5:
        clock.Advance(waits[random.Below(4)]);
        Refresh();
        break;
      case 6:
        Refresh();
        break;
      default:
        Arrive();
    }
  }

  base::ManualClock clock{kStartNs + 10 * kMinuteNs};
  base::LossTable losses;
  Rates rates{clock};
  RandomSpans random;
  RememberedHistory history;
  Sealed sealed;
  std::uint64_t position = 0;
  std::unique_ptr<Rollups> rollups;
  std::unique_ptr<Runs> runs;
  std::unique_ptr<RunState> loading;  // Loaded, and not told yet.
};

TEST(CutTest, AllCutsAddUpToTheNewestVersionsOfAllRuns) {
  int loads = 0;
  for (std::uint64_t seed = 1; seed <= 300 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Machine machine(seed);
    for (int step = 0; step < 150; ++step) {
      machine.Step();
    }
    machine.SettleAll();
    ExpectSumsOfAllRuns(machine.history, machine.sealed);
    // What is in memory says the same.
    RunCounts all = static_cast<const Runs&>(*machine.runs).totals().all();
    EXPECT_EQ(all.total(), static_cast<std::int64_t>(machine.history.Traces().size()));
    EXPECT_EQ(all.running, 0);
    EXPECT_EQ(all.open_steps, 0);
    model::RollupSums sums;
    const std::int64_t first = machine.clock.NowNs() / kMinuteNs - 24 * 60;
    for (const model::RollupEntry& entry : machine.sealed.entries) {
      if (entry.minute > first) {
        sums += model::RollupSums{entry.counts, entry.step_latency, entry.run_latency};
      }
    }
    EXPECT_TRUE(machine.rollups->Total(model::Window::k24Hours) == sums);
    loads += machine.history.loads();
  }
  EXPECT_GT(loads, 1000);
}

TEST(CutTest, ARunThatGoesOnIsInNoCut) {
  Machine machine(1);
  const model::BatchPtr batch =
      MakeBatch(1, machine.clock.NowNs(), {SpanBuilder(1, 2, 1, model::SpanKind::kLlm)});
  machine.history.Commit(batch);
  machine.runs->Apply(*batch);
  machine.Refresh();
  EXPECT_EQ(machine.runs->open_position(), 1U);
  machine.Cut();
  EXPECT_TRUE(machine.sealed.records.empty());
  EXPECT_TRUE(machine.sealed.cells.empty());
  machine.clock.Advance(std::chrono::minutes(6));
  machine.Refresh();
  machine.Refresh();
  EXPECT_EQ(machine.runs->open_position(), 2U) << "nothing goes on";
  machine.Cut();
  EXPECT_EQ(machine.sealed.records.at(TraceNumber(1)).status, model::RunStatus::kAbandoned);
}

// With the real threads: batches, loads and cuts come in between each other as they like.
TEST(CutTest, AddsUpWhateverTheThreadsDo) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    base::ManualClock clock(kStartNs + 10 * kMinuteNs);
    base::LossTable losses;
    RandomSpans random(seed);
    RememberedHistory history;
    history.on_load = [](const model::TraceId&) { std::this_thread::yield(); };
    Live live({.runs = {.kept_spans = 20}, .tick = std::chrono::milliseconds(1)}, history, clock,
              losses);
    live.Start();
    Sealed sealed;
    std::atomic<bool> is_done = false;
    std::jthread cutter([&] {
      while (!is_done) {
        sealed.Add(live.TakeCut());
        std::this_thread::yield();
      }
    });
    for (std::uint64_t position = 1; position <= 400; ++position) {
      const model::BatchPtr batch = MakeBatch(position, clock.NowNs(), random.Next(20));
      history.Commit(batch);
      live.Add(batch);
      if (random.Below(4) == 0) {
        clock.Advance(std::chrono::seconds(31));
      }
    }
    ASSERT_TRUE(live.WaitFor(400, std::chrono::steady_clock::now() + std::chrono::seconds(30)));
    is_done = true;
    cutter.join();
    // What has left memory since the cutter's last cut is in the next one.
    do {
      clock.Advance(std::chrono::minutes(6));
      live.Flush();
      sealed.Add(live.TakeCut());
    } while (live.stats().runs.runs > 0);
    sealed.Add(live.TakeCut());
    ExpectSumsOfAllRuns(history, sealed);
  }
}

}  // namespace
}  // namespace sightline::live
