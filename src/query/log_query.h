// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "model/log_record.h"

namespace sightline::query {

// Where the next page of a list of log records starts: after this one, in the order of lists.
struct LogCursor {
  std::int64_t time_ns = 0;
  std::uint64_t key = 0;  // model::LogKey.

  // An opaque token for clients and back. Parse is empty for anything that ToText did not make.
  std::string ToText() const;
  static std::optional<LogCursor> Parse(std::string_view text);
};

// Which log records to list, newest first. Absent filters match everything; all given ones must
// match.
//
// Thread: value.
struct LogQuery {
  std::optional<model::TraceId> trace_id;
  std::optional<model::SpanId> span_id;
  std::optional<std::string> service;
  std::optional<std::string> session_id;
  std::optional<std::string> event_name;
  std::uint8_t min_severity = 0;  // OTel severity number; a record without one has 0.
  std::string text;               // "" or text that message or attributes contain, any letter case.
  std::optional<std::int64_t> start_time_ns;  // At or after.
  std::optional<std::int64_t> end_time_ns;    // Before.
  std::size_t limit = 100;
  std::optional<LogCursor> cursor;
};

// Whether a record is one of those that are asked for, apart from `text` and `cursor`.
bool Matches(const LogQuery& query, const model::LogRecord& log);

// Whether a record is on this page or a later one.
bool IsPast(const std::optional<LogCursor>& cursor, const LogCursor& log);

// The order of lists: newest first, then by key, downwards.
bool IsLogListedBefore(const LogCursor& a, const LogCursor& b);

}  // namespace sightline::query
