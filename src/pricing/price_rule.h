// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "pricing/decimal.h"

namespace sightline::pricing {

// What is counted and priced. A unit without a price of its own is charged as the one it is a
// subset of: cached, written and audio tokens as input, reasoning and audio tokens as output.
enum class Unit : std::uint8_t {
  kInput,
  kCacheRead,
  kCacheWrite,
  kInputAudio,
  kCachedAudio,  // Both kCacheRead and kInputAudio.
  kOutput,
  kReasoning,
  kOutputAudio,
  kRequest,
};

inline constexpr std::size_t kUnitCount = 9;

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

// The prices of one model in one period.
//
// Thread: value.
struct PriceRule {
  // Names the rule for good: "<provider>/<model>", then "@<date or time it starts>" when it has a
  // condition, and "override:" before it when it is ours.
  std::string id;
  std::array<Rate, kUnitCount> rates;
  // Keys of prices for what usage does not count: web searches, images, hours of audio ...
  std::vector<std::string> uncounted;
  // Some output (images, video, citations) has a price of its own that usage cannot tell apart.
  bool has_uncounted_output = false;

  const Rate& rate(Unit unit) const { return rates[static_cast<std::size_t>(unit)]; }
};

// Reads {"input_mtok": 3, "output_mtok": {"base": 15, "tiers": [{"start": 200000, "price": 22}]}}.
// Numbers are JSON strings (see ParsePriceJson). Keys of unknown units are kept as uncounted.
base::Result<PriceRule> ParsePriceRule(const boost::json::value& json, std::string id);

}  // namespace sightline::pricing
