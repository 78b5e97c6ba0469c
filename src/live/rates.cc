// SPDX-License-Identifier: Apache-2.0
#include "live/rates.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "model/run_span.h"

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

bool HasCost(const model::Span& span) {
  return span.cost_status == model::CostStatus::kPriced ||
         span.cost_status == model::CostStatus::kReported ||
         span.cost_status == model::CostStatus::kPartial;
}

std::int64_t TokensOf(const model::Span& span) {
  return std::max<std::int64_t>(0, span.usage.input_total) +
         std::max<std::int64_t>(0, span.usage.output_total);
}

void CountCall(Rates::ModelCounters& counters, const model::Span& span) {
  ++counters.calls;
  counters.failed += span.has_error ? 1U : 0U;
  counters.input_tokens +=
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, span.usage.input_total));
  counters.output_tokens +=
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, span.usage.output_total));
  counters.cost_picodollars += HasCost(span) ? span.cost.picodollars : 0;
  counters.unpriced_calls += span.cost_status == model::CostStatus::kUnpriced ? 1U : 0U;
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
  Slot& minute = SlotAt(minutes_, now_ns / kNsPerMinute);
  second.spans += batch.spans.size();
  second.lag_ms =
      std::max(second.lag_ms, static_cast<double>(now_ns - batch.received_ns) / 1'000'000.0);
  for (const model::Span& span : batch.spans) {
    if (model::IsModelCall(span.kind) && !span.has_mark(model::Mark::kNotACall)) {
      second.tokens += TokensOf(span);
      minute.cost_picodollars += HasCost(span) ? span.cost.picodollars : 0;
      CountCall(Named(models_, fmt::format("{}/{}", span.provider, span.model())), span);
    }
    if (span.is_root()) {
      WorkflowCounters& workflow = Named(workflows_, model::WorkflowIdOf(span));
      ++(span.has_error ? workflow.failed : workflow.completed);
    }
  }
}

Rates::Snapshot Rates::snapshot() const {
  const std::int64_t now_ns = clock_.NowNs();
  const std::int64_t second = now_ns / kNsPerSecond;
  const std::int64_t minute = now_ns / kNsPerMinute;
  Snapshot snapshot;
  std::uint64_t spans = 0;
  base::MutexLock lock(mutex_);
  for (const Slot& slot : seconds_) {
    // The current second is not over yet: rates are over the ones before it.
    if (slot.time >= second - kRateSeconds && slot.time < second) {
      spans += slot.spans;
      snapshot.ingest_lag_ms = std::max(snapshot.ingest_lag_ms, slot.lag_ms);
    }
    if (slot.time >= second - 60 && slot.time < second) {
      snapshot.tokens_per_minute += slot.tokens;
    }
  }
  for (const Slot& slot : minutes_) {
    if (slot.time > minute - 60) {
      snapshot.cost_per_hour_picodollars += slot.cost_picodollars;
    }
  }
  snapshot.spans_per_second = static_cast<double>(spans) / static_cast<double>(kRateSeconds);
  return snapshot;
}

std::map<std::string, Rates::ModelCounters> Rates::models() const {
  base::MutexLock lock(mutex_);
  return models_;
}

std::map<std::string, Rates::WorkflowCounters> Rates::workflows() const {
  base::MutexLock lock(mutex_);
  return workflows_;
}

}  // namespace sightline::live
