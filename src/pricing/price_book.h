// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/model_names.h"
#include "pricing/catalog.h"
#include "pricing/price_rule.h"

namespace sightline::pricing {

// What a model is charged by. Points into the book.
struct ModelPrices {
  const PriceSchedule* schedule = nullptr;  // Null: no known price.
  model::Tuning tuning = model::Tuning::kNone;
};

// All known prices. Not responsible for amounts: see price.h. Must outlive what it returns.
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
  const std::string& source() const { return catalog_.source; }

 private:
  explicit PriceBook(Catalog catalog);

  ModelPrices FindUncached(std::string_view provider, std::string_view model) const;
  const ProviderEntry* FindProvider(std::string_view lower) const;
  ModelPrices FindInProvider(const ProviderEntry& provider, std::string_view model) const;
  ModelPrices FindAtMaker(std::string_view model) const;
  const ProviderEntry* InferProvider(std::string_view model) const;
  ModelPrices FindAnywhere(std::string_view model) const;

  Catalog catalog_;
  std::uint64_t number_;  // Never the same for two books: tells cached answers apart.
};

}  // namespace sightline::pricing
