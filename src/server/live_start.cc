// SPDX-License-Identifier: Apache-2.0
#include "server/live_start.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/time_text.h"
#include "live/recent_runs.h"
#include "live/run_state.h"

namespace sightline::server {
namespace {

// Runs that go on are read so many at a time.
constexpr std::size_t kPage = 500;

using Deadline = store::SpanStore::Deadline;

Deadline Within(std::chrono::seconds time) {
  return std::chrono::steady_clock::now() + time;
}

base::Result<void> AddTotals(store::SpanStore& store, std::int64_t now_ns, std::int64_t idle_ns,
                             live::Live& live) {
  std::vector<model::WorkflowDelta> workflows;
  for (const store::WorkflowTotals& totals :
       TRY(store.TotalsByWorkflow(now_ns, idle_ns, Within(std::chrono::seconds(60))))) {
    // Running ones are resumed one by one.
    workflows.push_back({.workflow_id = totals.workflow_id,
                         .completed = static_cast<std::int64_t>(totals.completed),
                         .failed = static_cast<std::int64_t>(totals.failed),
                         .cancelled = static_cast<std::int64_t>(totals.cancelled),
                         .abandoned = static_cast<std::int64_t>(totals.abandoned),
                         .completed_seconds = totals.completed_seconds,
                         .last_received_ns = totals.last_received_ns});
  }
  live.AddTotals(workflows);
  std::vector<model::NameSeen> agents;
  for (const store::AgentSeen& agent : TRY(store.AgentsSeen(Within(std::chrono::seconds(60))))) {
    agents.push_back({.name = agent.name, .last_received_ns = agent.last_received_ns});
  }
  live.AddAgents(agents);
  return {};
}

using ByTrace =
    std::unordered_map<model::TraceId, std::shared_ptr<model::Batch>, model::TraceIdHasher>;

// The rows of a page by trace. Their texts live as long as `rows`.
ByTrace SplitByTrace(const store::Rows& rows) {
  ByTrace traces;
  for (const model::Span& span : rows->spans) {
    std::shared_ptr<model::Batch>& trace = traces[span.trace_id];
    if (trace == nullptr) {
      trace = std::make_shared<model::Batch>();
    }
    trace->spans.push_back(span);
  }
  return traces;
}

// Calls `visit(item, rows)` for every run that `query` finds, newest first, at most `limit`.
template <typename Visit>
base::Result<void> ForEachRun(store::SpanStore& store, query::TraceQuery query, std::size_t limit,
                              const Visit& visit) {
  query.limit = std::min(kPage, limit);
  for (std::size_t seen = 0; seen < limit;) {
    const store::TracePage page = TRY(store.ListTraces(query, Within(std::chrono::seconds(60))));
    std::vector<model::TraceId> ids;
    ids.reserve(page.items.size());
    for (const store::TracePage::Item& item : page.items) {
      ids.push_back(item.trace_id);
    }
    const store::Rows rows = TRY(store.FetchSummaries(ids, Within(std::chrono::seconds(60))));
    const ByTrace traces = SplitByTrace(rows);
    for (const store::TracePage::Item& item : page.items) {
      if (const auto trace = traces.find(item.trace_id); trace != traces.end()) {
        visit(item, trace->second);
      }
    }
    seen += page.items.size();
    if (!page.has_more) {
      break;
    }
    query.cursor = query::TraceCursor{.start_ns = page.items.back().start_ns,
                                      .trace_id = page.items.back().trace_id};
  }
  return {};
}

void AddRecent(const store::TracePage::Item& item, const model::BatchPtr& rows, std::int64_t now_ns,
               std::int64_t idle_ns, live::Live& live) {
  live::RunState run(item.trace_id);
  for (const model::Span& span : rows->spans) {
    run.Add(span);
  }
  run.Seen(item.received_ns, 0);
  run.Refresh(now_ns - item.received_ns <= idle_ns);
  if (run.record() != nullptr) {
    live.AddRecent(*run.record());
  }
}

using TraceIds = std::unordered_set<model::TraceId, model::TraceIdHasher>;

// Adds the rollups of the last day, but for runs that were resumed.
void CatchUp(store::SpanStore& store, std::int32_t first_day, const TraceIds& resumed,
             live::Live& live) {
  const auto scanned = store.ScanTraces(
      first_day, [] {},
      [&](std::span<const model::Span> spans) {
        if (!spans.empty() && !resumed.contains(spans.front().trace_id)) {
          live::RunState run(spans.front().trace_id);
          for (const model::Span& span : spans) {
            run.Add(span);
          }
          run.Refresh(false);
          live.AddRollups(run.contribution());
        }
        return true;
      },
      Within(std::chrono::minutes(10)));
  if (!scanned.has_value()) {
    base::LogError("live: figures of the last day lack older runs: {}", scanned.error().message());
  }
}

}  // namespace

base::Result<model::BatchPtr> StoreHistory::Load(const model::TraceId& trace_id, std::uint64_t) {
  const std::vector<model::TraceId> ids = {trace_id};
  return store_.FetchSummaries(ids, Within(std::chrono::seconds(5)));
}

base::Result<void> StartLive(store::SpanStore& store, const base::Clock& clock,
                             std::chrono::nanoseconds idle_limit, live::Live& live) {
  const std::int64_t now_ns = clock.NowNs();
  const std::int64_t idle_ns = idle_limit.count();
  TRY(AddTotals(store, now_ns, idle_ns, live));
  query::TraceQuery newest{.now_ns = now_ns, .idle_limit_ns = idle_ns};
  TRY(ForEachRun(store, newest, live::RecentRuns::kMaxRuns,
                 [&](const store::TracePage::Item& item, const model::BatchPtr& rows) {
                   AddRecent(item, rows, now_ns, idle_ns, live);
                 }));
  const std::uint64_t sealed = store.sealed_position();
  TraceIds resumed;
  query::TraceQuery running = newest;
  running.status = model::RunStatus::kRunning;
  TRY(ForEachRun(store, running, live::Runs::Options{}.max_open_runs,
                 [&](const store::TracePage::Item& item, const model::BatchPtr& rows) {
                   resumed.insert(item.trace_id);
                   live.Resume({}, rows->spans, item.received_ns, sealed);
                 }));
  const std::int32_t yesterday = base::DayOf(now_ns) - 1;
  CatchUp(store, yesterday, resumed, live);
  live.Start(sealed);
  return {};
}

}  // namespace sightline::server
