// SPDX-License-Identifier: Apache-2.0
#include "live/rates.h"

#include <algorithm>

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kNsPerMinute = 60 * kNsPerSecond;
constexpr std::int64_t kRateSeconds = 10;

// The entry of a name, or the one that stands for all names too many.
template <typename Counters>
Counters& Named(std::map<std::string, Counters>& counters, const std::string& name) {
  const auto it = counters.find(name);
  if (it != counters.end()) {
    return it->second;
  }
  return counters[counters.size() < Rates::kMaxNames ? name : "(other)"];
}

void Accumulate(Rates::ModelCounters& counters, const model::RollupCounts& counts,
                std::int64_t sign) {
  counters.calls += sign * counts.model_calls;
  counters.failed += sign * counts.failed_model_calls;
  counters.input_tokens += sign * counts.input_tokens;
  counters.output_tokens += sign * counts.output_tokens;
  counters.cost_picodollars += sign * counts.cost_picodollars;
  counters.unpriced_calls += sign * counts.unpriced_calls;
}

void Accumulate(Rates::WorkflowCounters& counters, const model::RollupCounts& counts,
                std::int64_t sign) {
  counters.completed += sign * counts.runs_completed;
  counters.failed += sign * counts.runs_failed;
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
  second.lag_ms =
      std::max(second.lag_ms, static_cast<double>(now_ns - batch.received_ns) / 1'000'000.0);
}

void Rates::Replace(std::span<const model::RollupEntry> before,
                    std::span<const model::RollupEntry> after) {
  const std::int64_t now_ns = clock_.NowNs();
  base::MutexLock lock(mutex_);
  Slot& second = SlotAt(seconds_, now_ns / kNsPerSecond);
  Slot& minute = SlotAt(minutes_, now_ns / kNsPerMinute);
  const auto count = [&](const model::RollupEntry& entry, std::int64_t sign) REQUIRES(mutex_) {
    second.tokens += sign * (entry.counts.input_tokens + entry.counts.output_tokens);
    minute.cost_picodollars += sign * entry.counts.cost_picodollars;
    if (!entry.key.model.empty()) {
      Accumulate(Named(models_, entry.key.model), entry.counts, sign);
    }
    if (entry.counts.runs_completed != 0 || entry.counts.runs_failed != 0) {
      Accumulate(Named(workflows_, entry.key.workflow), entry.counts, sign);
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
  base::MutexLock lock(mutex_);
  for (const Slot& slot : seconds_) {
    // The current second is not over yet: rates are over the ones before it.
    if (slot.time >= second - kRateSeconds && slot.time < second) {
      spans += slot.spans;
      snapshot.ingest_lag_ms = std::max(snapshot.ingest_lag_ms, slot.lag_ms);
    }
    if (slot.time >= second - 60 && slot.time < second) {
      tokens += slot.tokens;
    }
  }
  for (const Slot& slot : minutes_) {
    if (slot.time > minute - 60) {
      cost += slot.cost_picodollars;
    }
  }
  // A run that is counted anew can take away more than came lately.
  snapshot.tokens_per_minute = std::max<std::int64_t>(0, tokens);
  snapshot.cost_per_hour_picodollars = std::max<std::int64_t>(0, cost);
  snapshot.spans_per_second = static_cast<double>(spans) / static_cast<double>(kRateSeconds);
  return snapshot;
}

std::map<std::string, Rates::ModelCounters> Rates::models() const {
  base::MutexLock lock(mutex_);
  auto models = models_;
  for (auto& [name, counters] : models) {
    for (std::int64_t* count :
         {&counters.calls, &counters.failed, &counters.input_tokens, &counters.output_tokens,
          &counters.cost_picodollars, &counters.unpriced_calls}) {
      *count = std::max<std::int64_t>(0, *count);
    }
  }
  return models;
}

std::map<std::string, Rates::WorkflowCounters> Rates::workflows() const {
  base::MutexLock lock(mutex_);
  auto workflows = workflows_;
  for (auto& [name, counters] : workflows) {
    counters.completed = std::max<std::int64_t>(0, counters.completed);
    counters.failed = std::max<std::int64_t>(0, counters.failed);
  }
  return workflows;
}

}  // namespace sightline::live
