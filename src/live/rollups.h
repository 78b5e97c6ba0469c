// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "model/rollup.h"

namespace sightline::live {

struct RollupOptions {
  // Different keys of the last day. A name that is new on every run must not take all memory.
  std::size_t max_keys = 5'000;
  // Keys times minutes: 100 keys that are active in every minute of a day.
  std::size_t max_cells = 143'804;
};

enum class RollupChange : std::uint8_t { kAdd, kRemove };

// Counters and latencies of the last 5 minutes, hour and day by RollupKey, in steps of a minute.
// The content is the sum of what is added and not removed: a run that grows takes its old entries
// out and puts its new ones in, and what is shown is what the runs of now add up to, whatever the
// order. Until an entry that was removed first is added, figures may be negative.
//
// Each (minute, key) has a cell. Time is cut into tiers that do not overlap (5 minutes, the rest of
// the hour, the rest of the day), with running sums for each tier and key, so that a change touches
// one tier and a window is the sum of at most three.
//
// When there are too many keys, new ones are counted under "(other)" in every dimension; totals
// stay exact. A minute that had to refuse a key from then on only opens cells for keys that were
// known before, so that an entry is removed from the cell it was added to. When there are too many
// cells, those of the oldest minutes are folded into "(other)".
//
// Thread: any. Cost: Apply some 0.5 us an entry; Total and Get O(1); GroupBy O(keys).
class Rollups {
 public:
  static constexpr std::string_view kOtherName = "(other)";
  static constexpr std::size_t kBytesPerCell = 350;  // About.

  // For RollupOptions: as many cells as `bytes` hold, and not fewer than keys.
  static constexpr std::size_t CellsWithin(std::size_t bytes) {
    return std::max(bytes / kBytesPerCell, RollupOptions().max_keys);
  }

  // How far ahead of now a minute may lie. Spans from clocks that are worse carry
  // Mark::kTimeSuspect and should make no entries.
  static constexpr std::int64_t kMaxMinutesAhead = model::MinutesOf(model::Window::k24Hours);

  // Precondition: max_cells >= max_keys.
  explicit Rollups(std::int64_t now_minute, const RollupOptions& options = {});

  struct Outcome {
    std::size_t ignored = 0;       // Entries older than a day or too far ahead.
    std::size_t in_other = 0;      // Entries counted under "(other)" instead of their own key.
    std::size_t folded_cells = 0;  // Older cells that lost their key to make room.
  };

  // Entries of coming minutes count from their minute on.
  Outcome Apply(std::span<const model::RollupEntry> entries, RollupChange change) EXCLUDES(mutex_);

  // Moves the windows. A time before the last one changes nothing.
  void Advance(std::int64_t now_minute) EXCLUDES(mutex_);

  model::RollupSums Total(model::Window window) const EXCLUDES(mutex_);
  model::RollupSums Get(model::Window window, const model::RollupKey& key) const EXCLUDES(mutex_);

  // By the names of one dimension, of all or of one workflow; names without figures are left out.
  std::map<std::string, model::RollupSums> GroupBy(
      model::Window window, model::Dimension dimension,
      std::optional<std::string_view> workflow = std::nullopt) const EXCLUDES(mutex_);

  struct Point {
    std::int64_t minute = 0;
    model::RollupSums sums;
  };

  // The last `minutes` minutes (at most a day), oldest first, without gaps; the last one is still
  // running.
  std::vector<Point> Series(std::int64_t minutes,
                            std::optional<std::string_view> workflow = std::nullopt) const
      EXCLUDES(mutex_);

  struct Size {
    std::size_t keys = 0;
    std::size_t cells = 0;
  };

  // Without "(other)".
  Size size() const EXCLUDES(mutex_);

 private:
  using KeyId = std::uint32_t;
  static constexpr KeyId kOther = 0;
  static constexpr KeyId kUnknown = std::numeric_limits<KeyId>::max();

  // Moments on a counter that learning and refusing keys moves on.
  using Moment = std::uint64_t;
  static constexpr Moment kFromTheStart = 0;
  static constexpr Moment kNever = std::numeric_limits<Moment>::max();

  static constexpr std::size_t kTiers = 3;  // As many as windows.
  using TierSums = std::array<model::RollupSums, kTiers>;

  struct KeyState {
    const model::RollupKey* key = nullptr;  // Null: the id is free.
    Moment learnt_at = kFromTheStart;
    std::size_t cells = 0;
    TierSums tiers;
  };

  struct Minute {
    std::unordered_map<KeyId, model::RollupSums> cells;
    model::RollupSums total;
    Moment closed_at = kNever;  // Opens no cells for keys that were learnt later.
  };

  using Minutes = std::map<std::int64_t, Minute>;

  // The tier of a minute; empty if it is yet to come or past.
  static std::optional<std::size_t> TierOf(std::int64_t minute, std::int64_t now_minute);
  static model::RollupSums SumOf(const TierSums& tiers, model::Window window);

  void ApplyEntry(const model::RollupEntry& entry, RollupChange change, Outcome& outcome)
      REQUIRES(mutex_);
  KeyId FindKey(const model::RollupKey& key) const REQUIRES(mutex_);
  KeyId Learn(const model::RollupKey& key) REQUIRES(mutex_);
  // Whose cell of a minute counts `key`. The cell may have to be made.
  KeyId CellOf(Minute& minute, const model::RollupKey& key, Outcome& outcome) REQUIRES(mutex_);
  void ForgetCell(KeyId id) REQUIRES(mutex_);
  void DropZeroCells() REQUIRES(mutex_);
  // False if there is nothing left to fold.
  bool FoldOldestMinute(Outcome& outcome) REQUIRES(mutex_);
  void Fold(std::int64_t when, Minute& minute) REQUIRES(mutex_);
  void Move(const Minute& minute, std::optional<std::size_t> from, std::optional<std::size_t> to)
      REQUIRES(mutex_);

  const RollupOptions options_;
  mutable base::Mutex mutex_;
  std::int64_t now_minute_ GUARDED_BY(mutex_);
  Minutes minutes_ GUARDED_BY(mutex_);  // From a day ago to a day ahead.
  TierSums totals_ GUARDED_BY(mutex_);
  std::unordered_map<model::RollupKey, KeyId, model::RollupKeyHasher> ids_ GUARDED_BY(mutex_);
  std::vector<KeyState> keys_ GUARDED_BY(mutex_);  // By id.
  std::vector<KeyId> free_ids_ GUARDED_BY(mutex_);
  // Cells to drop unless the entries that replace what was removed come right behind: a key must
  // not be forgotten in between.
  std::vector<std::pair<std::int64_t, KeyId>> zeroed_ GUARDED_BY(mutex_);
  std::size_t cells_ GUARDED_BY(mutex_) = 0;
  Moment moment_ GUARDED_BY(mutex_) = kFromTheStart;
};

}  // namespace sightline::live
