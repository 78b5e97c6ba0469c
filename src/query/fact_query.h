// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact_table.h"
#include "model/ids.h"
#include "model/sketch.h"
#include "query/amount_filter.h"

namespace sightline::query {

// What facts can be told apart by. Session, user, version, environment and tags of a step are those
// of its run.
enum class FactKey : std::uint8_t {
  kWorkflow,
  kAgent,
  kName,   // Of the step, or of the run's root.
  kModel,  // "provider/model".
  kService,
  kErrorType,
  kSession,
  kUser,
  kKind,    // SpanKindName, "run" for runs.
  kStatus,  // RunStatusName.
  kVersion,
  kEnvironment,
  kTag,            // One of its tags. What has several counts in the group of each.
  kPromptVersion,  // One of those that it was made with; of a step its own.
};

inline constexpr std::size_t kFactKeys = 14;

// Whether a fact may have several values of a key: a set (model/name_set.h).
constexpr bool IsSet(FactKey key) {
  return key == FactKey::kTag || key == FactKey::kPromptVersion;
}

// Whether there may be millions of names of a key; sums of all of them take seconds and gigabytes
// (api/sums/largest_groups.h).
constexpr bool HasManyNames(FactKey key) {
  return key == FactKey::kSession || key == FactKey::kUser;
}

// Stands for all names beyond those that are kept apart, of a day or in an answer.
inline constexpr std::string_view kMoreNames = "(more names than are kept apart)";

// Sorted, each once.
using RunIds = std::vector<model::TraceId>;

// What the largest groups are largest by.
enum class FactOrder : std::uint8_t { kCost, kNewest, kCount };

// Sums over which facts, and by what they are kept apart. Absent filters match everything; all
// given ones must match.
//
// Thread: value.
struct FactQuery {
  bool of_runs = false;  // Runs as a whole; else their steps.
  // By FactKey. Of a set: it holds this, or is empty where this is "".
  std::array<std::optional<std::string>, kFactKeys> equals;
  std::int64_t start_time_ns = std::numeric_limits<std::int64_t>::min();  // Starts at or after.
  std::int64_t end_time_ns = std::numeric_limits<std::int64_t>::max();    // Starts before.
  AmountFilter amounts;
  std::shared_ptr<const RunIds> among_runs;  // Only these runs and their steps; null: all.
  std::vector<FactKey> by;
  std::int64_t bucket_ns = 0;  // Also by time, in steps of so much; 0: not. At most kMostStepNs.
  // Steps begin at multiples of bucket_ns plus this. Between -bucket_ns and bucket_ns.
  std::int64_t bucket_offset_ns = 0;
  bool with_latency = false;  // Fill FactGroup::latency.

  // For keys with millions of names, such as sessions (see api/sums/largest_groups.h). Only the
  // groups whose first key is one of these, sorted, which is no set; absent: all.
  std::optional<std::vector<std::string>> among;
  // Only so many groups of each part of what is stored, such as a day: the largest of it; 0: all.
  // What is large on one day and small on another is then told too small, and of what is stored
  // nothing is told but the count and what `largest_by` says: it serves to find names, not to show
  // sums.
  std::size_t largest = 0;
  FactOrder largest_by = FactOrder::kCost;

  std::optional<std::string>& filter(FactKey key) { return equals[static_cast<std::size_t>(key)]; }

  const std::optional<std::string>& filter(FactKey key) const {
    return equals[static_cast<std::size_t>(key)];
  }
};

// Thread: value.
struct FactSums {
  std::int64_t count = 0;
  std::int64_t failed = 0;
  std::int64_t model_calls = 0;
  std::int64_t unpriced_calls = 0;
  std::int64_t input_tokens = 0;
  std::int64_t cache_read_tokens = 0;
  std::int64_t cache_write_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  std::int64_t cost_picodollars = 0;
  double duration_seconds = 0;

  void Add(const model::Fact& fact);
  void Add(const FactSums& other);
};

// Sums over the facts that agree in all keys.
//
// Thread: value.
struct FactGroup {
  std::vector<std::string> keys;  // One for each of FactQuery::by.
  std::int64_t time_ns = 0;       // Where its step of time begins.
  FactSums sums;
  model::Sketch latency;
  // When the first and the last of them started. Versions of runs that were replaced count as well,
  // so that they may be a little early or late if a run was moved by what came late.
  std::int64_t first_start_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_start_ns = std::numeric_limits<std::int64_t>::min();

  void AddTimes(std::int64_t first_ns, std::int64_t last_ns);

  // Adds all of a group with other keys, or of another time.
  void Merge(const FactGroup& other);
};

// Whether `a` comes before `b`: it is larger, or as large and its keys come first.
bool IsLarger(const FactGroup& a, const FactGroup& b, FactOrder order);

// Whether all that a step or run cost is known, or some of it. That a tool is free is, too.
bool HasKnownCost(const model::Fact& fact);

// Input and output.
std::int64_t TokensOf(const model::Fact& fact);

// The text of a key of a fact; the set of its values where IsSet.
std::string_view KeyOf(const model::FactTable& table, const model::Fact& fact, FactKey key);

bool Matches(const FactQuery& query, const model::FactTable& table, const model::Fact& fact);

// Times beyond, forward or back, count in the step that holds this one.
inline constexpr std::int64_t kMostTimeNs = 9'000'000'000'000'000'000;
inline constexpr std::int64_t kMostStepNs = 50'000'000'000'000'000;  // Over a year.

// Where the step of time of a fact begins; 0 when there are none.
std::int64_t TimeOf(const FactQuery& query, std::int64_t start_ns);

}  // namespace sightline::query
