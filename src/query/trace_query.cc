// SPDX-License-Identifier: Apache-2.0
#include "query/trace_query.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "model/saturating.h"

namespace sightline::query {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Equals(const std::optional<std::string>& wanted, const std::string& value) {
  return !wanted || *wanted == value;
}

bool Holds(const std::optional<std::string>& wanted, const std::vector<std::string>& names) {
  return !wanted || Contains(names, *wanted);
}

bool IsExecution(const std::optional<std::string>& wanted, const model::RunRecord& run) {
  if (!wanted || *wanted == run.run_id) {
    return true;
  }
  // A trace id may be in capitals.
  const auto id = model::TraceId::FromHex(*wanted);
  return id && *id == run.trace_id;
}

bool MatchesTimes(const TraceQuery& query, const model::RunRecord& run) {
  const std::int64_t duration_ns = model::DurationNs(run.start_ns, run.end_ns);
  return (!query.min_duration_ns || duration_ns >= *query.min_duration_ns) &&
         (!query.max_duration_ns || duration_ns <= *query.max_duration_ns) &&
         (!query.start_time_ns || run.start_ns >= *query.start_time_ns) &&
         (!query.end_time_ns || run.start_ns < *query.end_time_ns);
}

}  // namespace

bool Matches(const TraceQuery& query, const model::RunRecord& run) {
  return Equals(query.workflow_id, run.workflow_id) && IsExecution(query.execution_id, run) &&
         (!query.status || *query.status == run.status) &&
         Equals(query.session_id, run.session_id) && Equals(query.user_id, run.user_id) &&
         Holds(query.agent, run.agents) && Holds(query.model, run.models) &&
         Holds(query.service, run.services) &&
         (!query.has_error || *query.has_error == (run.error_count > 0)) &&
         MatchesTimes(query, run);
}

bool IsPast(const std::optional<TraceCursor>& cursor, const model::RunRecord& run) {
  return !cursor || run.start_ns < cursor->start_ns ||
         (run.start_ns == cursor->start_ns && run.trace_id < cursor->trace_id);
}

bool IsListedBefore(const model::RunRecord& a, const model::RunRecord& b) {
  return a.start_ns != b.start_ns ? a.start_ns > b.start_ns : a.trace_id > b.trace_id;
}

std::string TraceCursor::ToText() const {
  return fmt::format("{}.{}", start_ns, trace_id.ToHex());
}

std::optional<TraceCursor> TraceCursor::Parse(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  TraceCursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, cursor.start_ns);
  const auto id = model::TraceId::FromHex(text.substr(dot + 1));
  if (error != std::errc() || end != text.data() + dot || !id) {
    return std::nullopt;
  }
  cursor.trace_id = *id;
  return cursor;
}

}  // namespace sightline::query
