// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
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

// Totals over all traces of a time range, for the overview.
struct TraceTotals {
  std::uint64_t total = 0;
  std::uint64_t running = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t failed_last_hour = 0;
  std::uint64_t failed_last_day = 0;
  std::uint64_t failed_steps_last_day = 0;
  std::uint64_t started_last_five_minutes = 0;
  std::uint64_t agents = 0;
  std::uint64_t active_agents = 0;  // Seen in the last day.
  std::uint64_t workflows = 0;
  std::uint64_t active_workflows = 0;
  double completed_seconds = 0;  // Sum of the durations of completed runs.
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
  // came. Empty rows when there are none. A span that was sent twice may occur twice.
  virtual base::Result<Rows> FetchTrace(const model::TraceId& trace_id, Deadline deadline) = 0;

  // The spans of several traces, without their large columns (attributes, content, events, links).
  virtual base::Result<Rows> FetchSummaries(std::span<const model::TraceId> trace_ids,
                                            Deadline deadline) = 0;

  virtual base::Result<TracePage> ListTraces(const query::TraceQuery& query, Deadline deadline) = 0;

  // The trace of a run id, newest first when there are several. kNotFound when there is none.
  virtual base::Result<model::TraceId> FindRun(std::string_view run_id, Deadline deadline) = 0;

  virtual base::Result<TraceTotals> Totals(std::int64_t now_ns, std::int64_t idle_limit_ns,
                                           Deadline deadline) = 0;

  // The bytes of bodies by id; ids that are not found are absent from the answer.
  virtual base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline deadline) = 0;

  virtual StoreStats stats() const = 0;
};

}  // namespace sightline::store
