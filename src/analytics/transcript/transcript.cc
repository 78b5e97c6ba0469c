// SPDX-License-Identifier: Apache-2.0
#include "analytics/transcript/transcript.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "base/check.h"

namespace sightline::analytics {
namespace {

constexpr std::size_t kNone = TraceView::kNone;
using Type = TranscriptEntry::Type;
using model::SpanKind;

// What lies around a span, the span itself left out.
struct Surroundings {
  std::size_t agent = 0;     // Of the agents.
  std::size_t tool = kNone;  // The nearest tool below that agent, a span.
  std::size_t call = kNone;  // The nearest model call below that agent and tool, a span.
};

// The entries of calls that go on from one another, by time: those of an agent, or within a tool.
using Lane = std::vector<std::size_t>;

bool IsNote(SpanKind kind) {
  return kind == SpanKind::kRetriever || kind == SpanKind::kEmbedding ||
         kind == SpanKind::kReranker || kind == SpanKind::kGuardrail ||
         kind == SpanKind::kEvaluator;
}

bool HasEnded(const model::Span& span) {
  return !span.has_mark(model::Mark::kPlaceholder);
}

// Spans so that each comes after its parent, and otherwise by start: with clocks that differ, a
// child may begin before its parent. Spans of cycles have no parent by then.
std::vector<std::size_t> ParentsFirst(const TraceView& view) {
  std::vector<std::size_t> order;
  order.reserve(view.spans.size());
  std::vector<bool> is_placed(view.spans.size());
  std::vector<std::size_t> chain;
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    for (std::size_t at = i; at != kNone && !is_placed[at]; at = view.parents[at]) {
      is_placed[at] = true;
      chain.push_back(at);
    }
    order.insert(order.end(), chain.rbegin(), chain.rend());
    chain.clear();
  }
  return order;
}

class Maker {
 public:
  explicit Maker(const TraceView& view)
      : view_(view), inside_(view.spans.size()), entry_of_(view.spans.size(), kNone) {}

  Transcript Make() {
    result_.agents.push_back({.span = view_.root});
    agent_lanes_.resize(1);
    for (const std::size_t span : ParentsFirst(view_)) {
      const Surroundings around = AroundOf(span);
      inside_[span] = Place(span, around);
    }
    std::stable_sort(result_.entries.begin(), result_.entries.end(),
                     [&](const auto& a, const auto& b) { return StartOf(a) < StartOf(b); });
    return std::move(result_);
  }

 private:
  Surroundings AroundOf(std::size_t span) const {
    const std::size_t parent = view_.parents[span];
    return parent == kNone ? Surroundings{} : inside_[parent];
  }

  // Adds what the span is to the transcript; returns what lies around those below it.
  Surroundings Place(std::size_t index, Surroundings around) {
    const model::Span& span = view_.spans[index];
    if (span.has_mark(model::Mark::kIsLogLike)) {
      return around;
    }
    switch (span.kind) {
      case SpanKind::kAgent:
        return {.agent = AgentOf(index, around)};
      case SpanKind::kLlm:
        if (around.call == kNone && !span.has_mark(model::Mark::kNotACall)) {
          AddCall(index, around);
          around.call = index;
        }
        return around;
      case SpanKind::kTool:
        if (around.tool == kNone) {
          AddTool(index, around);
          around = {.agent = around.agent, .tool = index};
        }
        return around;
      default:
        if (IsNote(span.kind) && around.tool == kNone && around.call == kNone) {
          result_.entries.push_back({.type = Type::kNote, .agent = around.agent, .span = index});
        }
        return around;
    }
  }

  std::size_t AgentOf(std::size_t index, const Surroundings& around) {
    if (index == view_.root) {
      return 0;
    }
    const model::Span& span = view_.spans[index];
    const model::Span& outer = view_.spans[result_.agents[around.agent].span];
    const bool is_same = outer.kind == SpanKind::kAgent && around.tool == kNone &&
                         !span.agent_name.empty() && span.agent_name == outer.agent_name;
    if (is_same) {
      return around.agent;
    }
    const std::size_t agent = result_.agents.size();
    result_.agents.push_back({.span = index, .parent = around.agent});
    agent_lanes_.emplace_back();
    if (around.tool != kNone) {
      result_.entries[entry_of_[around.tool]].opens.push_back(agent);
    } else {
      result_.entries.push_back(
          {.type = Type::kAgent, .agent = around.agent, .span = index, .opens = {agent}});
    }
    return agent;
  }

  Lane& LaneOf(const Surroundings& around) {
    return around.tool == kNone ? agent_lanes_[around.agent] : tool_lanes_[around.tool];
  }

  void AddCall(std::size_t index, const Surroundings& around) {
    Lane& lane = LaneOf(around);
    TranscriptEntry entry{.type = Type::kCall, .agent = around.agent, .span = index};
    if (!lane.empty()) {
      TranscriptEntry& last = result_.entries[lane.back()];
      if (Repeats(view_.spans[index], last)) {
        last.attempts.push_back(std::exchange(last.span, index));
        entry_of_[index] = lane.back();
        return;
      }
      entry.before = last.span;
    }
    entry.turn = ++result_.agents[around.agent].calls;
    entry_of_[index] = result_.entries.size();
    lane.push_back(entry_of_[index]);
    result_.entries.push_back(std::move(entry));
  }

  bool Repeats(const model::Span& span, const TranscriptEntry& last) const {
    const model::Span& before = view_.spans[last.span];
    return before.has_error && last.tools.empty() && HasEnded(before) &&
           before.end_ns <= span.start_ns && before.operation == span.operation &&
           before.request_model == span.request_model;
  }

  void AddTool(std::size_t index, const Surroundings& around) {
    const std::size_t caller = CallerOf(index, around);
    if (caller == kNone) {
      entry_of_[index] = result_.entries.size();
      result_.entries.push_back({.type = Type::kTool, .agent = around.agent, .span = index});
    } else {
      entry_of_[index] = caller;
      result_.entries[caller].tools.push_back(index);
    }
  }

  // The call that a tool call came of, an entry; kNone for none.
  std::size_t CallerOf(std::size_t tool, const Surroundings& around) {
    if (around.call != kNone) {
      return entry_of_[around.call];
    }
    // Of calls beside each other so many are asked which ended last.
    constexpr std::size_t kMostBeside = 32;
    const Lane& calls = LaneOf(around);
    std::size_t best = kNone;
    for (std::size_t i = calls.size(), asked = 0; i > 0 && asked < kMostBeside; ++asked) {
      const model::Span& span = view_.spans[result_.entries[calls[--i]].span];
      const bool is_over = HasEnded(span) && span.end_ns <= view_.spans[tool].start_ns;
      if (is_over && (best == kNone || span.end_ns > EndOf(best))) {
        best = calls[i];
      }
    }
    return best != kNone || calls.empty() ? best : calls.back();
  }

  std::int64_t EndOf(std::size_t entry) const {
    return view_.spans[result_.entries[entry].span].end_ns;
  }

  std::int64_t StartOf(const TranscriptEntry& entry) const {
    return view_.spans[entry.attempts.empty() ? entry.span : entry.attempts.front()].start_ns;
  }

  const TraceView& view_;
  std::vector<Surroundings> inside_;   // By span.
  std::vector<std::size_t> entry_of_;  // By span: of calls and tool calls.
  std::vector<Lane> agent_lanes_;      // By agent.
  std::unordered_map<std::size_t, Lane> tool_lanes_;
  Transcript result_;
};

}  // namespace

Transcript MakeTranscript(const TraceView& view) {
  CHECK(view.root != kNone);
  return Maker(view).Make();
}

}  // namespace sightline::analytics
