// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace sightline::pricing {

// A condition on a name, as price data states it: {"equals": "x"}, "starts_with", "ends_with",
// "contains", "regex", or {"or": [...]} and {"and": [...]} of conditions.
//
// Thread: value; matching is safe from any.
class Matcher {
 public:
  // kInvalidArgument when the condition is of no known form or its regex cannot be compiled. A
  // negative look-ahead is understood at the start of a regex only (`^(?!...)`): RE2 has none.
  static base::Result<Matcher> Parse(const boost::json::value& json);

  // Precondition: `lower` is in lower case; texts are compared without regard to case.
  bool Matches(std::string_view lower) const;

 private:
  enum class Kind : std::uint8_t { kEquals, kStartsWith, kEndsWith, kContains, kRegex, kOr, kAnd };

  Matcher() = default;
  static base::Result<Matcher> ParseRegex(std::string_view pattern);

  Kind kind_ = Kind::kEquals;
  std::string text_;
  std::vector<Matcher> parts_;
  std::shared_ptr<const re2::RE2> regex_;      // Shared by copies; immutable.
  std::shared_ptr<const re2::RE2> forbidden_;  // Must not match; null when there is none.
};

}  // namespace sightline::pricing
