// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/saturating.h"
#include "model/sketch.h"

namespace sightline::model {

// What figures are kept apart by. "" where it does not apply, such as the model of a tool call.
//
// Thread: value.
struct RollupKey {
  std::string workflow;
  std::string agent;
  std::string model;
  std::string service;

  friend bool operator==(const RollupKey&, const RollupKey&) = default;
};

struct RollupKeyHasher {
  std::size_t operator()(const RollupKey& key) const;
};

// The counters, each declared here once. Tokens and cost are of counted model calls; the cost is
// that of the calls with a known price, the others are unpriced_calls.
#define SIGHTLINE_ROLLUP_COUNTS(X) \
  X(runs_started)                  \
  X(runs_completed)                \
  X(runs_failed)                   \
  X(runs_cancelled)                \
  X(steps)                         \
  X(failed_steps)                  \
  X(model_calls)                   \
  X(failed_model_calls)            \
  X(unpriced_calls)                \
  X(input_tokens)                  \
  X(cache_read_tokens)             \
  X(cache_write_tokens)            \
  X(output_tokens)                 \
  X(reasoning_tokens)              \
  X(cost_picodollars)

// Thread: value.
struct RollupCounts {
#define SIGHTLINE_ROLLUP_FIELD(name) std::int64_t name = 0;
  SIGHTLINE_ROLLUP_COUNTS(SIGHTLINE_ROLLUP_FIELD)
#undef SIGHTLINE_ROLLUP_FIELD

  RollupCounts& operator+=(const RollupCounts& other) {
#define SIGHTLINE_ROLLUP_FIELD(name) name = WrappingAdd(name, other.name);
    SIGHTLINE_ROLLUP_COUNTS(SIGHTLINE_ROLLUP_FIELD)
#undef SIGHTLINE_ROLLUP_FIELD
    return *this;
  }

  RollupCounts& operator-=(const RollupCounts& other) {
#define SIGHTLINE_ROLLUP_FIELD(name) name = WrappingSubtract(name, other.name);
    SIGHTLINE_ROLLUP_COUNTS(SIGHTLINE_ROLLUP_FIELD)
#undef SIGHTLINE_ROLLUP_FIELD
    return *this;
  }

  friend bool operator==(const RollupCounts&, const RollupCounts&) = default;
};

// The counters by name, for the wire.
struct RollupCountColumn {
  std::string_view name;
  std::int64_t RollupCounts::* field;
};

inline constexpr auto kRollupCountColumns = std::to_array<RollupCountColumn>({
#define SIGHTLINE_ROLLUP_FIELD(name) {#name, &RollupCounts::name},
    SIGHTLINE_ROLLUP_COUNTS(SIGHTLINE_ROLLUP_FIELD)
#undef SIGHTLINE_ROLLUP_FIELD
});

// What one run, or one part of it, adds to one minute.
//
// Thread: value.
struct RollupEntry {
  std::int64_t minute = 0;  // Since the Unix epoch.
  RollupKey key;
  RollupCounts counts;
  Sketch step_latency;
  Sketch run_latency;
};

// Sums over entries.
//
// Thread: value.
struct RollupSums {
  RollupCounts counts;
  Sketch step_latency;
  Sketch run_latency;

  RollupSums& operator+=(const RollupSums& other);
  RollupSums& operator-=(const RollupSums& other);

  // True if nothing is counted and nothing is owed.
  bool is_zero() const;

  friend bool operator==(const RollupSums&, const RollupSums&) = default;
};

enum class Dimension : std::uint8_t { kWorkflow, kAgent, kModel, kService };

const std::string& Part(const RollupKey& key, Dimension dimension);

// Spans of time that end now, the running minute included.
enum class Window : std::uint8_t { k5Minutes, k1Hour, k24Hours };

constexpr std::int64_t MinutesOf(Window window) {
  switch (window) {
    case Window::k5Minutes:
      return 5;
    case Window::k1Hour:
      return 60;
    case Window::k24Hours:
      return std::int64_t{24} * 60;
  }
  return 0;
}

}  // namespace sightline::model
