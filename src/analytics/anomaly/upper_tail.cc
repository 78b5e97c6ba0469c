// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/upper_tail.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace sightline::analytics {
namespace {

constexpr std::size_t kKept = 128;   // Enough for the shape of a tail.
constexpr double kEdgeShare = 0.03;  // Fewer leave too little to fit, more are not the tail.
constexpr std::size_t kMinExceedances = 8;
constexpr double kMinCount = 10;  // Before, any value is as good as another.
constexpr double kForgetAt = 16'384;
constexpr double kMaxShape = 0.8;  // Heavier tails have no use: nothing would surprise.
constexpr double kMaxDigits = 30;
// A value above an edge that all kept values share has no scale to be measured by.
constexpr double kShareAboveTies = 1e-3;

}  // namespace

double UpperTail::Surprise(double value, double resolution) const {
  if (count_ < kMinCount) {
    return 0;
  }
  const std::size_t exceedances = Exceedances();
  double share = 1;
  if (value - Edge() > resolution) {
    share = TailShare(value, exceedances);
  } else {
    const auto as_large = std::lower_bound(largest_.begin(), largest_.end(), value - resolution);
    if (as_large != largest_.begin()) {
      share = (static_cast<double>(largest_.end() - as_large) + 1) / (count_ + 1);
    }
  }
  return std::clamp(-std::log10(std::max(share, 1e-300)), 0.0, kMaxDigits);
}

double UpperTail::Edge() const {
  return count_ < kMinCount ? 0 : largest_[largest_.size() - 1 - Exceedances()];
}

std::size_t UpperTail::Exceedances() const {
  const auto wanted = static_cast<std::size_t>(kEdgeShare * count_);
  return std::min(std::max(wanted, kMinExceedances), largest_.size() - 1);
}

double UpperTail::TailShare(double value, std::size_t exceedances) const {
  const double edge = Edge();
  const auto first = largest_.end() - static_cast<std::ptrdiff_t>(exceedances);
  const auto n = static_cast<double>(exceedances);
  double mean = 0;
  double weighted = 0;
  double rank = n;
  for (auto at = first; at != largest_.end(); ++at) {
    rank -= 1;
    mean += (*at - edge) / n;
    weighted += (*at - edge) / n * rank / (n - 1);
  }
  const double beyond_edge = (n + 1) / (count_ + 1);
  if (!(mean > 0)) {
    return beyond_edge * kShareAboveTies / (n + 1);
  }
  const double difference = mean - 2 * weighted;
  const double shape =
      difference > 1e-12 * mean ? std::clamp(2 - mean / difference, 0.0, kMaxShape) : kMaxShape;
  const double scaled = (value - edge) / (mean * (1 - shape));
  const double share = shape < 1e-6 ? std::exp(-scaled) : std::pow(1 + shape * scaled, -1 / shape);
  return beyond_edge * share;
}

void UpperTail::Add(double value) {
  count_ += 1;
  const auto at = std::lower_bound(largest_.begin(), largest_.end(), value);
  if (largest_.size() < kKept) {
    largest_.insert(at, value);
  } else if (at != largest_.begin()) {
    std::move(std::next(largest_.begin()), at, largest_.begin());
    *std::prev(at) = value;
  }
  if (count_ >= kForgetAt) {
    ForgetHalf();
  }
}

void UpperTail::ForgetHalf() {
  count_ /= 2;
  std::vector<double> half;
  for (std::size_t from_top = 0; from_top < largest_.size(); from_top += 2) {
    half.push_back(largest_[largest_.size() - 1 - from_top]);
  }
  largest_.assign(half.rbegin(), half.rend());
}

}  // namespace sightline::analytics
