// SPDX-License-Identifier: Apache-2.0
// Golden tests of pricing/: prices/<provider>/<case>.json names a model and what calls of it used;
// <case>.txt holds what each call costs, by which rule. Calls that were recorded from real
// responses state the price that genai-prices computed for them: it must be equal as a decimal.
//
//   {"provider": "openai", "model": "gpt-4o", "at": "2025-11-06T12:00:00Z",
//    "calls": [{"usage": {"input": 10, "output": 5}, "recorded": {"input": "0.1", "output": "2"}}]}
//
// Prices are those of "book" (in the form of genai-prices) and "overrides" of the case, else of
// prices/book.json, the part of genai-prices that the recorded calls need.
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/time_text.h"
#include "golden_runner.h"
#include "model/money.h"
#include "model/usage.h"
#include "pricing/decimal.h"
#include "pricing/price.h"
#include "pricing/price_book.h"

namespace sightline::golden {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using model::Usage;
using pricing::PriceBook;
using pricing::Priced;

struct Counter {
  std::string_view name;
  std::int64_t Usage::* field;
};

constexpr std::array<Counter, 8> kCounters = {{
    {"input", &Usage::input_total},
    {"cache_read", &Usage::cache_read},
    {"cache_write", &Usage::cache_write},
    {"output", &Usage::output_total},
    {"reasoning", &Usage::reasoning},
    {"audio_in", &Usage::audio_in},
    {"audio_out", &Usage::audio_out},
    {"total", &Usage::total},
}};

std::string Dollars(model::Money money) {
  base::JsonWriter text;
  text.Pico(money.picodollars);
  return text.Take();
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value == nullptr ? std::string() : std::string(std::string_view(value->as_string()));
}

Usage ReadUsage(const json::object& counts) {
  Usage usage;
  for (const Counter& counter : kCounters) {
    if (const json::value* count = counts.if_contains(counter.name.data())) {
      usage.*counter.field = count->to_number<std::int64_t>();
    }
  }
  return usage;
}

model::UsageDetails ReadDetails(const json::object& counts) {
  model::UsageDetails details;
  for (const model::UsageDetail& detail : model::kUsageDetails) {
    if (const json::value* count = counts.if_contains({detail.name.data(), detail.name.size()})) {
      details.*detail.count = count->to_number<std::int64_t>();
    }
  }
  return details;
}

std::string DetailsText(const model::UsageDetails& details) {
  std::string text;
  for (const model::UsageDetail& detail : model::kUsageDetails) {
    if (details.*detail.count != Usage::kUnknown) {
      text += fmt::format(" {}={}", detail.name, details.*detail.count);
    }
  }
  return text;
}

std::string UsageText(const Usage& usage) {
  std::string text;
  for (const Counter& counter : kCounters) {
    if (usage.*counter.field != Usage::kUnknown) {
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", counter.name, usage.*counter.field);
    }
  }
  return text;
}

// " recorded" when the amount is the recorded one; what was recorded when it is not.
std::string Against(const json::object& call, std::string_view name, model::Money money) {
  const json::value* recorded = call.if_contains("recorded");
  if (recorded == nullptr) {
    return "";
  }
  const std::string text = TextOf(recorded->as_object(), name);
  const auto units = pricing::ParseRate(text, 0);
  const bool is_equal = units.has_value() &&
                        *units == pricing::Int128{money.picodollars} * pricing::kUnitsPerPicodollar;
  return is_equal ? " as recorded" : fmt::format(" BUT RECORDED {}", text);
}

std::string Render(const fs::path& input) {
  const json::value document = json::parse(ReadFile(input));
  const json::object& test = document.as_object();
  const json::value* own_book = test.if_contains("book");
  const json::value* overrides = test.if_contains("overrides");
  const auto book = PriceBook::Create(
      own_book != nullptr ? json::serialize(*own_book)
                          : ReadFile(input.parent_path().parent_path() / "book.json"),
      overrides != nullptr ? json::serialize(*overrides) : std::string());
  if (!book.has_value()) {
    return book.error().ToString() + "\n";
  }
  const std::string provider = TextOf(test, "provider");
  const std::string model = TextOf(test, "model");
  const std::optional<std::int64_t> at_ns = base::ParseTimeNs(TextOf(test, "at"));
  std::string text = fmt::format("{} {}\n", provider.empty() ? "(no provider)" : provider, model);
  for (const json::value& item : test.at("calls").as_array()) {
    const json::object& call = item.as_object();
    const Usage usage = ReadUsage(call.at("usage").as_object());
    const model::UsageDetails details = ReadDetails(call.at("usage").as_object());
    const std::string tier = TextOf(call, "service_tier");
    const Priced priced = Price(*book, provider, model, usage, at_ns.value(),
                                {.details = details, .service_tier = tier});
    text += fmt::format("call {}{}{}{}\n", UsageText(usage), DetailsText(details),
                        tier.empty() ? "" : " at ", tier);
    const std::string_view status = model::CostStatusName(priced.status);
    text += fmt::format("  status {}\n", status.empty() ? "none" : status);
    text += priced.rule_id.empty() ? "" : fmt::format("  rule {}\n", priced.rule_id);
    if (priced.status == model::CostStatus::kPriced ||
        priced.status == model::CostStatus::kPartial) {
      text += fmt::format("  cost {}\n", Dollars(priced.cost));
      text += fmt::format("  input {}{}\n", Dollars(priced.input),
                          Against(call, "input", priced.input));
      text += fmt::format("  output {}{}\n", Dollars(priced.output),
                          Against(call, "output", priced.output));
    }
    const std::string missing = DescribeMissing(priced.missing);
    text += missing.empty() ? "" : fmt::format("  missing {}\n", missing);
  }
  return text;
}

bool IsCase(const fs::path& file) {
  return file.extension() == ".json" && file.filename() != "book.json";
}

}  // namespace
}  // namespace sightline::golden

int main(int argc, char** argv) {
  return sightline::golden::RunGolden(argc, argv, sightline::golden::IsCase,
                                      sightline::golden::Render);
}
