// SPDX-License-Identifier: Apache-2.0
#include "model/usage_choice.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

#include "model/run_rules.h"

namespace sightline::model {
namespace {

// A router asks for one name, its provider answers with another: any of them may agree. Some
// instrumentations know no model at all.
bool SameModel(const RunSpan& a, const RunSpan& b) {
  const auto agree = [](std::uint64_t x, std::uint64_t y) { return x != 0 && x == y; };
  return a.model == 0 || b.model == 0 || agree(a.request_model, b.request_model) ||
         agree(a.model, b.model) || agree(a.request_model, b.model) ||
         agree(a.model, b.request_model);
}

// Two reports of one call: same model, same counts.
bool IsSameCall(const RunSpan& a, const RunSpan& b) {
  return SameModel(a, b) && a.usage.input_total == b.usage.input_total &&
         a.usage.output_total == b.usage.output_total;
}

// How far up a span's ancestors are looked at: real nesting is far below it, and a chain of a
// hundred thousand spans must not take the square of that.
constexpr std::size_t kMaxLevels = 1000;

std::size_t DepthOf(std::span<const std::size_t> parents, std::size_t index) {
  std::size_t depth = 0;
  for (std::size_t at = parents[index]; at != RunShape::kNone && depth < kMaxLevels;
       at = parents[at]) {
    ++depth;
  }
  return depth;
}

// An outer call with the counts of an inner one is the same call seen by another instrumentation.
void DropOuterCalls(std::span<const RunSpan> spans, std::span<const std::size_t> parents,
                    std::vector<bool>& counted) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!spans[i].is_counted_call()) {
      continue;
    }
    std::size_t level = 0;
    for (std::size_t at = parents[i]; at != RunShape::kNone && level < kMaxLevels;
         at = parents[at], ++level) {
      if (counted[at] && spans[at].is_counted_call() && IsSameCall(spans[at], spans[i])) {
        counted[at] = false;
      }
    }
  }
}

// One span per response id: the innermost.
void DropRepeatedResponses(std::span<const RunSpan> spans, std::span<const std::size_t> parents,
                           std::vector<bool>& counted) {
  std::unordered_map<std::uint64_t, std::size_t> by_response;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!counted[i] || spans[i].response_id == 0) {
      continue;
    }
    const auto [it, is_new] = by_response.try_emplace(spans[i].response_id, i);
    if (is_new) {
      continue;
    }
    const bool is_inner = DepthOf(parents, i) > DepthOf(parents, it->second);
    counted[is_inner ? it->second : i] = false;
    if (is_inner) {
      it->second = i;
    }
  }
}

bool IsSameToolCall(const RunSpan& a, const RunSpan& b) {
  return a.tool_call_id != 0 && b.tool_call_id != 0 ? a.tool_call_id == b.tool_call_id
                                                    : a.tool == b.tool;
}

// An outer step of the tool that an inner one calls is the same call seen by another
// instrumentation. The fee is that of the inner one, or of the outer where only that states what
// the call used.
void DropOuterFees(std::span<const RunSpan> spans, std::span<const std::size_t> parents,
                   std::vector<bool>& counted) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!spans[i].has_fee() || !counted[i]) {
      continue;
    }
    std::size_t level = 0;
    for (std::size_t at = parents[i]; at != RunShape::kNone && level < kMaxLevels;
         at = parents[at], ++level) {
      if (!counted[at] || !spans[at].has_fee() || !IsSameToolCall(spans[at], spans[i])) {
        continue;
      }
      if (spans[at].usage.is_known() && !spans[i].usage.is_known()) {
        counted[i] = false;
        break;
      }
      counted[at] = false;
    }
  }
}

// Whether some ancestor is marked; `is_marked` does not change meanwhile.
class MarkedAbove {
 public:
  MarkedAbove(std::span<const std::size_t> parents, const std::vector<bool>& is_marked)
      : parents_(parents), is_marked_(is_marked), known_(parents.size(), Answer::kUnknown) {}

  bool Of(std::size_t index) {
    std::size_t at = index;
    Answer answer = Answer::kNo;
    while (true) {
      const std::size_t parent = parents_[at];
      if (known_[at] != Answer::kUnknown) {
        answer = known_[at];
        break;
      }
      if (parent == RunShape::kNone || is_marked_[parent]) {
        answer = parent == RunShape::kNone ? Answer::kNo : Answer::kYes;
        break;
      }
      at = parent;
    }
    for (std::size_t below = index; below != at; below = parents_[below]) {
      known_[below] = answer;
    }
    known_[at] = answer;
    return answer == Answer::kYes;
  }

 private:
  enum class Answer : std::uint8_t { kUnknown, kNo, kYes };

  std::span<const std::size_t> parents_;
  const std::vector<bool>& is_marked_;
  std::vector<Answer> known_;
};

// A call that states no usage was made all the same, unless another span tells of it: one around it
// or below it that has a usage, or one with the same response. Of silent ones the innermost counts.
void AddSilentCalls(std::span<const RunSpan> spans, std::span<const std::size_t> parents,
                    const std::vector<bool>& has_usage_below, std::vector<bool>& counted) {
  const auto is_silent = [](const RunSpan& span) { return span.is_silent_call(); };
  if (std::ranges::none_of(spans, is_silent)) {
    return;
  }
  std::unordered_set<std::uint64_t> responses;
  std::vector<bool> has_silent_below(spans.size(), false);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (counted[i]) {
      responses.insert(spans[i].response_id);
    }
    if (is_silent(spans[i])) {
      for (std::size_t at = parents[i]; at != RunShape::kNone && !has_silent_below[at];
           at = parents[at]) {
        has_silent_below[at] = true;
      }
    }
  }
  responses.erase(0);
  std::vector<bool> told(spans.size(), false);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    told[i] = counted[i] && spans[i].has_usage();
  }
  MarkedAbove told_above(parents, told);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (is_silent(spans[i]) && !has_usage_below[i] && !has_silent_below[i] &&
        !responses.contains(spans[i].response_id) && !told_above.Of(i)) {
      counted[i] = true;
    }
  }
}

}  // namespace

std::vector<bool> ChooseCounted(std::span<const RunSpan> spans,
                                std::span<const std::size_t> parents) {
  std::vector<bool> counted(spans.size(), false);
  std::vector<bool> has_usage_below(spans.size(), false);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    counted[i] = spans[i].is_counted_call();
    if (!spans[i].has_usage()) {
      continue;
    }
    for (std::size_t at = parents[i]; at != RunShape::kNone && !has_usage_below[at];
         at = parents[at]) {
      has_usage_below[at] = true;
    }
  }
  DropOuterCalls(spans, parents, counted);
  DropRepeatedResponses(spans, parents, counted);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!IsModelCall(spans[i].kind) && spans[i].has_usage() && !has_usage_below[i] &&
        !spans[i].has_mark(Mark::kLifetimeUsage)) {
      counted[i] = true;
    }
    // Tokens that calls below state as well would count twice with the fee.
    if (spans[i].has_fee() && (!spans[i].usage.is_known() || !has_usage_below[i])) {
      counted[i] = true;
    }
  }
  DropOuterFees(spans, parents, counted);
  AddSilentCalls(spans, parents, has_usage_below, counted);
  return counted;
}

}  // namespace sightline::model
