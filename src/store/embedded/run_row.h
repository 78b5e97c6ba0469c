// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "model/columns.h"
#include "model/rollup.h"
#include "model/run_record.h"

namespace sightline::store::embedded {

// The rows of a day's tables that come from live state, as DuckDB holds them. Texts are views into
// the values they were made of.

// A run that has settled. Lists of names are kept as sets (model/name_set.h). What a newer format
// added is at the end, where a day of an older one gets it.
//
// Thread: value.
struct RunRow {
  model::TraceId trace_id;
  std::int64_t position = 0;
  std::int64_t received_ns = 0;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  model::RunStatus status = model::RunStatus::kRunning;
  bool has_root = false;
  bool is_demo = false;
  bool is_newer_version = false;
  std::string_view run_id;
  std::string_view name;
  std::string_view workflow_id;
  std::string_view workflow_name;
  std::string_view agent;
  std::string_view service;
  std::string_view session_id;
  std::string_view user_id;
  std::string_view error_type;
  std::string_view error_message;
  std::string_view agents;
  std::string_view models;
  std::string_view services;
  std::uint32_t span_count = 0;
  std::uint32_t step_count = 0;
  std::uint32_t error_count = 0;
  std::uint32_t failed_steps = 0;
  std::uint32_t open_steps = 0;
  std::uint32_t model_calls = 0;
  std::uint32_t tool_calls = 0;
  std::int64_t input_total = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t output_total = 0;
  std::int64_t reasoning = 0;
  std::int64_t audio_in = 0;
  std::int64_t audio_out = 0;
  std::int64_t total_tokens = 0;
  std::int64_t cost_picodollars = 0;
  model::CostStatus cost_status = model::CostStatus::kNone;
  std::string_view version;
  std::string_view environment;
  std::string_view tags;
  std::string_view prompt_versions;
};

#define SIGHTLINE_COLUMN(name)                         \
  model::Column {                                      \
    #name, [](auto& row) -> auto& { return row.name; } \
  }

inline constexpr auto kRunColumns = std::tuple{SIGHTLINE_COLUMN(trace_id),
                                               SIGHTLINE_COLUMN(position),
                                               SIGHTLINE_COLUMN(received_ns),
                                               SIGHTLINE_COLUMN(start_ns),
                                               SIGHTLINE_COLUMN(end_ns),
                                               SIGHTLINE_COLUMN(status),
                                               SIGHTLINE_COLUMN(has_root),
                                               SIGHTLINE_COLUMN(is_demo),
                                               SIGHTLINE_COLUMN(is_newer_version),
                                               SIGHTLINE_COLUMN(run_id),
                                               SIGHTLINE_COLUMN(name),
                                               SIGHTLINE_COLUMN(workflow_id),
                                               SIGHTLINE_COLUMN(workflow_name),
                                               SIGHTLINE_COLUMN(agent),
                                               SIGHTLINE_COLUMN(service),
                                               SIGHTLINE_COLUMN(session_id),
                                               SIGHTLINE_COLUMN(user_id),
                                               SIGHTLINE_COLUMN(error_type),
                                               SIGHTLINE_COLUMN(error_message),
                                               SIGHTLINE_COLUMN(agents),
                                               SIGHTLINE_COLUMN(models),
                                               SIGHTLINE_COLUMN(services),
                                               SIGHTLINE_COLUMN(span_count),
                                               SIGHTLINE_COLUMN(step_count),
                                               SIGHTLINE_COLUMN(error_count),
                                               SIGHTLINE_COLUMN(failed_steps),
                                               SIGHTLINE_COLUMN(open_steps),
                                               SIGHTLINE_COLUMN(model_calls),
                                               SIGHTLINE_COLUMN(tool_calls),
                                               SIGHTLINE_COLUMN(input_total),
                                               SIGHTLINE_COLUMN(cache_read),
                                               SIGHTLINE_COLUMN(cache_write),
                                               SIGHTLINE_COLUMN(output_total),
                                               SIGHTLINE_COLUMN(reasoning),
                                               SIGHTLINE_COLUMN(audio_in),
                                               SIGHTLINE_COLUMN(audio_out),
                                               SIGHTLINE_COLUMN(total_tokens),
                                               SIGHTLINE_COLUMN(cost_picodollars),
                                               SIGHTLINE_COLUMN(cost_status),
                                               SIGHTLINE_COLUMN(version),
                                               SIGHTLINE_COLUMN(environment),
                                               SIGHTLINE_COLUMN(tags),
                                               SIGHTLINE_COLUMN(prompt_versions)};

#undef SIGHTLINE_COLUMN

// A run as a row; `sets` receives the texts of its sets and must outlive the row.
struct RunSets {
  std::string agents;
  std::string models;
  std::string services;
  std::string tags;
  std::string prompt_versions;
};

RunRow RowOf(const model::RunRecord& run, RunSets& sets);

// Values outside their range, as only damage makes them, become the default.
model::RunRecord RecordOf(const RunRow& row);

}  // namespace sightline::store::embedded

namespace sightline::model {

template <>
constexpr const auto& ColumnsOf<store::embedded::RunRow>() {
  return store::embedded::kRunColumns;
}

}  // namespace sightline::model
