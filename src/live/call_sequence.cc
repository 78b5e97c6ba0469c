// SPDX-License-Identifier: Apache-2.0
#include "live/call_sequence.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace sightline::live {
namespace {

bool StartsBefore(const Call& a, const Call& b) {
  return std::tie(a.start_ns, a.span_id) < std::tie(b.start_ns, b.span_id);
}

std::int64_t EndOf(const Call& call) {
  return call.end_ns == 0 ? std::numeric_limits<std::int64_t>::max() : call.end_ns;
}

// `a` starts no later than `b`.
bool IsSameCall(const Call& a, const Call& b) {
  if (a.identity != b.identity || EndOf(a) <= b.start_ns) {
    return false;
  }
  if (a.tool_call_id != 0 && b.tool_call_id != 0) {
    return a.tool_call_id == b.tool_call_id;
  }
  return EndOf(b) <= EndOf(a) || a.start_ns == b.start_ns;
}

bool IsTelling(const std::vector<const Call*>& round) {
  const auto has_arguments = [](const Call* call) { return call->has_arguments; };
  return std::any_of(round.begin(), round.end(), has_arguments) &&
         std::all_of(round.begin(), round.end(),
                     [&](const Call* call) { return !call->is_tool || has_arguments(call); });
}

}  // namespace

void CallSequence::Add(Call call) {
  const auto known = std::find_if(calls_.begin(), calls_.end(),
                                  [&](const Call& other) { return other.span_id == call.span_id; });
  if (known != calls_.end()) {
    // An ended call tells more than an open one, a later end more than an earlier one.
    if (call.end_ns <= known->end_ns) {
      return;
    }
    calls_.erase(known);
  }
  if (calls_.size() >= kMaxCalls) {
    if (StartsBefore(call, calls_.front())) {
      return;
    }
    calls_.erase(calls_.begin());
  }
  const auto at = std::upper_bound(calls_.begin(), calls_.end(), call, StartsBefore);
  calls_.insert(at, std::move(call));
}

bool CallSequence::Contains(const model::SpanId& span_id) const {
  return std::any_of(calls_.begin(), calls_.end(),
                     [&](const Call& call) { return call.span_id == span_id; });
}

std::vector<const Call*> CallSequence::DistinctCalls() const {
  std::vector<const Call*> distinct;
  distinct.reserve(calls_.size());
  for (const Call& call : calls_) {
    const bool is_told = std::any_of(distinct.begin(), distinct.end(), [&](const Call* earlier) {
      return IsSameCall(*earlier, call);
    });
    if (!is_told) {
      distinct.push_back(&call);
    }
  }
  return distinct;
}

std::vector<CallSequence::Repetition> CallSequence::FindRepetitions(std::size_t times,
                                                                    std::size_t within) const {
  std::vector<Repetition> found;
  if (calls_.size() < times) {
    return found;
  }
  std::vector<const Call*> tools = DistinctCalls();
  std::erase_if(tools, [](const Call* call) { return !call->is_tool; });
  if (tools.size() > within) {
    tools.erase(tools.begin(), tools.end() - static_cast<std::ptrdiff_t>(within));
  }
  for (auto call = tools.rbegin(); call != tools.rend(); ++call) {
    if (!(*call)->has_arguments) {
      continue;
    }
    const auto same = std::find_if(found.begin(), found.end(), [&](const Repetition& repetition) {
      return repetition.last->identity == (*call)->identity;
    });
    if (same != found.end()) {
      ++same->times;
    } else {
      found.push_back({.last = *call, .times = 1, .among = tools.size()});
    }
  }
  std::erase_if(found, [&](const Repetition& repetition) { return repetition.times < times; });
  return found;
}

std::optional<CallSequence::Cycle> CallSequence::FindCycle(std::size_t max_length,
                                                           std::size_t rounds) const {
  if (calls_.size() < rounds) {
    return std::nullopt;
  }
  const std::vector<const Call*> calls = DistinctCalls();
  for (std::size_t length = 1; length <= max_length && length * rounds <= calls.size(); ++length) {
    const auto tail = calls.end() - static_cast<std::ptrdiff_t>(length * rounds);
    const auto second_round = tail + static_cast<std::ptrdiff_t>(length);
    const bool repeats =
        std::equal(second_round, calls.end(), tail, [](const Call* later, const Call* earlier) {
          return later->identity == earlier->identity;
        });
    Cycle cycle{.calls = {calls.end() - static_cast<std::ptrdiff_t>(length), calls.end()},
                .rounds = rounds};
    if (repeats && IsTelling(cycle.calls)) {
      return cycle;
    }
  }
  return std::nullopt;
}

}  // namespace sightline::live
