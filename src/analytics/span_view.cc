// SPDX-License-Identifier: Apache-2.0
#include "analytics/span_view.h"

#include <cstddef>
#include <vector>

#include "model/run_rules.h"
#include "model/run_span.h"

namespace sightline::analytics {

TraceView AssembleSpan(std::span<const model::Span> rows, const model::SpanId& span_id,
                       const AssembleOptions& options) {
  TraceView view;
  std::vector<model::RunSpan> run_spans;
  run_spans.reserve(rows.size());
  for (const model::Span& row : rows) {
    run_spans.push_back(model::RunSpanOf(row));
  }
  const bool is_recent = options.now_ns - options.last_received_ns <= options.idle_limit_ns;
  const model::RunShape shape = model::ShapeRun(run_spans, is_recent);
  view.summary.status = shape.status;
  for (std::size_t i = 0; i < shape.kept.size(); ++i) {
    if (rows[shape.kept[i]].span_id == span_id) {
      view.spans.push_back(rows[shape.kept[i]]);
      view.parents = {TraceView::kNone};
      view.states = {shape.states[i]};
      view.counts_usage = {static_cast<bool>(shape.counts_usage[i])};
      view.root = shape.root == i ? 0 : TraceView::kNone;
      break;
    }
  }
  return view;
}

}  // namespace sightline::analytics
