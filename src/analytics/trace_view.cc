// SPDX-License-Identifier: Apache-2.0
#include "analytics/trace_view.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "analytics/usage_rollup.h"
#include "model/outcome.h"

namespace sightline::analytics {
namespace {

using SpanIndex = std::unordered_map<model::SpanId, std::size_t, model::SpanIdHasher>;

// Which log events are told by real spans: the join keys of those spans.
class Coverage {
 public:
  explicit Coverage(std::span<const model::Span> rows) {
    for (const model::Span& span : rows) {
      if (span.has_mark(model::Mark::kFromLog)) {
        continue;
      }
      kinds_.emplace(span.span_id, span.kind);
      Add(span, "r", span.response_id);
      Add(span, "t", span.tool_call_id);
      if (!span.session_id.empty() && !span.run_id.empty()) {
        keys_.insert(RunKey(span));
      }
    }
  }

  bool Covers(const model::Span& span) const {
    if (!span.has_mark(model::Mark::kFromLog)) {
      return false;
    }
    const auto parent = kinds_.find(span.parent_span_id);
    if (parent != kinds_.end() && parent->second == span.kind) {
      return true;
    }
    return (!span.response_id.empty() && keys_.contains(Key(span, "r", span.response_id))) ||
           (!span.tool_call_id.empty() && keys_.contains(Key(span, "t", span.tool_call_id))) ||
           (model::IsModelCall(span.kind) && !span.session_id.empty() && !span.run_id.empty() &&
            keys_.contains(RunKey(span)));
  }

 private:
  static std::string Key(const model::Span& span, std::string_view what, std::string_view id) {
    return fmt::format("{}{}:{}", what, static_cast<int>(span.kind), id);
  }

  static std::string RunKey(const model::Span& span) {
    return Key(span, "s", fmt::format("{}\x1f{}", span.session_id, span.run_id));
  }

  void Add(const model::Span& span, std::string_view what, std::string_view id) {
    if (!id.empty()) {
      keys_.insert(Key(span, what, id));
    }
  }

  std::unordered_map<model::SpanId, model::SpanKind, model::SpanIdHasher> kinds_;
  std::unordered_set<std::string> keys_;
};

// The rows that are kept, one per span id.
void KeepOneOfEach(std::span<const model::Span> rows, TraceView& view) {
  const Coverage coverage(rows);
  SpanIndex index;
  for (const model::Span& span : rows) {
    if (coverage.Covers(span)) {
      ++view.covered_log_spans;
      continue;
    }
    const auto [it, is_new] = index.try_emplace(span.span_id, view.spans.size());
    if (is_new) {
      view.spans.push_back(span);
      continue;
    }
    ++view.repeated_spans;
    if (span.end_ns > view.spans[it->second].end_ns) {
      view.spans[it->second] = span;
    }
  }
  std::stable_sort(
      view.spans.begin(), view.spans.end(),
      [](const model::Span& a, const model::Span& b) { return a.start_ns < b.start_ns; });
}

void ResolveParents(TraceView& view, bool is_running) {
  SpanIndex index;
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    index.emplace(view.spans[i].span_id, i);
  }
  view.parents.assign(view.spans.size(), TraceView::kNone);
  view.states.assign(view.spans.size(), ParentState::kRoot);
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    const model::Span& span = view.spans[i];
    const auto parent = index.find(span.parent_span_id);
    if (span.is_root()) {
      continue;
    }
    if (parent != index.end()) {
      view.parents[i] = parent->second;
      view.states[i] = ParentState::kPresent;
    } else if (!span.has_mark(model::Mark::kAppRoot)) {
      view.states[i] = is_running ? ParentState::kNotArrived : ParentState::kNeverExported;
    }
  }
}

// Cuts every cycle at its earliest span, so that walking up always ends.
void CutCycles(TraceView& view) {
  enum class Color : std::uint8_t { kNew, kOpen, kDone };
  std::vector<Color> colors(view.spans.size(), Color::kNew);
  std::vector<std::size_t> path;
  for (std::size_t start = 0; start < view.spans.size(); ++start) {
    path.clear();
    std::size_t at = start;
    while (at != TraceView::kNone && colors[at] == Color::kNew) {
      colors[at] = Color::kOpen;
      path.push_back(at);
      at = view.parents[at];
    }
    if (at != TraceView::kNone && colors[at] == Color::kOpen) {
      view.parents[at] = TraceView::kNone;
      view.states[at] = ParentState::kCycle;
    }
    for (const std::size_t visited : path) {
      colors[visited] = Color::kDone;
    }
  }
}

// A root that has ended tells how the run came out.
bool IsEndedRoot(const model::Span& span) {
  return span.is_root() || span.has_mark(model::Mark::kAppRoot);
}

std::size_t FindRoot(const TraceView& view) {
  std::size_t best = TraceView::kNone;
  const auto rank = [&](std::size_t i) {
    return view.spans[i].is_root() ? 2 : view.spans[i].has_mark(model::Mark::kAppRoot) ? 1 : 0;
  };
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    if (view.parents[i] == TraceView::kNone && (best == TraceView::kNone || rank(i) > rank(best))) {
      best = i;
    }
  }
  return best;
}

query::RunStatus StatusOf(const model::Span& root, bool is_running) {
  if (!IsEndedRoot(root)) {
    return is_running ? query::RunStatus::kRunning : query::RunStatus::kAbandoned;
  }
  switch (model::OutcomeOf(root)) {
    case model::Outcome::kCompleted:
      return query::RunStatus::kCompleted;
    case model::Outcome::kFailed:
      return query::RunStatus::kFailed;
    case model::Outcome::kCancelled:
      return query::RunStatus::kCancelled;
  }
  return query::RunStatus::kCompleted;
}

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

std::string WorkflowIdOf(const model::Span& root) {
  for (const std::string_view text : {root.workflow_name, root.workflow_id, root.agent_name}) {
    if (!text.empty()) {
      return std::string(text);
    }
  }
  return fmt::format("{}/{}", root.service, root.name);
}

void Summarize(TraceView& view, bool is_running) {
  const model::Span& root = view.spans[view.root];
  TraceSummary& summary = view.summary;
  summary.trace_id = root.trace_id;
  summary.name = root.display_name.empty() ? root.name : root.display_name;
  summary.workflow_id = WorkflowIdOf(root);
  summary.workflow_name = root.workflow_name;
  summary.status = StatusOf(root, is_running);
  summary.agent = root.agent_name;
  summary.service = root.service;
  summary.error_message = root.error_message;
  summary.span_count = view.spans.size();
  summary.start_ns = view.spans.front().start_ns;
  summary.execution_id_text = root.run_id;
  summary.session_id = root.session_id;
  summary.user_id = root.user_id;
  std::int64_t end_ns = root.end_ns;
  for (const model::Span& span : view.spans) {
    summary.error_count += span.has_error ? 1U : 0U;
    end_ns = std::max(end_ns, span.end_ns);
    FillFirst(summary.agent, span.agent_name);
    FillFirst(summary.execution_id_text, span.run_id);
    FillFirst(summary.session_id, span.session_id);
    FillFirst(summary.user_id, span.user_id);
    if (model::IsModelCall(span.kind)) {
      AddModel(summary.models, span.model());
    }
    summary.is_demo = summary.is_demo || span.has_mark(model::Mark::kDemo);
  }
  summary.end_ns = summary.status == query::RunStatus::kRunning ? 0 : end_ns;
  summary.totals = SumCounted(view.spans, view.counts_usage);
}

}  // namespace

std::string_view ParentReason(ParentState state) {
  switch (state) {
    case ParentState::kRoot:
    case ParentState::kPresent:
      return "";
    case ParentState::kNotArrived:
      return "not yet arrived: spans are sent when they end";
    case ParentState::kNeverExported:
      return "never exported: sampled away, synthetic, or sent to another back end";
    case ParentState::kCycle:
      return "its parents form a cycle";
  }
  return "";
}

TraceView AssembleTrace(std::span<const model::Span> rows, const AssembleOptions& options) {
  TraceView view;
  if (rows.empty()) {
    return view;
  }
  const bool is_recent = options.now_ns - options.last_received_ns <= options.idle_limit_ns;
  KeepOneOfEach(rows, view);
  const bool has_ended_root = std::any_of(view.spans.begin(), view.spans.end(), IsEndedRoot);
  const bool is_running = is_recent && !has_ended_root;
  ResolveParents(view, is_recent);
  CutCycles(view);
  view.root = FindRoot(view);
  view.counts_usage = ChooseCounted(view.spans, view.parents);
  Summarize(view, is_running);
  return view;
}

}  // namespace sightline::analytics
