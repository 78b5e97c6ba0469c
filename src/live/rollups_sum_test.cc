// SPDX-License-Identifier: Apache-2.0
// Rollups held against their definition: the sum of what is added and not removed.
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/rollups.h"

namespace sightline::live {
namespace {

using ::testing::IsEmpty;

constexpr std::int64_t kNow = 29'500'000;  // Minutes; some time in 2026.
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kMinutesOfDay = model::MinutesOf(model::Window::k24Hours);

constexpr model::Window kWindows[] = {model::Window::k5Minutes, model::Window::k1Hour,
                                      model::Window::k24Hours};

// What the rollups must equal: all entries, added up anew for each question.
class NaiveRollups {
 public:
  explicit NaiveRollups(std::int64_t now_minute) : now_minute_(now_minute) {}

  void Apply(const model::RollupEntry& entry, RollupChange change) {
    if (entry.minute > now_minute_ - kMinutesOfDay) {
      entries_.emplace_back(entry, change);
    }
  }

  void Advance(std::int64_t now_minute) { now_minute_ = now_minute; }

  template <typename Filter>
  model::RollupSums Sum(std::int64_t from, std::int64_t to, Filter&& filter) const {
    model::RollupSums sums;
    for (const auto& [entry, change] : entries_) {
      if (entry.minute < from || entry.minute > to || !filter(entry.key)) {
        continue;
      }
      const model::RollupSums part{entry.counts, entry.step_latency, entry.run_latency};
      change == RollupChange::kAdd ? sums += part : sums -= part;
    }
    return sums;
  }

  template <typename Filter>
  model::RollupSums Sum(model::Window window, Filter&& filter) const {
    return Sum(now_minute_ - model::MinutesOf(window) + 1, now_minute_, filter);
  }

  std::int64_t now_minute() const { return now_minute_; }

 private:
  std::int64_t now_minute_;
  std::vector<std::pair<model::RollupEntry, RollupChange>> entries_;
};

class RandomEntries {
 public:
  explicit RandomEntries(std::uint64_t seed, std::uint64_t names)
      : generator_(seed), names_(names) {}

  model::RollupEntry Next(std::int64_t now_minute) {
    model::RollupEntry entry{.minute = Minute(now_minute), .key = NextKey()};
    for (const model::RollupCountColumn& column : model::kRollupCountColumns) {
      entry.counts.*column.field = static_cast<std::int64_t>(Below(4));
    }
    for (std::uint64_t i = Below(4); i > 0; --i) {
      entry.step_latency.Add(static_cast<std::int64_t>(Below(30) * Below(1'000) * kMillisecond));
    }
    if (Below(3) == 0) {
      entry.run_latency.Add(static_cast<std::int64_t>(Below(1'000'000)) * kMillisecond);
    }
    return entry;
  }

  model::RollupKey NextKey() {
    return {.workflow = Name("w"), .agent = Name("a"), .model = Name("m"), .service = "s"};
  }

  std::uint64_t Below(std::uint64_t limit) { return generator_() % limit; }

 private:
  // Often now, sometimes near the edge of a window or ahead.
  std::int64_t Minute(std::int64_t now) {
    const std::int64_t ages[] = {0, 4, 5, 59, 60, kMinutesOfDay - 1, -3};
    const std::int64_t spread = static_cast<std::int64_t>(Below(3));
    return now - ages[Below(std::size(ages))] + spread;
  }

  std::string Name(std::string prefix) { return prefix.append(std::to_string(Below(names_))); }

  std::mt19937_64 generator_;
  std::uint64_t names_;
};

void ExpectEqual(const Rollups& rollups, const NaiveRollups& naive, RandomEntries& random) {
  const model::RollupKey key = random.NextKey();
  for (const model::Window window : kWindows) {
    ASSERT_EQ(rollups.Total(window), naive.Sum(window, [](const auto&) { return true; }));
    ASSERT_EQ(rollups.Get(window, key), naive.Sum(window, [&](const auto& k) { return k == key; }));
    for (const auto& [name, sums] :
         rollups.GroupBy(window, model::Dimension::kAgent, key.workflow)) {
      ASSERT_EQ(sums, naive.Sum(window, [&, agent = name](const model::RollupKey& k) {
        return k.agent == agent && k.workflow == key.workflow;
      }));
    }
  }
  for (const Rollups::Point& point : rollups.Series(7, key.workflow)) {
    ASSERT_EQ(point.sums, naive.Sum(point.minute, point.minute, [&](const model::RollupKey& k) {
      return k.workflow == key.workflow;
    }));
  }
}

// Adds and removes at random, also in the wrong order, while time passes.
TEST(RollupsSumTest, EqualsTheSumOfItsEntries) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    RandomEntries random(seed, 3);
    Rollups rollups(kNow);
    NaiveRollups naive(kNow);
    std::vector<std::pair<model::RollupEntry, RollupChange>> undone;
    for (int step = 0; step < 300; ++step) {
      if (random.Below(10) == 0) {
        const std::int64_t jumps[] = {1, 1, 5, 55, kMinutesOfDay - 7};
        naive.Advance(naive.now_minute() +
                      jumps[random.Below(random.Below(6) == 0 ? std::size(jumps) : 2)]);
        rollups.Advance(naive.now_minute());
      }
      model::RollupEntry entry = random.Next(naive.now_minute());
      RollupChange change = random.Below(4) == 0 ? RollupChange::kRemove : RollupChange::kAdd;
      if (!undone.empty() && random.Below(2) == 0) {
        std::swap(undone[random.Below(undone.size())], undone.back());
        std::tie(entry, change) = undone.back();
        undone.pop_back();
      } else {
        undone.emplace_back(
            entry, change == RollupChange::kAdd ? RollupChange::kRemove : RollupChange::kAdd);
      }
      rollups.Apply(std::span(&entry, 1), change);
      naive.Apply(entry, change);
      if (step % 10 == 0) {
        ExpectEqual(rollups, naive, random);
      }
    }
    // Undoing the rest leaves nothing at all.
    for (const auto& [entry, change] : undone) {
      rollups.Apply(std::span(&entry, 1), change);
    }
    rollups.Advance(naive.now_minute() + 1);
    EXPECT_TRUE(rollups.Total(model::Window::k24Hours).is_zero());
    EXPECT_EQ(rollups.size().cells, 0U);
    EXPECT_EQ(rollups.size().keys, 0U);
  }
}

// With too many keys and cells the split is coarse; sums stay exact and every removal finds what it
// removes, so that nothing is left in the end.
TEST(RollupsSumTest, StaysExactInSumUnderOverflow) {
  std::size_t in_other = 0;
  std::size_t folded_cells = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    RandomEntries random(seed, 4);
    Rollups rollups(kNow, {.max_keys = 10, .max_cells = 15});
    NaiveRollups naive(kNow);
    std::vector<model::RollupEntry> added;
    for (int step = 0; step < 300; ++step) {
      if (random.Below(20) == 0) {
        naive.Advance(naive.now_minute() + 1);
        rollups.Advance(naive.now_minute());
      }
      const bool removes = !added.empty() && random.Below(5) < 2;
      if (removes) {
        std::swap(added[random.Below(added.size())], added.back());
      } else {
        added.push_back(random.Next(naive.now_minute()));
      }
      const RollupChange change = removes ? RollupChange::kRemove : RollupChange::kAdd;
      const Rollups::Outcome outcome = rollups.Apply(std::span(&added.back(), 1), change);
      naive.Apply(added.back(), change);
      added.resize(added.size() - (removes ? 1 : 0));
      in_other += outcome.in_other;
      folded_cells += outcome.folded_cells;
      ASSERT_LE(rollups.size().keys, 10U);
      ASSERT_LE(rollups.size().cells, 15U);
      for (const model::Window window : kWindows) {
        const model::RollupSums total = naive.Sum(window, [](const auto&) { return true; });
        ASSERT_EQ(rollups.Total(window), total);
        model::RollupSums grouped;
        for (const auto& [name, sums] : rollups.GroupBy(window, model::Dimension::kModel)) {
          ASSERT_GE(sums.counts.steps, 0) << name;
          ASSERT_GE(sums.step_latency.count(), 0) << name;
          grouped += sums;
        }
        ASSERT_EQ(grouped, total);
      }
    }
    rollups.Apply(added, RollupChange::kRemove);
    for (const model::Window window : kWindows) {
      EXPECT_TRUE(rollups.Total(window).is_zero());
      EXPECT_THAT(rollups.GroupBy(window, model::Dimension::kWorkflow), IsEmpty());
    }
  }
  EXPECT_GT(in_other, 100U);
  EXPECT_GT(folded_cells, 20U);
}

}  // namespace
}  // namespace sightline::live
