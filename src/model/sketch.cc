// SPDX-License-Identifier: Apache-2.0
// Buckets: 0 holds 0, 1 holds 1 to 999 ns, and 2 + i the values v with
// kFloor * gamma^(i-1) < v <= kFloor * gamma^i, where gamma = (1 + a) / (1 - a). The value
// 2 * kFloor * gamma^i / (gamma + 1) is within a share `a` of every value in the bucket.
#include "model/sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "base/check.h"
#include "model/varint.h"

namespace sightline::model {
namespace {

constexpr std::int64_t kFloor = 1000;  // Nanoseconds.
constexpr std::int64_t kBelowFloor = 500;

// Rounding to whole nanoseconds adds up to 0.05 % at the floor.
constexpr double kAccuracy = 0.0095;
static_assert(kAccuracy + 0.5 / kFloor <= Sketch::kRelativeError);

constexpr double kGamma = (1 + kAccuracy) / (1 - kAccuracy);

constexpr double Power(double base, int exponent) {
  return exponent == 0 ? 1 : base * Power(base, exponent - 1);
}

// ln((1 + a) / (1 - a)) as its series; the next term is below what a double can tell.
constexpr double kLogGamma =
    2 * (kAccuracy + Power(kAccuracy, 3) / 3 + Power(kAccuracy, 5) / 5 + Power(kAccuracy, 7) / 7);

constexpr std::uint16_t kFirstRegular = 2;

// What defines the buckets from the floor on.
std::uint16_t IndexByLogarithm(std::int64_t value) {
  const double exponent =
      std::log(static_cast<double>(value) / static_cast<double>(kFloor)) / kLogGamma;
  return static_cast<std::uint16_t>(kFirstRegular + static_cast<int>(std::ceil(exponent)));
}

// The same without a logarithm, which costs some 50 ns: values with the same leading bits are in
// two or three buckets that follow each other, whose last values are known.
class BucketTable {
 public:
  BucketTable() {
    for (std::size_t i = 0; i < last_values_.size(); ++i) {
      last_values_[i] = LastValueOf(static_cast<std::uint16_t>(kFirstRegular + i));
    }
    std::uint16_t index = 0;  // Counted from kFirstRegular.
    for (std::size_t cell = CellOf(kFloor); cell < first_indexes_.size(); ++cell) {
      while (last_values_[index] < FirstValueOf(cell)) {
        ++index;
      }
      first_indexes_[cell] = index;
    }
  }

  // Precondition: value >= kFloor.
  std::uint16_t IndexOf(std::int64_t value) const {
    std::uint16_t index = first_indexes_[CellOf(value)];
    while (last_values_[index] < value) {
      ++index;
    }
    return static_cast<std::uint16_t>(kFirstRegular + index);
  }

 private:
  static constexpr unsigned kLeadingBits = 5;  // After the highest.
  static constexpr std::size_t kCells = std::size_t{63} << kLeadingBits;

  static std::size_t CellOf(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    const auto exponent = static_cast<unsigned>(std::bit_width(bits)) - 1;
    const std::uint64_t leading = (bits << (63U - exponent)) >> (63U - kLeadingBits);
    return (std::size_t{exponent} << kLeadingBits) | (leading & ((1U << kLeadingBits) - 1));
  }

  // The lowest value of a cell that values from the floor on have.
  static std::int64_t FirstValueOf(std::size_t cell) {
    const auto exponent = static_cast<unsigned>(cell >> kLeadingBits);
    const std::uint64_t leading =
        (std::uint64_t{1} << kLeadingBits) | (cell & ((1U << kLeadingBits) - 1));
    return static_cast<std::int64_t>(leading << exponent >> kLeadingBits);
  }

  static std::int64_t LastValueOf(std::uint16_t index) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (IndexByLogarithm(kMost) <= index) {
      return kMost;
    }
    std::int64_t inside = kFloor;
    std::int64_t outside = kMost;
    while (outside - inside > 1) {
      const std::int64_t middle = inside + (outside - inside) / 2;
      (IndexByLogarithm(middle) <= index ? inside : outside) = middle;
    }
    return inside;
  }

  std::array<std::int64_t, Sketch::kMaxBuckets - kFirstRegular> last_values_;
  std::array<std::uint16_t, kCells> first_indexes_{};
};

}  // namespace

std::uint16_t Sketch::IndexOf(std::int64_t value) {
  if (value < kFloor) {
    return value == 0 ? 0 : 1;
  }
  static const BucketTable kTable;
  return kTable.IndexOf(value);
}

std::int64_t Sketch::MiddleOf(std::uint16_t index) {
  if (index < kFirstRegular) {
    return index == 0 ? 0 : kBelowFloor;
  }
  const double upper = static_cast<double>(kFloor) * std::exp((index - kFirstRegular) * kLogGamma);
  return std::llround(2 * upper / (kGamma + 1));
}

void Sketch::Add(std::int64_t value, std::int64_t count) {
  DCHECK(count > 0);
  value = std::max<std::int64_t>(value, 0);
  CountIn(IndexOf(value), count);
  sum_ += static_cast<Wide>(value) * count;
}

void Sketch::AddBucket(std::uint16_t index, std::int64_t count) {
  CountIn(index, count);
  sum_ += static_cast<Wide>(MiddleOf(index)) * count;
}

void Sketch::CountIn(std::uint16_t index, std::int64_t count) {
  auto at = Seek(buckets_.begin(), index);
  if (at == buckets_.end() || at->index() != index) {
    at = buckets_.insert(at, Bucket(index, 0));
  }
  at->Add(count);
  if (at->count() == 0) {  // It paid what was owed.
    buckets_.erase(at);
  }
  count_ += count;
}

// Mostly the bucket is one of the next, when much comes to much, or far off, when a few come to
// many.
Sketch::Iterator Sketch::Seek(Iterator from, std::uint16_t index) {
  constexpr int kNeighbours = 4;
  for (int i = 0; i < kNeighbours; ++i, ++from) {
    if (from == buckets_.end() || from->index() >= index) {
      return from;
    }
  }
  return std::lower_bound(from, buckets_.end(), index,
                          [](const Bucket& bucket, auto i) { return bucket.index() < i; });
}

void Sketch::Accumulate(const Sketch& other, std::int64_t times) {
  count_ += times * other.count_;
  sum_ += times * other.sum_;
  std::size_t missing = 0;
  bool has_zero = false;
  auto at = buckets_.begin();
  for (const Bucket& bucket : other.buckets_) {
    at = Seek(at, bucket.index());
    if (at == buckets_.end() || at->index() != bucket.index()) {
      ++missing;
      continue;
    }
    at->Add(times * bucket.count());
    has_zero = has_zero || at->count() == 0;
  }
  if (missing > 0) {
    InsertMissing(other, times, missing);
  }
  if (has_zero) {
    std::erase_if(buckets_, [](const Bucket& bucket) { return bucket.count() == 0; });
  }
}

// Merges from the back, so that no bucket moves more than once.
void Sketch::InsertMissing(const Sketch& other, std::int64_t times, std::size_t missing) {
  std::size_t mine = buckets_.size();
  std::size_t theirs = other.buckets_.size();
  buckets_.resize(mine + missing);
  for (std::size_t to = buckets_.size(); missing > 0; --to) {
    const Bucket& next = other.buckets_[theirs - 1];
    if (mine > 0 && buckets_[mine - 1].index() >= next.index()) {
      theirs -= buckets_[mine - 1].index() == next.index() ? 1 : 0;
      buckets_[to - 1] = buckets_[--mine];
    } else {
      buckets_[to - 1] = Bucket(next.index(), times * next.count());
      --theirs;
      --missing;
    }
  }
}

void Sketch::Subtract(const Sketch& other) {
  Accumulate(other, -1);
  DCHECK(std::all_of(buckets_.begin(), buckets_.end(),
                     [](const Bucket& bucket) { return bucket.count() > 0; }));
}

std::int64_t Sketch::sum() const {
  using Limits = std::numeric_limits<std::int64_t>;
  return static_cast<std::int64_t>(std::clamp<Wide>(sum_, Limits::min(), Limits::max()));
}

std::int64_t Sketch::Quantile(double q) const {
  std::int64_t rank =
      static_cast<std::int64_t>(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_ - 1));
  std::uint16_t last = 0;
  for (const Bucket& bucket : buckets_) {
    if (bucket.count() <= 0) {
      continue;
    }
    last = bucket.index();
    rank -= bucket.count();
    if (rank < 0) {
      break;
    }
  }
  return MiddleOf(last);
}

void SketchSum::Add(const Sketch& sketch) {
  for (const Sketch::Bucket& bucket : sketch.buckets_) {
    counts_[bucket.index()] += bucket.count();
  }
  sum_ += sketch.sum_;
}

Sketch SketchSum::Take() {
  Sketch sketch;
  sketch.buckets_.reserve(static_cast<std::size_t>(std::count_if(
      counts_.begin(), counts_.end(), [](std::int64_t count) { return count != 0; })));
  for (std::size_t index = 0; index < counts_.size(); ++index) {
    if (counts_[index] != 0) {
      sketch.buckets_.emplace_back(static_cast<std::uint16_t>(index), counts_[index]);
      sketch.count_ += counts_[index];
    }
  }
  sketch.sum_ = std::exchange(sum_, 0);
  counts_.fill(0);
  return sketch;
}

void Sketch::AppendTo(std::string& out) const {
  AppendVarint(out, buckets_.size());
  std::uint16_t before = 0;
  for (const Bucket& bucket : buckets_) {
    AppendVarint(out, static_cast<std::uint64_t>(bucket.index() - before));
    AppendSigned(out, bucket.count());
    before = bucket.index();
  }
  AppendSigned(out, static_cast<std::int64_t>(sum_ >> 64));
  AppendVarint(out, static_cast<std::uint64_t>(sum_));
}

std::optional<Sketch> Sketch::Parse(std::string_view bytes) {
  VarintReader reader(bytes);
  Sketch sketch;
  const std::uint64_t count = reader.Varint();
  std::uint64_t index = 0;
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint64_t distance = reader.Varint();
    const std::int64_t times = reader.Signed();
    index += distance;
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() >> 12U;
    if (distance >= kMaxBuckets || index >= kMaxBuckets || (i != 0 && distance == 0) ||
        times == 0 || times > kMost || times < -kMost) {
      return std::nullopt;
    }
    sketch.buckets_.emplace_back(static_cast<std::uint16_t>(index), times);
    sketch.count_ += times;
  }
  const std::int64_t high = reader.Signed();
  const std::uint64_t low = reader.Varint();
  if (!reader.ok() || !reader.done()) {
    return std::nullopt;
  }
  sketch.sum_ = static_cast<Wide>(high) * (Wide{1} << 64) + static_cast<Wide>(low);
  return sketch;
}

}  // namespace sightline::model
