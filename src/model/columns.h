// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/log_record.h"
#include "model/metric_point.h"
#include "model/span.h"

namespace sightline::model {

// The columns of each row type, declared once: the row codec and the tables of runs walk these
// tuples. On disk columns of rows are found by index, those of tables by name, so append
// at the end and never reorder.

template <typename Getter>
struct Column {
  std::string_view name;
  Getter get;  // Row& -> field&, for const and mutable rows.
};

template <typename Getter>
Column(std::string_view, Getter) -> Column<Getter>;

#define SIGHTLINE_COLUMN(name, field)                  \
  Column {                                             \
    name, [](auto& row) -> auto& { return row.field; } \
  }

inline constexpr auto kSpanColumns = std::tuple{
    SIGHTLINE_COLUMN("project_id", project_id),
    SIGHTLINE_COLUMN("trace_id", trace_id),
    SIGHTLINE_COLUMN("span_id", span_id),
    SIGHTLINE_COLUMN("parent_span_id", parent_span_id),
    SIGHTLINE_COLUMN("start_ns", start_ns),
    SIGHTLINE_COLUMN("end_ns", end_ns),
    SIGHTLINE_COLUMN("name", name),
    SIGHTLINE_COLUMN("display_name", display_name),
    SIGHTLINE_COLUMN("kind", kind),
    SIGHTLINE_COLUMN("otlp_kind", otlp_kind),
    SIGHTLINE_COLUMN("dialect", dialect),
    SIGHTLINE_COLUMN("status", status),
    SIGHTLINE_COLUMN("has_error", has_error),
    SIGHTLINE_COLUMN("marks", marks),
    SIGHTLINE_COLUMN("status_message", status_message),
    SIGHTLINE_COLUMN("error_type", error_type),
    SIGHTLINE_COLUMN("error_message", error_message),
    SIGHTLINE_COLUMN("service", service),
    SIGHTLINE_COLUMN("service_instance", service_instance),
    SIGHTLINE_COLUMN("scope", scope),
    SIGHTLINE_COLUMN("framework", framework),
    SIGHTLINE_COLUMN("operation", operation),
    SIGHTLINE_COLUMN("agent_name", agent_name),
    SIGHTLINE_COLUMN("agent_id", agent_id),
    SIGHTLINE_COLUMN("workflow_name", workflow_name),
    SIGHTLINE_COLUMN("workflow_id", workflow_id),
    SIGHTLINE_COLUMN("run_id", run_id),
    SIGHTLINE_COLUMN("session_id", session_id),
    SIGHTLINE_COLUMN("user_id", user_id),
    SIGHTLINE_COLUMN("environment", environment),
    SIGHTLINE_COLUMN("release", release),
    SIGHTLINE_COLUMN("tags", tags),
    SIGHTLINE_COLUMN("provider", provider),
    SIGHTLINE_COLUMN("request_model", request_model),
    SIGHTLINE_COLUMN("response_model", response_model),
    SIGHTLINE_COLUMN("response_id", response_id),
    SIGHTLINE_COLUMN("finish_reasons", finish_reasons),
    SIGHTLINE_COLUMN("time_to_first_token_ns", time_to_first_token_ns),
    SIGHTLINE_COLUMN("is_streaming", is_streaming),
    SIGHTLINE_COLUMN("input_total", usage.input_total),
    SIGHTLINE_COLUMN("cache_read", usage.cache_read),
    SIGHTLINE_COLUMN("cache_write", usage.cache_write),
    SIGHTLINE_COLUMN("output_total", usage.output_total),
    SIGHTLINE_COLUMN("reasoning", usage.reasoning),
    SIGHTLINE_COLUMN("audio_in", usage.audio_in),
    SIGHTLINE_COLUMN("audio_out", usage.audio_out),
    SIGHTLINE_COLUMN("total_tokens", usage.total),
    SIGHTLINE_COLUMN("usage_rule", usage.rule),
    SIGHTLINE_COLUMN("cost_picodollars", cost.picodollars),
    SIGHTLINE_COLUMN("cost_status", cost_status),
    SIGHTLINE_COLUMN("price_rule", price_rule),
    SIGHTLINE_COLUMN("tool_name", tool_name),
    SIGHTLINE_COLUMN("tool_call_id", tool_call_id),
    SIGHTLINE_COLUMN("tool_type", tool_type),
    SIGHTLINE_COLUMN("attributes", attributes),
    SIGHTLINE_COLUMN("content", content),
    SIGHTLINE_COLUMN("events", events),
    SIGHTLINE_COLUMN("links", links),
    SIGHTLINE_COLUMN("resource_attributes", resource_attributes),
    SIGHTLINE_COLUMN("scope_attributes", scope_attributes),
    SIGHTLINE_COLUMN("trace_state", trace_state),
    SIGHTLINE_COLUMN("unmapped", unmapped),
    SIGHTLINE_COLUMN("dropped_attributes", dropped_attributes),
    SIGHTLINE_COLUMN("dropped_events", dropped_events),
    SIGHTLINE_COLUMN("dropped_links", dropped_links),
    SIGHTLINE_COLUMN("flags", flags),
    SIGHTLINE_COLUMN("arguments_hash", arguments_hash),
    SIGHTLINE_COLUMN("cached_audio", usage_details.cached_audio),
    SIGHTLINE_COLUMN("cache_write_hour", usage_details.cache_write_hour),
    SIGHTLINE_COLUMN("image_in", usage_details.image_in),
    SIGHTLINE_COLUMN("cached_image", usage_details.cached_image),
    SIGHTLINE_COLUMN("video_in", usage_details.video_in),
    SIGHTLINE_COLUMN("image_out", usage_details.image_out),
    SIGHTLINE_COLUMN("video_out", usage_details.video_out),
    SIGHTLINE_COLUMN("web_searches", usage_details.web_searches),
    SIGHTLINE_COLUMN("service_tier", service_tier),
    SIGHTLINE_COLUMN("region", region),
    SIGHTLINE_COLUMN("evaluations", evaluations),
    SIGHTLINE_COLUMN("prompt_name", prompt_name),
    SIGHTLINE_COLUMN("prompt_version", prompt_version),
};

inline constexpr auto kLogColumns = std::tuple{
    SIGHTLINE_COLUMN("project_id", project_id),
    SIGHTLINE_COLUMN("time_ns", time_ns),
    SIGHTLINE_COLUMN("trace_id", trace_id),
    SIGHTLINE_COLUMN("span_id", span_id),
    SIGHTLINE_COLUMN("severity", severity),
    SIGHTLINE_COLUMN("severity_text", severity_text),
    SIGHTLINE_COLUMN("event_name", event_name),
    SIGHTLINE_COLUMN("body", body),
    SIGHTLINE_COLUMN("service", service),
    SIGHTLINE_COLUMN("scope", scope),
    SIGHTLINE_COLUMN("session_id", session_id),
    SIGHTLINE_COLUMN("attributes", attributes),
    SIGHTLINE_COLUMN("content", content),
    SIGHTLINE_COLUMN("resource_attributes", resource_attributes),
    SIGHTLINE_COLUMN("dropped_attributes", dropped_attributes),
    SIGHTLINE_COLUMN("flags", flags),
    SIGHTLINE_COLUMN("evaluations", evaluations),
};

inline constexpr auto kMetricColumns = std::tuple{
    SIGHTLINE_COLUMN("project_id", project_id),
    SIGHTLINE_COLUMN("time_ns", time_ns),
    SIGHTLINE_COLUMN("start_ns", start_ns),
    SIGHTLINE_COLUMN("name", name),
    SIGHTLINE_COLUMN("unit", unit),
    SIGHTLINE_COLUMN("type", type),
    SIGHTLINE_COLUMN("temporality", temporality),
    SIGHTLINE_COLUMN("is_monotonic", is_monotonic),
    SIGHTLINE_COLUMN("value", value),
    SIGHTLINE_COLUMN("count", count),
    SIGHTLINE_COLUMN("buckets", buckets),
    SIGHTLINE_COLUMN("service", service),
    SIGHTLINE_COLUMN("service_instance", service_instance),
    SIGHTLINE_COLUMN("scope", scope),
    SIGHTLINE_COLUMN("attributes", attributes),
    SIGHTLINE_COLUMN("resource_attributes", resource_attributes),
};

#undef SIGHTLINE_COLUMN

template <typename Row>
constexpr const auto& ColumnsOf();

template <>
constexpr const auto& ColumnsOf<Span>() {
  return kSpanColumns;
}

template <>
constexpr const auto& ColumnsOf<LogRecord>() {
  return kLogColumns;
}

template <>
constexpr const auto& ColumnsOf<MetricPoint>() {
  return kMetricColumns;
}

template <typename Row>
inline constexpr std::size_t kColumnCount =
    std::tuple_size_v<std::remove_cvref_t<decltype(ColumnsOf<Row>())>>;

// Calls `visit(index, column)` for each column, in order.
template <typename Row, typename Visitor>
constexpr void ForEachColumn(Visitor&& visit) {
  std::apply(
      [&](const auto&... column) {
        std::size_t index = 0;
        (visit(index++, column), ...);
      },
      ColumnsOf<Row>());
}

}  // namespace sightline::model
