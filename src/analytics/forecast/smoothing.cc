// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/smoothing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analytics/forecast/series.h"

namespace sightline::analytics {
namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();
constexpr std::size_t kStartValues = 8;  // Their mean is the first level.
constexpr std::size_t kStartSlope = 10;  // Steps over which the first slope is measured.

// The parameters of seasonal smoothing: indexes into kGrid.
enum Parameter : std::size_t { kLevelRate, kShortRate, kLongRate, kErrorMemory, kParameters };

constexpr std::size_t kGridSize = 6;
using GridPoint = std::array<std::size_t, kParameters>;
constexpr std::array<std::array<double, kGridSize>, kParameters> kGrid = {
    {{0.001, 0.005, 0.02, 0.06, 0.15, 0.4},
     {0.0, 0.03, 0.08, 0.15, 0.3, 0.5},
     {0.0, 0.03, 0.08, 0.15, 0.3, 0.5},
     {0.0, 0.3, 0.6, 0.8, 0.9, 0.97}}};
constexpr int kSearchRounds = 4;

// One pass of seasonal smoothing over a history.
class SeasonalPass {
 public:
  // long_period is 0 for a single season.
  SeasonalPass(std::span<const double> history, std::size_t short_period, std::size_t long_period)
      : history_(history), start_short_(short_period, 0.0), start_long_(long_period, 0.0) {
    const std::size_t start = std::min(history.size(), 2 * std::max(short_period, long_period));
    start_level_ = Mean(history.subspan(0, start));
    FillSeason(start, 1.0, start_short_);
    FillSeason(start, 0.7, start_long_);  // A part of a long season's first picture is noise.
  }

  // The sum of squared one-step errors after the first short season; leaves the state at the end.
  double Run(const GridPoint& point) {
    short_ = start_short_;
    long_ = start_long_;
    level_ = start_level_;
    error_ = 0;
    memory_ = kGrid[kErrorMemory][point[kErrorMemory]];
    const double level_rate = kGrid[kLevelRate][point[kLevelRate]];
    const double short_rate = kGrid[kShortRate][point[kShortRate]];
    const double long_rate = kGrid[kLongRate][point[kLongRate]];
    double squares = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    for (std::size_t t = 0; t < history_.size(); ++t) {
      const double base = level_ + short_[i] + (long_.empty() ? 0 : long_[j]);
      const double surprise = history_[t] - base - memory_ * error_;
      squares += t >= short_.size() ? surprise * surprise : 0;
      error_ = history_[t] - base;
      level_ += level_rate * surprise;
      short_[i] += short_rate * surprise;
      if (!long_.empty()) {
        long_[j] += long_rate * surprise;
        j = j + 1 == long_.size() ? 0 : j + 1;
      }
      i = i + 1 == short_.size() ? 0 : i + 1;
    }
    return squares;
  }

  std::vector<double> Forecast(std::size_t horizon) const {
    std::vector<double> forecast(horizon);
    double memory = 1;
    for (std::size_t h = 0; h < horizon; ++h) {
      const std::size_t t = history_.size() + h;
      memory *= memory_;
      forecast[h] = level_ + short_[t % short_.size()] +
                    (long_.empty() ? 0 : long_[t % long_.size()]) + memory * error_;
    }
    return forecast;
  }

 private:
  void FillSeason(std::size_t start, double share, std::vector<double>& season) const {
    if (season.empty()) {
      return;
    }
    const bool is_long = &season == &start_long_;
    std::vector<double> counts(season.size(), 0.0);
    for (std::size_t t = 0; t < start; ++t) {
      const double known = is_long ? start_short_[t % start_short_.size()] : 0;
      season[t % season.size()] += share * (history_[t] - start_level_ - known);
      counts[t % season.size()] += 1;
    }
    for (std::size_t i = 0; i < season.size(); ++i) {
      season[i] /= std::max(1.0, counts[i]);
    }
  }

  std::span<const double> history_;
  double start_level_ = 0;
  std::vector<double> start_short_;
  std::vector<double> start_long_;
  std::vector<double> short_;
  std::vector<double> long_;
  double level_ = 0;
  double error_ = 0;
  double memory_ = 0;
};

// Moves one coordinate in one direction as long as that lowers the error.
bool Descend(SeasonalPass& pass, std::size_t parameter, bool is_upward, GridPoint& point,
             double& least) {
  bool has_moved = false;
  while (is_upward ? point[parameter] + 1 < kGridSize : point[parameter] > 0) {
    GridPoint next = point;
    next[parameter] = is_upward ? point[parameter] + 1 : point[parameter] - 1;
    const double error = pass.Run(next);
    if (!(error < least)) {
      break;
    }
    point = next;
    least = error;
    has_moved = true;
  }
  return has_moved;
}

}  // namespace

std::vector<double> ForecastLevel(std::span<const double> history, std::size_t horizon) {
  const double start = Mean(history.subspan(0, std::min(history.size(), kStartValues)));
  double least = kWorst;
  double best = history.back();
  for (const double rate : {0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0}) {
    double level = start;
    double squares = 0;
    for (const double value : history) {
      squares += (value - level) * (value - level);
      level += rate * (value - level);
    }
    if (squares < least) {
      least = squares;
      best = level;
    }
  }
  return std::vector<double>(horizon, best);
}

std::vector<double> ForecastDampedTrend(std::span<const double> history, std::size_t horizon) {
  const std::size_t steps = std::min(history.size() - 1, kStartSlope);
  const double start = steps > 0 ? (history[steps] - history[0]) / static_cast<double>(steps) : 0;
  double least = kWorst;
  double best_level = history.back();
  double best_slope = 0;
  double best_damping = 1;
  for (const double rate : {0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.95}) {
    for (const double slope_rate : {0.01, 0.05, 0.15, 0.4}) {
      for (const double damping : {0.8, 0.9, 0.97, 1.0}) {
        double level = history[0];
        double slope = start * damping;
        double squares = 0;
        for (std::size_t t = 1; t < history.size(); ++t) {
          const double expected = level + damping * slope;
          const double surprise = history[t] - expected;
          squares += surprise * surprise;
          level = expected + rate * surprise;
          slope = damping * slope + rate * slope_rate * surprise;
        }
        if (squares < least) {
          least = squares;
          best_level = level;
          best_slope = slope;
          best_damping = damping;
        }
      }
    }
  }
  std::vector<double> forecast(horizon);
  double fading = 1;
  double steps_ahead = 0;
  for (double& value : forecast) {
    fading *= best_damping;
    steps_ahead += fading;
    value = best_level + steps_ahead * best_slope;
  }
  return forecast;
}

std::vector<double> ForecastTheta(std::span<const double> history, std::size_t horizon) {
  std::vector<double> forecast = ForecastLevel(history, horizon);
  const double middle = static_cast<double>(history.size() - 1) / 2;
  const double mean = Mean(history);
  double products = 0;
  double squares = 0;
  for (std::size_t t = 0; t < history.size(); ++t) {
    const double distance = static_cast<double>(t) - middle;
    products += distance * (history[t] - mean);
    squares += distance * distance;
  }
  const double slope = squares > 0 ? products / squares : 0;
  for (std::size_t h = 0; h < horizon; ++h) {
    forecast[h] += slope / 2 * static_cast<double>(h + 1);
  }
  return forecast;
}

std::vector<double> ForecastSeasonalSmoothing(std::span<const double> history,
                                              std::span<const std::size_t> periods,
                                              std::size_t horizon) {
  if (periods.empty() || history.size() < 2 * periods.back()) {
    return {};
  }
  const std::size_t long_period = periods.size() > 1 ? periods.back() : 0;
  SeasonalPass pass(history, periods.front(), long_period);
  GridPoint point = {2, 2, 2, 3};
  double least = pass.Run(point);
  bool has_moved = true;
  for (int round = 0; round < kSearchRounds && has_moved; ++round) {
    has_moved = false;
    for (std::size_t parameter = 0; parameter < kParameters; ++parameter) {
      if (parameter == kLongRate && long_period == 0) {
        continue;
      }
      const bool down = Descend(pass, parameter, false, point, least);
      const bool up = Descend(pass, parameter, true, point, least);
      has_moved = has_moved || down || up;
    }
  }
  pass.Run(point);
  return pass.Forecast(horizon);
}

}  // namespace sightline::analytics
