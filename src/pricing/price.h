// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/money.h"
#include "model/usage.h"
#include "pricing/price_book.h"
#include "pricing/price_rule.h"

namespace sightline::pricing {

// Why a cost is only part of the truth.
enum class MissingPart : std::uint16_t {
  kInput = 1,            // Input has no price, or a price and no count.
  kOutput = 2,           // The same for output.
  kCachedAudio = 4,      // How many media tokens were cached was not said and matters.
  kUncountedOutput = 8,  // Images, video or citations have their own price and are not counted.
  kFineTuning = 16,      // The price of the base model is known, that of the fine-tune is not.
  kWebSearches = 32,     // Searches were made and have no price.
  kServiceTier = 64,     // Served at a tier ("batch", "priority") whose price is not known.
};

// A set of MissingPart.
//
// Thread: value.
struct MissingParts {
  std::uint16_t bits = 0;

  void Add(MissingPart part) { bits |= static_cast<std::uint16_t>(part); }

  bool Has(MissingPart part) const { return (bits & static_cast<std::uint16_t>(part)) != 0; }

  friend bool operator==(const MissingParts&, const MissingParts&) = default;
};

// "output, fine-tuning": for people, "" when nothing is missing.
std::string DescribeMissing(MissingParts parts);

// The cost of one model call and where it comes from. kPartial: what is known costs this much; the
// whole call no less, but for a service tier without a known price. kUnpriced and kNone: the
// amounts are 0 and mean nothing.
struct Priced {
  model::Money cost;    // Input, output and what is charged per call or search.
  model::Money input;   // The part of input tokens.
  model::Money output;  // The part of output tokens.
  model::CostStatus status = model::CostStatus::kNone;
  MissingParts missing;
  std::string_view rule_id;  // With its version. Points into the book; "" when no rule was found.
};

// What a price depends on besides tokens.
//
// Thread: value. Does not own its texts.
struct CallTerms {
  model::UsageDetails details;
  std::string_view service_tier;  // "" and "default", "standard", "auto": the usual one.
  std::string_view region;
};

// One line of a bill. Amounts are in 1e-24 dollars and add up to the cost before it is rounded.
//
// Thread: value.
struct CostLine {
  Unit unit;
  std::int64_t count = 0;
  Int128 unit_price = 0;  // Of one, multipliers included.
  Int128 amount = 0;
};

// Prices one call at the prices of `time_ns` (Unix epoch), usually its start. `model` is the model
// that answered, or else the one that was asked for.
//
// Exact: integers throughout, each of cost, input and output rounded once to the nearest
// picodollar, halves up. Counts that are not stated are 0, yet input or output without a count
// are taken from the total where that is possible, and are missing otherwise. Cached tokens beyond
// input_total (a sender's mistake) are charged as stated. A call without any usage costs nothing at
// a free model, and is kUnpriced at others. A call with a count over 1e10 tokens or a cost over a
// million dollars is not believed: kUnpriced. Fills `lines`, if it is not null, with what the cost
// consists of.
Priced Price(const PriceBook& book, std::string_view provider, std::string_view model,
             const model::Usage& usage, std::int64_t time_ns, const CallTerms& terms = {},
             std::vector<CostLine>* lines = nullptr);

// What a call of a tool costs at the prices of `time_ns`: a fee, or kNone for a tool without a
// price, which costs nothing that is known of.
Priced PriceTool(const PriceBook& book, std::string_view tool, std::int64_t time_ns);

// The same at a rule that was found before.
Priced PriceToolAt(const PriceRule& rule, std::vector<CostLine>* lines = nullptr);

// What Price() gives, at a rule that was found before; `tuning` as PriceBook::FindModel says.
Priced PriceAt(const PriceRule& rule, model::Tuning tuning, const model::Usage& usage,
               const CallTerms& terms, std::vector<CostLine>* lines = nullptr);

}  // namespace sightline::pricing
