// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "model/run_record.h"
#include "model/run_status.h"

namespace sightline::query {

// Where the next page of a list starts: after this trace, in order of start time and id.
struct TraceCursor {
  std::int64_t start_ns = 0;
  model::TraceId trace_id;

  // An opaque token for clients and back. Parse is empty for anything that ToText did not make.
  std::string ToText() const;
  static std::optional<TraceCursor> Parse(std::string_view text);
};

// Which traces to list, newest first. Absent filters match everything; all given ones must match.
//
// Thread: value.
struct TraceQuery {
  std::optional<std::string> workflow_id;
  std::optional<std::string> execution_id;  // Run id, or trace id in hex.
  std::optional<model::RunStatus> status;
  std::optional<std::string> agent;  // Any agent of the trace.
  std::optional<std::string> session_id;
  std::optional<std::string> user_id;
  std::optional<std::string> model;  // Any model that was asked or answered.
  std::optional<std::string> service;
  std::optional<std::int64_t> min_duration_ns;
  std::optional<std::int64_t> max_duration_ns;
  std::optional<bool> has_error;
  // "" or text that some message or name of the trace contains, in any letter case, or its id.
  std::string text;
  std::optional<std::int64_t> start_time_ns;  // The trace starts at or after.
  std::optional<std::int64_t> end_time_ns;    // The trace starts before.
  std::size_t limit = 100;
  std::optional<TraceCursor> cursor;
  bool counts_exactly = false;  // Count all that match, whatever it costs.
};

// Whether a run is one of those that are asked for, apart from `text` and `cursor`.
bool Matches(const TraceQuery& query, const model::RunRecord& run);

// Whether a run is on this page or a later one.
bool IsPast(const std::optional<TraceCursor>& cursor, const model::RunRecord& run);

// The order of lists: newest first, then by trace id, downwards.
bool IsListedBefore(const model::RunRecord& a, const model::RunRecord& b);

}  // namespace sightline::query
