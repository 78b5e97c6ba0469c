// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sightline::analytics {

// Some of all runs, and how many of them are selected.
struct RunCount {
  std::size_t runs = 0;
  std::size_t selected = 0;
};

// Whether a part of the runs holds more selected ones than chance gives: Fisher's exact test,
// one-sided, in natural logarithms.
//
// Thread: value.
class AssociationTest {
 public:
  // Of counts up to `most_runs`.
  explicit AssociationTest(std::size_t most_runs);

  // The probability that a part of part.runs, taken from `all` by chance, holds part.selected or
  // more selected ones. Precondition: the part is one of `all`.
  double LogP(const RunCount& all, const RunCount& part) const;

  // A lower bound of LogP that is computed at once: the probability of exactly that many.
  double LogOfExactly(const RunCount& all, const RunCount& part) const;

  // The least LogP that a part of so many runs can have: when all of it is selected.
  double LeastLogP(const RunCount& all, std::size_t runs) const;

 private:
  double LogChoose(std::size_t n, std::size_t k) const {
    return log_factorials_[n] - log_factorials_[k] - log_factorials_[n - k];
  }

  std::vector<double> log_factorials_;
};

// The number of tests to correct for: of those that can reach significance when the error level is
// shared among them (Tarone, Biometrics 1990), at least 1. tests_by_size[n] tests are of parts of n
// runs. What is left out depends on the sizes alone, so that the level holds.
std::size_t TestsToCorrectFor(const AssociationTest& test, const RunCount& all,
                              std::span<const std::size_t> tests_by_size, double log_level);

}  // namespace sightline::analytics
