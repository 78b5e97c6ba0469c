// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analytics/trace_view.h"

namespace sightline::analytics {

// Someone who speaks in a run: an agent, or the run itself for what no agent is above of.
//
// Thread: value. Spans are indexes of the view's.
struct TranscriptAgent {
  std::size_t span = TraceView::kNone;    // The agent's own span; the root for the run itself.
  std::size_t parent = TraceView::kNone;  // Of the agents, the one it works for; kNone for the run.
  std::size_t calls = 0;                  // Its model calls; attempts of one call count once.
};

// One thing that an agent did.
//
// Thread: value. Spans are indexes of the view's.
struct TranscriptEntry {
  enum class Type : std::uint8_t {
    kCall,   // A model call, with the tool calls that came of it.
    kTool,   // A tool call that no model call came before.
    kAgent,  // Another agent began.
    kNote,   // A retrieval, an embedding, a guardrail, an evaluation.
  };

  Type type = Type::kCall;
  std::size_t agent = 0;                  // Of the agents, the one that did it.
  std::size_t span = TraceView::kNone;    // Of a call, the last attempt.
  std::size_t before = TraceView::kNone;  // Call: the one whose history this one goes on from.
  std::size_t turn = 0;                   // Call: its number among those of the agent, from 1.
  std::vector<std::size_t> attempts;      // Call: failed ones that it repeats, by time.
  std::vector<std::size_t> tools;         // Call: spans of tool calls after it, by time.
  std::vector<std::size_t> opens;         // Agents that began here; for calls, within their tools.
};

// A run as a conversation: who spoke and what each did, by time. Agents are in the order in which
// they began; the first is the run itself.
//
// Thread: value.
struct Transcript {
  std::vector<TranscriptAgent> agents;
  std::vector<TranscriptEntry> entries;
};

// From the shape of the run alone; no text is read. An agent's span inside one of the same name is
// the same agent, unless a tool lies between them. A model call inside another is a part of it, and
// so is everything but agents and model calls inside a tool. A tool call came of the call around
// it, else of the one that ended last before it began. A call repeats a failed one if it follows it
// with the same model and nothing came of the failed one.
//
// Precondition: the view has a root. Cost: O(n log n) for n spans, without recursion.
Transcript MakeTranscript(const TraceView& view);

}  // namespace sightline::analytics
