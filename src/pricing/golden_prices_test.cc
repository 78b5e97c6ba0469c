// SPDX-License-Identifier: Apache-2.0
// Compares with the prices that genai-prices recorded for real provider responses: equal as
// decimals. The records and the price book they belong to are kept outside of the repository.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/time_text.h"
#include "pricing/decimal.h"
#include "pricing/price.h"
#include "pricing/price_json.h"

namespace sightline::pricing {
namespace {

using model::Usage;

struct Counter {
  std::string_view key;
  std::int64_t Usage::* field;
};

constexpr std::array<Counter, 7> kCounters = {{
    {"input_tokens", &Usage::input_total},
    {"output_tokens", &Usage::output_total},
    {"cache_read_tokens", &Usage::cache_read},
    {"cache_write_tokens", &Usage::cache_write},
    {"output_reasoning_tokens", &Usage::reasoning},
    {"input_audio_tokens", &Usage::audio_in},
    {"output_audio_tokens", &Usage::audio_out},
}};

struct DetailCounter {
  std::string_view key;
  std::int64_t model::UsageDetails::* field;
};

constexpr std::array<DetailCounter, 8> kDetailCounters = {{
    {"cache_audio_read_tokens", &model::UsageDetails::cached_audio},
    {"cache_write_1h_tokens", &model::UsageDetails::cache_write_hour},
    {"input_image_tokens", &model::UsageDetails::image_in},
    {"cache_image_read_tokens", &model::UsageDetails::cached_image},
    {"input_video_tokens", &model::UsageDetails::video_in},
    {"output_image_tokens", &model::UsageDetails::image_out},
    {"output_video_tokens", &model::UsageDetails::video_out},
    {"web_searches", &model::UsageDetails::web_searches},
}};

// A decimal as text with exactly 12 decimals; empty when it has more.
std::optional<std::int64_t> Picodollars(std::string_view text) {
  const auto units = ParseRate(text, 0);
  if (!units || *units % kUnitsPerPicodollar != 0) {
    return std::nullopt;
  }
  return RoundToMoney(*units).picodollars;
}

// "input_image_tokens" is priced as "input_image_mtok", "web_searches" as "web_searches_kcount".
std::string PriceKey(std::string_view counter) {
  constexpr std::string_view kTokens = "_tokens";
  if (!counter.ends_with(kTokens)) {
    return std::string(counter) + "_kcount";
  }
  return std::string(counter.substr(0, counter.size() - kTokens.size())) + "_mtok";
}

struct Entry {
  std::string_view model;
  Usage usage;
  model::UsageDetails details;
  std::map<std::string, std::int64_t> others;  // Counters that we do not have, if not 0.
};

Entry ReadEntry(std::string_view model, const boost::json::object& counters) {
  Entry entry{.model = model};
  for (const auto& counter : counters) {
    const std::string_view key(counter.key());
    const std::int64_t count = std::stoll(std::string(counter.value().as_string()));
    const auto* known = std::ranges::find(kCounters, key, &Counter::key);
    const auto* detail = std::ranges::find(kDetailCounters, key, &DetailCounter::key);
    if (known != kCounters.end()) {
      entry.usage.*known->field = count;
    } else if (detail != kDetailCounters.end()) {
      entry.details.*detail->field = count;
    } else if (count != 0) {
      entry.others[std::string(key)] = count;
    }
  }
  return entry;
}

// A counter of the entry that has a price of its own and that we do not have; "" when there is
// none.
std::string WhyNotExpressible(const Entry& entry, const PriceRule& rule) {
  for (const auto& [key, count] : entry.others) {
    if (std::ranges::find(rule.uncounted, PriceKey(key)) != rule.uncounted.end()) {
      return key + " have their own price";
    }
  }
  return "";
}

struct Tally {
  int compared = 0;
  int with_cache = 0;
  int with_audio = 0;
  int tiered = 0;
  int with_searches = 0;
  std::map<std::string, int> partial;  // By what is missing.
  int not_priced_there = 0;
  std::map<std::string, int> not_expressible;
  std::map<std::string, int> providers;
};

void Compare(const PriceBook& book, const Entry& entry, const boost::json::object& expected,
             Tally& tally) {
  static const std::int64_t time_ns = base::ParseTimeNs("2025-11-06T12:00:00Z").value();
  const std::string_view provider(expected.at("provider_id").as_string());
  if (!expected.contains("input_price")) {
    ++tally.not_priced_there;
    return;
  }
  const PriceRule* rule = book.Find(provider, entry.model, time_ns);
  ASSERT_NE(rule, nullptr) << provider << " " << entry.model;
  const std::string reason = WhyNotExpressible(entry, *rule);
  if (!reason.empty()) {
    ++tally.not_expressible[reason];
    return;
  }
  const auto input = Picodollars(std::string_view(expected.at("input_price").as_string()));
  const auto output = Picodollars(std::string_view(expected.at("output_price").as_string()));
  ASSERT_TRUE(input && output) << provider << " " << entry.model;
  const Priced priced =
      Price(book, provider, entry.model, entry.usage, time_ns, {.details = entry.details});
  EXPECT_EQ(priced.input.picodollars, *input) << provider << " " << entry.model;
  EXPECT_EQ(priced.output.picodollars, *output) << provider << " " << entry.model;
  const boost::json::value* stated_total = expected.if_contains("total_price");
  const auto total = stated_total == nullptr
                         ? *input + *output
                         : Picodollars(std::string_view(stated_total->as_string()));
  EXPECT_EQ(priced.cost.picodollars, total) << provider << " " << entry.model;
  tally.with_searches += entry.details.web_searches > 0 ? 1 : 0;
  if (priced.status != model::CostStatus::kPriced) {
    ++tally.partial[DescribeMissing(priced.missing)];
  }
  ++tally.compared;
  tally.with_cache += entry.usage.cache_read > 0 || entry.usage.cache_write > 0 ? 1 : 0;
  tally.with_audio += entry.usage.audio_in > 0 || entry.usage.audio_out > 0 ? 1 : 0;
  tally.tiered += !rule->rate(Unit::kInput).tiers.empty() ? 1 : 0;
  ++tally.providers[std::string(provider)];
}

void Print(const Tally& tally) {
  std::cout << fmt::format("compared {} prices ({} with cached tokens, {} with audio, {} tiered)\n",
                           tally.compared, tally.with_cache, tally.with_audio, tally.tiered);
  for (const auto& [provider, count] : tally.providers) {
    std::cout << fmt::format("  {}: {}\n", provider, count);
  }
  std::cout << fmt::format("with web searches: {}\n", tally.with_searches);
  for (const auto& [missing, count] : tally.partial) {
    std::cout << fmt::format("partial: {} for lack of {}\n", count, missing);
  }
  std::cout << fmt::format("without a recorded price: {}\n", tally.not_priced_there);
  for (const auto& [reason, count] : tally.not_expressible) {
    std::cout << fmt::format("not expressible: {} because {}\n", count, reason);
  }
}

TEST(GoldenPricesTest, EqualTheRecordedPrices) {
  const std::filesystem::path folder = SIGHTLINE_GOLDEN_PRICES_DIR;
  if (!std::filesystem::exists(folder / "usages.json")) {
    GTEST_SKIP() << "no recorded prices: " << folder << " is not there";
  }
  const std::string data = base::ReadFile(folder / "data.v2.json").value();
  const PriceBook book = PriceBook::Create(data).value();
  const std::string text = base::ReadFile(folder / "usages.json").value();
  const boost::json::value records = ParsePriceJson(text).value();
  Tally tally;
  for (const boost::json::value& record : records.as_array()) {
    const boost::json::value* model = record.as_object().if_contains("model");
    const std::string_view name =
        model == nullptr ? std::string_view() : std::string_view(model->as_string());
    for (const boost::json::value& extracted : record.at("extracted").as_array()) {
      const Entry entry = ReadEntry(name, extracted.at("usage").as_object());
      for (const boost::json::value& expected : extracted.at("extractors").as_array()) {
        ASSERT_NO_FATAL_FAILURE(Compare(book, entry, expected.as_object(), tally));
      }
    }
  }
  Print(tally);
  EXPECT_EQ(tally.compared, 2414) << "all of them";
  EXPECT_TRUE(tally.not_expressible.empty());
  EXPECT_EQ(tally.with_searches, 5);
  EXPECT_GE(tally.with_cache, 60);
  EXPECT_GE(tally.with_audio, 20);
  EXPECT_GE(tally.tiered, 100);
}

TEST(GoldenPricesTest, FindAPriceForModelsWithoutAProvider) {
  const std::filesystem::path folder = SIGHTLINE_GOLDEN_PRICES_DIR;
  if (!std::filesystem::exists(folder / "usages.json")) {
    GTEST_SKIP() << "no recorded prices: " << folder << " is not there";
  }
  static const std::int64_t time_ns = base::ParseTimeNs("2025-11-06T12:00:00Z").value();
  const std::string data = base::ReadFile(folder / "data.v2.json").value();
  const PriceBook book = PriceBook::Create(data).value();
  const std::string text = base::ReadFile(folder / "usages.json").value();
  const boost::json::value records = ParsePriceJson(text).value();
  std::map<std::string, const PriceRule*> rules;
  for (const boost::json::value& record : records.as_array()) {
    if (const boost::json::value* model = record.as_object().if_contains("model")) {
      const std::string name(model->as_string());
      rules[name] = book.Find("", name, time_ns);
    }
  }
  std::size_t found = 0;
  for (const auto& [name, rule] : rules) {
    found += rule == nullptr ? 0 : 1;
    std::cout << fmt::format("  {}: {}\n", name, rule == nullptr ? "-" : rule->id);
  }
  EXPECT_GE(found * 100, rules.size() * 95) << found << " of " << rules.size();
}

}  // namespace
}  // namespace sightline::pricing
