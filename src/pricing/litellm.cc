// SPDX-License-Identifier: Apache-2.0
#include "pricing/litellm.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/ascii.h"
#include "pricing/decimal.h"
#include "pricing/price_json.h"

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace json = boost::json;

struct Cost {
  std::string_view key;
  Unit unit;
};

constexpr auto kCosts = std::to_array<Cost>({
    {"input_cost_per_token", Unit::kInput},
    {"output_cost_per_token", Unit::kOutput},
    {"cache_read_input_token_cost", Unit::kCacheRead},
    {"cache_creation_input_token_cost", Unit::kCacheWrite},
    {"cache_creation_input_token_cost_above_1hr", Unit::kCacheWriteHour},
    {"input_cost_per_audio_token", Unit::kInputAudio},
    {"cache_read_input_audio_token_cost", Unit::kCachedAudio},
    {"input_cost_per_image_token", Unit::kInputImage},
    {"output_cost_per_reasoning_token", Unit::kReasoning},
    {"output_cost_per_audio_token", Unit::kOutputAudio},
    {"output_cost_per_image_token", Unit::kOutputImage},
    {"input_cost_per_request", Unit::kRequest},
});

// How a service tier is called in keys, and in what calls say.
constexpr auto kServiceTiers = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"_batches", "batch"}, {"_flex", "flex"}, {"_priority", "priority"}});

// Dollars for one; empty when the member is absent, null or no price.
std::optional<Int128> PriceOf(const json::object& model, std::string_view key) {
  const json::value* value = model.if_contains(key);
  if (value == nullptr || !value->is_string()) {
    return std::nullopt;
  }
  const Result<Int128> price = ParseRate(std::string_view(value->get_string()), 0);
  return price.has_value() ? std::optional<Int128>(*price) : std::nullopt;
}

// 200000 of "input_cost_per_token_above_200k_tokens", when the key is `base` with such an end.
std::optional<std::int64_t> TierStart(std::string_view key, std::string_view base) {
  constexpr std::string_view kAbove = "_above_";
  constexpr std::string_view kTokens = "k_tokens";
  if (!key.starts_with(base) || !key.substr(base.size()).starts_with(kAbove) ||
      !key.ends_with(kTokens)) {
    return std::nullopt;
  }
  const std::size_t begin = base.size() + kAbove.size();
  if (key.size() < begin + kTokens.size()) {
    return std::nullopt;
  }
  const std::string_view digits = key.substr(begin, key.size() - begin - kTokens.size());
  std::int64_t thousands = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), thousands);
  const bool is_count = error == std::errc() && end == digits.data() + digits.size() &&
                        thousands > 0 && thousands <= 1'000'000;
  return is_count ? std::optional<std::int64_t>(thousands * 1000) : std::nullopt;
}

Rate RateOf(const json::object& model, const Cost& cost, Int128 base) {
  Rate rate{.known = true, .base = base};
  for (const auto& member : model) {
    const std::string_view key(member.key());
    const std::optional<std::int64_t> start = TierStart(key, cost.key);
    const std::optional<Int128> price = start ? PriceOf(model, key) : std::nullopt;
    if (price) {
      rate.tiers.push_back({.above_input = *start, .price = *price});
    }
  }
  std::ranges::sort(rate.tiers, {}, &Rate::Tier::above_input);
  return rate;
}

// price / usual in millionths, when it is a whole number of them.
std::optional<std::int64_t> Ratio(std::optional<Int128> price, const Rate& usual) {
  if (!price || !usual.known || usual.base == 0 || *price * Multiplier::kOne % usual.base != 0) {
    return std::nullopt;
  }
  const Int128 ratio = *price * Multiplier::kOne / usual.base;
  return ratio <= Int128{100} * Multiplier::kOne
             ? std::optional<std::int64_t>(static_cast<std::int64_t>(ratio))
             : std::nullopt;
}

std::vector<Multiplier> ServiceTiersOf(const json::object& model, const PriceRule& rule) {
  std::vector<Multiplier> tiers;
  for (const auto& [suffix, name] : kServiceTiers) {
    const auto ratio_of = [&](std::string_view key, Unit unit) {
      return Ratio(PriceOf(model, std::string(key).append(suffix)), rule.rate(unit));
    };
    const auto input = ratio_of("input_cost_per_token", Unit::kInput);
    const auto output = ratio_of("output_cost_per_token", Unit::kOutput);
    if (input && input == output) {
      tiers.push_back({.name = std::string(name), .millionths = *input});
    }
  }
  return tiers;
}

// "gpt-4o" of "azure/gpt-4o" when Azure is the provider.
std::string_view ModelOf(std::string_view name, std::string_view provider) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) {
    return name;
  }
  const std::string_view prefix = name.substr(0, slash);
  return prefix == provider || OwnProvider(prefix) == OwnProvider(provider) ? name.substr(slash + 1)
                                                                            : name;
}

// The document of an own price, so that it is checked like one that a client sends.
Result<OwnPrice> ReadModel(std::string_view name, const json::object& model, std::int64_t from_ns) {
  const json::value* provider = model.if_contains("litellm_provider");
  if (provider == nullptr || !provider->is_string()) {
    return Error(Code::kInvalidArgument, "no litellm_provider");
  }
  OwnPrice price{.from_ns = from_ns};
  for (const Cost& cost : kCosts) {
    if (const std::optional<Int128> base = PriceOf(model, cost.key)) {
      price.rule.rates[static_cast<std::size_t>(cost.unit)] = RateOf(model, cost, *base);
    }
  }
  if (!price.rule.rate(Unit::kInput).known && !price.rule.rate(Unit::kOutput).known) {
    return Error(Code::kInvalidArgument, "no price per token");
  }
  const json::value* search = model.if_contains("search_context_cost_per_query");
  if (search != nullptr && search->is_object()) {
    // The size that is searched when a call does not say.
    if (const auto base = PriceOf(search->get_object(), "search_context_size_medium")) {
      price.rule.rates[static_cast<std::size_t>(Unit::kWebSearch)] = {.known = true, .base = *base};
    }
  }
  price.rule.service_tiers = ServiceTiersOf(model, price.rule);
  const std::string_view provider_name(provider->get_string());
  return ParseOwnPrice(provider_name, ModelOf(name, provider_name), OwnPriceJson(price), from_ns);
}

}  // namespace

Result<LiteLlmPrices> ReadLiteLlmPrices(std::string_view text, std::int64_t from_ns) {
  const json::value root = TRY(ParsePriceJson(text));
  if (!root.is_object()) {
    return Error(Code::kInvalidArgument, "bad body: not an object of models");
  }
  LiteLlmPrices result;
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& member : root.get_object()) {
    const std::string_view name(member.key());
    if (name == "sample_spec") {
      continue;  // Explains the format.
    }
    if (!member.value().is_object()) {
      return Error(Code::kInvalidArgument,
                   fmt::format("bad field {}: not an object", name.substr(0, 200)));
    }
    Result<OwnPrice> price = ReadModel(name, member.value().get_object(), from_ns);
    if (!price.has_value()) {
      result.skipped.push_back({std::string(name.substr(0, 200)), price.error().message()});
    } else if (!seen.emplace(price->provider, price->model).second) {
      result.skipped.push_back({std::string(name), "another entry is of the same model"});
    } else {
      result.prices.push_back(*std::move(price));
    }
  }
  return result;
}

}  // namespace sightline::pricing
