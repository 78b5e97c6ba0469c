// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "load/places.h"
#include "otlp/encode.h"

namespace sightline::load {

// What a run of an agent looks like. Every shape ends with its root span, as SDKs send it.
enum class Shape : std::uint8_t {
  kSteps,         // 16 spans of about 0.3 KB: a root and tool calls without content.
  kAgent,         // 16 spans of about 1.9 KB: five model calls, each with the history so far, each
                  // followed by a tool call and its HTTP request.
  kLongAgent,     // The same with long tool results: about 8 KB a span.
  kConversation,  // A root and `turns` model calls; each repeats the whole history.
  kSingle,        // One span of about 0.3 KB, the root.
  kHuge,  // 10,000 spans of about 0.4 KB: nine tool calls without content for each model call
          // with a short one.
};

struct ShapeOptions {
  Shape shape = Shape::kAgent;
  std::size_t turns = 15;  // kConversation.
};

// Spans of one run.
std::size_t SpansPerRun(const ShapeOptions& options);

// How long one run lasts.
std::int64_t RunDurationNs(const ShapeOptions& options);

// The run number `run` of a cycle, with marks for all that differs between cycles. `variant` picks
// the agent and, for one in twelve, a failing tool.
std::vector<otlp::SpanData> MakeRun(const ShapeOptions& options, std::uint32_t run,
                                    std::size_t variant, Places& places);

// How many variants there are.
inline constexpr std::size_t kVariants = 12;

}  // namespace sightline::load
