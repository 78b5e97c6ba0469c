// SPDX-License-Identifier: Apache-2.0
#include "pricing/price_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;

struct PricedUnit {
  std::string_view key;
  Unit unit;
  int per_exponent;  // The price is for 10^per_exponent of the unit.
};

constexpr std::array<PricedUnit, kUnitCount> kPricedUnits = {{
    {"input_mtok", Unit::kInput, 6},
    {"cache_read_mtok", Unit::kCacheRead, 6},
    {"cache_write_mtok", Unit::kCacheWrite, 6},
    {"input_audio_mtok", Unit::kInputAudio, 6},
    {"cache_audio_read_mtok", Unit::kCachedAudio, 6},
    {"output_mtok", Unit::kOutput, 6},
    {"output_reasoning_mtok", Unit::kReasoning, 6},
    {"output_audio_mtok", Unit::kOutputAudio, 6},
    {"requests_kcount", Unit::kRequest, 3},
}};

Error BadRule(std::string_view id, std::string_view cause) {
  return {Code::kInvalidArgument, fmt::format("cannot read prices of '{}': {}", id, cause)};
}

Result<Int128> ReadRate(const boost::json::value* json, int per_exponent) {
  if (json == nullptr || !json->is_string()) {
    return Error(Code::kInvalidArgument, "a price is not a number");
  }
  return ParseRate(std::string_view(json->get_string()), per_exponent);
}

Result<Rate::Tier> ReadTier(const boost::json::value& json, int per_exponent) {
  const boost::json::object* object = json.if_object();
  const boost::json::value* start = object == nullptr ? nullptr : object->if_contains("start");
  if (start == nullptr || !start->is_string()) {
    return Error(Code::kInvalidArgument, "a tier has no start");
  }
  Rate::Tier tier;
  const std::string_view text(start->get_string());
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + text.size(), tier.above_input);
  if (error != std::errc() || stop != text.data() + text.size() || tier.above_input < 0) {
    return Error(Code::kInvalidArgument, "the start of a tier is not a count");
  }
  tier.price = TRY(ReadRate(object->if_contains("price"), per_exponent));
  return tier;
}

Result<Rate> ReadRateWithTiers(const boost::json::value& json, int per_exponent) {
  Rate rate{.known = true};
  if (!json.is_object()) {
    rate.base = TRY(ReadRate(&json, per_exponent));
    return rate;
  }
  const boost::json::object& object = json.get_object();
  rate.base = TRY(ReadRate(object.if_contains("base"), per_exponent));
  const boost::json::value* tiers = object.if_contains("tiers");
  if (tiers == nullptr || !tiers->is_array()) {
    return Error(Code::kInvalidArgument, "a tiered price has no tiers");
  }
  for (const boost::json::value& tier : tiers->get_array()) {
    rate.tiers.push_back(TRY(ReadTier(tier, per_exponent)));
  }
  return rate;
}

}  // namespace

Result<PriceRule> ParsePriceRule(const boost::json::value& json, std::string id) {
  if (!json.is_object()) {
    return BadRule(id, "not an object");
  }
  PriceRule rule;
  rule.id = std::move(id);
  for (const auto& member : json.get_object()) {
    const std::string_view key(member.key());
    const auto* unit = std::ranges::find(kPricedUnits, key, &PricedUnit::key);
    if (unit == kPricedUnits.end()) {
      rule.uncounted.emplace_back(key);
      rule.has_uncounted_output |= key.starts_with("output_");
      continue;
    }
    Result<Rate> rate = ReadRateWithTiers(member.value(), unit->per_exponent);
    if (!rate) {
      return BadRule(rule.id, fmt::format("{}: {}", key, rate.error().message()));
    }
    rule.rates[static_cast<std::size_t>(unit->unit)] = *std::move(rate);
  }
  return rule;
}

}  // namespace sightline::pricing
