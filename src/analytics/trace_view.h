// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/run_rules.h"
#include "model/run_status.h"
#include "model/span.h"

namespace sightline::analytics {

// What a list shows of a run.
struct TraceSummary {
  model::TraceId trace_id;
  std::string_view execution_id_text;  // The run id; "": the trace id is the execution id.
  std::string workflow_id;
  std::string_view workflow_name;
  std::string_view name;
  model::RunStatus status = model::RunStatus::kRunning;
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
  model::RunTotals totals;
};

// One trace put together from its rows: without repeats, with parents resolved and usage counted
// once.
//
// Thread: value. Texts are views into the rows it was made from.
struct TraceView {
  static constexpr std::size_t kNone = model::RunShape::kNone;

  std::vector<model::Span> spans;          // By start time.
  std::vector<std::size_t> parents;        // Index of the parent, or kNone.
  std::vector<model::ParentState> states;  // Parallel to spans.
  std::vector<bool> counts_usage;          // Its usage and cost are part of the totals.
  std::size_t root = kNone;                // The best root there is; kNone for no spans.
  std::uint64_t repeated_spans = 0;        // Rows dropped: the same span sent again.
  std::uint64_t covered_log_spans = 0;  // Rows dropped: log events of calls that spans tell better.
  TraceSummary summary;
};

struct AssembleOptions {
  std::int64_t now_ns = 0;
  std::int64_t last_received_ns = 0;  // When the last row came.
  std::int64_t idle_limit_ns = 0;     // Silence after which a run without an end is abandoned.
};

// The agent that a span is the work of: its own name or id, else that of the nearest span above it
// that has one; "" when there is none.
std::string_view AgentAbove(const TraceView& view, std::size_t span);

// By the rules of model/run_rules.h. Rows may include pending spans, marked as placeholders.
// Precondition: the rows are of one trace. Cost: O(n log n).
TraceView AssembleTrace(std::span<const model::Span> rows, const AssembleOptions& options);

}  // namespace sightline::analytics
