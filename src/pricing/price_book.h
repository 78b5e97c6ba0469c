// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/model_names.h"
#include "pricing/catalog.h"
#include "pricing/own_price_table.h"
#include "pricing/price_rule.h"

namespace sightline::pricing {

// What a model is charged by. Points into the book.
struct ModelPrices {
  const PriceSchedule* schedule = nullptr;  // Null: no known price but an own one.
  model::Tuning tuning = model::Tuning::kNone;
  OwnPrices own;  // Before the schedule, while one of them holds.

  bool is_known() const { return schedule != nullptr || own.schedule != nullptr; }

  // The rule at `time_ns` (Unix epoch); null when none is known.
  const PriceRule* At(std::int64_t time_ns) const {
    const OwnPrice* price = own.At(time_ns);
    return price != nullptr ? &price->rule : schedule != nullptr ? &schedule->At(time_ns) : nullptr;
  }

  model::Tuning TuningAt(std::int64_t time_ns) const {
    return own.At(time_ns) != nullptr ? own.tuning : tuning;
  }
};

// All known prices: those that the user has set, before those that come with the program. Not
// responsible for amounts: see price.h. Must outlive what it returns.
//
// A model is looked up under its provider; where no provider is stated, or a gateway or a name that
// nobody knows, the model's name tells its maker, or the price data does ("gpt-..." is OpenAI). A
// provider that is known and not in the data has no known prices: they are never borrowed from
// another. Open models without any provider, or behind a gateway, have the price of OpenRouter,
// else of the next host that lists them: an estimate, as every host has its own.
//
// Thread: any; immutable. Cost: about 50 ns for a name that this thread looked up recently, without
// allocation; some ten microseconds for a new one.
class PriceBook {
 public:
  // `json` is the data of genai-prices (see ParseCatalog), `overrides` our own prices in the format
  // of overrides.json, "" for none. kInvalidArgument when either cannot be read.
  static base::Result<PriceBook> Create(std::string_view json, std::string_view overrides = {});

  // The same book with these own prices in place of those it has. Cheap: the data are shared.
  PriceBook WithOwn(OwnPriceTable own) const;

  PriceBook(PriceBook&&) = default;
  PriceBook& operator=(PriceBook&&) = default;
  PriceBook(const PriceBook&) = delete;
  PriceBook& operator=(const PriceBook&) = delete;
  ~PriceBook() = default;

  // `provider` is a canonical provider name, an id of the data or "".
  ModelPrices FindModel(std::string_view provider, std::string_view model) const;

  // The rule at `time_ns` (Unix epoch); null when the model is unknown.
  const PriceRule* Find(std::string_view provider, std::string_view model,
                        std::int64_t time_ns) const;

  // Where the data is from, e.g. "@pydantic/genai-prices 0.1.8"; "" when it does not say.
  const std::string& source() const { return catalog_->source; }

  const Catalog& catalog() const { return *catalog_; }

  const OwnPriceTable& own() const { return own_; }

 private:
  PriceBook(std::shared_ptr<const Catalog> catalog, OwnPriceTable own);

  ModelPrices FindInCatalog(std::string_view provider, std::string_view model) const;
  const ProviderEntry* FindProvider(std::string_view lower) const;
  ModelPrices FindInProvider(const ProviderEntry& provider, std::string_view model) const;
  ModelPrices FindAtMaker(std::string_view model) const;
  const ProviderEntry* InferProvider(std::string_view model) const;
  ModelPrices FindAnywhere(std::string_view model) const;

  std::shared_ptr<const Catalog> catalog_;  // Immutable; shared by books that differ in own_.
  OwnPriceTable own_;
  std::uint64_t number_;  // Never the same for two books: tells cached answers apart.
};

}  // namespace sightline::pricing
