// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::model {

// Many durations as one small value: how many there are, their sum, and every quantile to within
// 1 % (DDSketch: Masson, Rim and Lee, VLDB 2019). Buckets grow by a constant factor from 1 us on;
// only those that hold something are kept, in order.
//
// Where a bucket begins does not depend on the data, so sketches add up exactly, in any order, and
// what was merged can be taken out again. That is why values below 1 us are not kept apart, instead
// of collapsing the lowest buckets on demand as the paper does: 0 has its own bucket, and 1 to 999
// ns share one that reads as 500 ns. The error bound does not hold in there, that is, for the
// lowest quantiles of very short durations. Nothing else is collapsed: a sketch has at most
// kMaxBuckets.
//
// Thread: value. Cost: 8 bytes a bucket; a handful of buckets for similar durations.
class Sketch {
 public:
  static constexpr double kRelativeError = 0.01;
  static constexpr std::size_t kMaxBuckets = 1938;

  // Counts a duration in nanoseconds, `count` times. Negative ones, which skewed clocks make, count
  // as 0. Precondition: count > 0.
  void Add(std::int64_t value, std::int64_t count = 1);

  // The bucket of a duration, and `count` durations of one bucket, whose sum is not known: it
  // counts as the bucket's middle. Precondition: index < kMaxBuckets.
  static std::uint16_t BucketOf(std::int64_t value) {
    return IndexOf(std::max<std::int64_t>(value, 0));
  }

  void AddBucket(std::uint16_t index, std::int64_t count);

  // Counts everything that `other` counts.
  void Merge(const Sketch& other) { Accumulate(other, 1); }

  // Undoes a Merge of an equal sketch. Precondition: there was one.
  void Subtract(const Sketch& other);

  // Counts `other` `times` over; -1 takes it away. May run ahead of the merge that it undoes: until
  // that comes, some counts are negative and the figures below pass over them.
  void Accumulate(const Sketch& other, std::int64_t times);

  std::int64_t count() const { return count_; }

  // Exact; the largest or smallest integer if it is out of range.
  std::int64_t sum() const;

  // The value at place floor(q * (count - 1)) of all values in order, as the middle of its bucket;
  // `q` is 0 to 1. 0 when empty.
  std::int64_t Quantile(double q) const;

  // Bucket middles, too: within 1 % of the true extremes, also after Subtract. 0 when empty.
  std::int64_t min() const { return Quantile(0); }

  std::int64_t max() const { return Quantile(1); }

  // The form that is stored on disk: varints (model/varint.h) of the number of buckets, of each
  // index as the distance to the one before and of its signed count, then the sum as signed high
  // and unsigned low 64 bits.
  void AppendTo(std::string& out) const;

  // Empty for anything that AppendTo cannot have made.
  static std::optional<Sketch> Parse(std::string_view bytes);

  std::size_t bucket_count() const { return buckets_.size(); }

  // True if nothing is counted and nothing is owed.
  bool empty() const { return buckets_.empty() && sum_ == 0; }

  // Two sketches are equal if they count equal buckets and sums.
  friend bool operator==(const Sketch&, const Sketch&) = default;

 private:
  friend class SketchSum;

  // Index and count in one word: sketches are held by the hundred thousand.
  class Bucket {
   public:
    Bucket() = default;

    Bucket(std::uint16_t index, std::int64_t count) : packed_(count * kOne + index) {}

    std::uint16_t index() const {
      return static_cast<std::uint16_t>(static_cast<std::uint64_t>(packed_) & (kOne - 1));
    }

    std::int64_t count() const { return packed_ >> kIndexBits; }

    void Add(std::int64_t count) { packed_ += count * kOne; }

    friend bool operator==(const Bucket&, const Bucket&) = default;

   private:
    static constexpr int kIndexBits = 11;
    static constexpr std::int64_t kOne = std::int64_t{1} << kIndexBits;
    static_assert(kMaxBuckets <= kOne);

    std::int64_t packed_ = 0;
  };

  // Sums of durations of years, as broken clocks report them, do not fit 64 bits.
  __extension__ using Wide = __int128;

  using Iterator = std::vector<Bucket>::iterator;

  static std::uint16_t IndexOf(std::int64_t value);
  static std::int64_t MiddleOf(std::uint16_t index);
  void CountIn(std::uint16_t index, std::int64_t count);
  // The first bucket from `from` on whose index is not below `index`.
  Iterator Seek(Iterator from, std::uint16_t index);
  void InsertMissing(const Sketch& other, std::int64_t times, std::size_t missing);

  std::vector<Bucket> buckets_;  // By index, none with count 0.
  std::int64_t count_ = 0;
  Wide sum_ = 0;
};

// Adds up many sketches: the same as merging them one by one, some times faster.
//
// Thread: value; 16 KB.
class SketchSum {
 public:
  void Add(const Sketch& sketch);

  // What was added since the last Take.
  Sketch Take();

 private:
  std::array<std::int64_t, Sketch::kMaxBuckets> counts_{};  // By bucket index.
  Sketch::Wide sum_ = 0;
};

}  // namespace sightline::model
