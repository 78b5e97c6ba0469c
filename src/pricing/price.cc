// SPDX-License-Identifier: Apache-2.0
#include "pricing/price.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "pricing/decimal.h"

namespace sightline::pricing {
namespace {

using model::CostStatus;
using model::Usage;

constexpr std::int64_t kMaxCount = 10'000'000'000;
constexpr Int128 kMaxCost = Int128{1'000'000} * model::Money::kUnitsPerDollar * kUnitsPerPicodollar;

// Usage with 0 for what was not stated, and whether input and output are known at all.
struct Counts {
  std::int64_t input = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t output = 0;
  std::int64_t reasoning = 0;
  std::int64_t audio_in = 0;
  std::int64_t audio_out = 0;
  bool has_input = false;
  bool has_output = false;
};

std::int64_t OrZero(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

bool IsBelievable(const Usage& usage) {
  return std::ranges::max({usage.input_total, usage.cache_read, usage.cache_write,
                           usage.output_total, usage.reasoning, usage.audio_in, usage.audio_out,
                           usage.total}) <= kMaxCount;
}

Counts ReadCounts(const Usage& usage, const PriceRule& rule) {
  Counts counts{
      .input = OrZero(usage.input_total),
      .cache_read = OrZero(usage.cache_read),
      .cache_write = OrZero(usage.cache_write),
      .output = OrZero(usage.output_total),
      .reasoning = OrZero(usage.reasoning),
      .audio_in = OrZero(usage.audio_in),
      .audio_out = OrZero(usage.audio_out),
      .has_input = usage.input_total >= 0,
      .has_output = usage.output_total >= 0,
  };
  if (usage.total < 0) {
    return counts;
  }
  // Embedding models have input only, and some senders state nothing but the total.
  const bool only_input = !rule.rate(Unit::kOutput).known;
  if (!counts.has_input && (counts.has_output || only_input)) {
    counts.input = OrZero(usage.total - counts.output);
    counts.has_input = true;
  } else if (counts.has_input && !counts.has_output) {
    counts.output = OrZero(usage.total - counts.input);
    counts.has_output = true;
  }
  return counts;
}

// Adds up one side of a call in 1e-24 dollars.
class Bill {
 public:
  Bill(const PriceRule& rule, std::int64_t input_total) : rule_(rule), input_total_(input_total) {}

  Int128 PriceOf(Unit unit) const { return rule_.rate(unit).At(input_total_); }

  // `count` if the unit has a price of its own, else 0: then it is charged as what it is part of.
  std::int64_t Own(Unit unit, std::int64_t count) const {
    return rule_.rate(unit).known ? count : 0;
  }

  void Charge(Unit unit, std::int64_t count) { sum_ += PriceOf(unit) * count; }

  Int128 sum() const { return sum_; }

 private:
  const PriceRule& rule_;
  std::int64_t input_total_;
  Int128 sum_ = 0;
};

// Tokens that are audio and cached at once are in both counts; usage does not say how many they
// are, only bounds. When that changes the cost, the cheapest possibility is taken and noted.
std::int64_t CachedAudio(const Bill& bill, const Counts& counts, std::int64_t cache_read,
                         std::int64_t cache_write, std::int64_t audio, MissingParts& missing) {
  const std::int64_t most = bill.Own(Unit::kCachedAudio, std::min(cache_read, audio));
  const std::int64_t least =
      std::min(most, OrZero(cache_read + cache_write + audio - counts.input));
  const Int128 difference = bill.PriceOf(Unit::kInput) + bill.PriceOf(Unit::kCachedAudio) -
                            bill.PriceOf(Unit::kInputAudio) - bill.PriceOf(Unit::kCacheRead);
  if (least != most && difference != 0) {
    missing.Add(MissingPart::kCachedAudio);
  }
  return difference < 0 ? most : least;
}

Int128 InputCost(const PriceRule& rule, const Counts& counts, MissingParts& missing) {
  Bill bill(rule, counts.input);
  const std::int64_t cache_read = bill.Own(Unit::kCacheRead, counts.cache_read);
  const std::int64_t cache_write = bill.Own(Unit::kCacheWrite, counts.cache_write);
  const std::int64_t audio = bill.Own(Unit::kInputAudio, counts.audio_in);
  const std::int64_t both = CachedAudio(bill, counts, cache_read, cache_write, audio, missing);
  const std::int64_t rest = OrZero(counts.input - cache_read - cache_write - audio + both);
  bill.Charge(Unit::kCacheRead, cache_read - both);
  bill.Charge(Unit::kCacheWrite, cache_write);
  bill.Charge(Unit::kInputAudio, audio - both);
  bill.Charge(Unit::kCachedAudio, both);
  bill.Charge(Unit::kInput, rest);
  if (!counts.has_input || (!rule.rate(Unit::kInput).known && rest > 0)) {
    missing.Add(MissingPart::kInput);
  }
  return bill.sum();
}

Int128 OutputCost(const PriceRule& rule, const Counts& counts, MissingParts& missing) {
  Bill bill(rule, counts.input);
  const std::int64_t reasoning = bill.Own(Unit::kReasoning, counts.reasoning);
  const std::int64_t audio = bill.Own(Unit::kOutputAudio, counts.audio_out);
  const std::int64_t rest = OrZero(counts.output - reasoning - audio);
  bill.Charge(Unit::kReasoning, reasoning);
  bill.Charge(Unit::kOutputAudio, audio);
  bill.Charge(Unit::kOutput, rest);
  const Rate& rate = rule.rate(Unit::kOutput);
  const bool not_stated = !counts.has_output && rate.known && rate.base != 0;
  if (not_stated || (!rate.known && rest > 0)) {
    missing.Add(MissingPart::kOutput);
  }
  if (rule.has_uncounted_output && counts.output > 0) {
    missing.Add(MissingPart::kUncountedOutput);
  }
  return bill.sum();
}

// Free variants ("...:free") are listed without any price; that of others is just not known.
bool IsFree(const PriceRule& rule) {
  const bool has_no_price =
      std::ranges::none_of(rule.rates, &Rate::known) && rule.uncounted.empty();
  return has_no_price && std::string_view(rule.id).ends_with(":free");
}

// Whether anything that was counted has a price.
bool HasPriceFor(const PriceRule& rule, const Counts& counts) {
  return (counts.has_input && rule.rate(Unit::kInput).known) ||
         (counts.has_output && rule.rate(Unit::kOutput).known);
}

}  // namespace

std::string DescribeMissing(MissingParts parts) {
  struct Name {
    MissingPart part;
    std::string_view text;
  };

  constexpr std::array<Name, 5> kNames = {{
      {MissingPart::kInput, "input"},
      {MissingPart::kOutput, "output"},
      {MissingPart::kCachedAudio, "cached audio"},
      {MissingPart::kUncountedOutput, "images, video or citations"},
      {MissingPart::kFineTuning, "fine-tuning"},
  }};
  std::string text;
  for (const Name& name : kNames) {
    if (parts.Has(name.part)) {
      text.append(text.empty() ? "" : ", ").append(name.text);
    }
  }
  return text;
}

Priced Price(const PriceBook& book, std::string_view provider, std::string_view model,
             const model::Usage& usage, std::int64_t time_ns) {
  if (!usage.is_known()) {
    return {};
  }
  Priced priced{.status = CostStatus::kUnpriced};
  const ModelPrices prices = book.FindModel(provider, model);
  if (prices.schedule == nullptr) {
    return priced;
  }
  const PriceRule& rule = prices.schedule->At(time_ns);
  priced.rule_id = rule.id;
  if (IsFree(rule)) {
    priced.status = CostStatus::kPriced;
    return priced;
  }
  if (!IsBelievable(usage)) {
    return priced;
  }
  const Counts counts = ReadCounts(usage, rule);
  if (!HasPriceFor(rule, counts)) {
    return priced;
  }
  MissingParts missing;
  const Int128 input = InputCost(rule, counts, missing);
  const Int128 output = OutputCost(rule, counts, missing);
  const Int128 cost = input + output + rule.rate(Unit::kRequest).base;
  if (cost > kMaxCost) {
    return priced;
  }
  if (prices.tuning == model::Tuning::kFineTuned) {
    missing.Add(MissingPart::kFineTuning);
  }
  priced.cost = RoundToMoney(cost);
  priced.input = RoundToMoney(input);
  priced.output = RoundToMoney(output);
  priced.missing = missing;
  priced.status = missing.bits == 0 ? CostStatus::kPriced : CostStatus::kPartial;
  return priced;
}

}  // namespace sightline::pricing
