// SPDX-License-Identifier: Apache-2.0
#include "model/run_rules.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "model/saturating.h"
#include "model/usage_choice.h"

namespace sightline::model {
namespace {

using SpanIndex = std::unordered_map<SpanId, std::size_t, SpanIdHasher>;

// Which log events are told by real spans: the join keys of those spans.
class Coverage {
 public:
  explicit Coverage(std::span<const RunSpan> rows) {
    has_log_spans_ = std::any_of(rows.begin(), rows.end(), IsFromLog);
    if (!has_log_spans_) {
      return;
    }
    for (const RunSpan& span : rows) {
      if (IsFromLog(span)) {
        continue;
      }
      kinds_.emplace(span.span_id, span.kind);
      for (const std::uint64_t key : KeysOf(span)) {
        if (key != 0) {
          keys_.insert(key);
        }
      }
    }
  }

  bool Covers(const RunSpan& span) const {
    if (!has_log_spans_ || !IsFromLog(span)) {
      return false;
    }
    const auto parent = kinds_.find(span.parent_span_id);
    if (parent != kinds_.end() && parent->second == span.kind) {
      return true;
    }
    const auto keys = KeysOf(span);
    return keys_.contains(keys[0]) || keys_.contains(keys[1]) ||
           (IsModelCall(span.kind) && keys_.contains(keys[2]));
  }

 private:
  static bool IsFromLog(const RunSpan& span) { return span.has_mark(Mark::kFromLog); }

  // By response, by tool call, by session and run; each within one kind. 0, which is never a key,
  // for what is absent.
  static std::array<std::uint64_t, 3> KeysOf(const RunSpan& span) {
    const auto key = [&](std::uint64_t part, std::uint64_t what) {
      return part == 0 ? 0 : (part ^ (what << 8U | static_cast<std::uint64_t>(span.kind))) | 1U;
    };
    return {key(span.response_id, 1), key(span.tool_call_id, 2), key(span.session_and_run, 3)};
  }

  bool has_log_spans_ = false;
  std::unordered_map<SpanId, SpanKind, SpanIdHasher> kinds_;
  std::unordered_set<std::uint64_t> keys_;
};

// How many of the figures a span states.
int StatedFigures(const RunSpan& span) {
  const Usage& usage = span.usage;
  int stated = 0;
  for (const std::int64_t count :
       {usage.input_total, usage.cache_read, usage.cache_write, usage.output_total, usage.reasoning,
        usage.audio_in, usage.audio_out, usage.total}) {
    stated += count == Usage::kUnknown ? 0 : 1;
  }
  return stated + (span.has_cost() ? 1 : 0) + (span.model == 0 ? 0 : 1) +
         (span.response_id == 0 ? 0 : 1);
}

// True when the later row `a` tells more of the span than `b` does. Emitters that update a span in
// place send it again with equal times.
bool Replaces(const RunSpan& a, const RunSpan& b) {
  if (a.is_placeholder() != b.is_placeholder()) {
    return b.is_placeholder();
  }
  return a.end_ns > b.end_ns || (a.end_ns == b.end_ns && StatedFigures(a) >= StatedFigures(b));
}

void KeepOneOfEach(std::span<const RunSpan> rows, RunShape& shape) {
  const Coverage coverage(rows);
  SpanIndex index;
  index.reserve(rows.size());
  shape.kept.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (coverage.Covers(rows[i])) {
      ++shape.covered_log_spans;
      continue;
    }
    const auto [it, is_new] = index.try_emplace(rows[i].span_id, shape.kept.size());
    if (is_new) {
      shape.kept.push_back(i);
      continue;
    }
    std::size_t& kept = shape.kept[it->second];
    // A span that takes the place of its placeholder is not a repeat.
    shape.repeated_spans += rows[i].is_placeholder() == rows[kept].is_placeholder() ? 1U : 0U;
    if (Replaces(rows[i], rows[kept])) {
      kept = i;
    }
  }
  // By id where they start at once: what follows from the rows must not depend on their order.
  std::sort(shape.kept.begin(), shape.kept.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(rows[a].start_ns, rows[a].span_id) <
           std::tie(rows[b].start_ns, rows[b].span_id);
  });
}

void ResolveParents(std::span<const RunSpan> spans, bool is_recent, RunShape& shape) {
  SpanIndex index;
  index.reserve(spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    index.emplace(spans[i].span_id, i);
  }
  shape.parents.assign(spans.size(), RunShape::kNone);
  shape.states.assign(spans.size(), ParentState::kRoot);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].parent_span_id.is_zero()) {
      continue;
    }
    const auto parent = index.find(spans[i].parent_span_id);
    if (parent != index.end()) {
      shape.parents[i] = parent->second;
      shape.states[i] = ParentState::kPresent;
    } else if (!spans[i].has_mark(Mark::kAppRoot)) {
      shape.states[i] = is_recent ? ParentState::kNotArrived : ParentState::kNeverExported;
    }
  }
}

// Cuts every cycle at its earliest span, so that walking up always ends.
void CutCycles(RunShape& shape) {
  enum class Color : std::uint8_t { kNew, kOpen, kDone };
  std::vector<Color> colors(shape.parents.size(), Color::kNew);
  std::vector<std::size_t> path;
  for (std::size_t start = 0; start < shape.parents.size(); ++start) {
    path.clear();
    std::size_t at = start;
    while (at != RunShape::kNone && colors[at] == Color::kNew) {
      colors[at] = Color::kOpen;
      path.push_back(at);
      at = shape.parents[at];
    }
    if (at != RunShape::kNone && colors[at] == Color::kOpen) {
      shape.parents[at] = RunShape::kNone;
      shape.states[at] = ParentState::kCycle;
    }
    for (const std::size_t visited : path) {
      colors[visited] = Color::kDone;
    }
  }
}

std::size_t FindRoot(std::span<const RunSpan> spans, const RunShape& shape) {
  std::size_t best = RunShape::kNone;
  const auto rank = [&](std::size_t i) {
    return spans[i].parent_span_id.is_zero() ? 2 : spans[i].has_mark(Mark::kAppRoot) ? 1 : 0;
  };
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const bool is_top = shape.parents[i] == RunShape::kNone;
    if (is_top && (best == RunShape::kNone || rank(i) > rank(best))) {
      best = i;
    }
  }
  return best;
}

RunStatus StatusOf(const RunSpan& root, bool is_recent) {
  if (!root.is_root() || root.is_placeholder()) {
    return is_recent ? RunStatus::kRunning : RunStatus::kAbandoned;
  }
  return StepStatus(true, root.outcome, RunStatus::kRunning);
}

void FindTimes(std::span<const RunSpan> spans, RunShape& shape) {
  const RunSpan& root = spans[shape.root];
  const bool has_ended = root.is_root() && !root.is_placeholder();
  shape.start_ns = root.start_ns;
  shape.end_ns = root.end_ns;
  for (const RunSpan& span : spans) {
    if (!has_ended || span.service == root.service) {
      shape.start_ns = std::min(shape.start_ns, span.start_ns);
      shape.end_ns = std::max(shape.end_ns, span.end_ns);
    }
  }
}

void AddKnown(std::int64_t& sum, std::int64_t value) {
  if (value != Usage::kUnknown) {
    sum = SaturatingAdd(sum == Usage::kUnknown ? 0 : sum, value);
  }
}

void AddUsage(Usage& sum, const Usage& usage) {
  AddKnown(sum.input_total, usage.input_total);
  AddKnown(sum.cache_read, usage.cache_read);
  AddKnown(sum.cache_write, usage.cache_write);
  AddKnown(sum.output_total, usage.output_total);
  AddKnown(sum.reasoning, usage.reasoning);
  AddKnown(sum.audio_in, usage.audio_in);
  AddKnown(sum.audio_out, usage.audio_out);
  AddKnown(sum.total, usage.total);
}

// The status of a sum: what is not known of a part is not known of the whole.
CostStatus Join(CostStatus sum, CostStatus part) {
  using enum CostStatus;
  if (sum == kNone || sum == part) {
    return part;
  }
  if (part == kNone) {
    return sum;
  }
  const bool is_incomplete =
      sum == kPartial || part == kPartial || sum == kUnpriced || part == kUnpriced;
  return is_incomplete ? kPartial : kPriced;
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

RunShape ShapeRun(std::span<const RunSpan> rows, bool is_recent) {
  RunShape shape;
  if (rows.empty()) {
    return shape;
  }
  KeepOneOfEach(rows, shape);
  std::vector<RunSpan> spans;
  spans.reserve(shape.kept.size());
  for (const std::size_t i : shape.kept) {
    spans.push_back(rows[i]);
  }
  ResolveParents(spans, is_recent, shape);
  CutCycles(shape);
  shape.root = FindRoot(spans, shape);
  shape.counts_usage = ChooseCounted(spans, shape.parents);
  shape.status = StatusOf(spans[shape.root], is_recent);
  FindTimes(spans, shape);
  return shape;
}

void RunTotals::Add(const RunSpan& span) {
  AddUsage(usage, span.usage);
  cost_status = Join(cost_status, span.cost_status);
  cost_picodollars = SaturatingAdd(cost_picodollars, span.has_cost() ? span.cost.picodollars : 0);
  model_calls += IsModelCall(span.kind) ? 1U : 0U;
}

}  // namespace sightline::model
