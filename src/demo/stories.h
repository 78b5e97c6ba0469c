// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace sightline::demo {

// What goes wrong at the simulated company one day and stays so: something for the answers over
// many runs to find.
enum class Story : std::uint8_t {
  kSearchLoop,      // Some research runs repeat one web search again and again.
  kLockedCustomer,  // lookup_order fails, and with it the run, for one customer only.
  kLostCache,       // Prompts to Claude are no longer read from the cache: each call is dear.
  kSlowReranking,   // The reranker of the documentation assistant takes much longer.
};

inline constexpr std::size_t kStoryCount = 4;

// When each story begins.
//
// Thread: value.
class Stories {
 public:
  // None ever does.
  Stories() { begins_ns_.fill(std::numeric_limits<std::int64_t>::max()); }

  // All do, one after the other, in the first half of a history that begins at `start_ns`. A short
  // or no history counts as ten minutes, so that live play shows them soon.
  static Stories InHistory(std::int64_t start_ns, std::chrono::nanoseconds history);

  bool HasBegun(Story story, std::int64_t now_ns) const {
    return now_ns >= begins_ns_[static_cast<std::size_t>(story)];
  }

 private:
  std::array<std::int64_t, kStoryCount> begins_ns_;
};

// kSearchLoop: the share of research runs that loop, and how often they ask again.
inline constexpr double kLoopShare = 0.25;
inline constexpr std::int64_t kMinLoopRounds = 4;
inline constexpr std::int64_t kMaxLoopRounds = 8;

// kLockedCustomer: who. One who comes often, but is not the most frequent one.
inline constexpr std::string_view kLockedCustomerId = "cus_11893";

// kSlowReranking: how many times as long.
inline constexpr int kSlowRerankingFactor = 9;

}  // namespace sightline::demo
