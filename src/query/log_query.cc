// SPDX-License-Identifier: Apache-2.0
#include "query/log_query.h"

#include <charconv>
#include <system_error>

#include <fmt/format.h>

namespace sightline::query {
namespace {

bool Equals(const std::optional<std::string>& wanted, std::string_view value) {
  return !wanted || *wanted == value;
}

template <typename Number>
bool ReadAll(std::string_view text, int base, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && read_to == end;
}

}  // namespace

bool Matches(const LogQuery& query, const model::LogRecord& log) {
  return (!query.trace_id || *query.trace_id == log.trace_id) &&
         (!query.span_id || *query.span_id == log.span_id) && Equals(query.service, log.service) &&
         Equals(query.session_id, log.session_id) && Equals(query.event_name, log.event_name) &&
         log.severity >= query.min_severity &&
         (!query.start_time_ns || log.time_ns >= *query.start_time_ns) &&
         (!query.end_time_ns || log.time_ns < *query.end_time_ns);
}

bool IsLogListedBefore(const LogCursor& a, const LogCursor& b) {
  return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.key > b.key;
}

bool IsPast(const std::optional<LogCursor>& cursor, const LogCursor& log) {
  return !cursor || IsLogListedBefore(*cursor, log);
}

std::string LogCursor::ToText() const {
  return fmt::format("{}.{:x}", time_ns, key);
}

std::optional<LogCursor> LogCursor::Parse(std::string_view text) {
  const std::size_t dot = text.find('.');
  LogCursor cursor;
  if (dot == std::string_view::npos || !ReadAll(text.substr(0, dot), 10, cursor.time_ns) ||
      !ReadAll(text.substr(dot + 1), 16, cursor.key)) {
    return std::nullopt;
  }
  return cursor;
}

}  // namespace sightline::query
