// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "pricing/decimal.h"

namespace sightline::pricing {

// What is counted and priced. A unit without a price of its own is charged as the one it is a
// subset of: cached, written and media tokens as input, reasoning and media tokens as output.
enum class Unit : std::uint8_t {
  kInput,
  kCacheRead,
  kCacheWrite,
  kCacheWriteHour,  // A part of the cache's writes.
  kInputAudio,
  kCachedAudio,  // Both kCacheRead and kInputAudio.
  kInputImage,
  kCachedImage,  // Both kCacheRead and kInputImage.
  kInputVideo,
  kOutput,
  kReasoning,
  kOutputAudio,
  kOutputImage,
  kOutputVideo,
  kRequest,    // Charged once a call.
  kWebSearch,  // Calls of the provider's own search.
};

inline constexpr std::size_t kUnitCount = 16;

// How a unit is written in price data and in the API.
//
// Thread: value.
struct UnitInfo {
  Unit unit;
  std::string_view data_key;  // In genai-prices: "input_mtok".
  int data_exponent;          // Prices there are for 10^data_exponent of the unit.
  std::string_view name;      // In the API, per million tokens or per call: "input".
  bool is_per_call;
};

const UnitInfo& InfoOf(Unit unit);
// Null for a name that is none.
const UnitInfo* FindUnit(std::string_view name);

// The price of one unit, in 1e-24 dollars. With tiers, the whole call is charged at the price of
// the last tier that its input exceeds.
//
// Thread: value.
struct Rate {
  struct Tier {
    std::int64_t above_input = 0;  // Tokens of total input.
    Int128 price = 0;
  };

  bool known = false;
  Int128 base = 0;
  std::vector<Tier> tiers;

  Int128 At(std::int64_t input_total) const {
    Int128 price = base;
    for (const Tier& tier : tiers) {
      price = input_total > tier.above_input ? tier.price : price;
    }
    return price;
  }
};

// What prices of tokens are multiplied by for calls that are served in some way or place.
//
// Thread: value.
struct Multiplier {
  static constexpr std::int64_t kOne = 1'000'000;

  std::string name;  // In lower case: "batch", "eu-central-1".
  std::int64_t millionths = kOne;
};

// The prices of one model in one period.
//
// Thread: value.
struct PriceRule {
  // Names the rule for good: "<provider>/<model>", then "@<date or time it starts>" when it has a
  // condition, and "override:" before it when it is ours.
  std::string id;
  // `id`, then "#" and the version of the price data if that is known: what figures are marked
  // with.
  std::string versioned_id;
  std::array<Rate, kUnitCount> rates;
  // Keys of prices for what usage does not count: citations, hours of audio ...
  std::vector<std::string> uncounted;
  bool has_uncounted_output = false;  // Some of these are of output.
  std::vector<Multiplier> service_tiers;
  std::vector<Multiplier> regions;

  const Rate& rate(Unit unit) const { return rates[static_cast<std::size_t>(unit)]; }
};

// The price of 10^per_exponent of a unit: a decimal, or {"base": n, "tiers": [{"start": tokens,
// "price": n}]}. Numbers are JSON strings (see ParsePriceJson).
base::Result<Rate> ParseRateWithTiers(const boost::json::value& json, int per_exponent);

// Reads {"input_mtok": 3, "output_mtok": {"base": 15, "tiers": [{"start": 200000, "price": 22}]}}.
// Numbers are JSON strings (see ParsePriceJson). Keys of unknown units are kept as uncounted.
base::Result<PriceRule> ParsePriceRule(const boost::json::value& json, std::string id);

}  // namespace sightline::pricing
