// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "model/run_record.h"
#include "model/run_status.h"
#include "query/amount_filter.h"

namespace sightline::query {

// What runs are listed by. What is not known of a run, as its cost may be, is listed last.
enum class RunOrder : std::uint8_t { kStart, kDuration, kCost, kTokens, kErrors };

// The order of a list of runs; runs that are equal in it are in order of their trace ids.
//
// Thread: value.
struct RunSort {
  RunOrder by = RunOrder::kStart;
  bool is_ascending = false;

  // "start", "duration", "cost", "tokens" or "errors", with "-" before it when it goes downwards,
  // and back. Parse is empty for anything else.
  std::string ToText() const;
  static std::optional<RunSort> Parse(std::string_view text);

  // What a run is ordered by: nanoseconds, picodollars or a count. Of what is not known, a number
  // that is after all others in this order.
  std::int64_t KeyOf(const model::RunRecord& run) const;

  // Whether `a` comes before `b`.
  bool Precedes(const model::RunRecord& a, const model::RunRecord& b) const;
};

// Where the next page of a list starts: after this run, in the order of the list.
struct TraceCursor {
  std::int64_t key = 0;  // RunSort::KeyOf.
  model::TraceId trace_id;

  // An opaque token for clients and back. Parse is empty for anything that ToText did not make of
  // a list in the same order.
  std::string ToText(const RunSort& sort) const;
  static std::optional<TraceCursor> Parse(std::string_view text, const RunSort& sort);
};

// Which traces to list. Absent filters match everything; all given ones must match.
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
  std::optional<std::string> version;
  std::optional<std::string> environment;
  std::optional<std::string> tag;             // Any of its tags.
  std::optional<std::string> prompt_version;  // Any that a call was made with.
  AmountFilter amounts;
  std::optional<bool> has_error;
  // "" or text that some message or name of the trace contains, in any letter case, or its id.
  std::string text;
  // The text may be looked for in the newest messages only, when it is in very many or looking
  // takes long; the page says so. Otherwise all are looked at.
  bool may_stop_search = false;
  std::optional<std::int64_t> start_time_ns;  // The trace starts at or after.
  std::optional<std::int64_t> end_time_ns;    // The trace starts before.
  std::size_t limit = 100;
  RunSort sort;
  std::optional<TraceCursor> cursor;  // Of a list in the same order.
  bool counts_exactly = false;        // Count all that match, whatever it costs.
};

// Whether a run is one of those that are asked for, apart from `text` and `cursor`.
bool Matches(const TraceQuery& query, const model::RunRecord& run);

// Whether a run is on the page of the query or a later one.
bool IsPast(const TraceQuery& query, const model::RunRecord& run);

// Where the page after `run` starts.
TraceCursor CursorAfter(const RunSort& sort, const model::RunRecord& run);

}  // namespace sightline::query
