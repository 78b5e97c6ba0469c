// SPDX-License-Identifier: Apache-2.0
#include "pricing/price_schedule.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/time_text.h"

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::int64_t kDayNs = std::int64_t{86'400} * 1'000'000'000;

std::int64_t TimeOfDay(std::int64_t time_ns) {
  return ((time_ns % kDayNs) + kDayNs) % kDayNs;
}

// The text of a member, "" when it is absent or not a string.
std::string_view TextOf(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

Error BadConstraint() {
  return {Code::kInvalidArgument, "cannot read price condition: neither a date nor times of day"};
}

}  // namespace

bool PriceSchedule::Condition::HoldsAt(std::int64_t time_ns) const {
  if (time_ns < from_ns) {
    return false;
  }
  if (day_begin_ns == day_end_ns) {
    return true;
  }
  const std::int64_t time = TimeOfDay(time_ns);
  return day_begin_ns < day_end_ns ? time >= day_begin_ns && time < day_end_ns
                                   : time >= day_begin_ns || time < day_end_ns;
}

Result<PriceSchedule::Condition> PriceSchedule::ParseCondition(
    const boost::json::object& constraint) {
  Condition condition;
  const std::string_view date = TextOf(constraint, "start_date");
  if (!date.empty()) {
    const std::optional<std::int64_t> from = base::ParseTimeNs(date);
    if (!from) {
      return BadConstraint();
    }
    condition.from_ns = *from;
    return condition;
  }
  // A time of day is read as a time on some day, so that an offset is understood too.
  const std::optional<std::int64_t> begin =
      base::ParseTimeNs(fmt::format("2000-01-02T{}", TextOf(constraint, "start_time")));
  const std::optional<std::int64_t> end =
      base::ParseTimeNs(fmt::format("2000-01-02T{}", TextOf(constraint, "end_time")));
  if (!begin || !end || *begin == *end) {
    return BadConstraint();
  }
  condition.day_begin_ns = TimeOfDay(*begin);
  condition.day_end_ns = TimeOfDay(*end);
  return condition;
}

Result<PriceSchedule> PriceSchedule::Parse(const boost::json::value& json, std::string_view id) {
  PriceSchedule schedule;
  if (!json.is_array()) {
    schedule.rules_.push_back(TRY(ParsePriceRule(json, std::string(id))));
    schedule.conditions_.emplace_back();
    return schedule;
  }
  for (const boost::json::value& item : json.get_array()) {
    const boost::json::object* object = item.if_object();
    const boost::json::value* prices = object == nullptr ? nullptr : object->if_contains("prices");
    if (prices == nullptr) {
      return Error(Code::kInvalidArgument, fmt::format("cannot read prices of '{}'", id));
    }
    std::string rule_id(id);
    Condition condition;
    const boost::json::value* constraint = object->if_contains("constraint");
    if (constraint != nullptr && constraint->is_object()) {
      condition = TRY(ParseCondition(constraint->get_object()));
      const std::string_view date = TextOf(constraint->get_object(), "start_date");
      rule_id.append("@").append(date.empty() ? TextOf(constraint->get_object(), "start_time")
                                              : date);
    }
    schedule.rules_.push_back(TRY(ParsePriceRule(*prices, std::move(rule_id))));
    schedule.conditions_.push_back(condition);
  }
  if (schedule.rules_.empty()) {
    return Error(Code::kInvalidArgument, fmt::format("cannot read prices of '{}': none", id));
  }
  return schedule;
}

void PriceSchedule::SetVersion(std::string_view version) {
  if (version.empty()) {
    return;
  }
  for (PriceRule& rule : rules_) {
    rule.versioned_id = fmt::format("{}#{}", rule.id, version);
  }
}

const PriceRule& PriceSchedule::At(std::int64_t time_ns) const {
  for (std::size_t i = rules_.size(); i-- > 0;) {
    if (conditions_[i].HoldsAt(time_ns)) {
      return rules_[i];
    }
  }
  return rules_.front();
}

}  // namespace sightline::pricing
