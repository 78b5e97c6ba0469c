// SPDX-License-Identifier: Apache-2.0
#include "pricing/own_price.h"

#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time_text.h"
#include "pricing/current_prices.h"
#include "pricing/price.h"

namespace sightline::pricing {
namespace {

constexpr std::int64_t kDay = std::int64_t{86'400} * 1'000'000'000;

std::int64_t Time(std::string_view text) {
  return base::ParseTimeNs(text).value();
}

OwnPrice Own(std::string_view provider, std::string_view model, std::string_view json) {
  OwnPrice price = ParseOwnPrice(provider, model, json, 0).value();
  NameRule(price, 1);
  return price;
}

TEST(OwnPriceTest, ReadsBackWhatItWrites) {
  const OwnPrice price = Own("OpenAI", " GPT-X ", R"({
    "effective_from": "2026-01-01", "effective_until": "2026-02-01T12:00:00Z",
    "prices": {"input": {"base": 1.25, "tiers": [{"start": 200000, "price": "2.5"}]},
               "output": 10, "cache_read": 0.125, "image_out": 1e-3},
    "per_call": {"request": 0, "web_search": 0.01},
    "multipliers": {"service_tier": {"Batch": 0.5}, "region": {"EU": 1.1}},
    "aliases": ["My-Deployment", "gpt-x", "my-deployment"], "note": "as negotiated"})");
  EXPECT_EQ(price.provider, "openai");
  EXPECT_EQ(price.model, "gpt-x");
  EXPECT_EQ(price.rule.versioned_id, "own:openai/gpt-x@2026-01-01T00:00:00.000000Z#1");
  const std::string text = OwnPriceJson(price);
  EXPECT_EQ(text, R"({"effective_from":"2026-01-01T00:00:00.000000Z",)"
                  R"("effective_until":"2026-02-01T12:00:00.000000Z",)"
                  R"("prices":{"input":{"base":1.25,"tiers":[{"start":200000,"price":2.5}]},)"
                  R"("cache_read":0.125,"output":10,"image_out":0.001},)"
                  R"("per_call":{"request":0,"web_search":0.01},)"
                  R"("multipliers":{"service_tier":{"batch":0.5},"region":{"eu":1.1}},)"
                  R"("aliases":["my-deployment"],"note":"as negotiated"})");
  EXPECT_EQ(OwnPriceJson(Own("openai", "gpt-x", text)), text);
}

TEST(OwnPriceTest, NamesTheFieldThatItRefuses) {
  struct Case {
    std::string_view json;
    std::string_view field;
  };

  const std::vector<Case> cases = {
      {R"([])", "body"},
      {R"({})", "prices"},
      {R"({"prices":{}})", "prices"},
      {R"({"prices":{"input":-1}})", "prices.input"},
      {R"({"prices":{"input":"much"}})", "prices.input"},
      {R"({"prices":{"input":null}})", "prices.input"},
      {R"({"prices":{"input":10001}})", "prices.input"},
      {R"({"prices":{"input":1e400}})", "prices.input"},
      {R"({"prices":{"inptu":1}})", "prices.inptu"},
      {R"({"prices":{"request":1}})", "prices.request"},
      {R"({"prices":{"input":{"base":1,"tiers":[{"start":9,"price":1},{"start":8,"price":1}]}}})",
       "prices.input"},
      {R"({"prices":{"input":1},"per_call":{"web_search":101}})", "per_call.web_search"},
      {R"({"prices":{"input":1},"per_call":{"input":1}})", "per_call.input"},
      {R"({"prices":{"input":1},"multipliers":{"service_tier":{"batch":101}}})",
       "multipliers.service_tier.batch"},
      {R"({"prices":{"input":1},"multipliers":{"service_tier":{"batch":0.1234567}}})",
       "multipliers.service_tier.batch"},
      {R"({"prices":{"input":1},"multipliers":{"speed":{}}})", "multipliers.speed"},
      {R"({"prices":{"input":1},"aliases":[""]})", "aliases"},
      {R"({"prices":{"input":1},"aliases":"x"})", "aliases"},
      {R"({"prices":{"input":1},"effective_from":"soon"})", "effective_from"},
      {R"({"prices":{"input":1},"effective_from":"1969-01-01"})", "effective_from"},
      {R"({"prices":{"input":1},"effective_from":"2026-01-02","effective_until":"2026-01-02"})",
       "effective_until"},
      {R"({"prices":{"input":1},"from":"2026-01-02"})", "from"},
  };
  for (const Case& test : cases) {
    const auto price = ParseOwnPrice("acme", "m", test.json, 0);
    ASSERT_FALSE(price.has_value()) << test.json;
    EXPECT_EQ(price.error().code(), base::Code::kInvalidArgument);
    EXPECT_TRUE(price.error().message().starts_with("bad field " + std::string(test.field) + ":") ||
                price.error().message().starts_with("bad " + std::string(test.field) + ":"))
        << test.json << ": " << price.error().message();
  }
  EXPECT_FALSE(ParseOwnPrice("", "m", R"({"prices":{"input":1}})", 0));
  EXPECT_FALSE(ParseOwnPrice("acme", std::string(300, 'm'), R"({"prices":{"input":1}})", 0));
}

TEST(OwnPriceTest, RefusesPricesThatHoldAtTheSameTime) {
  const auto over = [](std::string_view from, std::string_view until) {
    std::string json = R"({"prices":{"input":1},"effective_from":")" + std::string(from) + "\"";
    json += until.empty() ? "" : R"(,"effective_until":")" + std::string(until) + "\"";
    return Own("acme", "m", json + "}");
  };
  const std::vector<OwnPrice> present = {over("2026-02-01", "2026-03-01"), over("2026-05-01", "")};
  EXPECT_TRUE(CheckOverlap(over("2026-01-01", "2026-02-01"), present));
  EXPECT_TRUE(CheckOverlap(over("2026-03-01", ""), present));
  EXPECT_TRUE(CheckOverlap(over("2026-01-01", ""), present)) << "ends where the next begins";
  EXPECT_TRUE(CheckOverlap(over("2026-02-01", "2026-04-01"), present)) << "takes its place";
  EXPECT_FALSE(CheckOverlap(over("2026-01-01", "2026-02-02"), present));
  EXPECT_FALSE(CheckOverlap(over("2026-02-15", ""), present));
  EXPECT_FALSE(CheckOverlap(over("2026-04-01", "2026-06-01"), present));
  const OwnPrice alias = Own("acme", "other", R"({"prices":{"input":1},"aliases":["M"]})");
  EXPECT_FALSE(CheckOverlap(alias, present));
  EXPECT_TRUE(
      CheckOverlap(Own("else", "other", R"({"prices":{"input":1},"aliases":["m"]})"), present));
}

constexpr std::string_view kBuiltIn = R"({"source":"data 1.2","providers":[{"id":"openai",
  "model_match":{"starts_with":"gpt"},"models":[
  {"id":"gpt-4o","match":{"starts_with":"gpt-4o"},"prices":{"input_mtok":2,"output_mtok":8}}]}]})";

PriceBook BookWith(std::vector<OwnPrice> prices) {
  return PriceBook::Create(kBuiltIn).value().WithOwn(OwnPriceTable(std::move(prices)));
}

std::string RuleOf(const PriceBook& book, std::string_view provider, std::string_view model,
                   std::int64_t time_ns) {
  const PriceRule* rule = book.Find(provider, model, time_ns);
  return rule == nullptr ? "" : rule->versioned_id;
}

TEST(OwnPriceTest, HoldsFromItsStartToItsEndAndElseTheBuiltInOne) {
  const PriceBook book = BookWith(
      {Own("openai", "gpt-4o",
           R"({"prices":{"input":1},"effective_from":"2026-01-01","effective_until":"2026-01-03"})"),
       Own("openai", "gpt-4o", R"({"prices":{"input":3},"effective_from":"2026-02-01"})")});
  const std::int64_t start = Time("2026-01-01");
  EXPECT_EQ(RuleOf(book, "openai", "gpt-4o", start - 1), "openai/gpt-4o#1.2");
  EXPECT_EQ(RuleOf(book, "openai", "gpt-4o", start),
            "own:openai/gpt-4o@2026-01-01T00:00:00.000000Z#1");
  EXPECT_EQ(RuleOf(book, "openai", "gpt-4o", start + 2 * kDay), "openai/gpt-4o#1.2");
  EXPECT_EQ(RuleOf(book, "openai", "gpt-4o", start + 300 * kDay),
            "own:openai/gpt-4o@2026-02-01T00:00:00.000000Z#1");
}

TEST(OwnPriceTest, IsFoundByNameAliasAndForAnyProvider) {
  const PriceBook book =
      BookWith({Own("azure", "gpt-4o", R"({"prices":{"input":1},"aliases":["my-deployment"]})"),
                Own("vllm", "llama-local", R"({"prices":{"input":0}})"),
                Own("*", "house-model", R"({"prices":{"input":1}})"),
                Own("one", "shared", R"({"prices":{"input":1}})"),
                Own("two", "shared", R"({"prices":{"input":2}})")});
  const auto starts = [&](std::string_view provider, std::string_view model,
                          std::string_view expected) {
    EXPECT_EQ(RuleOf(book, provider, model, 1).substr(0, expected.size()), expected)
        << provider << " " << model;
  };
  starts("az.ai.openai", "My-Deployment", "own:azure/gpt-4o@");
  starts("azure", "gpt-4o-2024-08-06", "own:azure/gpt-4o@");
  starts("openai", "gpt-4o", "openai/gpt-4o#");
  starts("vllm", "llama-local", "own:vllm/llama-local@");
  starts("", "llama-local", "own:vllm/llama-local@");
  starts("anything", "house-model", "own:*/house-model@");
  starts("one", "shared", "own:one/shared@");
  EXPECT_EQ(RuleOf(book, "", "shared", 1), "") << "whose price it is cannot be known";
  EXPECT_EQ(RuleOf(book, "elsewhere", "llama-local", 1), "");
}

TEST(OwnPriceTest, MultipliesByTierAndRegionAndSaysWhatItDoesNotKnow) {
  const PriceBook book = BookWith({Own("acme", "m", R"({"prices":{"input":2,"output":10},
        "per_call":{"request":0.001,"web_search":0.01},
        "multipliers":{"service_tier":{"batch":0.5},"region":{"eu":1.1}}})")});
  const model::Usage usage{.input_total = 100, .output_total = 10};
  const auto cost = [&](const CallTerms& terms) {
    return Price(book, "acme", "m", usage, 1, terms);
  };
  constexpr std::int64_t kMicro = 1'000'000;
  EXPECT_EQ(cost({}).cost.picodollars, 1300 * kMicro);
  EXPECT_EQ(cost({.service_tier = "standard"}).status, model::CostStatus::kPriced);
  EXPECT_EQ(cost({.service_tier = "Batch"}).cost.picodollars, 1150 * kMicro);
  EXPECT_EQ(cost({.service_tier = "batch", .region = "EU"}).cost.picodollars, 1165 * kMicro);
  EXPECT_EQ(cost({.region = "us"}).status, model::CostStatus::kPriced);
  EXPECT_EQ(cost({.service_tier = "flex"}).status, model::CostStatus::kPartial);
  EXPECT_EQ(DescribeMissing(cost({.service_tier = "flex"}).missing), "service tier");
  EXPECT_EQ(cost({.details = {.web_searches = 3}}).cost.picodollars, 31300 * kMicro);
}

TEST(OwnPriceTest, AFeeForTheCallAloneIsAPartOfTheCost) {
  const PriceBook book = BookWith({Own("acme", "m", R"({"per_call":{"request":0.5}})")});
  const Priced priced = Price(book, "acme", "m", {.input_total = 9, .output_total = 9}, 1);
  EXPECT_EQ(priced.cost.picodollars, model::Money::kUnitsPerDollar / 2);
  EXPECT_EQ(priced.status, model::CostStatus::kPartial);
  EXPECT_EQ(DescribeMissing(priced.missing), "input, output");
}

TEST(OwnPriceTest, SearchesWithoutAPriceMakeACostPartial) {
  const PriceBook book = BookWith({});
  const Priced priced = Price(book, "openai", "gpt-4o", {.input_total = 1, .output_total = 1}, 0,
                              {.details = {.web_searches = 1}});
  EXPECT_EQ(priced.status, model::CostStatus::kPartial);
  EXPECT_EQ(DescribeMissing(priced.missing), "web searches");
}

TEST(OwnPriceTest, LinesOfABillAddUpToTheCost) {
  const PriceBook book = BookWith({Own("acme", "m", R"({"prices":{"input":2,"cache_read":0.2,
      "cache_write":2.5,"cache_write_hour":4,"image_in":5,"output":10,"reasoning":20},
      "per_call":{"web_search":0.01}})")});
  std::vector<CostLine> lines;
  const Priced priced =
      Price(book, "acme", "m",
            {.input_total = 1000,
             .cache_read = 300,
             .cache_write = 200,
             .output_total = 50,
             .reasoning = 20},
            1, {.details = {.cache_write_hour = 150, .image_in = 100, .web_searches = 2}}, &lines);
  std::string text;
  Int128 sum = 0;
  for (const CostLine& line : lines) {
    text += std::string(InfoOf(line.unit).name) + "=" + std::to_string(line.count) + " ";
    sum += line.amount;
  }
  EXPECT_EQ(text,
            "input=400 cache_read=300 cache_write=50 cache_write_hour=150 image_in=100 output=30 "
            "reasoning=20 web_search=2 ");
  EXPECT_EQ(RoundToMoney(sum), priced.cost);
  EXPECT_EQ(priced.status, model::CostStatus::kPriced);
}

TEST(OwnPriceTest, ACallOfAToolCostsTheFeeThatHoldsThen) {
  const PriceBook book = BookWith(
      {Own("Tool", "Web Search",
           R"({"per_call":{"request":0.008},"effective_from":"2026-01-01","aliases":["tavily"]})"),
       Own("tool", "gpt-4o", R"({"per_call":{"request":0.5}})")});
  const std::int64_t start = Time("2026-01-01");
  const Priced priced = PriceTool(book, " web search", start);
  EXPECT_EQ(priced.cost.picodollars, model::Money::kUnitsPerDollar / 1000 * 8);
  EXPECT_EQ(priced.status, model::CostStatus::kPriced);
  EXPECT_EQ(priced.rule_id, "own:tool/web search@2026-01-01T00:00:00.000000Z#1");
  EXPECT_EQ(priced.missing, MissingParts());
  EXPECT_EQ(PriceTool(book, "tavily", start).cost, priced.cost);
  EXPECT_EQ(PriceTool(book, "web search", start - 1).status, model::CostStatus::kNone);
  EXPECT_EQ(PriceTool(book, "web", start).status, model::CostStatus::kNone);
  EXPECT_EQ(PriceTool(book, "", start).status, model::CostStatus::kNone);
  // Tools and models are apart, whatever they are called.
  EXPECT_EQ(RuleOf(book, "openai", "gpt-4o", start), "openai/gpt-4o#1.2");
  EXPECT_EQ(RuleOf(book, "", "web search", start), "");
  EXPECT_EQ(RuleOf(book, "tool", "web search", start), "");
  std::vector<CostLine> lines;
  const OwnSchedule* schedule = book.own().FindTool("TAVILY");
  ASSERT_NE(schedule, nullptr);
  EXPECT_EQ(PriceToolAt(schedule->prices.front().rule, &lines).cost, priced.cost);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(InfoOf(lines[0].unit).name, "request");
  EXPECT_EQ(lines[0].count, 1);
  EXPECT_EQ(RoundToMoney(lines[0].amount), priced.cost);
}

TEST(OwnPriceTest, AToolHasAPricePerCallAndNoOther) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {R"({})", "per_call: "},
      {R"({"prices":{"input":1}})", "prices.input: "},
      {R"({"per_call":{"request":1,"web_search":1}})", "per_call.web_search: "},
      {R"({"per_call":{"request":{"base":1,"tiers":[{"start":9,"price":1}]}}})",
       "per_call.request: "},
      {R"({"per_call":{"request":1},"multipliers":{"region":{"eu":2}}})", "multipliers: "},
  };
  for (const auto& [json, field] : cases) {
    const auto price = ParseOwnPrice("tool", "search", json, 0);
    ASSERT_FALSE(price.has_value()) << json;
    EXPECT_TRUE(price.error().message().starts_with("bad field " + std::string(field)))
        << price.error().message();
  }
}

TEST(OwnPriceTest, BooksChangeWhileOthersPrice) {
  CurrentPrices prices(BookWith({}));
  const model::Usage usage{.input_total = 1'000'000, .output_total = 0};
  std::jthread writer([&](const std::stop_token& stop) {
    for (int dollars = 1; !stop.stop_requested(); dollars = dollars % 9 + 1) {
      prices.Set(prices.Get()->WithOwn(OwnPriceTable(
          {Own("openai", "gpt-4o",
               R"({"prices":{"input":)" + std::to_string(dollars) + R"(,"output":0}})")})));
    }
  });
  for (int i = 0; i < 20'000; ++i) {
    const auto book = prices.Get();
    const Priced first = Price(*book, "openai", "gpt-4o", usage, 1);
    ASSERT_EQ(first.cost, Price(*book, "openai", "gpt-4o", usage, 1).cost);
    ASSERT_EQ(first.cost.picodollars % model::Money::kUnitsPerDollar, 0);
  }
}

}  // namespace
}  // namespace sightline::pricing
