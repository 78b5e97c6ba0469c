// SPDX-License-Identifier: Apache-2.0
#include "query/step_query.h"

#include <array>
#include <charconv>
#include <limits>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "base/hex.h"
#include "query/sort_text.h"

namespace sightline::query {
namespace {

// Of StepOrder, in its order.
constexpr auto kOrderNames =
    std::to_array<std::string_view>({"start", "duration", "cost", "tokens", "time_to_first_token"});

}  // namespace

std::string StepSort::ToText() const {
  return SortText(*this, kOrderNames);
}

std::optional<StepSort> StepSort::Parse(std::string_view text) {
  return ParseSort<StepSort>(text, kOrderNames);
}

std::int64_t StepSort::KeyOf(const model::Fact& step) const {
  const std::int64_t unknown = is_ascending ? std::numeric_limits<std::int64_t>::max() : -1;
  switch (by) {
    case StepOrder::kStart:
      return step.start_ns;
    case StepOrder::kDuration:
      return step.duration_ns;
    case StepOrder::kCost:
      return HasKnownCost(step) ? step.cost_picodollars : unknown;
    case StepOrder::kFirstToken:
      return step.time_to_first_token_ns < 0 ? unknown : step.time_to_first_token_ns;
    case StepOrder::kTokens:
      break;
  }
  return TokensOf(step);
}

bool StepSort::Precedes(const model::Fact& a, const model::Fact& b) const {
  const std::tuple left(KeyOf(a), a.trace_id, a.span_id);
  const std::tuple right(KeyOf(b), b.trace_id, b.span_id);
  return is_ascending ? left < right : left > right;
}

std::string StepCursor::ToText(const StepSort& sort) const {
  return fmt::format("{}.{}.{}.{}", sort.ToText(), key, trace_id.ToHex(), span_id.ToHex());
}

std::optional<StepCursor> StepCursor::Parse(std::string_view text, const StepSort& sort) {
  constexpr std::size_t kTraceDigits = 32;
  const std::string order = sort.ToText() + ".";
  if (!text.starts_with(order)) {
    return std::nullopt;
  }
  text.remove_prefix(order.size());
  StepCursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.key);
  if (error != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const bool has_dots =
      text.size() > kTraceDigits + 1 && text.front() == '.' && text[kTraceDigits + 1] == '.';
  if (!has_dots) {
    return std::nullopt;
  }
  const bool has_ids = base::HexDecode(text.substr(1, kTraceDigits), cursor.trace_id.bytes) &&
                       base::HexDecode(text.substr(kTraceDigits + 2), cursor.span_id.bytes);
  return has_ids ? std::optional(cursor) : std::nullopt;
}

bool IsPast(const StepQuery& query, const model::Fact& step) {
  if (!query.cursor) {
    return true;
  }
  const std::tuple key(query.sort.KeyOf(step), step.trace_id, step.span_id);
  const std::tuple cursor(query.cursor->key, query.cursor->trace_id, query.cursor->span_id);
  return query.sort.is_ascending ? key > cursor : key < cursor;
}

StepCursor CursorAfter(const StepSort& sort, const model::Fact& step) {
  return {.key = sort.KeyOf(step), .trace_id = step.trace_id, .span_id = step.span_id};
}

}  // namespace sightline::query
