// SPDX-License-Identifier: Apache-2.0
#include "demo/stories.h"

#include <algorithm>

namespace sightline::demo {
namespace {

constexpr std::chrono::nanoseconds kShortestHistory = std::chrono::minutes(10);

// By Story, as shares of the history. What is rarest begins first; each leaves enough of the
// history before it to compare with.
constexpr std::array<double, kStoryCount> kBegins = {0.15, 0.25, 0.4, 0.5};

}  // namespace

Stories Stories::InHistory(std::int64_t start_ns, std::chrono::nanoseconds history) {
  const auto length = static_cast<double>(std::max(history, kShortestHistory).count());
  Stories stories;
  for (std::size_t i = 0; i < kStoryCount; ++i) {
    stories.begins_ns_[i] = start_ns + static_cast<std::int64_t>(kBegins[i] * length);
  }
  return stories;
}

}  // namespace sightline::demo
