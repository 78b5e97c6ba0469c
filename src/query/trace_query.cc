// SPDX-License-Identifier: Apache-2.0
#include "query/trace_query.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/saturating.h"
#include "query/sort_text.h"

namespace sightline::query {
namespace {

// Of RunOrder, in its order.
constexpr auto kOrderNames =
    std::to_array<std::string_view>({"start", "duration", "cost", "tokens", "errors"});

// Empty when it is not known.
std::optional<std::int64_t> ValueOf(RunOrder order, const model::RunRecord& run) {
  switch (order) {
    case RunOrder::kStart:
      return run.start_ns;
    case RunOrder::kDuration:
      return model::DurationNs(run.start_ns, run.end_ns);
    case RunOrder::kCost:
      return model::IsKnown(run.cost_status) ? std::optional(run.cost.picodollars) : std::nullopt;
    case RunOrder::kTokens:
      return run.usage.total == model::Usage::kUnknown ? std::nullopt
                                                       : std::optional(run.usage.total);
    case RunOrder::kErrors:
      break;
  }
  return run.error_count;
}

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
  return (!query.start_time_ns || run.start_ns >= *query.start_time_ns) &&
         (!query.end_time_ns || run.start_ns < *query.end_time_ns);
}

}  // namespace

bool Matches(const TraceQuery& query, const model::RunRecord& run) {
  return Equals(query.workflow_id, run.workflow_id) && IsExecution(query.execution_id, run) &&
         (!query.status || *query.status == run.status) &&
         Equals(query.session_id, run.session_id) && Equals(query.user_id, run.user_id) &&
         Holds(query.agent, run.agents) && Holds(query.model, run.models) &&
         Holds(query.service, run.services) && Equals(query.version, run.version) &&
         Equals(query.environment, run.environment) && Holds(query.tag, run.tags) &&
         Holds(query.prompt_version, run.prompt_versions) &&
         (!query.has_error || *query.has_error == (run.error_count > 0)) &&
         MatchesTimes(query, run) &&
         query.amounts.Matches(model::DurationNs(run.start_ns, run.end_ns),
                               ValueOf(RunOrder::kCost, run), run.usage.total);
}

std::string RunSort::ToText() const {
  return SortText(*this, kOrderNames);
}

std::optional<RunSort> RunSort::Parse(std::string_view text) {
  return ParseSort<RunSort>(text, kOrderNames);
}

std::int64_t RunSort::KeyOf(const model::RunRecord& run) const {
  const std::optional<std::int64_t> value = ValueOf(by, run);
  return value.value_or(is_ascending ? std::numeric_limits<std::int64_t>::max() : -1);
}

bool RunSort::Precedes(const model::RunRecord& a, const model::RunRecord& b) const {
  const std::pair left(KeyOf(a), a.trace_id);
  const std::pair right(KeyOf(b), b.trace_id);
  return is_ascending ? left < right : left > right;
}

bool IsPast(const TraceQuery& query, const model::RunRecord& run) {
  if (!query.cursor) {
    return true;
  }
  const std::pair key(query.sort.KeyOf(run), run.trace_id);
  const std::pair cursor(query.cursor->key, query.cursor->trace_id);
  return query.sort.is_ascending ? key > cursor : key < cursor;
}

TraceCursor CursorAfter(const RunSort& sort, const model::RunRecord& run) {
  return {.key = sort.KeyOf(run), .trace_id = run.trace_id};
}

std::string TraceCursor::ToText(const RunSort& sort) const {
  return fmt::format("{}.{}.{}", sort.ToText(), key, trace_id.ToHex());
}

std::optional<TraceCursor> TraceCursor::Parse(std::string_view text, const RunSort& sort) {
  const std::string order = sort.ToText() + ".";
  if (!text.starts_with(order)) {
    return std::nullopt;
  }
  text.remove_prefix(order.size());
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  TraceCursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, cursor.key);
  const auto id = model::TraceId::FromHex(text.substr(dot + 1));
  if (error != std::errc() || end != text.data() + dot || !id) {
    return std::nullopt;
  }
  cursor.trace_id = *id;
  return cursor;
}

}  // namespace sightline::query
