// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analytics/run_diff/comparable_text.h"
#include "analytics/run_diff/step_tree.h"

namespace sightline::analytics {

// How much a step of one run is like a step of another.
//
// Thread: confined: it remembers what it has computed. The trees outlive it.
class StepLikeness {
 public:
  // Steps that are equal with all that is below them.
  static constexpr double kEqual = 1;

  // The least of a step that counts as the same: equal kind and name, all else different. Below
  // half of kEqual, so that one step more or less between equal ones does not shift them all.
  static constexpr double kSameName = 0.3;

  StepLikeness(const StepTree& a, const StepTree& b)
      : a_(a), b_(b), a_sketches_(a.size()), b_sketches_(b.size()) {}

  // 0: not the same step.
  double Of(std::size_t a, std::size_t b);

 private:
  struct Sketches {
    TextSketch input;
    TextSketch output;
    TextSketch below;
  };

  using Cache = std::vector<std::optional<Sketches>>;

  static const Sketches& Get(const StepTree& tree, std::size_t step, Cache& cache);

  double OfContents(std::size_t a, std::size_t b);
  double OfOtherName(std::size_t a, std::size_t b);

  const StepTree& a_;
  const StepTree& b_;
  Cache a_sketches_;
  Cache b_sketches_;
};

}  // namespace sightline::analytics
