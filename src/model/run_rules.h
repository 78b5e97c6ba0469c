// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/money.h"
#include "model/run_span.h"
#include "model/run_status.h"
#include "model/usage.h"

namespace sightline::model {

// Why a span hangs where it hangs.
enum class ParentState : std::uint8_t {
  kRoot,           // It has no parent, or its framework says it is the root.
  kPresent,        // Its parent is in the trace.
  kNotArrived,     // Its parent has not come; the run is still going on.
  kNeverExported,  // Its parent did not come: sampled away, synthetic, or sent elsewhere.
  kCycle,          // Following its parents leads back to it.
};

// A sentence for people; "" for kRoot and kPresent.
std::string_view ParentReason(ParentState state);

// The rows of one trace put into shape. Indexes are into `kept` unless said otherwise.
struct RunShape {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::vector<std::size_t> kept;     // Rows that are spans of the run, by start time, then id.
  std::vector<std::size_t> parents;  // Of each kept row, or kNone.
  std::vector<ParentState> states;
  std::vector<bool> counts_usage;       // Its usage and cost are part of the run's totals.
  std::size_t root = kNone;             // The best root there is; kNone for no rows.
  std::uint64_t repeated_spans = 0;     // Rows dropped: the same span sent again.
  std::uint64_t covered_log_spans = 0;  // Rows dropped: log events of calls that spans tell better.
  RunStatus status = RunStatus::kRunning;
  // When the run began and ended, by the clock of its root; see ShapeRun.
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
};

// Rules (docs/conventions.md, Traces): one row per span id, where a final span beats its
// placeholder, the latest end wins, and of equal ends what tells more, else the later row; a span
// built from a log event is dropped when a real span covers it; only model calls are summed, one
// per response id, the inner one of nested calls with equal model and usage; the own usage of any
// other span counts only when nothing below it has usage. The fee for the call of a tool counts
// once for its nested spans: that of the innermost. The root decides the status; while it has
// not ended the run is running if its last sign of life is recent, else abandoned. Once the root
// has ended, only spans of the root's own service widen the run beyond it: what other services do
// outside of it shows that their clocks are off. Precondition: the rows are of one trace. Cost: O(n
// log n).
RunShape ShapeRun(std::span<const RunSpan> rows, bool is_recent);

// Token counts and cost summed over spans.
struct RunTotals {
  Usage usage;  // Sums of what is known; kUnknown where nothing is.
  std::int64_t cost_picodollars = 0;
  CostStatus cost_status = CostStatus::kNone;
  std::uint64_t model_calls = 0;

  void Add(const RunSpan& span);
};

}  // namespace sightline::model
