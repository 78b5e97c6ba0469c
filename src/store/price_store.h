// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/batch.h"
#include "model/fact_table.h"
#include "model/ids.h"
#include "model/money.h"
#include "model/rollup.h"

namespace sightline::store {

// What a call, or a run, costs and by which rule.
//
// Thread: value.
struct Figure {
  model::Money cost;
  model::CostStatus status = model::CostStatus::kNone;
  std::string rule;  // With its version; "" of runs and where there is none.

  friend bool operator==(const Figure&, const Figure&) = default;
};

// A figure that takes the place of another.
//
// Thread: value.
struct FigureChange {
  model::SpanId span_id;  // Zero: of the run as a whole.
  Figure old;
  Figure now;
};

// A settled run with what its newest version consists of.
//
// Thread: value.
struct SettledRun {
  model::TraceId trace_id;
  std::uint64_t position = 0;
  std::int64_t received_ns = 0;
  model::BatchPtr rows;  // All its spans, as the newest correction prices them.
};

// How far a correction of many runs has come in one day: stored in one transaction with the last
// part of it.
//
// Thread: value.
struct CorrectionProgress {
  std::string job;       // Names the correction.
  model::TraceId last;   // Runs up to this one are done, in the order of their ids.
  std::string document;  // What it has done in this day; the job's business.
};

// Other figures for settled runs of one day, and what they change in sums.
//
// Thread: value.
struct Correction {
  struct Run {
    model::TraceId trace_id;
    std::uint64_t position = 0;
    std::vector<FigureChange> changes;
  };

  std::vector<Run> runs;
  CorrectionProgress progress;
  model::FactTable facts;                   // The new ones, and with sign -1 the old ones.
  std::vector<model::RollupEntry> rollups;  // Deltas.
};

// Thread: value.
struct RunsOfDay {
  std::vector<model::TraceId> ids;
  std::optional<model::TraceId> next;  // The others are after it; empty: there are none.
};

// A figure that was replaced.
//
// Thread: value.
struct OldFigure {
  Figure figure;
  std::int64_t replaced_ns = 0;
};

// What prices stored calls again. A correction belongs to the day that holds the newest version of
// its runs and is deleted with it; the rows as they were received stay as they are.
//
// Thread: any; calls block.
class PriceStore {
 public:
  using Until = std::chrono::steady_clock::time_point;

  virtual ~PriceStore() = default;

  // Days that have runs which began in the time, oldest first.
  virtual base::Result<std::vector<std::int32_t>> DaysWithRuns(std::int64_t start_ns,
                                                               std::int64_t end_ns,
                                                               Until deadline) const = 0;

  // A part of the settled runs with calls of models or tools that began in the time and whose
  // newest version is in the day: those after `after` in the order of their ids.
  virtual base::Result<RunsOfDay> SettledRuns(std::int32_t day, std::int64_t start_ns,
                                              std::int64_t end_ns, const model::TraceId& after,
                                              std::size_t limit, Until deadline) = 0;

  // These runs with their spans; those that go on again are left out.
  virtual base::Result<std::vector<SettledRun>> ReadSettled(std::int32_t day,
                                                            std::span<const model::TraceId> ids,
                                                            Until deadline) = 0;

  // The same, gives them to `correct`, and stores what that answers, all or nothing; nothing when
  // it has no runs. Meanwhile nothing is sealed and no old run is loaded. kUnavailable: not now.
  using MakeCorrection = std::function<Correction(const std::vector<SettledRun>& runs)>;
  virtual base::Result<void> Correct(std::int32_t day, std::span<const model::TraceId> ids,
                                     const MakeCorrection& correct, Until deadline) = 0;

  // What was stored last by the job in the day; empty when nothing was.
  virtual base::Result<std::optional<CorrectionProgress>> ProgressOf(std::int32_t day,
                                                                     const std::string& job,
                                                                     Until deadline) = 0;

  // Figures of a call that were replaced, the newest first.
  virtual base::Result<std::vector<OldFigure>> OldFigures(const model::TraceId& trace_id,
                                                          const model::SpanId& span_id,
                                                          Until deadline) = 0;

  PriceStore(const PriceStore&) = delete;
  PriceStore& operator=(const PriceStore&) = delete;

 protected:
  PriceStore() = default;
};

}  // namespace sightline::store
