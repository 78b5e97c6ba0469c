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

// In the order of Unit.
constexpr std::array<UnitInfo, kUnitCount> kUnits = {{
    {Unit::kInput, "input_mtok", 6, "input", false},
    {Unit::kCacheRead, "cache_read_mtok", 6, "cache_read", false},
    {Unit::kCacheWrite, "cache_write_mtok", 6, "cache_write", false},
    {Unit::kCacheWriteHour, "cache_write_1h_mtok", 6, "cache_write_hour", false},
    {Unit::kInputAudio, "input_audio_mtok", 6, "audio_in", false},
    {Unit::kCachedAudio, "cache_audio_read_mtok", 6, "cached_audio", false},
    {Unit::kInputImage, "input_image_mtok", 6, "image_in", false},
    {Unit::kCachedImage, "cache_image_read_mtok", 6, "cached_image", false},
    {Unit::kInputVideo, "input_video_mtok", 6, "video_in", false},
    {Unit::kOutput, "output_mtok", 6, "output", false},
    {Unit::kReasoning, "output_reasoning_mtok", 6, "reasoning", false},
    {Unit::kOutputAudio, "output_audio_mtok", 6, "audio_out", false},
    {Unit::kOutputImage, "output_image_mtok", 6, "image_out", false},
    {Unit::kOutputVideo, "output_video_mtok", 6, "video_out", false},
    {Unit::kRequest, "requests_kcount", 3, "request", true},
    {Unit::kWebSearch, "web_searches_kcount", 3, "web_search", true},
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

}  // namespace

const UnitInfo& InfoOf(Unit unit) {
  return kUnits[static_cast<std::size_t>(unit)];
}

const UnitInfo* FindUnit(std::string_view name) {
  const auto* found = std::ranges::find(kUnits, name, &UnitInfo::name);
  return found == kUnits.end() ? nullptr : found;
}

Result<Rate> ParseRateWithTiers(const boost::json::value& json, int per_exponent) {
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

Result<PriceRule> ParsePriceRule(const boost::json::value& json, std::string id) {
  if (!json.is_object()) {
    return BadRule(id, "not an object");
  }
  PriceRule rule;
  rule.id = std::move(id);
  rule.versioned_id = rule.id;
  for (const auto& member : json.get_object()) {
    const std::string_view key(member.key());
    const auto* unit = std::ranges::find(kUnits, key, &UnitInfo::data_key);
    if (unit == kUnits.end()) {
      rule.uncounted.emplace_back(key);
      rule.has_uncounted_output |= key.starts_with("output_");
      continue;
    }
    Result<Rate> rate = ParseRateWithTiers(member.value(), unit->data_exponent);
    if (!rate) {
      return BadRule(rule.id, fmt::format("{}: {}", key, rate.error().message()));
    }
    rule.rates[static_cast<std::size_t>(unit->unit)] = *std::move(rate);
  }
  return rule;
}

}  // namespace sightline::pricing
