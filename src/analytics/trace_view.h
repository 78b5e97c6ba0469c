// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/span.h"
#include "query/trace_query.h"

namespace sightline::analytics {

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

// Token counts and cost summed over the spans that count.
struct Totals {
  model::Usage usage;  // Sums of what is known; kUnknown where nothing is.
  std::int64_t cost_picodollars = 0;
  model::CostStatus cost_status = model::CostStatus::kNone;
  std::uint64_t model_calls = 0;
};

// What a list shows of a run.
struct TraceSummary {
  model::TraceId trace_id;
  std::string_view execution_id_text;  // The run id; "": the trace id is the execution id.
  std::string workflow_id;
  std::string_view workflow_name;
  std::string_view name;
  query::RunStatus status = query::RunStatus::kRunning;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // 0 while running.
  std::uint64_t span_count = 0;
  std::uint64_t error_count = 0;
  std::string_view agent;
  std::string_view session_id;
  std::string_view user_id;
  std::string_view service;
  std::string_view error_message;  // Of the root, when it failed.
  std::vector<std::string_view> models;
  bool is_demo = false;
  Totals totals;
};

// One trace put together from its rows: without repeats, with parents resolved and usage counted
// once.
//
// Thread: value. Texts are views into the rows it was made from.
struct TraceView {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::vector<model::Span> spans;       // By start time.
  std::vector<std::size_t> parents;     // Index of the parent, or kNone.
  std::vector<ParentState> states;      // Parallel to spans.
  std::vector<bool> counts_usage;       // Its usage and cost are part of the totals.
  std::size_t root = kNone;             // The best root there is; kNone for no spans.
  std::uint64_t repeated_spans = 0;     // Rows dropped: the same span sent again.
  std::uint64_t covered_log_spans = 0;  // Rows dropped: log events of calls that spans tell better.
  TraceSummary summary;
};

struct AssembleOptions {
  std::int64_t now_ns = 0;
  std::int64_t last_received_ns = 0;  // When the last row came.
  std::int64_t idle_limit_ns = 0;     // Silence after which a run without an end is abandoned.
};

// Rules, in the words of the conventions: one row per span id, the latest end wins; a span built
// from a log event is dropped when a real span covers it; only model calls are summed, one per
// response id, the inner one of nested calls with equal model and usage; the own usage of any other
// span counts only when nothing below it has usage.
// Precondition: the rows are of one trace. Cost: O(n log n).
TraceView AssembleTrace(std::span<const model::Span> rows, const AssembleOptions& options);

}  // namespace sightline::analytics
