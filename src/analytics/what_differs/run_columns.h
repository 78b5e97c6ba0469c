// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sightline::analytics {

// One attribute of many runs: texts or numbers, an entry for each run.
//
// Thread: value.
struct RunColumn {
  static constexpr std::uint32_t kNoText = std::numeric_limits<std::uint32_t>::max();

  std::string name;
  std::vector<std::string> texts;    // Different values.
  std::vector<std::uint32_t> codes;  // Index in `texts`, or kNoText. Empty: a column of numbers.
  std::vector<double> numbers;       // NaN: the run has no such attribute. Empty: one of texts.
  // Numbers only: "so much or less" is not asked, because it is what the selection brings about. A
  // run that failed early has done less.
  bool is_never_upper_bound = false;

  bool is_text() const { return numbers.empty(); }

  std::size_t size() const { return is_text() ? codes.size() : numbers.size(); }
};

// What can be said of a run by one attribute.
//
// Thread: value.
struct RunCondition {
  enum class Kind : std::uint8_t {
    kEquals,   // The text `code`.
    kPresent,  // Any value.
    kAtLeast,  // `low` or more.
    kAtMost,   // `high` or less.
    kBetween,  // `low` to `high`, both included.
  };

  std::size_t column = 0;
  Kind kind = Kind::kEquals;
  std::uint32_t code = RunColumn::kNoText;
  double low = 0;
  double high = 0;

  friend bool operator==(const RunCondition&, const RunCondition&) = default;
};

// Whether it is true of a run. Precondition: `column` is the one it speaks of.
bool Holds(const RunCondition& condition, const RunColumn& column, std::size_t run);

}  // namespace sightline::analytics
