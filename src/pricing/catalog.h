// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "pricing/matcher.h"
#include "pricing/price_schedule.h"

namespace sightline::pricing {

// One model of a provider and the names it goes by.
//
// Thread: value.
struct ModelEntry {
  std::string name;  // As the data call it, without the provider: "gpt-4o".
  bool is_override = false;
  Matcher match;
  PriceSchedule schedule;
};

// Who sells models. Ids are those of the price data: "openai", "aws", "azure", "google" ...
//
// Thread: value.
struct ProviderEntry {
  std::string id;
  std::optional<Matcher> provider_match;  // Other names of the provider.
  std::optional<Matcher> model_match;     // Names of models that tell the provider.
  std::vector<std::string> fallbacks;     // Providers whose models it sells at the same price.
  std::vector<ModelEntry> models;         // The first that matches is the one.
};

// The price data as read: what there is, not how to find it.
//
// Thread: value.
struct Catalog {
  std::string source;  // Where the data is from, "" when it does not say.
  std::vector<ProviderEntry> providers;

  // Of the data: the last word of `source`, "" when there is none.
  std::string_view version() const;

  // Null when there is none.
  const ProviderEntry* FindProvider(std::string_view id) const;
};

// Reads the data of genai-prices (version 2): a list of providers, or {"source": text,
// "providers": [...]}. kInvalidArgument when it is not of that form.
base::Result<Catalog> ParseCatalog(std::string_view json);

// Puts our own models (the format is described in overrides.json) before those of the data.
base::Result<void> ApplyOverrides(std::string_view json, Catalog& catalog);

}  // namespace sightline::pricing
