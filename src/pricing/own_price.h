// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "pricing/price_rule.h"

namespace sightline::pricing {

// The provider that prices of tools are kept under: `model` of these is the name of a tool.
inline constexpr std::string_view kToolProvider = "tool";

// A price that the user has set for one model, or for the calls of one tool, from some time on.
//
// Thread: value.
struct OwnPrice {
  static constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

  std::string provider;  // As OwnProvider() has it, or "*" for any.
  std::string model;     // In lower case.
  std::int64_t from_ns = 0;
  std::int64_t until_ns = kNoEnd;    // It holds before this time.
  std::vector<std::string> aliases;  // Other names of the model, such as deployments; lower case.
  std::string note;
  std::string source;        // Who set it; "" before it is stored.
  std::int64_t version = 0;  // Of the stored state; 0 before.
  PriceRule rule;
};

// The name that own prices of a provider are kept under: an id of the price data, else a canonical
// name, else the name in lower case.
std::string OwnProvider(std::string_view name);

// Reads what a client sends, and what OwnPriceJson() writes:
//   {"effective_from": time, "effective_until": time, "prices": {kind: n}, "per_call": {kind: n},
//    "multipliers": {"service_tier": {name: n}, "region": {name: n}}, "aliases": [name], "note":
//    text}
// Prices are US dollars per million tokens, those of `per_call` for one; a price may have tiers, as
// ParseRateWithTiers() says. Names of kinds are those of UnitInfo. Without effective_from the price
// holds from `now_ns` on.
//
// A tool has a price for the call alone: `per_call.request`.
//
// kInvalidArgument names the field: unknown ones, none or negative or unbelievable prices (over
// 10,000 dollars per million tokens, 100 for a call), multipliers above 100, times that are
// reversed, names that are empty or too long.
base::Result<OwnPrice> ParseOwnPrice(std::string_view provider, std::string_view model,
                                     std::string_view json, std::int64_t now_ns);

// Gives the price its version and the rule its ids: "own:<provider>/<model>@<start>", and with
// "#<version>".
void NameRule(OwnPrice& price, std::int64_t version);

// The price as one JSON object without provider and model: ParseOwnPrice() reads it back.
std::string OwnPriceJson(const OwnPrice& price);

// `prices`, `per_call` and `multipliers` of a rule, inside an object that is open.
void WriteRule(const PriceRule& rule, base::JsonWriter& json);

// A price of one unit in dollars as exact decimal text: for a million tokens, or for one call.
std::string UnitPriceText(Int128 price, const UnitInfo& info);

// kInvalidArgument when the price and another of the same model hold at the same time although one
// of them says when it ends, or when two models of a provider share a name.
base::Result<void> CheckOverlap(const OwnPrice& price, const std::vector<OwnPrice>& others);

}  // namespace sightline::pricing
