// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "model/ids.h"
#include "model/kinds.h"
#include "model/money.h"
#include "model/outcome.h"
#include "model/span.h"
#include "model/usage.h"

namespace sightline::model {

// What the rules about a run (run_rules.h) need to know of one span, without its texts: texts that
// are only compared are 64-bit hashes, 0 for "". About 200 bytes, so that live state can hold the
// spans of many runs.
//
// Thread: value.
struct RunSpan {
  SpanId span_id;
  SpanId parent_span_id;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // 0 for a placeholder.
  std::int64_t time_to_first_token_ns = Span::kUnknown;
  SpanKind kind = SpanKind::kOther;
  Outcome outcome = Outcome::kCompleted;
  CostStatus cost_status = CostStatus::kNone;
  bool has_error = false;
  std::uint32_t marks = 0;
  Usage usage;
  Money cost;
  std::uint64_t response_id = 0;
  std::uint64_t tool_call_id = 0;
  std::uint64_t session_and_run = 0;  // 0 unless both are known.
  std::uint64_t request_model = 0;    // Of the model's identity: see model_names.h.
  std::uint64_t model = 0;
  std::uint64_t tool = 0;            // Name of the tool that is called.
  std::uint64_t arguments_hash = 0;  // Of a tool call.
  std::uint64_t service = 0;         // Of service and instance: one clock.

  bool has_mark(Mark mark) const { return (marks & static_cast<std::uint32_t>(mark)) != 0; }

  bool is_placeholder() const { return has_mark(Mark::kPlaceholder); }

  // It says of itself that nothing is above it.
  bool is_root() const { return parent_span_id.is_zero() || has_mark(Mark::kAppRoot); }

  bool is_step() const { return IsStep(kind) && !has_mark(Mark::kIsLogLike); }

  bool has_cost() const {
    return cost_status != CostStatus::kNone && cost_status != CostStatus::kUnpriced;
  }

  // A model call whose usage or cost can be counted.
  bool is_counted_call() const {
    return IsModelCall(kind) && has_usage() && !has_mark(Mark::kNotACall);
  }

  // What it cost is a price for the call of a tool: it is added to all that is below it.
  bool has_fee() const { return kind == SpanKind::kTool && cost_status == CostStatus::kPriced; }

  // Its cost is not known because it states no usage (pricing/span_price.h).
  bool is_silent_call() const {
    return IsModelCall(kind) && !usage.is_known() && cost_status == CostStatus::kUnpriced &&
           !has_mark(Mark::kNotACall);
  }

  bool has_usage() const { return usage.is_known() || (has_cost() && !has_fee()); }
};

RunSpan RunSpanOf(const Span& span);

// How sure we are that a span is the root of its trace: a real root beats an application root
// (Langfuse) beats an orphan or a span that has not ended. Stored on disk: append only.
enum RootRank : std::uint8_t { kOrphan = 0, kAppRoot = 1, kRealRoot = 2 };

RootRank RootRankOf(const Span& span);

// What the runs of a root belong to: workflow name or id, else agent name, else
// "service/span name". Name before id: some emitters put a fresh id on every run.
std::string WorkflowIdOf(const Span& root);

}  // namespace sightline::model
