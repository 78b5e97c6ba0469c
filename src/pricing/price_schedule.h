// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "pricing/price_rule.h"

namespace sightline::pricing {

// The prices of one model over time: each rule from a date on, or between two times of day, UTC.
//
// Thread: value.
class PriceSchedule {
 public:
  // Reads one price object, or a list of {"constraint": ..., "prices": ...}. `id` is the start of
  // the ids of the rules.
  static base::Result<PriceSchedule> Parse(const boost::json::value& json, std::string_view id);

  // The last rule whose condition holds at `time_ns` (Unix epoch), else the first.
  const PriceRule& At(std::int64_t time_ns) const;

  const std::vector<PriceRule>& rules() const { return rules_; }

  // When rules()[i] begins to hold; 0 when it always has, or depends on the time of day.
  std::int64_t FromNs(std::size_t i) const {
    constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();
    return conditions_[i].from_ns == kAlways ? 0 : conditions_[i].from_ns;
  }

  // Marks the rules' ids with the version of the data; "" leaves them as they are.
  void SetVersion(std::string_view version);

 private:
  // A condition that always holds unless set otherwise.
  struct Condition {
    std::int64_t from_ns = std::numeric_limits<std::int64_t>::min();
    std::int64_t day_begin_ns = 0;  // Both 0: any time of day. A window may span midnight.
    std::int64_t day_end_ns = 0;

    bool HoldsAt(std::int64_t time_ns) const;
  };

  static base::Result<Condition> ParseCondition(const boost::json::object& constraint);

  std::vector<PriceRule> rules_;  // Never empty.
  std::vector<Condition> conditions_;
};

}  // namespace sightline::pricing
