// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "model/batch.h"
#include "model/ids.h"
#include "query/trace_query.h"

namespace sightline::store {

// Rows that a read found, with the memory behind their texts: a Batch that was never received.
using Rows = model::BatchPtr;

// One page of a trace list.
struct TracePage {
  struct Item {
    model::TraceId trace_id;
    std::int64_t start_ns = 0;
    std::int64_t received_ns = 0;  // Last sign of life.
  };

  std::vector<Item> items;  // Newest first.
  std::uint64_t total = 0;  // Traces that match, on all pages.
  bool has_more = false;
};

// What the store knows of the runs of one workflow.
struct WorkflowTotals {
  std::string workflow_id;
  std::uint64_t running = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t abandoned = 0;
  double completed_seconds = 0;       // Sum of the durations of completed runs.
  std::int64_t last_received_ns = 0;  // Last sign of life of any.
};

// An agent and when something of it came last.
struct AgentSeen {
  std::string name;
  std::int64_t last_received_ns = 0;
};

struct StoreStats {
  std::uint64_t unsealed_rows = 0;
  std::uint64_t unsealed_bytes = 0;
  std::uint64_t sealed_spans = 0;
  std::uint64_t sealed_position = 0;
  std::uint64_t disk_bytes = 0;
  std::uint64_t day_files = 0;
  std::uint64_t body_index_entries = 0;
  bool is_sealing_ok = true;
};

// Looks up bodies that are stored already, so that a batch carries only new ones.
//
// Thread: any.
class BodyCatalog {
 public:
  virtual ~BodyCatalog() = default;

  // The id of a body that is durable in the day file of `day` or in the journal; empty when it is
  // not known (any more).
  virtual std::optional<std::uint64_t> Find(std::int32_t day, const base::Hash128& hash) const = 0;

  // A fresh id for a new body, never given before.
  virtual std::uint64_t NewId() = 0;
};

// Holds spans, logs and metric points durably and answers questions about them. What is committed
// is visible to the next read.
//
// Every read takes a deadline; past it the read stops with kDeadlineExceeded.
//
// Thread: any.
class SpanStore {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~SpanStore() = default;

  // Takes over a batch that the journal has made durable; positions must increase.
  virtual void Commit(model::BatchPtr batch) = 0;

  // False while too much is waiting to be written to the day files: push back on senders.
  virtual bool has_room() const = 0;

  virtual BodyCatalog& bodies() = 0;

  // All spans and logs of one trace, in order of start, and in received_ns when the last of them
  // came. Empty rows when there are none. A span that was sent twice may occur twice. Spans that
  // have not ended are among them, marked as placeholders; so are placeholders of spans that have.
  virtual base::Result<Rows> FetchTrace(const model::TraceId& trace_id, Deadline deadline) = 0;

  // The spans of several traces like FetchTrace, without their large columns (attributes, content,
  // events, links) and without logs.
  virtual base::Result<Rows> FetchSummaries(std::span<const model::TraceId> trace_ids,
                                            Deadline deadline) = 0;

  virtual base::Result<TracePage> ListTraces(const query::TraceQuery& query, Deadline deadline) = 0;

  // The trace of a run id, newest first when there are several. kNotFound when there is none.
  virtual base::Result<model::TraceId> FindRun(std::string_view run_id, Deadline deadline) = 0;

  // Over all runs there are. Costs a scan of every trace part: for the start, not for polling.
  virtual base::Result<std::vector<WorkflowTotals>> TotalsByWorkflow(std::int64_t now_ns,
                                                                     std::int64_t idle_limit_ns,
                                                                     Deadline deadline) = 0;
  virtual base::Result<std::vector<AgentSeen>> AgentsSeen(Deadline deadline) = 0;

  // Gives every trace that received something on `first_day` (UTC, days since 1970) or later to
  // `visit`, once each and with all spans that came since then, as of the call: what is committed
  // meanwhile is not seen. Spans are as in FetchSummaries, without what only a reader wants. Costs
  // a scan of these days; memory holds only traces that are not complete yet. `on_open` is called
  // once it is settled what is seen; `visit` returns false to stop.
  virtual base::Result<void> ScanTraces(
      std::int32_t first_day, const std::function<void()>& on_open,
      const std::function<bool(std::span<const model::Span>)>& visit, Deadline deadline) = 0;

  // False when nothing of the trace was committed before the batch at `position`; true is not
  // certain. Memory only.
  virtual bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const = 0;

  // The bytes of bodies by id; ids that are not found are absent from the answer.
  virtual base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline deadline) = 0;

  // Batches up to this journal position are in day files.
  virtual std::uint64_t sealed_position() const = 0;

  virtual StoreStats stats() const = 0;
};

}  // namespace sightline::store
