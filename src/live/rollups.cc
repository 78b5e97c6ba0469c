// SPDX-License-Identifier: Apache-2.0
#include "live/rollups.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kMinutesOfDay = model::MinutesOf(model::Window::k24Hours);

model::RollupKey OtherKey() {
  const std::string other(Rollups::kOtherName);
  return {.workflow = other, .agent = other, .model = other, .service = other};
}

void Change(model::RollupSums& sums, const model::RollupEntry& entry, RollupChange change) {
  std::int64_t times = 1;
  if (change == RollupChange::kAdd) {
    sums.counts += entry.counts;
  } else {
    sums.counts -= entry.counts;
    times = -1;
  }
  sums.step_latency.Accumulate(entry.step_latency, times);
  sums.run_latency.Accumulate(entry.run_latency, times);
}

}  // namespace

Rollups::Rollups(std::int64_t now_minute, const RollupOptions& options)
    : options_(options), now_minute_(now_minute) {
  CHECK(options_.max_cells >= options_.max_keys);
  base::MutexLock lock(mutex_);
  CHECK(Learn(OtherKey()) == kOther);
}

std::optional<std::size_t> Rollups::TierOf(std::int64_t minute, std::int64_t now_minute) {
  if (minute > now_minute) {
    return std::nullopt;
  }
  for (std::size_t tier = 0; tier < kTiers; ++tier) {
    if (minute > now_minute - model::MinutesOf(static_cast<model::Window>(tier))) {
      return tier;
    }
  }
  return std::nullopt;
}

model::RollupSums Rollups::SumOf(const TierSums& tiers, model::Window window) {
  model::RollupSums sums = tiers[0];
  for (std::size_t tier = 1; tier <= static_cast<std::size_t>(window); ++tier) {
    sums += tiers[tier];
  }
  return sums;
}

Rollups::Outcome Rollups::Apply(std::span<const model::RollupEntry> entries, RollupChange change) {
  Outcome outcome;
  base::MutexLock lock(mutex_);
  for (const model::RollupEntry& entry : entries) {
    if (entry.minute <= now_minute_ - kMinutesOfDay ||
        entry.minute > now_minute_ + kMaxMinutesAhead) {
      ++outcome.ignored;
    } else {
      ApplyEntry(entry, change, outcome);
    }
  }
  if (change == RollupChange::kAdd) {
    DropZeroCells();
  }
  return outcome;
}

void Rollups::ApplyEntry(const model::RollupEntry& entry, RollupChange change, Outcome& outcome) {
  Minute& minute = minutes_[entry.minute];
  const KeyId id = CellOf(minute, entry.key, outcome);
  outcome.in_other += id == kOther && FindKey(entry.key) != kOther ? 1U : 0U;
  const auto [cell, is_new] = minute.cells.try_emplace(id);
  if (is_new) {
    ++keys_[id].cells;
    cells_ += id == kOther ? 0U : 1U;
  }
  Change(cell->second, entry, change);
  Change(minute.total, entry, change);
  if (const auto tier = TierOf(entry.minute, now_minute_)) {
    Change(totals_[*tier], entry, change);
    Change(keys_[id].tiers[*tier], entry, change);
  }
  if (cell->second.is_zero()) {
    zeroed_.emplace_back(entry.minute, id);
  }
}

void Rollups::DropZeroCells() {
  for (const auto& [when, id] : zeroed_) {
    const auto minute = minutes_.find(when);
    if (minute == minutes_.end()) {
      continue;
    }
    const auto cell = minute->second.cells.find(id);
    if (cell != minute->second.cells.end() && cell->second.is_zero()) {
      minute->second.cells.erase(cell);
      ForgetCell(id);
    }
  }
  zeroed_.clear();
}

Rollups::KeyId Rollups::FindKey(const model::RollupKey& key) const {
  const auto found = ids_.find(key);
  return found == ids_.end() ? kUnknown : found->second;
}

Rollups::KeyId Rollups::Learn(const model::RollupKey& key) {
  if (free_ids_.empty()) {
    free_ids_.push_back(static_cast<KeyId>(keys_.size()));
    keys_.emplace_back();
  }
  const KeyId id = free_ids_.back();
  free_ids_.pop_back();
  keys_[id] = {.key = &ids_.emplace(key, id).first->first, .learnt_at = moment_++};
  return id;
}

Rollups::KeyId Rollups::CellOf(Minute& minute, const model::RollupKey& key, Outcome& outcome) {
  KeyId id = FindKey(key);
  if (id == kOther || (id != kUnknown && minute.cells.contains(id))) {
    return id;
  }
  while (cells_ >= options_.max_cells && FoldOldestMinute(outcome)) {
  }
  id = FindKey(key);                                     // Folding may have forgotten it.
  const bool is_full = ids_.size() > options_.max_keys;  // One of them is "(other)".
  if (id == kUnknown && is_full && minute.closed_at == kNever) {
    minute.closed_at = moment_++;
  }
  const Moment learnt_at = id == kUnknown ? moment_ : keys_[id].learnt_at;
  if (learnt_at >= minute.closed_at) {
    return kOther;
  }
  return id == kUnknown ? Learn(key) : id;
}

void Rollups::ForgetCell(KeyId id) {
  --keys_[id].cells;
  if (id == kOther) {
    return;
  }
  --cells_;
  if (keys_[id].cells == 0) {
    ids_.erase(ids_.find(*keys_[id].key));
    keys_[id] = KeyState{};
    free_ids_.push_back(id);
  }
}

bool Rollups::FoldOldestMinute(Outcome& outcome) {
  for (auto& [when, minute] : minutes_) {
    const std::size_t own_cells = minute.cells.size() - minute.cells.count(kOther);
    if (own_cells > 0) {
      outcome.folded_cells += own_cells;
      Fold(when, minute);
      return true;
    }
  }
  return false;
}

void Rollups::Fold(std::int64_t when, Minute& minute) {
  const auto tier = TierOf(when, now_minute_);
  model::RollupSums other;
  for (const auto& [id, sums] : minute.cells) {
    other += sums;
    if (tier) {
      keys_[id].tiers[*tier] -= sums;
      keys_[kOther].tiers[*tier] += sums;
    }
    ForgetCell(id);
  }
  minute.cells.clear();
  minute.closed_at = kFromTheStart;
  if (!other.is_zero()) {
    minute.cells.emplace(kOther, std::move(other));
    ++keys_[kOther].cells;
  }
}

void Rollups::Move(const Minute& minute, std::optional<std::size_t> from,
                   std::optional<std::size_t> to) {
  if (from) {
    totals_[*from] -= minute.total;
  }
  if (to) {
    totals_[*to] += minute.total;
  }
  for (const auto& [id, sums] : minute.cells) {
    if (from) {
      keys_[id].tiers[*from] -= sums;
    }
    if (to) {
      keys_[id].tiers[*to] += sums;
    }
  }
}

void Rollups::Advance(std::int64_t now_minute) {
  base::MutexLock lock(mutex_);
  if (now_minute <= now_minute_) {
    return;
  }
  DropZeroCells();
  for (auto it = minutes_.begin(); it != minutes_.end();) {
    auto& [when, minute] = *it;
    const auto from = TierOf(when, now_minute_);
    const auto to = TierOf(when, now_minute);
    if (from != to) {
      Move(minute, from, to);
    }
    if (when > now_minute - kMinutesOfDay) {
      ++it;
      continue;
    }
    for (const auto& [id, sums] : minute.cells) {
      ForgetCell(id);
    }
    it = minutes_.erase(it);
  }
  now_minute_ = now_minute;
}

model::RollupSums Rollups::Total(model::Window window) const {
  base::MutexLock lock(mutex_);
  return SumOf(totals_, window);
}

model::RollupSums Rollups::Get(model::Window window, const model::RollupKey& key) const {
  base::MutexLock lock(mutex_);
  const KeyId id = FindKey(key);
  return id == kUnknown ? model::RollupSums{} : SumOf(keys_[id].tiers, window);
}

std::map<std::string, model::RollupSums> Rollups::GroupBy(
    model::Window window, model::Dimension dimension,
    std::optional<std::string_view> workflow) const {
  std::map<std::string, model::RollupSums> groups;
  base::MutexLock lock(mutex_);
  std::map<std::string_view, std::vector<const KeyState*>> members;
  for (const KeyState& state : keys_) {
    if (state.key != nullptr && (!workflow || state.key->workflow == *workflow)) {
      members[model::Part(*state.key, dimension)].push_back(&state);
    }
  }
  model::SketchSum step_latency;
  model::SketchSum run_latency;
  for (const auto& [name, states] : members) {
    model::RollupSums group;
    for (const KeyState* state : states) {
      for (std::size_t tier = 0; tier <= static_cast<std::size_t>(window); ++tier) {
        group.counts += state->tiers[tier].counts;
        step_latency.Add(state->tiers[tier].step_latency);
        run_latency.Add(state->tiers[tier].run_latency);
      }
    }
    group.step_latency = step_latency.Take();
    group.run_latency = run_latency.Take();
    if (!group.is_zero()) {
      groups.emplace(name, std::move(group));
    }
  }
  return groups;
}

std::vector<Rollups::Point> Rollups::Series(std::int64_t minutes,
                                            std::optional<std::string_view> workflow) const {
  std::vector<Point> points(
      static_cast<std::size_t>(std::clamp<std::int64_t>(minutes, 0, kMinutesOfDay)));
  base::MutexLock lock(mutex_);
  std::vector<KeyId> ids;  // Of the workflow.
  for (KeyId id = 0; workflow && id < keys_.size(); ++id) {
    if (keys_[id].key != nullptr && keys_[id].key->workflow == *workflow) {
      ids.push_back(id);
    }
  }
  std::int64_t when = now_minute_ - static_cast<std::int64_t>(points.size());
  for (Point& point : points) {
    point.minute = ++when;
    const auto minute = minutes_.find(when);
    if (minute == minutes_.end()) {
      continue;
    }
    if (!workflow) {
      point.sums = minute->second.total;
    }
    for (const KeyId id : ids) {
      const auto cell = minute->second.cells.find(id);
      if (cell != minute->second.cells.end()) {
        point.sums += cell->second;
      }
    }
  }
  return points;
}

Rollups::Size Rollups::size() const {
  base::MutexLock lock(mutex_);
  return {.keys = ids_.size() - 1, .cells = cells_};
}

}  // namespace sightline::live
