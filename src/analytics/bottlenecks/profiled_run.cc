// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/profiled_run.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "model/saturating.h"

namespace sightline::analytics {
namespace {

Handover HandoverOf(const model::Span& span) {
  constexpr std::uint8_t kProducer = 4;  // opentelemetry.proto.trace.v1.Span.SpanKind
  constexpr std::uint8_t kConsumer = 5;
  if (span.otlp_kind == kProducer) {
    return Handover::kProducer;
  }
  return span.otlp_kind == kConsumer ? Handover::kConsumer : Handover::kCall;
}

ProfiledSpan ProfileSpan(const TraceView& view, std::size_t i, std::string_view agent) {
  const model::Span& span = view.spans[i];
  ProfiledSpan profiled;
  profiled.name = span.display_name.empty() ? span.name : span.display_name;
  profiled.agent = agent;
  profiled.tool_or_model = span.tool_name.empty() ? span.model() : span.tool_name;
  profiled.span_id = span.span_id;
  profiled.kind = span.kind;
  profiled.has_failed = span.has_error;
  profiled.is_step = model::IsStep(span.kind) && !span.has_mark(model::Mark::kIsLogLike);
  profiled.arguments_hash = span.arguments_hash;
  if (view.counts_usage[i]) {
    const model::Usage& usage = span.usage;
    if (usage.is_known()) {
      profiled.tokens = usage.total != model::Usage::kUnknown
                            ? usage.total
                            : model::SaturatingAdd(std::max<std::int64_t>(0, usage.input_total),
                                                   std::max<std::int64_t>(0, usage.output_total));
    }
    profiled.has_unknown_cost = span.cost_status == model::CostStatus::kUnpriced ||
                                span.cost_status == model::CostStatus::kPartial;
    if (span.cost_status != model::CostStatus::kNone &&
        span.cost_status != model::CostStatus::kUnpriced) {
      profiled.picodollars = span.cost.picodollars;
    }
  }
  return profiled;
}

}  // namespace

std::optional<ProfiledRun> ProfileRun(const TraceView& view) {
  if (view.root == TraceView::kNone || view.summary.status == model::RunStatus::kRunning ||
      view.spans[view.root].has_mark(model::Mark::kPlaceholder)) {
    return std::nullopt;
  }
  ProfiledRun run{.trace_id = view.summary.trace_id, .root = view.root, .times = {}, .spans = {}};
  const std::vector<std::string_view> agents = AgentsOf(view);
  run.times.reserve(view.spans.size());
  run.spans.reserve(view.spans.size());
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    const model::Span& span = view.spans[i];
    // A step that never ended is left out of paths: its end comes before its start.
    const std::int64_t end_ns =
        span.has_mark(model::Mark::kPlaceholder) ? span.start_ns - 1 : span.end_ns;
    run.times.push_back(
        {.parent = view.parents[i] == TraceView::kNone ? TimedSpan::kNoParent : view.parents[i],
         .start_ns = span.start_ns,
         .end_ns = end_ns,
         .handover = HandoverOf(span)});
    run.spans.push_back(ProfileSpan(view, i, agents[i]));
  }
  return run;
}

}  // namespace sightline::analytics
