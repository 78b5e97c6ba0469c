// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/ids.h"
#include "model/kinds.h"
#include "model/money.h"
#include "model/usage.h"

namespace sightline::model {

// Facts about a span that the reader must be told. Bits of Span::marks; stored on disk: append
// only.
enum class Mark : std::uint32_t {
  kEndBeforeStart = 1U << 0U,
  kTimeSuspect = 1U << 1U,
  kTooLong = 1U << 2U,
  kTextRepaired = 1U << 3U,
  kAttributesCut = 1U << 4U,
  kFromLog = 1U << 5U,         // Built from a log event, not from a span.
  kPlaceholder = 1U << 6U,     // Started and not ended: end_ns is 0. See Batch::pending.
  kIsLogLike = 1U << 7U,       // Logfire span_type=log: zero length, not a step.
  kNotACall = 1U << 8U,        // Merged tools, set-up calls: keep, but do not count as a call.
  kAppRoot = 1U << 9U,         // Langfuse: treat as root even with a parent.
  kDemo = 1U << 10U,           // Made by the simulator.
  kLifetimeUsage = 1U << 11U,  // Strands: usage accumulated over the agent object's life.
  kNestedTooDeep = 1U << 12U,
  kDerivedIds = 1U << 13U,  // Trace or span id derived by hashing (log events, lifecycle API).
};

// The public name of one mark, such as "end_before_start"; "" for bits that are none.
std::string_view MarkName(Mark mark);

// Calls `visit(name)` for each mark that is set in `marks`, lowest bit first.
template <typename Visit>
void ForEachMarkName(std::uint32_t marks, Visit&& visit) {
  for (std::uint32_t rest = marks; rest != 0; rest &= rest - 1) {
    const std::string_view name = MarkName(static_cast<Mark>(rest & (~rest + 1)));
    if (!name.empty()) {
      visit(name);
    }
  }
}

// The one project until projects arrive.
inline constexpr std::string_view kDefaultProject = "default";

// One span in the canonical model. Texts are views into the memory of the Batch that holds the
// span; "" means absent. Lists are JSON arrays of strings as text, or "".
//
// Thread: value.
struct Span {
  static constexpr std::int64_t kUnknown = -1;

  std::string_view project_id = kDefaultProject;
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;  // Zero: root.
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;

  std::string_view name;
  std::string_view display_name;  // What a person would call it; "" means `name`.
  SpanKind kind = SpanKind::kOther;
  std::uint8_t otlp_kind = 0;
  Dialect dialect = Dialect::kNone;
  StatusCode status = StatusCode::kUnset;
  bool has_error = false;  // By the rules of docs/conventions.md.
  std::uint32_t marks = 0;
  std::string_view status_message;
  std::string_view error_type;
  std::string_view error_message;

  std::string_view service;
  std::string_view service_instance;
  std::string_view scope;
  std::string_view framework;
  std::string_view operation;
  std::string_view agent_name;
  std::string_view agent_id;
  std::string_view workflow_name;
  std::string_view workflow_id;
  std::string_view run_id;
  std::string_view session_id;
  std::string_view user_id;
  std::string_view environment;
  std::string_view release;
  std::string_view tags;  // JSON array.
  // Of the prompt that a call was made with, as a prompt registry names it.
  std::string_view prompt_name;
  std::string_view prompt_version;

  std::string_view provider;
  std::string_view request_model;
  std::string_view response_model;
  std::string_view response_id;
  std::string_view finish_reasons;  // JSON array.
  std::int64_t time_to_first_token_ns = kUnknown;
  bool is_streaming = false;
  Usage usage;
  UsageDetails usage_details;
  std::string_view service_tier;  // As the provider calls it: "batch", "flex", "priority" ...
  std::string_view region;        // Where the provider served it, as a span says.
  Money cost;                     // Meaningful when cost_status is priced, reported or partial.
  CostStatus cost_status = CostStatus::kNone;
  std::string_view price_rule;  // Id of the price rule, "" unless priced or partial.

  std::string_view tool_name;
  std::string_view tool_call_id;
  std::string_view tool_type;

  // Original data, nothing left out. Large texts are moved to `content`.
  std::string_view attributes;           // JSON object text, as otlp/value_json.h has it.
  std::string_view content;              // Ropes of large values; see model/rope.h.
  std::string_view events;               // JSON array text.
  std::string_view links;                // JSON array text.
  std::string_view resource_attributes;  // JSON object text, shared by many spans.
  std::string_view scope_attributes;     // JSON object text: name, version and attributes.
  std::string_view trace_state;
  std::string_view unmapped;     // JSON array of attribute keys that no rule knows.
  std::string_view evaluations;  // What judged it, its run or session; see model/evaluation.h.
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
  std::uint32_t flags = 0;

  // Of the arguments of a tool call as they were sent, to tell repeated calls; 0: none known.
  std::uint64_t arguments_hash = 0;

  bool is_root() const { return parent_span_id.is_zero(); }

  bool has_mark(Mark mark) const { return (marks & static_cast<std::uint32_t>(mark)) != 0; }

  void set_mark(Mark mark) { marks |= static_cast<std::uint32_t>(mark); }

  // The model that answered, else the one that was asked.
  std::string_view model() const { return response_model.empty() ? request_model : response_model; }
};

}  // namespace sightline::model
