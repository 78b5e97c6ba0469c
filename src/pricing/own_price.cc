// SPDX-License-Identifier: Apache-2.0
#include "pricing/own_price.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/ascii.h"
#include "base/time_text.h"
#include "model/provider_names.h"
#include "pricing/decimal.h"
#include "pricing/price_json.h"

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace json = boost::json;

constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostNoteBytes = 1000;
constexpr std::size_t kMostAliases = 100;
constexpr std::size_t kMostMultipliers = 20;
constexpr std::size_t kMostTiers = 10;
constexpr int kTokensExponent = 6;  // Prices of tokens are told for a million.
constexpr Int128 kDollar = Int128{1'000'000'000'000} * 1'000'000'000'000;
// Ten times the dearest model on the market.
constexpr Int128 kMostPerToken = kDollar / 100;
constexpr Int128 kMostPerCall = kDollar * 100;
constexpr std::int64_t kMostMillionths = 100 * Multiplier::kOne;

Error BadField(std::string_view field, std::string_view cause) {
  return {Code::kInvalidArgument, fmt::format("bad field {}: {}", field, cause)};
}

// As times are written: nothing is lost between a request, the store and an answer.
std::int64_t WholeMicroseconds(std::int64_t time_ns) {
  return time_ns - time_ns % 1000;
}

// Lower case, trimmed, without control characters.
Result<std::string> ReadName(std::string_view field, std::string_view text) {
  std::string name = base::ToLower(base::Trim(text));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (name.empty() || name.size() > kMostNameBytes || std::ranges::any_of(name, is_control)) {
    return BadField(field, fmt::format("not a name of 1 to {} bytes", kMostNameBytes));
  }
  return name;
}

Result<const json::object*> ReadObject(std::string_view field, const json::value& value) {
  if (!value.is_object()) {
    return BadField(field, "not an object");
  }
  return &value.get_object();
}

Result<std::int64_t> ReadTime(std::string_view field, const json::value& value) {
  const std::optional<std::int64_t> time =
      value.is_string() ? base::ParseTimeNs(std::string_view(value.get_string())) : std::nullopt;
  if (!time || *time < 0) {
    return BadField(field, "not a date or a time in RFC 3339 after 1970");
  }
  return WholeMicroseconds(*time);
}

Result<Rate> ReadOwnRate(std::string_view field, const json::value& value, const UnitInfo& info) {
  Result<Rate> rate = ParseRateWithTiers(value, info.is_per_call ? 0 : kTokensExponent);
  if (!rate) {
    return BadField(field, rate.error().message());
  }
  const Int128 most = info.is_per_call ? kMostPerCall : kMostPerToken;
  const auto is_too_much = [&](const Rate::Tier& tier) { return tier.price > most; };
  if (rate->base > most || std::ranges::any_of(rate->tiers, is_too_much)) {
    return BadField(field, info.is_per_call ? "over 100 dollars for a call"
                                            : "over 10000 dollars per million tokens");
  }
  if (rate->tiers.size() > kMostTiers ||
      !std::ranges::is_sorted(rate->tiers, {}, &Rate::Tier::above_input)) {
    return BadField(field, fmt::format("tiers must ascend, {} at most", kMostTiers));
  }
  return rate;
}

Result<void> ReadRates(std::string_view field, bool is_per_call, const json::value& value,
                       PriceRule& rule) {
  const json::object* object = TRY(ReadObject(field, value));
  for (const auto& member : *object) {
    const std::string_view name(member.key());
    const std::string where = fmt::format("{}.{}", field, name);
    const UnitInfo* info = FindUnit(name);
    if (info == nullptr || info->is_per_call != is_per_call) {
      return BadField(where, "no such kind");
    }
    rule.rates[static_cast<std::size_t>(info->unit)] =
        TRY(ReadOwnRate(where, member.value(), *info));
  }
  return {};
}

Result<std::vector<Multiplier>> ReadMultipliers(std::string_view field, const json::value& value) {
  const json::object* object = TRY(ReadObject(field, value));
  if (object->size() > kMostMultipliers) {
    return BadField(field, fmt::format("over {} names", kMostMultipliers));
  }
  std::vector<Multiplier> multipliers;
  for (const auto& member : *object) {
    const std::string where = fmt::format("{}.{}", field, std::string_view(member.key()));
    Multiplier multiplier{.name = TRY(ReadName(where, std::string_view(member.key())))};
    const auto number = member.value().is_string()
                            ? ParseRate(std::string_view(member.value().get_string()), 0)
                            : Result<Int128>(Error(Code::kInvalidArgument, ""));
    const Int128 unit = kDollar / Multiplier::kOne;
    if (!number.has_value() || *number % unit != 0 || *number / unit > kMostMillionths) {
      return BadField(where, "not a number from 0 to 100 of at most 6 decimals");
    }
    multiplier.millionths = static_cast<std::int64_t>(*number / unit);
    if (std::ranges::find(multipliers, multiplier.name, &Multiplier::name) != multipliers.end()) {
      return BadField(where, "named twice");
    }
    multipliers.push_back(std::move(multiplier));
  }
  return multipliers;
}

Result<void> ReadAllMultipliers(const json::value& value, PriceRule& rule) {
  const json::object* object = TRY(ReadObject("multipliers", value));
  for (const auto& member : *object) {
    const std::string_view name(member.key());
    if (name == "service_tier") {
      rule.service_tiers = TRY(ReadMultipliers("multipliers.service_tier", member.value()));
    } else if (name == "region") {
      rule.regions = TRY(ReadMultipliers("multipliers.region", member.value()));
    } else {
      return BadField(fmt::format("multipliers.{}", name), "no such field");
    }
  }
  return {};
}

Result<std::vector<std::string>> ReadAliases(const json::value& value) {
  if (!value.is_array() || value.get_array().size() > kMostAliases) {
    return BadField("aliases", fmt::format("not a list of at most {} names", kMostAliases));
  }
  std::vector<std::string> aliases;
  for (const json::value& item : value.get_array()) {
    const std::string_view text =
        item.is_string() ? std::string_view(item.get_string()) : std::string_view();
    std::string alias = TRY(ReadName("aliases", text));
    if (std::ranges::find(aliases, alias) == aliases.end()) {
      aliases.push_back(std::move(alias));
    }
  }
  return aliases;
}

Result<void> ReadMember(std::string_view name, const json::value& value, OwnPrice& price) {
  if (name == "effective_from") {
    price.from_ns = TRY(ReadTime(name, value));
  } else if (name == "effective_until") {
    price.until_ns = TRY(ReadTime(name, value));
  } else if (name == "prices") {
    TRY(ReadRates(name, false, value, price.rule));
  } else if (name == "per_call") {
    TRY(ReadRates(name, true, value, price.rule));
  } else if (name == "multipliers") {
    TRY(ReadAllMultipliers(value, price.rule));
  } else if (name == "aliases") {
    price.aliases = TRY(ReadAliases(value));
  } else if (name == "note") {
    if (!value.is_string() || value.get_string().size() > kMostNoteBytes) {
      return BadField(name, fmt::format("not a text of at most {} bytes", kMostNoteBytes));
    }
    price.note = std::string(value.get_string());
  } else {
    return BadField(name, "no such field");
  }
  return {};
}

// What a call of a tool costs does not depend on tokens or on how it is served.
Result<void> CheckToolPrice(const PriceRule& rule) {
  for (std::size_t i = 0; i < kUnitCount; ++i) {
    const UnitInfo& info = InfoOf(static_cast<Unit>(i));
    if (rule.rates[i].known && info.unit != Unit::kRequest) {
      return BadField(fmt::format("{}.{}", info.is_per_call ? "per_call" : "prices", info.name),
                      "a tool has a price per call: per_call.request");
    }
  }
  if (!rule.rate(Unit::kRequest).tiers.empty()) {
    return BadField("per_call.request", "a tool has one price for every call");
  }
  if (!rule.service_tiers.empty() || !rule.regions.empty()) {
    return BadField("multipliers", "a tool has none");
  }
  return {};
}

void WriteRate(const Rate& rate, const UnitInfo& info, base::JsonWriter& json) {
  if (rate.tiers.empty()) {
    json.Raw(UnitPriceText(rate.base, info));
    return;
  }
  json.BeginObject().Key("base").Raw(UnitPriceText(rate.base, info));
  json.Key("tiers").BeginArray();
  for (const Rate::Tier& tier : rate.tiers) {
    json.BeginObject().Key("start").Int(tier.above_input);
    json.Key("price").Raw(UnitPriceText(tier.price, info)).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteRates(std::string_view name, bool is_per_call, const PriceRule& rule,
                base::JsonWriter& json) {
  json.Key(name).BeginObject();
  for (std::size_t i = 0; i < kUnitCount; ++i) {
    const UnitInfo& info = InfoOf(static_cast<Unit>(i));
    if (info.is_per_call == is_per_call && rule.rates[i].known) {
      json.Key(info.name);
      WriteRate(rule.rates[i], info, json);
    }
  }
  json.EndObject();
}

void WriteMultipliers(std::string_view name, const std::vector<Multiplier>& multipliers,
                      base::JsonWriter& json) {
  json.Key(name).BeginObject();
  for (const Multiplier& multiplier : multipliers) {
    json.Key(multiplier.name).Pico(multiplier.millionths * 1'000'000);
  }
  json.EndObject();
}

bool SharesName(const OwnPrice& a, const OwnPrice& b) {
  const auto has = [](const OwnPrice& price, const std::string& name) {
    return price.model == name || std::ranges::find(price.aliases, name) != price.aliases.end();
  };
  return has(b, a.model) ||
         std::ranges::any_of(a.aliases, [&](const std::string& name) { return has(b, name); });
}

}  // namespace

std::string OwnProvider(std::string_view name) {
  const std::string lower = base::ToLower(base::Trim(name));
  const model::ProviderName* known = lower.empty() ? nullptr : model::FindProviderName(lower);
  if (known == nullptr) {
    return lower;
  }
  return std::string(!known->price_id.empty() ? known->price_id
                     : !known->name.empty()   ? known->name
                                              : std::string_view(lower));
}

Result<OwnPrice> ParseOwnPrice(std::string_view provider, std::string_view model,
                               std::string_view text, std::int64_t now_ns) {
  OwnPrice price{.from_ns = WholeMicroseconds(now_ns)};
  price.provider = OwnProvider(TRY(ReadName("provider", provider)));
  price.model = TRY(ReadName("model", model));
  const json::value document = TRY(ParsePriceJson(text));
  if (!document.is_object()) {
    return Error(Code::kInvalidArgument, "bad body: not an object");
  }
  for (const auto& member : document.get_object()) {
    TRY(ReadMember(std::string_view(member.key()), member.value(), price));
  }
  if (std::ranges::none_of(price.rule.rates, &Rate::known)) {
    return BadField(price.provider == kToolProvider ? "per_call" : "prices", "none is given");
  }
  if (price.provider == kToolProvider) {
    TRY(CheckToolPrice(price.rule));
  }
  if (price.until_ns <= price.from_ns) {
    return BadField("effective_until", "not after effective_from");
  }
  std::erase(price.aliases, price.model);
  NameRule(price, 0);
  return price;
}

void NameRule(OwnPrice& price, std::int64_t version) {
  price.version = version;
  price.rule.id =
      fmt::format("own:{}/{}@{}", price.provider, price.model, base::FormatTimeNs(price.from_ns));
  price.rule.versioned_id = fmt::format("{}#{}", price.rule.id, version);
}

std::string OwnPriceJson(const OwnPrice& price) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("effective_from").String(base::FormatTimeNs(price.from_ns));
  if (price.until_ns != OwnPrice::kNoEnd) {
    json.Key("effective_until").String(base::FormatTimeNs(price.until_ns));
  }
  WriteRule(price.rule, json);
  json.Key("aliases").BeginArray();
  for (const std::string& alias : price.aliases) {
    json.String(alias);
  }
  json.EndArray();
  if (!price.note.empty()) {
    json.Key("note").String(price.note);
  }
  json.EndObject();
  return json.Take();
}

void WriteRule(const PriceRule& rule, base::JsonWriter& json) {
  WriteRates("prices", false, rule, json);
  WriteRates("per_call", true, rule, json);
  json.Key("multipliers").BeginObject();
  WriteMultipliers("service_tier", rule.service_tiers, json);
  WriteMultipliers("region", rule.regions, json);
  json.EndObject();
}

std::string UnitPriceText(Int128 price, const UnitInfo& info) {
  const int decimals = info.is_per_call ? 24 : 24 - kTokensExponent;
  std::string digits;
  for (; price > 0; price /= 10) {
    digits.push_back(static_cast<char>('0' + static_cast<int>(price % 10)));
  }
  const std::size_t least = static_cast<std::size_t>(decimals) + 1;
  digits.resize(std::max(digits.size(), least), '0');
  std::ranges::reverse(digits);
  digits.insert(digits.size() - static_cast<std::size_t>(decimals), ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') {
    digits.pop_back();
  }
  return digits;
}

Result<void> CheckOverlap(const OwnPrice& price, const std::vector<OwnPrice>& others) {
  for (const OwnPrice& other : others) {
    if (other.provider != price.provider) {
      continue;
    }
    if (other.model != price.model) {
      if (SharesName(price, other)) {
        return BadField("aliases", fmt::format("a name of it is one of '{}'", other.model));
      }
      continue;
    }
    if (other.from_ns == price.from_ns) {
      continue;  // It takes that one's place.
    }
    // Without an end a price ends where the next one begins.
    const OwnPrice& first = other.from_ns < price.from_ns ? other : price;
    const OwnPrice& second = other.from_ns < price.from_ns ? price : other;
    if (first.until_ns != OwnPrice::kNoEnd && second.from_ns < first.until_ns) {
      return BadField(
          &first == &other ? "effective_from" : "effective_until",
          fmt::format("overlaps the price that holds from {}", base::FormatTimeNs(other.from_ns)));
    }
  }
  return {};
}

}  // namespace sightline::pricing
