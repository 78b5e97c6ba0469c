// SPDX-License-Identifier: Apache-2.0
#include "pricing/price.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
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
  model::UsageDetails details;  // As stated: unknown counts stay unknown.
};

std::int64_t OrZero(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

bool IsBelievable(const Usage& usage, const model::UsageDetails& details) {
  return std::ranges::max({usage.input_total, usage.cache_read, usage.cache_write,
                           usage.output_total, usage.reasoning, usage.audio_in, usage.audio_out,
                           usage.total}) <= kMaxCount &&
         std::ranges::all_of(model::kUsageDetails, [&](const model::UsageDetail& detail) {
           return details.*detail.count <= kMaxCount;
         });
}

Counts ReadCounts(const Usage& usage, const model::UsageDetails& details, const PriceRule& rule) {
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
      .details = details,
  };
  if (usage.total < 0) {
    return counts;
  }
  // Embedding models have input only, and some senders state nothing but the total. A total that is
  // no more than the one side that was stated says nothing of the other.
  const bool only_input = !rule.rate(Unit::kOutput).known;
  const std::int64_t rest = usage.total - counts.input - counts.output;
  if (rest <= 0) {
    return counts;
  }
  if (!counts.has_input && (counts.has_output || only_input)) {
    counts.input = rest;
    counts.has_input = true;
  } else if (counts.has_input && !counts.has_output) {
    counts.output = rest;
    counts.has_output = true;
  }
  return counts;
}

// Adds up one side of a call in 1e-24 dollars.
class Bill {
 public:
  // `millionths`: what prices of tokens are multiplied by.
  Bill(const PriceRule& rule, std::int64_t input_total, std::int64_t millionths,
       std::vector<CostLine>* lines)
      : rule_(rule), input_total_(input_total), millionths_(millionths), lines_(lines) {}

  Int128 PriceOf(Unit unit) const {
    const Int128 price = rule_.rate(unit).At(input_total_);
    const bool is_usual = millionths_ == Multiplier::kOne || InfoOf(unit).is_per_call;
    return is_usual ? price : price * millionths_ / Multiplier::kOne;
  }

  // `count` if the unit has a price of its own, else 0: then it is charged as what it is part of.
  std::int64_t Own(Unit unit, std::int64_t count) const {
    return rule_.rate(unit).known ? OrZero(count) : 0;
  }

  void Charge(Unit unit, std::int64_t count) {
    const Int128 price = PriceOf(unit);
    const Int128 amount = price * count;
    sum_ += amount;
    if (lines_ != nullptr && count != 0 && rule_.rate(unit).known) {
      lines_->push_back({.unit = unit, .count = count, .unit_price = price, .amount = amount});
    }
  }

  Int128 sum() const { return sum_; }

 private:
  const PriceRule& rule_;
  const std::int64_t input_total_;
  const std::int64_t millionths_;
  std::vector<CostLine>* const lines_;
  Int128 sum_ = 0;
};

// Tokens of a medium (audio, images) that are cached are in both counts. `stated` is how many they
// are, if the sender said it; otherwise there are only bounds: at least `least`, and no more than
// either count. When that changes the cost, the cheapest possibility is taken and noted.
std::int64_t CachedMedia(const Bill& bill, Unit cached, Unit medium, std::int64_t stated,
                         std::int64_t most, std::int64_t least, MissingParts& missing) {
  if (stated >= 0 || most == 0) {
    return std::min(OrZero(stated), most);
  }
  const std::int64_t lowest = std::min(most, OrZero(least));
  const Int128 difference = bill.PriceOf(Unit::kInput) + bill.PriceOf(cached) -
                            bill.PriceOf(medium) - bill.PriceOf(Unit::kCacheRead);
  if (lowest != most && difference != 0) {
    missing.Add(MissingPart::kCachedAudio);
  }
  return difference < 0 ? most : lowest;
}

void ChargeInput(Bill& bill, const PriceRule& rule, const Counts& counts, MissingParts& missing) {
  const model::UsageDetails& details = counts.details;
  const std::int64_t read = bill.Own(Unit::kCacheRead, counts.cache_read);
  const std::int64_t hour = bill.Own(
      Unit::kCacheWriteHour, std::min(OrZero(details.cache_write_hour), counts.cache_write));
  const std::int64_t write = bill.Own(Unit::kCacheWrite, counts.cache_write - hour);
  const std::int64_t audio = bill.Own(Unit::kInputAudio, counts.audio_in);
  const std::int64_t image = bill.Own(Unit::kInputImage, details.image_in);
  const std::int64_t video = bill.Own(Unit::kInputVideo, details.video_in);
  const std::int64_t most_audio = bill.Own(Unit::kCachedAudio, std::min(read, audio));
  const std::int64_t most_image = bill.Own(Unit::kCachedImage, std::min(read, image));
  // More parts than the whole has: so many must be in two of them.
  const std::int64_t shared = read + hour + write + audio + image + video - counts.input;
  const std::int64_t cached_audio =
      CachedMedia(bill, Unit::kCachedAudio, Unit::kInputAudio, details.cached_audio, most_audio,
                  shared - most_image, missing);
  const std::int64_t cached_image =
      CachedMedia(bill, Unit::kCachedImage, Unit::kInputImage, details.cached_image,
                  std::min(most_image, read - cached_audio), shared - cached_audio, missing);
  const std::int64_t rest = OrZero(counts.input - read - hour - write - audio - image - video +
                                   cached_audio + cached_image);
  bill.Charge(Unit::kInput, rest);
  bill.Charge(Unit::kCacheRead, read - cached_audio - cached_image);
  bill.Charge(Unit::kCacheWrite, write);
  bill.Charge(Unit::kCacheWriteHour, hour);
  bill.Charge(Unit::kInputAudio, audio - cached_audio);
  bill.Charge(Unit::kCachedAudio, cached_audio);
  bill.Charge(Unit::kInputImage, image - cached_image);
  bill.Charge(Unit::kCachedImage, cached_image);
  bill.Charge(Unit::kInputVideo, video);
  if (!counts.has_input || (!rule.rate(Unit::kInput).known && rest > 0)) {
    missing.Add(MissingPart::kInput);
  }
}

void ChargeOutput(Bill& bill, const PriceRule& rule, const Counts& counts, MissingParts& missing) {
  const model::UsageDetails& details = counts.details;
  const std::int64_t reasoning = bill.Own(Unit::kReasoning, counts.reasoning);
  const std::int64_t audio = bill.Own(Unit::kOutputAudio, counts.audio_out);
  const std::int64_t image = bill.Own(Unit::kOutputImage, details.image_out);
  const std::int64_t video = bill.Own(Unit::kOutputVideo, details.video_out);
  const std::int64_t rest = OrZero(counts.output - reasoning - audio - image - video);
  bill.Charge(Unit::kOutput, rest);
  bill.Charge(Unit::kReasoning, reasoning);
  bill.Charge(Unit::kOutputAudio, audio);
  bill.Charge(Unit::kOutputImage, image);
  bill.Charge(Unit::kOutputVideo, video);
  const Rate& rate = rule.rate(Unit::kOutput);
  const bool not_stated = !counts.has_output && rate.known && rate.base != 0;
  if (not_stated || (!rate.known && rest > 0)) {
    missing.Add(MissingPart::kOutput);
  }
  const bool has_uncounted = rule.has_uncounted_output ||
                             (rule.rate(Unit::kOutputImage).known && details.image_out < 0) ||
                             (rule.rate(Unit::kOutputVideo).known && details.video_out < 0);
  if (has_uncounted && counts.output > 0) {
    missing.Add(MissingPart::kUncountedOutput);
  }
}

void ChargeCall(Bill& bill, const PriceRule& rule, const Counts& counts, MissingParts& missing) {
  bill.Charge(Unit::kRequest, 1);
  const std::int64_t searches = OrZero(counts.details.web_searches);
  bill.Charge(Unit::kWebSearch, bill.Own(Unit::kWebSearch, searches));
  if (searches > 0 && !rule.rate(Unit::kWebSearch).known) {
    missing.Add(MissingPart::kWebSearches);
  }
}

bool IsUsualTier(std::string_view lower) {
  return lower.empty() || lower == "default" || lower == "standard" || lower == "auto" ||
         lower == "on_demand";
}

const Multiplier* FindMultiplier(const std::vector<Multiplier>& multipliers,
                                 std::string_view lower) {
  const auto found = std::ranges::find(multipliers, lower, &Multiplier::name);
  return found == multipliers.end() ? nullptr : &*found;
}

// The product of those that apply, in millionths.
std::int64_t MultiplierOf(const PriceRule& rule, const CallTerms& terms, MissingParts& missing) {
  if (terms.service_tier.empty() && terms.region.empty()) {
    return Multiplier::kOne;
  }
  const std::string tier_name = base::ToLower(base::Trim(terms.service_tier));
  const Multiplier* tier = FindMultiplier(rule.service_tiers, tier_name);
  const Multiplier* region = FindMultiplier(rule.regions, base::ToLower(base::Trim(terms.region)));
  if (tier == nullptr && !IsUsualTier(tier_name)) {
    missing.Add(MissingPart::kServiceTier);
  }
  const std::int64_t of_tier = tier == nullptr ? Multiplier::kOne : tier->millionths;
  const std::int64_t of_region = region == nullptr ? Multiplier::kOne : region->millionths;
  return of_tier * of_region / Multiplier::kOne;
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
         (counts.has_output && rule.rate(Unit::kOutput).known) || rule.rate(Unit::kRequest).known;
}

}  // namespace

std::string DescribeMissing(MissingParts parts) {
  struct Name {
    MissingPart part;
    std::string_view text;
  };

  constexpr std::array<Name, 7> kNames = {{
      {MissingPart::kInput, "input"},
      {MissingPart::kOutput, "output"},
      {MissingPart::kCachedAudio, "cached audio or images"},
      {MissingPart::kUncountedOutput, "images, video or citations"},
      {MissingPart::kFineTuning, "fine-tuning"},
      {MissingPart::kWebSearches, "web searches"},
      {MissingPart::kServiceTier, "service tier"},
  }};
  std::string text;
  for (const Name& name : kNames) {
    if (parts.Has(name.part)) {
      text.append(text.empty() ? "" : ", ").append(name.text);
    }
  }
  return text;
}

Priced PriceAt(const PriceRule& rule, model::Tuning tuning, const Usage& usage,
               const CallTerms& terms, std::vector<CostLine>* lines) {
  Priced priced{.status = CostStatus::kUnpriced, .rule_id = rule.versioned_id};
  if (IsFree(rule)) {
    priced.status = CostStatus::kPriced;
    return priced;
  }
  if (!IsBelievable(usage, terms.details)) {
    return priced;
  }
  const Counts counts = ReadCounts(usage, terms.details, rule);
  if (!HasPriceFor(rule, counts)) {
    return priced;
  }
  MissingParts missing;
  const std::int64_t millionths = MultiplierOf(rule, terms, missing);
  Bill input(rule, counts.input, millionths, lines);
  ChargeInput(input, rule, counts, missing);
  Bill output(rule, counts.input, millionths, lines);
  ChargeOutput(output, rule, counts, missing);
  Bill call(rule, counts.input, millionths, lines);
  ChargeCall(call, rule, counts, missing);
  const Int128 cost = input.sum() + output.sum() + call.sum();
  if (cost > kMaxCost) {
    if (lines != nullptr) {
      lines->clear();
    }
    return priced;
  }
  if (tuning == model::Tuning::kFineTuned) {
    missing.Add(MissingPart::kFineTuning);
  }
  priced.cost = RoundToMoney(cost);
  priced.input = RoundToMoney(input.sum());
  priced.output = RoundToMoney(output.sum());
  priced.missing = missing;
  priced.status = missing.bits == 0 ? CostStatus::kPriced : CostStatus::kPartial;
  return priced;
}

Priced PriceToolAt(const PriceRule& rule, std::vector<CostLine>* lines) {
  if (!rule.rate(Unit::kRequest).known) {
    return {};
  }
  Bill call(rule, 0, Multiplier::kOne, lines);
  call.Charge(Unit::kRequest, 1);
  return {.cost = RoundToMoney(call.sum()),
          .status = CostStatus::kPriced,
          .rule_id = rule.versioned_id};
}

Priced PriceTool(const PriceBook& book, std::string_view tool, std::int64_t time_ns) {
  const OwnSchedule* schedule = book.own().FindTool(tool);
  const OwnPrice* price = schedule == nullptr ? nullptr : schedule->At(time_ns);
  return price == nullptr ? Priced() : PriceToolAt(price->rule);
}

Priced Price(const PriceBook& book, std::string_view provider, std::string_view model,
             const Usage& usage, std::int64_t time_ns, const CallTerms& terms,
             std::vector<CostLine>* lines) {
  const ModelPrices prices = book.FindModel(provider, model);
  const PriceRule* rule = prices.At(time_ns);
  if (rule == nullptr || (!usage.is_known() && !IsFree(*rule))) {
    return {.status = CostStatus::kUnpriced};
  }
  return PriceAt(*rule, prices.TuningAt(time_ns), usage, terms, lines);
}

}  // namespace sightline::pricing
