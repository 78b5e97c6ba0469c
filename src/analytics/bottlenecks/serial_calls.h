// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "analytics/bottlenecks/profiled_run.h"
#include "analytics/bottlenecks/retiming.h"

namespace sightline::analytics {

// Two calls under one parent, the second of which came next after the first.
//
// Thread: value.
struct SerialCalls {
  std::size_t first = 0;  // Indices of spans.
  std::size_t second = 0;
};

// Calls of tools, retrievers, embeddings, rerankers, guardrails and evaluators that came one after
// the other without anything between them. By the second one.
std::vector<SerialCalls> FindSerialCalls(const ProfiledRun& run, const Retiming& retiming);

// Whether the second of two calls can have been made without the first: no word of the first's
// output that its own input lacks is in the second's input. Words have four letters or digits and
// more, or three with a digit; letter case does not count. False when the output or the second
// input is empty: then nothing is known. A call may still depend on what another one did.
bool IsIndependent(std::string_view first_input, std::string_view first_output,
                   std::string_view second_input);

}  // namespace sightline::analytics
