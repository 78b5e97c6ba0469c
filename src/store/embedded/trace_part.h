// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/batch.h"
#include "model/columns.h"
#include "model/ids.h"
#include "model/outcome.h"
#include "model/span.h"

namespace sightline::store::embedded {

// What one batch, or one seal, knows about one trace. A trace may grow for days: its parts are
// merged when they are read. Sets of texts are kept as "|a|b|" with the separator kSetSeparator, so
// that membership is one search.
//
// Thread: value.
struct TracePart {
  model::TraceId trace_id;
  std::int64_t first_row = 0;  // Sequence number of the first of its span rows; seals only.
  std::uint32_t span_count = 0;
  std::uint32_t step_count = 0;
  std::uint32_t error_count = 0;
  std::uint32_t failed_steps = 0;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int64_t received_ns = 0;  // Last arrival: the last sign of life.
  // The root span, or where it has not come the earliest span; see model::RootRank.
  std::uint8_t root_rank = 0;
  std::int64_t root_start_ns = 0;
  model::Outcome root_outcome = model::Outcome::kCompleted;
  std::string workflow_id;  // By the rule of the design: explicit, root agent, service/root name.
  std::string run_id;
  std::string session_id;
  std::string user_id;
  std::string agents;
  std::string models;
  std::string services;
  bool is_demo = false;
};

#define SIGHTLINE_COLUMN(name)                         \
  model::Column {                                      \
    #name, [](auto& row) -> auto& { return row.name; } \
  }

inline constexpr auto kPartColumns = std::tuple{
    SIGHTLINE_COLUMN(trace_id),    SIGHTLINE_COLUMN(first_row),     SIGHTLINE_COLUMN(span_count),
    SIGHTLINE_COLUMN(step_count),  SIGHTLINE_COLUMN(error_count),   SIGHTLINE_COLUMN(failed_steps),
    SIGHTLINE_COLUMN(start_ns),    SIGHTLINE_COLUMN(end_ns),        SIGHTLINE_COLUMN(received_ns),
    SIGHTLINE_COLUMN(root_rank),   SIGHTLINE_COLUMN(root_start_ns), SIGHTLINE_COLUMN(root_outcome),
    SIGHTLINE_COLUMN(workflow_id), SIGHTLINE_COLUMN(run_id),        SIGHTLINE_COLUMN(session_id),
    SIGHTLINE_COLUMN(user_id),     SIGHTLINE_COLUMN(agents),        SIGHTLINE_COLUMN(models),
    SIGHTLINE_COLUMN(services),    SIGHTLINE_COLUMN(is_demo)};

#undef SIGHTLINE_COLUMN

inline constexpr char kSetSeparator = '\x1f';

// One part per trace of a batch's spans and pending spans, in order of first occurrence. A pending
// span tells where its run belongs and is not counted.
std::vector<TracePart> SummarizeParts(const model::Batch& batch);

// Adds what `other` knows about the same trace.
void MergePart(TracePart& into, const TracePart& other);

}  // namespace sightline::store::embedded

namespace sightline::model {

template <>
constexpr const auto& ColumnsOf<store::embedded::TracePart>() {
  return store::embedded::kPartColumns;
}

}  // namespace sightline::model
