// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "live/runs.h"
#include "model/saturating.h"

// Which runs are watched for signs of trouble, and when.

namespace sightline::live {

std::vector<Sign> Runs::SignsOf(const model::TraceId& trace_id) const {
  const Run* run = FindRun(trace_id);
  return run == nullptr || run->signs == nullptr ? std::vector<Sign>{} : run->signs->active();
}

// False when no sign can hold, as nearly always for short runs.
bool Runs::IsWorthWatching(const Run& run, std::int64_t now_ns) const {
  const SignOptions& signs = options_.signs;
  if (run.signs != nullptr || run.spans >= std::min(signs.repeated_times, signs.cycle_rounds)) {
    return true;
  }
  const model::RunRecord& record = *RecordOf(run);
  return record.status == model::RunStatus::kRunning &&
         (now_ns - run.received_ns >= signs.silent_after_ns ||
          (record.open_steps > 0 &&
           model::SaturatingSubtract(now_ns, record.start_ns) > signs.overdue_floor_ns) ||
          model::SaturatingAdd(record.usage.input_total, record.usage.output_total) >=
              signs.surge_floor_tokens_per_minute ||
          record.cost.picodollars >= signs.surge_floor_picodollars);
}

// True when a sign came up or cleared.
bool Runs::Watch(Run& run, std::int64_t now_ns) {
  const RunState& state = StateOf(run);
  if (run.signs == nullptr) {
    run.signs = std::make_unique<RunSigns>(options_.signs);
    state.ForEachStep([&](const StepFacts& facts) { run.signs->OnStep(facts); });
  }
  run.signs->OnRun(state.Facts());
  const RunSigns::Changes changes = run.signs->Evaluate(now_ns, usual_);
  for (const Sign& sign : changes.raised) {
    ++raised_signs_[static_cast<std::size_t>(sign.kind)];
  }
  if (run.signs->is_quiet() && run.spans <= kPackedSpans) {
    run.signs = nullptr;
  }
  return !changes.raised.empty() || !changes.cleared.empty();
}

// Some signs come from nothing happening. Of very many runs some are looked at each time.
void Runs::WatchQuiet(std::int64_t now_ns) {
  constexpr std::int64_t kIntervalNs = 1'000'000'000;
  constexpr std::size_t kMostWatched = 5'000;
  constexpr std::size_t kMostSeen = 100'000;
  if (now_ns - watched_ns_ < kIntervalNs && now_ns >= watched_ns_) {
    return;
  }
  watched_ns_ = now_ns;
  std::size_t watched = 0;
  const std::size_t count = std::min(slots_.size(), kMostSeen);
  for (std::size_t seen = 0; seen < count && watched < kMostWatched; ++seen, ++watched_slot_) {
    watched_slot_ = watched_slot_ < slots_.size() ? watched_slot_ : 0;
    Run& run = *slots_[watched_slot_].run;
    if (run.phase != Phase::kOpen || run.is_dirty || run.refreshed_ns == now_ns ||
        !IsWorthWatching(run, now_ns)) {
      continue;
    }
    ++watched;
    if (Watch(run, now_ns)) {
      MarkChanged(run);
    }
    PackState(run);
    SetBytes(run);
  }
}

}  // namespace sightline::live
