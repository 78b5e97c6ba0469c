// SPDX-License-Identifier: Apache-2.0
#include "live/rates.h"

#include <algorithm>
#include <cstddef>

#include "model/saturating.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kNsPerMinute = 60 * kNsPerSecond;
constexpr std::int64_t kRateSeconds = 10;

// The entry of a name, or the one that stands for all names too many.
template <typename Counters>
Counters& CountersOf(std::map<std::string, Counters>& counters, const std::string& name) {
  const auto it = counters.find(name);
  if (it != counters.end()) {
    return it->second;
  }
  return counters[counters.size() < Rates::kMaxNames ? name : "(other)"];
}

// Adds `count` so many times, which is 1 or -1.
void Count(std::int64_t& counter, std::int64_t count, std::int64_t sign) {
  counter = sign > 0 ? model::WrappingAdd(counter, count) : model::WrappingSubtract(counter, count);
}

void Accumulate(Rates::ModelCounters& counters, const model::RollupCounts& counts,
                std::int64_t sign) {
  Count(counters.calls, counts.model_calls, sign);
  Count(counters.failed, counts.failed_model_calls, sign);
  Count(counters.input_tokens, counts.input_tokens, sign);
  Count(counters.output_tokens, counts.output_tokens, sign);
  Count(counters.cost_picodollars, counts.cost_picodollars, sign);
  Count(counters.unpriced_calls, counts.unpriced_calls, sign);
}

void Accumulate(Rates::WorkflowCounters& counters, const model::RollupCounts& counts,
                std::int64_t sign) {
  Count(counters.completed, counts.runs_completed, sign);
  Count(counters.failed, counts.runs_failed, sign);
}

// Raises each of `fields` to what it is now.
template <typename Counters, std::size_t Size>
std::map<std::string, Counters> Tell(auto& named,
                                     const std::array<std::int64_t Counters::*, Size>& fields) {
  std::map<std::string, Counters> told;
  for (auto& [name, counters] : named) {
    for (const auto field : fields) {
      counters.told.*field = std::max(counters.told.*field, counters.now.*field);
    }
    told.emplace(name, counters.told);
  }
  return told;
}

}  // namespace

template <std::size_t Size>
Rates::Slot& Rates::SlotAt(std::array<Slot, Size>& slots, std::int64_t time) {
  Slot& slot = slots[static_cast<std::size_t>(time) % Size];
  if (slot.time != time) {
    slot = Slot{.time = time};
  }
  return slot;
}

void Rates::Add(const model::Batch& batch) {
  const std::int64_t now_ns = clock_.NowNs();
  base::MutexLock lock(mutex_);
  Slot& second = SlotAt(seconds_, now_ns / kNsPerSecond);
  second.spans += batch.spans.size();
}

void Rates::AddLag(double lag_ms) {
  const std::int64_t now_ns = clock_.NowNs();
  base::MutexLock lock(mutex_);
  Slot& second = SlotAt(seconds_, now_ns / kNsPerSecond);
  second.lag_ms = std::max(second.lag_ms, lag_ms);
}

void Rates::Replace(std::span<const model::RollupEntry> before,
                    std::span<const model::RollupEntry> after) {
  const std::int64_t now_ns = clock_.NowNs();
  base::MutexLock lock(mutex_);
  Slot& second = SlotAt(seconds_, now_ns / kNsPerSecond);
  Slot& minute = SlotAt(minutes_, now_ns / kNsPerMinute);
  const auto count = [&](const model::RollupEntry& entry, std::int64_t sign) REQUIRES(mutex_) {
    Count(second.tokens, entry.counts.input_tokens, sign);
    Count(second.tokens, entry.counts.output_tokens, sign);
    Count(minute.cost_picodollars, entry.counts.cost_picodollars, sign);
    Count(minute.unpriced_calls, entry.counts.unpriced_calls, sign);
    if (!entry.key.model.empty()) {
      Accumulate(CountersOf(models_, entry.key.model).now, entry.counts, sign);
    }
    if (entry.counts.runs_completed != 0 || entry.counts.runs_failed != 0) {
      Accumulate(CountersOf(workflows_, entry.key.workflow).now, entry.counts, sign);
    }
  };
  for (const model::RollupEntry& entry : before) {
    count(entry, -1);
  }
  for (const model::RollupEntry& entry : after) {
    count(entry, 1);
  }
}

Rates::Snapshot Rates::snapshot() const {
  const std::int64_t now_ns = clock_.NowNs();
  const std::int64_t second = now_ns / kNsPerSecond;
  const std::int64_t minute = now_ns / kNsPerMinute;
  Snapshot snapshot;
  std::uint64_t spans = 0;
  std::int64_t tokens = 0;
  std::int64_t cost = 0;
  std::int64_t unpriced_calls = 0;
  base::MutexLock lock(mutex_);
  for (const Slot& slot : seconds_) {
    // The current second is not over yet: rates are over the ones before it.
    if (slot.time >= second - kRateSeconds && slot.time < second) {
      spans += slot.spans;
      snapshot.ingest_lag_ms = std::max(snapshot.ingest_lag_ms, slot.lag_ms);
    }
    if (slot.time >= second - 60 && slot.time < second) {
      tokens = model::WrappingAdd(tokens, slot.tokens);
    }
  }
  for (const Slot& slot : minutes_) {
    if (slot.time > minute - 60) {
      cost = model::WrappingAdd(cost, slot.cost_picodollars);
      unpriced_calls = model::WrappingAdd(unpriced_calls, slot.unpriced_calls);
    }
  }
  // A run that is counted again can take away more than came lately.
  snapshot.tokens_per_minute = std::max<std::int64_t>(0, tokens);
  snapshot.cost_per_hour_picodollars = std::max<std::int64_t>(0, cost);
  snapshot.unpriced_calls_per_hour = std::max<std::int64_t>(0, unpriced_calls);
  snapshot.spans_per_second = static_cast<double>(spans) / static_cast<double>(kRateSeconds);
  return snapshot;
}

std::map<std::string, Rates::ModelCounters> Rates::models() const {
  using Counters = ModelCounters;
  base::MutexLock lock(mutex_);
  return Tell<Counters>(
      models_,
      std::array{&Counters::calls, &Counters::failed, &Counters::input_tokens,
                 &Counters::output_tokens, &Counters::cost_picodollars, &Counters::unpriced_calls});
}

std::map<std::string, Rates::WorkflowCounters> Rates::workflows() const {
  using Counters = WorkflowCounters;
  base::MutexLock lock(mutex_);
  return Tell<Counters>(workflows_, std::array{&Counters::completed, &Counters::failed});
}

}  // namespace sightline::live
