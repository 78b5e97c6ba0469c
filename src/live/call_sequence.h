// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ids.h"

namespace sightline::live {

// A tool or model call of a run.
//
// Thread: value.
struct Call {
  model::SpanId span_id;
  std::string name;                // For people; calls are compared by identity.
  std::uint64_t identity = 0;      // Hash of the name and, as far as known, the arguments.
  std::uint64_t tool_call_id = 0;  // Hash; 0: none.
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // 0: it has not ended.
  bool is_tool = false;
  bool has_arguments = false;  // They are known and part of the identity.
};

// The last calls of a run in the order in which they started, whatever the order in which they
// arrive, and patterns of an agent that is stuck in it. Spans of several layers that tell of one
// call (a framework and the MCP client and server below it, or a span and a log event) count once:
// they have the same identity, overlap, and share a tool call id or, where one has none, lie one in
// the other.
//
// Thread: confined. Memory: up to kMaxCalls calls of about 110 bytes.
class CallSequence {
 public:
  // The last 20 tool calls with a model call before each.
  static constexpr std::size_t kMaxCalls = 40;

  // Takes a call, or what is newly known of one that is there.
  void Add(Call call);

  bool Contains(const model::SpanId& span_id) const;

  struct Repetition {
    const Call* last = nullptr;
    std::size_t times = 0;
    std::size_t among = 0;  // Of so many tool calls.
  };

  // Tool calls that stand at least `times` times among the last `within` tool calls, the latest
  // first. Calls whose arguments are not known are no repetitions of each other. Valid until Add.
  std::vector<Repetition> FindRepetitions(std::size_t times, std::size_t within) const;

  struct Cycle {
    std::vector<const Call*> calls;  // One round.
    std::size_t rounds = 0;
  };

  // The shortest round of at most `max_length` calls such that the sequence ends with `rounds` of
  // it. At least one call of a round must have known arguments, and every tool call: agents
  // that ask a model in turn with a tool, or map a model over a list, are not stuck as far as can
  // be told. Valid until Add.
  std::optional<Cycle> FindCycle(std::size_t max_length, std::size_t rounds) const;

 private:
  std::vector<const Call*> DistinctCalls() const;

  std::vector<Call> calls_;  // By start, then span id.
};

}  // namespace sightline::live
