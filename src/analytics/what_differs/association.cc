// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/association.h"

#include <algorithm>
#include <cmath>

namespace sightline::analytics {

AssociationTest::AssociationTest(std::size_t most_runs) : log_factorials_(most_runs + 1, 0.0) {
  for (std::size_t i = 1; i <= most_runs; ++i) {
    log_factorials_[i] = log_factorials_[i - 1] + std::log(static_cast<double>(i));
  }
}

double AssociationTest::LogOfExactly(const RunCount& all, const RunCount& part) const {
  return LogChoose(all.selected, part.selected) +
         LogChoose(all.runs - all.selected, part.runs - part.selected) -
         LogChoose(all.runs, part.runs);
}

double AssociationTest::LogP(const RunCount& all, const RunCount& part) const {
  const std::size_t others = all.runs - all.selected;
  const std::size_t most = std::min(part.runs, all.selected);
  const std::size_t least = part.runs > others ? part.runs - others : 0;
  if (part.selected <= least) {
    return 0;
  }
  double sum = 1;
  double term = 1;
  for (std::size_t k = part.selected; k < most; ++k) {
    const std::size_t unselected = part.runs - k;  // Of the part, at k.
    term *= static_cast<double>(all.selected - k) * static_cast<double>(unselected) /
            (static_cast<double>(k + 1) * static_cast<double>(others - unselected + 1));
    sum += term;
    if (term < sum * 1e-17) {
      break;
    }
  }
  return std::min(0.0, LogOfExactly(all, part) + std::log(sum));
}

double AssociationTest::LeastLogP(const RunCount& all, std::size_t runs) const {
  return LogOfExactly(all, {.runs = runs, .selected = std::min(runs, all.selected)});
}

std::size_t TestsToCorrectFor(const AssociationTest& test, const RunCount& all,
                              std::span<const std::size_t> tests_by_size, double log_level) {
  struct Tests {
    double least_log_p = 0;
    std::size_t count = 0;
  };

  std::vector<Tests> tests;
  for (std::size_t runs = 1; runs < tests_by_size.size(); ++runs) {
    if (tests_by_size[runs] > 0) {
      tests.push_back({test.LeastLogP(all, runs), tests_by_size[runs]});
    }
  }
  std::sort(tests.begin(), tests.end(),
            [](const Tests& a, const Tests& b) { return a.least_log_p < b.least_log_p; });
  // Corrected for k tests, those count that can reach level / k: the larger k, the fewer they are.
  std::size_t k = 0;
  for (const auto& [least_log_p, count] : tests) {
    if (k > 0 && least_log_p > log_level - std::log(static_cast<double>(k))) {
      break;
    }
    k += count;
  }
  return std::max<std::size_t>(1, k);
}

}  // namespace sightline::analytics
