// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/run_columns.h"

#include <cmath>

namespace sightline::analytics {

bool Holds(const RunCondition& condition, const RunColumn& column, std::size_t run) {
  const bool is_present =
      column.is_text() ? column.codes[run] != RunColumn::kNoText : !std::isnan(column.numbers[run]);
  if (!is_present) {
    return false;
  }
  switch (condition.kind) {
    case RunCondition::Kind::kEquals:
      return column.is_text() && column.codes[run] == condition.code;
    case RunCondition::Kind::kPresent:
      return true;
    case RunCondition::Kind::kAtLeast:
      return !column.is_text() && column.numbers[run] >= condition.low;
    case RunCondition::Kind::kAtMost:
      return !column.is_text() && column.numbers[run] <= condition.high;
    case RunCondition::Kind::kBetween:
      return !column.is_text() && column.numbers[run] >= condition.low &&
             column.numbers[run] <= condition.high;
  }
  return false;
}

}  // namespace sightline::analytics
