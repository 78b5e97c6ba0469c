// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analytics/forecast/methods.h"
#include "analytics/forecast/series.h"

namespace sightline::analytics {

// What every method would have said at several moments of the past (origins), each from the values
// before it only, beside what then came. The last origin is the end of the series, after which
// nothing is known.
//
// Thread: value.
class RollingForecasts {
 public:
  // Precondition: the series is not empty, horizon >= 1. Cost: origins * methods * one fit.
  RollingForecasts(const FilledSeries& series, std::span<const std::size_t> periods,
                   std::size_t horizon);

  std::size_t method_count() const { return method_count_; }

  std::size_t horizon() const { return horizon_; }

  // Past origins, oldest first; may be none. Index past_count() is the end of the series.
  std::size_t past_count() const { return origins_.size() - 1; }

  // How many values were known at an origin.
  std::size_t OriginAt(std::size_t origin) const { return origins_[origin]; }

  // True when all that was forecast at `earlier` had come when `later` was reached.
  bool IsOverBefore(std::size_t earlier, std::size_t later) const {
    return origins_[earlier] + horizon_ <= origins_[later];
  }

  std::span<const double> Forecast(std::size_t method, std::size_t origin) const {
    return {forecasts_.data() + (method * origins_.size() + origin) * horizon_, horizon_};
  }

  // What came, and whether it is known rather than filled. Precondition: a past origin.
  std::span<const double> Actual(std::size_t origin) const {
    return std::span(series_->values).subspan(origins_[origin], horizon_);
  }

  bool IsKnown(std::size_t origin, std::size_t step) const {
    return series_->is_known[origins_[origin] + step];
  }

  // Mean absolute error of a method from one past origin over the known steps; 0 without any.
  double ErrorOf(std::size_t method, std::size_t origin) const {
    return errors_[method * origins_.size() + origin];
  }

 private:
  const FilledSeries* series_;  // Not owned; outlives this.
  std::size_t horizon_;
  std::size_t method_count_ = 0;
  std::vector<std::size_t> origins_;
  std::vector<double> forecasts_;
  std::vector<double> errors_;
};

// One forecast out of all methods at an origin: at each step the mean of the middle half of the
// methods' values, each method weighing by its errors from the origins `learned` of the past, the
// better ones much more. With no origins to learn from, all weigh alike.
std::vector<double> Combine(const RollingForecasts& rolling, std::size_t origin,
                            std::span<const std::size_t> learned);

}  // namespace sightline::analytics
