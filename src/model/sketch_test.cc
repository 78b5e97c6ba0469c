// SPDX-License-Identifier: Apache-2.0
#include "model/sketch.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string_view>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::model {
namespace {

using Generator = std::mt19937_64;

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

Sketch SketchOf(const std::vector<std::int64_t>& values) {
  Sketch sketch;
  for (const std::int64_t value : values) {
    sketch.Add(value);
  }
  return sketch;
}

std::int64_t ExactQuantile(const std::vector<std::int64_t>& sorted, double q) {
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

double RelativeError(std::int64_t got, std::int64_t exact) {
  return std::abs(static_cast<double>(got) / static_cast<double>(exact) - 1);
}

struct Distribution {
  std::string_view name;
  std::function<double(Generator&)> draw;  // Nanoseconds.
};

std::vector<Distribution> Distributions() {
  const auto uniform = [](Generator& generator) {
    return std::uniform_real_distribution<double>(0, 1)(generator);
  };
  const auto normal = [](Generator& generator) {
    return std::normal_distribution<double>(0, 1)(generator);
  };
  return {
      {"uniform", [=](Generator& g) { return kMicrosecond + uniform(g) * kSecond; }},
      {"exponential", [=](Generator& g) { return kMicrosecond - std::log(1 - uniform(g)) * 1e8; }},
      {"lognormal", [=](Generator& g) { return kMicrosecond + std::exp(18 + 2 * normal(g)); }},
      {"pareto with a heavy tail",
       [=](Generator& g) { return kMillisecond * std::pow(1 - uniform(g), -1 / 0.7); }},
      {"two peaks",
       [=](Generator& g) { return (uniform(g) < 0.9 ? 2e6 : 3e10) * (1 + 0.1 * uniform(g)); }},
      {"constant", [](Generator&) { return 1.5e9; }},
      {"just above the floor", [=](Generator& g) { return kMicrosecond + uniform(g) * 50; }},
  };
}

std::vector<std::int64_t> Draw(const Distribution& distribution, Generator& generator,
                               std::size_t size) {
  std::vector<std::int64_t> values(size);
  for (std::int64_t& value : values) {
    value = static_cast<std::int64_t>(std::min(distribution.draw(generator), 9e18));
  }
  return values;
}

TEST(SketchTest, GivesQuantilesWithinTheErrorBound) {
  Generator generator(7);
  for (const Distribution& distribution : Distributions()) {
    for (const std::size_t size : {1U, 2U, 20U, 10'000U}) {
      std::vector<std::int64_t> values = Draw(distribution, generator, size);
      const Sketch sketch = SketchOf(values);
      std::sort(values.begin(), values.end());
      for (const double q : {0.0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        EXPECT_LE(RelativeError(sketch.Quantile(q), ExactQuantile(values, q)),
                  Sketch::kRelativeError)
            << distribution.name << ", " << size << " values, q " << q;
      }
      EXPECT_EQ(sketch.count(), static_cast<std::int64_t>(size));
    }
  }
}

TEST(SketchTest, KeepsTheErrorBoundForEveryMagnitude) {
  for (double value = kMicrosecond; value < 9.2e18; value *= 1.0037) {
    const auto exact = static_cast<std::int64_t>(value);
    ASSERT_LE(RelativeError(SketchOf({exact}).Quantile(0.5), exact), Sketch::kRelativeError)
        << exact;
  }
  EXPECT_LE(RelativeError(SketchOf({kLargest}).Quantile(0.5), kLargest), Sketch::kRelativeError);
}

// Buckets are stored: where they begin must never change.
TEST(SketchTest, TellsTheBucketThatTheLogarithmTells) {
  const double log_gamma = std::log1p(0.0095) - std::log1p(-0.0095);
  const auto expected = [&](std::int64_t value) {
    return 2 + static_cast<int>(std::ceil(std::log(static_cast<double>(value) / 1000) / log_gamma));
  };
  for (int i = 1; i < 1'900; ++i) {
    // Well inside of bucket 2 + i, on both sides of where it ends.
    for (const double place : {i - 0.999, i - 0.5, i - 0.001}) {
      const auto value = static_cast<std::int64_t>(1000 * std::exp(place * log_gamma));
      EXPECT_EQ(Sketch::BucketOf(value), expected(value)) << value;
    }
  }
  EXPECT_EQ(Sketch::BucketOf(-1), 0);
  EXPECT_EQ(Sketch::BucketOf(0), 0);
  EXPECT_EQ(Sketch::BucketOf(999), 1);
  EXPECT_EQ(Sketch::BucketOf(1'000), 2);
  EXPECT_EQ(Sketch::BucketOf(1'001), 3);
  EXPECT_EQ(Sketch::BucketOf(std::numeric_limits<std::int64_t>::max()), 1'937);
}

TEST(SketchTest, SaysWhatItHoldsOfFewValues) {
  struct Case {
    std::string_view name;
    std::vector<std::int64_t> values;
    std::int64_t median;
    std::int64_t sum;
    std::size_t buckets;
  };

  const Case cases[] = {
      {"nothing", {}, 0, 0, 0},
      {"zero", {0}, 0, 0, 1},
      {"zero is kept apart from one", {0, 0, 1}, 0, 1, 2},
      {"below a microsecond", {1, 400, 999}, 500, 1400, 1},
      {"negative counts as zero", {-5}, 0, 0, 1},
      {"equal values", {kSecond, kSecond, kSecond}, 0, 3 * kSecond, 1},
  };
  for (const Case& c : cases) {
    const Sketch sketch = SketchOf(c.values);
    EXPECT_EQ(sketch.count(), static_cast<std::int64_t>(c.values.size())) << c.name;
    EXPECT_EQ(sketch.sum(), c.sum) << c.name;
    EXPECT_EQ(sketch.bucket_count(), c.buckets) << c.name;
    EXPECT_EQ(sketch.empty(), c.values.empty()) << c.name;
    if (c.sum < kSecond) {
      EXPECT_EQ(sketch.Quantile(0.5), c.median) << c.name;
    }
  }
}

TEST(SketchTest, CountsAValueSeveralTimes) {
  Sketch at_once;
  at_once.Add(kSecond, 3);
  EXPECT_EQ(at_once, SketchOf({kSecond, kSecond, kSecond}));
}

TEST(SketchTest, ClampsQuantilesToTheExtremes) {
  const Sketch sketch = SketchOf({kMillisecond, kSecond});
  EXPECT_EQ(sketch.Quantile(-1), sketch.min());
  EXPECT_EQ(sketch.Quantile(2), sketch.max());
  EXPECT_LE(RelativeError(sketch.min(), kMillisecond), Sketch::kRelativeError);
  EXPECT_LE(RelativeError(sketch.max(), kSecond), Sketch::kRelativeError);
}

TEST(SketchTest, NeverHasMoreBucketsThanItsLimit) {
  Sketch sketch;
  for (double value = 0.5; value < 9.2e18; value *= 1.005) {
    sketch.Add(static_cast<std::int64_t>(value));
  }
  sketch.Add(kLargest);
  EXPECT_EQ(sketch.bucket_count(), Sketch::kMaxBuckets);
}

TEST(SketchTest, SumsBeyond64BitsAndComesBack) {
  Sketch sketch = SketchOf({kSecond});
  Sketch huge;
  huge.Add(kLargest, 5);
  sketch.Merge(huge);
  EXPECT_EQ(sketch.sum(), kLargest);
  sketch.Subtract(huge);
  EXPECT_EQ(sketch.sum(), kSecond);
}

// Sketches of assorted sizes and magnitudes.
std::vector<Sketch> RandomSketches(Generator& generator, std::size_t number) {
  const std::vector<Distribution> distributions = Distributions();
  std::vector<Sketch> sketches;
  for (std::size_t i = 0; i < number; ++i) {
    const std::size_t size = generator() % 3 == 0 ? generator() % 500 : generator() % 5;
    sketches.push_back(
        SketchOf(Draw(distributions[generator() % distributions.size()], generator, size)));
  }
  return sketches;
}

TEST(SketchTest, MergesInAnyOrder) {
  Generator generator(11);
  for (int round = 0; round < 200; ++round) {
    const std::vector<Sketch> sketches = RandomSketches(generator, 3);
    const auto& [a, b, c] = std::tie(sketches[0], sketches[1], sketches[2]);
    Sketch left = a;
    left.Merge(b);
    left.Merge(c);
    Sketch right = c;
    right.Merge(b);
    Sketch last = a;
    last.Merge(right);
    ASSERT_EQ(left, last) << round;
    Sketch swapped = b;
    swapped.Merge(a);
    swapped.Merge(c);
    ASSERT_EQ(left, swapped) << round;
  }
}

TEST(SketchTest, MergesToWhatOneSketchOfAllValuesHolds) {
  Generator generator(13);
  for (const Distribution& distribution : Distributions()) {
    std::vector<std::int64_t> all = Draw(distribution, generator, 700);
    const auto middle = all.begin() + 300;
    Sketch merged = SketchOf({all.begin(), middle});
    merged.Merge(SketchOf({middle, all.end()}));
    EXPECT_EQ(merged, SketchOf(all)) << distribution.name;
  }
}

TEST(SketchSumTest, EqualsMergingOneByOne) {
  Generator generator(19);
  SketchSum sum;
  for (int round = 0; round < 50; ++round) {
    Sketch merged;
    for (const Sketch& sketch : RandomSketches(generator, generator() % 6)) {
      merged.Merge(sketch);
      sum.Add(sketch);
    }
    ASSERT_EQ(sum.Take(), merged) << round;
  }
}

TEST(SketchTest, SubtractsExactlyWhatWasMerged) {
  Generator generator(17);
  for (int round = 0; round < 100; ++round) {
    const std::vector<Sketch> sketches = RandomSketches(generator, 8);
    Sketch sum;
    for (const Sketch& sketch : sketches) {
      sum.Merge(sketch);
    }
    // Takes them out in another order and compares with the sum of those that are left.
    for (std::size_t taken = 0; taken < sketches.size(); ++taken) {
      sum.Subtract(sketches[taken]);
      Sketch rest;
      for (std::size_t i = sketches.size() - 1; i > taken; --i) {
        rest.Merge(sketches[i]);
      }
      ASSERT_EQ(sum, rest) << round << ", " << taken;
    }
    ASSERT_TRUE(sum.empty());
  }
}

TEST(SketchTest, TakesItselfInAndOut) {
  Sketch sketch = SketchOf({1, kMillisecond, kSecond});
  sketch.Merge(sketch);
  EXPECT_EQ(sketch.count(), 6);
  sketch.Subtract(sketch);
  EXPECT_TRUE(sketch.empty());
}

TEST(SketchTest, MayOweBeforeItIsGiven) {
  const Sketch early = SketchOf({kMillisecond, kSecond});
  const Sketch other = SketchOf({kSecond, 7 * kSecond});
  Sketch sketch;
  sketch.Accumulate(early, -1);
  EXPECT_FALSE(sketch.empty());
  EXPECT_EQ(sketch.Quantile(0.5), 0);
  sketch.Merge(other);
  EXPECT_LE(RelativeError(sketch.max(), 7 * kSecond), Sketch::kRelativeError);
  sketch.Merge(early);
  EXPECT_EQ(sketch, other);
}

TEST(SketchTest, PaysADebtByAddingValues) {
  Sketch sketch;
  sketch.Accumulate(SketchOf({kSecond}), -1);
  sketch.Add(kSecond);
  EXPECT_TRUE(sketch.empty());
}

TEST(SketchDeathTest, RefusesToSubtractWhatWasNeverMerged) {
  Sketch sketch = SketchOf({kSecond});
  EXPECT_DEBUG_DEATH(sketch.Subtract(SketchOf({kMillisecond})), "count\\(\\) > 0");
}

}  // namespace
}  // namespace sightline::model
