// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
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
  std::string text;  // "" or text that some message of the trace contains, any letter case.
  std::optional<std::int64_t> start_time_ns;  // The trace starts at or after.
  std::optional<std::int64_t> end_time_ns;    // The trace starts before.
  std::size_t limit = 100;
  std::optional<TraceCursor> cursor;
  std::int64_t now_ns = 0;         // For `status`.
  std::int64_t idle_limit_ns = 0;  // Silence after which a run without an end is abandoned.
};

}  // namespace sightline::query
