// SPDX-License-Identifier: Apache-2.0
#include "server/live_start.h"

#include <chrono>
#include <exception>
#include <span>
#include <vector>

#include "base/log.h"
#include "live/recent_runs.h"
#include "live/rollups.h"

namespace sightline::server {
namespace {

using Deadline = store::SpanStore::Deadline;
using store::embedded::DaySums;
using store::embedded::EmbeddedStore;
using store::embedded::OpenRun;

constexpr std::int64_t kNsPerMinute = 60'000'000'000;

// How long a list waits for live state to take in what was committed just before.
constexpr std::chrono::milliseconds kPatienceOfLists{500};

Deadline Within(std::chrono::seconds time) {
  return std::chrono::steady_clock::now() + time;
}

void AddNewest(EmbeddedStore& store, live::Live& live) {
  const auto newest =
      store.ListRuns({.limit = live::RecentRuns::kMaxRuns}, Within(std::chrono::seconds(60)));
  if (!newest.has_value()) {
    base::LogError("live: the newest runs are not known: {}", newest.error().message());
    return;
  }
  for (const model::RunRecord& run : newest->runs) {
    live.AddRecent(run);
  }
}

// What throws, for a lack of memory for instance, leaves the list of recent runs shorter.
void AddRecent(EmbeddedStore& store, live::Live& live) {
  try {
    AddNewest(store, live);
  } catch (const std::exception& error) {
    base::LogError("live: the newest runs are not known: {}", error.what());
  }
}

base::Result<void> Resume(EmbeddedStore& store, const OpenRun& run, live::Live& live) {
  const Deadline deadline = Within(std::chrono::seconds(60));
  const store::Rows rows =
      TRY(store.FetchSpansBefore(run.trace_id, run.last_position + 1, deadline));
  store::Rows old_rows;
  if (run.settled_position != 0) {
    old_rows = TRY(store.FetchSpansBefore(run.trace_id, run.settled_position + 1, deadline));
  }
  live.Resume(old_rows == nullptr ? std::span<const model::Span>() : old_rows->spans, rows->spans,
              rows->received_ns, run.last_position);
  return {};
}

}  // namespace

base::Result<model::BatchPtr> StoreHistory::Load(const model::TraceId& trace_id,
                                                 std::uint64_t position) {
  return store_.FetchSpansBefore(trace_id, position, Within(std::chrono::seconds(60)));
}

void LiveRuns::VisitRuns(const std::function<bool(const model::RunRecord&)>& visit) const {
  static_cast<void>(live_.WaitForAdded(std::chrono::steady_clock::now() + kPatienceOfLists));
  live_.VisitRuns(visit);
}

base::Result<void> StartLive(EmbeddedStore& store, const base::Clock& clock, live::Live& live) {
  const std::uint64_t position = store.sealed_position();
  const std::int64_t first_minute =
      clock.NowNs() / kNsPerMinute - model::MinutesOf(model::Window::k24Hours);
  const bool has_all_days = store.has_all_days();
  if (has_all_days) {
    AddRecent(store, live);
  }
  const std::vector<OpenRun> open = TRY(store.OpenRuns(Within(std::chrono::seconds(60))));
  live.SetCatchingUp(true);
  store.LoadHistory(
      first_minute,
      [&live](const DaySums& sums) {
        live.AddTotals(sums.workflows);
        live.AddAgents(sums.agents);
        live.AddRollups(sums.rollups);
      },
      [&store, &live, has_all_days] {
        if (!has_all_days) {
          AddRecent(store, live);
        }
        live.SetCatchingUp(false);
      });
  for (const OpenRun& run : open) {
    if (auto resumed = Resume(store, run, live); !resumed.has_value()) {
      base::LogError("live: run {} is not shown as going on: {}", run.trace_id.ToHex(),
                     resumed.error().message());
    }
  }
  live.Start(position);
  return {};
}

}  // namespace sightline::server
