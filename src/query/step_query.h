// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/fact_table.h"
#include "model/ids.h"
#include "query/fact_query.h"

namespace sightline::query {

// What steps are listed by. What is not known of a step, as its cost may be, is listed last.
enum class StepOrder : std::uint8_t { kStart, kDuration, kCost, kTokens, kFirstToken };

// The order of a list of steps; steps that are equal in it are in order of their ids.
//
// Thread: value.
struct StepSort {
  StepOrder by = StepOrder::kStart;
  bool is_ascending = false;

  // "start", "duration", "cost", "tokens" or "time_to_first_token", with "-" before it when it goes
  // downwards, and back. Parse is empty for anything else.
  std::string ToText() const;
  static std::optional<StepSort> Parse(std::string_view text);

  // What a step is ordered by: nanoseconds, picodollars, or input and output tokens. Of what is
  // not known, a number that is after all others in this order.
  std::int64_t KeyOf(const model::Fact& step) const;

  // Whether `a` comes before `b`.
  bool Precedes(const model::Fact& a, const model::Fact& b) const;
};

// Where the next page of a list starts: after this step, in the order of the list.
struct StepCursor {
  std::int64_t key = 0;  // StepSort::KeyOf.
  model::TraceId trace_id;
  model::SpanId span_id;

  // An opaque token for clients and back. Parse is empty for anything that ToText did not make of
  // a list in the same order.
  std::string ToText(const StepSort& sort) const;
  static std::optional<StepCursor> Parse(std::string_view text, const StepSort& sort);
};

// Which steps of runs to list: those that `steps` matches, in an order, page by page.
//
// Thread: value.
struct StepQuery {
  FactQuery steps;  // Filters and times; not of runs, and without grouping.
  StepSort sort;
  std::size_t limit = 100;
  std::optional<StepCursor> cursor;  // Of a list in the same order.
};

// Whether a step is on the page of the query or a later one.
bool IsPast(const StepQuery& query, const model::Fact& step);

// Where the page after `step` starts.
StepCursor CursorAfter(const StepSort& sort, const model::Fact& step);

}  // namespace sightline::query
