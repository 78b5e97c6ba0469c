// SPDX-License-Identifier: Apache-2.0
#include "analytics/trace_view.h"

#include <algorithm>
#include <utility>

#include "model/ancestors.h"
#include "model/run_labels.h"
#include "model/run_rules.h"
#include "model/run_span.h"

namespace sightline::analytics {
namespace {

void FillFirst(std::string_view& into, std::string_view text) {
  if (into.empty()) {
    into = text;
  }
}

void AddModel(std::vector<std::string_view>& models, std::string_view model) {
  if (!model.empty() && std::find(models.begin(), models.end(), model) == models.end()) {
    models.push_back(model);
  }
}

void Summarize(TraceView& view) {
  const model::Span& root = view.spans[view.root];
  TraceSummary& summary = view.summary;
  summary.trace_id = root.trace_id;
  summary.name = root.display_name.empty() ? root.name : root.display_name;
  summary.workflow_id = model::WorkflowIdOf(root);
  summary.workflow_name = root.workflow_name;
  summary.agent = root.agent_name;
  summary.service = root.service;
  summary.error_message = root.error_message;
  summary.execution_id_text = root.run_id;
  summary.session_id = root.session_id;
  summary.user_id = root.user_id;
  summary.version = root.release;
  summary.environment = root.environment;
  model::AddTags(model::TagSetOf(root), summary.tags);
  for (const model::Span& span : view.spans) {
    summary.span_count += span.has_mark(model::Mark::kPlaceholder) ? 0U : 1U;
    summary.error_count += span.has_error ? 1U : 0U;
    FillFirst(summary.agent, span.agent_name);
    FillFirst(summary.execution_id_text, span.run_id);
    FillFirst(summary.session_id, span.session_id);
    FillFirst(summary.user_id, span.user_id);
    FillFirst(summary.version, span.release);
    FillFirst(summary.environment, span.environment);
    model::AddTags(model::TagSetOf(span), summary.tags);
    model::AddPrompts(model::PromptSetOf(span), summary.prompt_versions);
    if (model::IsModelCall(span.kind)) {
      AddModel(summary.models, span.model());
    }
    summary.is_demo = summary.is_demo || span.has_mark(model::Mark::kDemo);
  }
}

}  // namespace

TraceView AssembleTrace(std::span<const model::Span> rows, const AssembleOptions& options) {
  TraceView view;
  if (rows.empty()) {
    return view;
  }
  std::vector<model::RunSpan> run_spans;
  run_spans.reserve(rows.size());
  for (const model::Span& row : rows) {
    run_spans.push_back(model::RunSpanOf(row));
  }
  const bool is_recent = options.now_ns - options.last_received_ns <= options.idle_limit_ns;
  model::RunShape shape = model::ShapeRun(run_spans, is_recent);
  view.spans.reserve(shape.kept.size());
  for (std::size_t i = 0; i < shape.kept.size(); ++i) {
    view.spans.push_back(rows[shape.kept[i]]);
    if (shape.counts_usage[i]) {
      view.summary.totals.Add(run_spans[shape.kept[i]]);
    }
  }
  view.parents = std::move(shape.parents);
  view.states = std::move(shape.states);
  view.counts_usage = std::move(shape.counts_usage);
  view.root = shape.root;
  view.repeated_spans = shape.repeated_spans;
  view.covered_log_spans = shape.covered_log_spans;
  view.summary.status = shape.status;
  view.summary.start_ns = shape.start_ns;
  view.summary.end_ns = shape.status == model::RunStatus::kRunning ? 0 : shape.end_ns;
  Summarize(view);
  return view;
}

std::vector<std::string_view> AgentsOf(const TraceView& view) {
  const auto own = [&](std::size_t i) {
    const model::Span& span = view.spans[i];
    return span.agent_name.empty() ? span.agent_id : span.agent_name;
  };
  const std::vector<std::size_t> tellers = model::NearestAtOrAbove(
      view.spans.size(), [&](std::size_t i) { return view.parents[i]; },
      [&](std::size_t i) { return !own(i).empty(); });
  std::vector<std::string_view> agents;
  agents.reserve(tellers.size());
  for (const std::size_t teller : tellers) {
    agents.push_back(teller == TraceView::kNone ? std::string_view() : own(teller));
  }
  return agents;
}

}  // namespace sightline::analytics
