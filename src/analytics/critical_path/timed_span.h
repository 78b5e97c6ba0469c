// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace sightline::analytics {

// How a span hands over work to others, as far as it decides who waits for whom.
enum class Handover : std::uint8_t {
  kCall,      // The caller waits for it.
  kProducer,  // Sends messages; does not wait for their consumers.
  kConsumer,  // Handles a message of its parent, when that is a producer.
};

// When a span of a run happened, and under which other.
//
// Thread: value.
struct TimedSpan {
  static constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

  std::size_t parent = kNoParent;  // Index in the list of the run's spans.
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // Half open; the span is left out when it comes before the start.
  Handover handover = Handover::kCall;
};

// Half open: `end_ns` is the first nanosecond after it.
struct Interval {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace sightline::analytics
