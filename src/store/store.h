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
#include "model/encoded_batch.h"
#include "model/fact_table.h"
#include "model/ids.h"
#include "model/live_cut.h"
#include "model/metric_point.h"
#include "model/run_record.h"
#include "query/fact_query.h"
#include "query/log_query.h"
#include "query/metric_query.h"
#include "query/step_query.h"
#include "query/trace_query.h"

namespace sightline::store {

// Rows that a read found, with the memory behind their texts: a Batch that was never received.
using Rows = model::BatchPtr;

// How far a search for a text in what was stored has come.
//
// Thread: value.
struct TextSearched {
  bool is_complete = true;
  // Incomplete: the day of arrival (days since 1970) in which the search stopped. Of it and of the
  // days after it what is found is known; days before it were not looked at.
  std::int32_t last_day = 0;
  // Sealed parts of the texts of days that were looked at, and those of them that had to be read.
  std::uint64_t parts = 0;
  std::uint64_t parts_read = 0;
};

// One page of a list of runs.
struct RunPage {
  std::vector<model::RunRecord> runs;  // Newest first.
  bool has_more = false;
  // Runs that match, on all pages: exact when the query asked for it or all were seen anyway.
  std::uint64_t total = 0;
  bool is_total_exact = false;           // False: there are at least so many.
  std::optional<TextSearched> searched;  // Set for a query with a text.
};

// One page of a list of log records.
struct LogPage {
  Rows rows;  // Its logs, newest first.
  bool has_more = false;
};

// One series of a metric.
struct MetricSeries {
  std::uint64_t key = 0;
  model::MetricPoint identity;             // All that its points have in common.
  std::vector<model::MetricPoint> points;  // By time; empty where only series were asked for.
};

struct SeriesPage {
  std::vector<MetricSeries> series;
  bool has_more = false;
  std::shared_ptr<const void> held;  // The memory behind the texts.
};

// One page of a list of steps of runs.
struct StepPage {
  model::FactTable steps;  // In the order of the list; each with sign 1.
  bool has_more = false;
};

// What one query for sums is answered.
using FactAnswer = std::vector<query::FactGroup>;

struct StoreStats {
  std::uint64_t unsealed_rows = 0;
  std::uint64_t unsealed_bytes = 0;
  std::uint64_t sealed_spans = 0;
  std::uint64_t sealed_runs = 0;
  std::uint64_t sealed_position = 0;
  std::uint64_t disk_bytes = 0;
  std::uint64_t days = 0;
  std::uint64_t body_index_entries = 0;
  std::uint64_t quarantined_batches = 0;
  bool is_sealing_ok = true;
  // What cannot be read or written, a sentence each, for people.
  std::vector<std::string> problems;
};

// Looks up bodies that are stored already, so that a batch carries only new ones.
//
// Thread: any.
class BodyCatalog {
 public:
  struct Known {
    std::uint64_t id = 0;
    model::TraceId owner;  // The trace that brought it.
  };

  virtual ~BodyCatalog() = default;

  // With the key of the installation, so that nobody outside can make two texts with one hash.
  virtual base::Hash128 HashOf(std::string_view text) const = 0;

  // A body that is durable in the folder of `day` or in the journal; empty when it is not known
  // (any more).
  virtual std::optional<Known> Find(std::int32_t day, const base::Hash128& hash) const = 0;

  // A fresh id for a new body, never given before.
  virtual std::uint64_t NewId() = 0;
};

// What the store asks of live state: the runs that go on, and what has settled.
//
// Thread: any.
class RunSource {
 public:
  virtual ~RunSource() = default;

  // Every run that goes on or has settled since the last cut, until `visit` returns false. Such a
  // run is listed from here; a version of it that the store holds is older.
  virtual void VisitRuns(const std::function<bool(const model::RunRecord&)>& visit) const = 0;

  // The facts of such runs and of their steps, less what the store holds of older versions.
  virtual model::FactTable FactsInMemory() const = 0;

  // Whether the run goes on, waits for what the store holds of it, or has settled since the last
  // cut: what the store holds of it is about to be replaced.
  virtual bool Holds(const model::TraceId& trace_id) const = 0;

  // Everything that settled since the cut before; see model::LiveCut.
  virtual model::LiveCut TakeCut() = 0;
};

// Holds spans, logs and metric points durably and answers questions about them. What is committed
// is visible to the next read of a trace; a run is listed as soon as its source knows it.
//
// Every read takes a deadline; past it the read stops with kDeadlineExceeded.
//
// Thread: any.
class SpanStore {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~SpanStore() = default;

  // Takes over a batch that the journal has made durable; positions must increase.
  virtual void Commit(model::EncodedBatchPtr batch) = 0;

  // False while too much is waiting to be written to the day folders: push back on senders.
  virtual bool has_room() const = 0;

  virtual BodyCatalog& bodies() = 0;

  // All spans and logs of one trace, in order of start, and in received_ns when the last of them
  // came. Empty rows when there are none. A span that was sent twice may occur twice. Spans that
  // have not ended are among them, marked as placeholders; so are placeholders of spans that have.
  virtual base::Result<Rows> FetchTrace(const model::TraceId& trace_id, Deadline deadline) = 0;

  // Like FetchTrace without logs, of batches before `position` only.
  virtual base::Result<Rows> FetchSpansBefore(const model::TraceId& trace_id,
                                              std::uint64_t position, Deadline deadline) = 0;

  virtual base::Result<RunPage> ListRuns(const query::TraceQuery& query, Deadline deadline) = 0;

  // The trace of a run id, newest first when there are several. kNotFound when there is none.
  virtual base::Result<model::TraceId> FindRun(std::string_view run_id, Deadline deadline) = 0;

  // False when nothing of the trace was committed before the batch at `position`; true is not
  // certain. Memory only.
  virtual bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const = 0;

  // The bytes of bodies by id; ids that are not found are absent from the answer.
  virtual base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline deadline) = 0;

  // A page of log records, newest first. Of records that are equal in everything one is listed.
  virtual base::Result<LogPage> ListLogs(const query::LogQuery& query, Deadline deadline) = 0;

  // The series that have a point of the time that is asked for, by name and attributes.
  virtual base::Result<SeriesPage> ListSeries(const query::MetricQuery& query,
                                              Deadline deadline) = 0;

  // Such series with their points. Errors: kInvalidArgument when there are more than `max_series`
  // or `max_points`.
  virtual base::Result<SeriesPage> FetchPoints(const query::MetricQuery& query,
                                               Deadline deadline) = 0;

  // Sums over facts, by keys and time: of every run, those that go on included. An answer for each
  // query, in their order, all as of one moment, so that their sums agree.
  virtual base::Result<std::vector<FactAnswer>> SumFacts(std::span<const query::FactQuery> queries,
                                                         Deadline deadline) = 0;

  // A page of steps: of every run, those that go on included. Steps that are replaced while it is
  // put together may be listed as they were before.
  virtual base::Result<StepPage> ListSteps(const query::StepQuery& query, Deadline deadline) = 0;

  // Batches up to this journal position are in day folders.
  virtual std::uint64_t sealed_position() const = 0;

  virtual StoreStats stats() const = 0;
};

}  // namespace sightline::store
