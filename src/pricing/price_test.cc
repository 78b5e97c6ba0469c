// SPDX-License-Identifier: Apache-2.0
#include "pricing/price.h"

#include <limits>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "pricing/price_book.h"

namespace sightline::pricing {
namespace {

using model::CostStatus;
using model::Usage;

// Prices per million tokens: one microdollar (1e6 picodollars) a token is the price 1.
constexpr std::int64_t kMicro = 1'000'000;

constexpr std::string_view kPrices = R"([{"id":"acme","models":[
  {"id":"plain","match":{"equals":"plain"},"prices":{"input_mtok":3,"output_mtok":15}},
  {"id":"cache","match":{"equals":"cache"},"prices":
    {"input_mtok":3,"cache_read_mtok":0.3,"cache_write_mtok":3.75,"output_mtok":15}},
  {"id":"tiers","match":{"equals":"tiers"},"prices":{
    "input_mtok":{"base":1,"tiers":[{"start":1000,"price":2},{"start":2000,"price":4}]},
    "output_mtok":{"base":10,"tiers":[{"start":1000,"price":20}]},
    "cache_read_mtok":0.5}},
  {"id":"thinking","match":{"equals":"thinking"},"prices":
    {"input_mtok":1,"output_mtok":8,"output_reasoning_mtok":3}},
  {"id":"audio","match":{"equals":"audio"},"prices":{"input_mtok":4,"cache_read_mtok":0.4,
    "input_audio_mtok":32,"cache_audio_read_mtok":0.5,"output_mtok":16,"output_audio_mtok":64}},
  {"id":"embed","match":{"equals":"embed"},"prices":{"input_mtok":0.02}},
  {"id":"per-call","match":{"equals":"per-call"},"prices":
    {"input_mtok":1,"output_mtok":1,"requests_kcount":12}},
  {"id":"image","match":{"equals":"image"},"prices":
    {"input_mtok":1,"output_mtok":2,"output_image_mtok":30}},
  {"id":"third","match":{"equals":"third"},"prices":
    {"input_mtok":0.00000033333333333,"output_mtok":0.0000005}},
  {"id":"x:free","match":{"equals":"x:free"},"prices":{}},
  {"id":"no-prices","match":{"equals":"no-prices"},"prices":{}},
  {"id":"hours","match":{"equals":"hours"},"prices":{"audio_hours":0.36}},
  {"id":"dear","match":{"equals":"dear"},"prices":{"input_mtok":1000,"output_mtok":0}},
  {"id":"tuned","match":{"equals":"tunable"},"prices":{"input_mtok":1,"output_mtok":2}}
]}])";

const PriceBook& Book() {
  static const PriceBook book = PriceBook::Create(kPrices).value();
  return book;
}

struct Case {
  std::string_view name;
  std::string_view model;
  Usage usage;
  CostStatus status = CostStatus::kPriced;
  std::int64_t picodollars = 0;
  std::string_view missing = "";
};

void Check(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    const Priced priced = Price(Book(), "acme", test.model, test.usage, 0);
    EXPECT_EQ(priced.status, test.status) << test.name;
    EXPECT_EQ(priced.cost.picodollars, test.picodollars) << test.name;
    EXPECT_EQ(DescribeMissing(priced.missing), test.missing) << test.name;
  }
}

TEST(PriceTest, AddsInputAndOutput) {
  Check({
      {"both", "plain", {.input_total = 10, .output_total = 5}, CostStatus::kPriced, 105 * kMicro},
      {"no tokens", "plain", {.input_total = 0, .output_total = 0}},
      {"embedding", "embed", {.input_total = 50}, CostStatus::kPriced, kMicro},
      {"embedding by total", "embed", {.total = 50}, CostStatus::kPriced, kMicro},
      {"output from total",
       "plain",
       {.input_total = 10, .total = 15},
       CostStatus::kPriced,
       105 * kMicro},
      {"input from total",
       "plain",
       {.output_total = 5, .total = 15},
       CostStatus::kPriced,
       105 * kMicro},
      {"a price for each call",
       "per-call",
       {.input_total = 10, .output_total = 5},
       CostStatus::kPriced,
       15 * kMicro + 12'000 * kMicro},
      {"free", "x:free", {.input_total = 10, .output_total = 5}},
  });
}

TEST(PriceTest, ChargesSubsetsAtTheirOwnPrices) {
  Check({
      {"cache",
       "cache",
       {.input_total = 100, .cache_read = 60, .cache_write = 20, .output_total = 1},
       CostStatus::kPriced,
       20 * 3 * kMicro + 18 * kMicro + 75 * kMicro + 15 * kMicro},
      {"cache without a price is input",
       "plain",
       {.input_total = 100, .cache_read = 60, .cache_write = 20, .output_total = 0},
       CostStatus::kPriced,
       300 * kMicro},
      {"more cached than input",
       "cache",
       {.input_total = 10, .cache_read = 100, .output_total = 0},
       CostStatus::kPriced,
       30 * kMicro},
      {"reasoning without a price is output",
       "plain",
       {.input_total = 0, .output_total = 10, .reasoning = 8},
       CostStatus::kPriced,
       150 * kMicro},
      {"reasoning",
       "thinking",
       {.input_total = 0, .output_total = 10, .reasoning = 8},
       CostStatus::kPriced,
       (2 * 8 + 8 * 3) * kMicro},
      {"audio",
       "audio",
       {.input_total = 10, .output_total = 10, .audio_in = 4, .audio_out = 3},
       CostStatus::kPriced,
       (6 * 4 + 4 * 32 + 7 * 16 + 3 * 64) * kMicro},
      {"all audio is cached",
       "audio",
       {.input_total = 10, .cache_read = 10, .output_total = 0, .audio_in = 4},
       CostStatus::kPriced,
       (6 * 4 + 4 * 5) * kMicro / 10},
  });
}

TEST(PriceTest, ChargesTheWholeCallAtTheTierOfItsInput) {
  Check({
      {"at the limit",
       "tiers",
       {.input_total = 1000, .output_total = 10},
       CostStatus::kPriced,
       (1000 + 100) * kMicro},
      {"above it",
       "tiers",
       {.input_total = 1001, .output_total = 10},
       CostStatus::kPriced,
       (2002 + 200) * kMicro},
      {"above the second, cached input counts",
       "tiers",
       {.input_total = 2001, .cache_read = 2001, .output_total = 10},
       CostStatus::kPriced,
       2001 * kMicro / 2 + 200 * kMicro},
      {"the second tier",
       "tiers",
       {.input_total = 2001, .output_total = 0},
       CostStatus::kPriced,
       8004 * kMicro},
  });
}

TEST(PriceTest, SaysWhichPartHasNoPrice) {
  Check({
      {"output of an embedding model",
       "embed",
       {.input_total = 50, .output_total = 1},
       CostStatus::kPartial,
       kMicro,
       "output"},
      {"output not stated",
       "plain",
       {.input_total = 10},
       CostStatus::kPartial,
       30 * kMicro,
       "output"},
      {"output not stated, and the total is that of the input",
       "plain",
       {.input_total = 10, .total = 10},
       CostStatus::kPartial,
       30 * kMicro,
       "output"},
      {"input not stated, and the total is that of the output",
       "plain",
       {.output_total = 10, .total = 10},
       CostStatus::kPartial,
       150 * kMicro,
       "input"},
      {"input not stated",
       "plain",
       {.output_total = 10},
       CostStatus::kPartial,
       150 * kMicro,
       "input"},
      {"images",
       "image",
       {.input_total = 1, .output_total = 10},
       CostStatus::kPartial,
       21 * kMicro,
       "images, video or citations"},
      // 4 of 20 tokens audio, 10 cached: all audio may be cached. 10 text, 6 cached text.
      {"cached audio",
       "audio",
       {.input_total = 20, .cache_read = 10, .output_total = 0, .audio_in = 4},
       CostStatus::kPartial,
       (10 * 40 + 6 * 4 + 4 * 5) * kMicro / 10,
       "cached audio or images"},
      {"a fine-tune",
       "ft:tunable:me::1",
       {.input_total = 1, .output_total = 1},
       CostStatus::kPartial,
       3 * kMicro,
       "fine-tuning"},
  });
}

TEST(PriceTest, IsUnpricedRatherThanZeroWhenNothingIsKnown) {
  const Usage usage = {.input_total = 10, .output_total = 5};
  Check({
      {"no usage", "plain", {}, CostStatus::kUnpriced},
      {"only a subset", "plain", {.cache_read = 5}, CostStatus::kUnpriced},
      {"unknown model", "nobody", usage, CostStatus::kUnpriced},
      {"known model without prices", "no-prices", usage, CostStatus::kUnpriced},
      {"priced by what is not counted", "hours", usage, CostStatus::kUnpriced},
      {"total alone", "plain", {.total = 15}, CostStatus::kUnpriced},
      {"unbelievable count",
       "plain",
       {.input_total = std::numeric_limits<std::int64_t>::max(), .output_total = 1},
       CostStatus::kUnpriced},
      {"unbelievable cost",
       "dear",
       {.input_total = 1'000'000'001, .output_total = 0},
       CostStatus::kUnpriced},
      {"the most that is believed",
       "dear",
       {.input_total = 1'000'000'000, .output_total = 0},
       CostStatus::kPriced,
       1'000'000'000'000 * kMicro},
  });
}

TEST(PriceTest, RoundsOnceAtTheEnd) {
  // A token costs 0.33333333333 and 0.5 picodollars: rounded first, 3 and 1 of them cost 0 and 1.
  Check({
      {"thirds", "third", {.input_total = 4, .output_total = 1}, CostStatus::kPriced, 2},
      {"less than a half", "third", {.input_total = 1, .output_total = 0}},
      {"a half", "third", {.input_total = 0, .output_total = 1}, CostStatus::kPriced, 1},
  });
  const Priced priced = Price(Book(), "acme", "third", {.input_total = 4, .output_total = 1}, 0);
  EXPECT_EQ(priced.input.picodollars, 1);
  EXPECT_EQ(priced.output.picodollars, 1);
}

TEST(PriceTest, NamesTheRule) {
  const Usage usage = {.input_total = 1, .output_total = 1};
  EXPECT_EQ(Price(Book(), "acme", "plain", usage, 0).rule_id, "acme/plain");
  EXPECT_EQ(Price(Book(), "acme", "no-prices", usage, 0).rule_id, "acme/no-prices");
  EXPECT_EQ(Price(Book(), "acme", "nobody", usage, 0).rule_id, "");
}

}  // namespace
}  // namespace sightline::pricing
