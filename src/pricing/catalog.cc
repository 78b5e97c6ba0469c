// SPDX-License-Identifier: Apache-2.0
#include "pricing/catalog.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/ascii.h"
#include "model/provider_names.h"
#include "pricing/price_json.h"

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;

Error BadData(std::string_view cause) {
  return {Code::kInvalidArgument, fmt::format("cannot read prices: {}", cause)};
}

Result<std::string> RequiredText(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) {
    return BadData(fmt::format("an entry has no '{}'", key));
  }
  return std::string(value->get_string());
}

Result<std::optional<Matcher>> OptionalMatcher(const boost::json::object& object,
                                               std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) {
    return std::optional<Matcher>();
  }
  return std::optional<Matcher>(TRY(Matcher::Parse(*value)));
}

Result<ModelEntry> ParseModel(const boost::json::object& object, std::string_view id_prefix) {
  const std::string name = TRY(RequiredText(object, "id"));
  const std::string id = fmt::format("{}{}", id_prefix, name);
  const boost::json::value* match = object.if_contains("match");
  const boost::json::value* prices = object.if_contains("prices");
  if (match == nullptr || prices == nullptr) {
    return BadData(fmt::format("model '{}' has no match or no prices", id));
  }
  Result<Matcher> matcher = Matcher::Parse(*match);
  if (!matcher) {
    return matcher.error().WithContext(id);
  }
  PriceSchedule schedule = TRY(PriceSchedule::Parse(*prices, id));
  return ModelEntry{.name = name, .match = *std::move(matcher), .schedule = std::move(schedule)};
}

Result<ProviderEntry> ParseProvider(const boost::json::object& object) {
  ProviderEntry provider;
  provider.id = TRY(RequiredText(object, "id"));
  provider.provider_match = TRY(OptionalMatcher(object, "provider_match"));
  provider.model_match = TRY(OptionalMatcher(object, "model_match"));
  const boost::json::value* fallbacks = object.if_contains("fallback_model_providers");
  if (fallbacks != nullptr && fallbacks->is_array()) {
    for (const boost::json::value& fallback : fallbacks->get_array()) {
      if (fallback.is_string()) {
        provider.fallbacks.emplace_back(fallback.get_string());
      }
    }
  }
  const boost::json::value* models = object.if_contains("models");
  if (models == nullptr || !models->is_array()) {
    return BadData(fmt::format("provider '{}' has no models", provider.id));
  }
  const std::string prefix = provider.id + "/";
  for (const boost::json::value& model : models->get_array()) {
    if (!model.is_object()) {
      return BadData(fmt::format("a model of '{}' is not an object", provider.id));
    }
    provider.models.push_back(TRY(ParseModel(model.get_object(), prefix)));
  }
  return provider;
}

}  // namespace

std::string_view Catalog::version() const {
  return std::string_view(source).substr(source.rfind(' ') + 1);
}

const ProviderEntry* Catalog::FindProvider(std::string_view id) const {
  const auto found = std::ranges::find(providers, id, &ProviderEntry::id);
  return found == providers.end() ? nullptr : &*found;
}

Result<Catalog> ParseCatalog(std::string_view json) {
  const boost::json::value root = TRY(ParsePriceJson(json));
  Catalog catalog;
  const boost::json::value* providers = &root;
  if (root.is_object()) {
    catalog.source = TRY(RequiredText(root.get_object(), "source"));
    providers = root.get_object().if_contains("providers");
  }
  if (providers == nullptr || !providers->is_array()) {
    return BadData("no list of providers");
  }
  for (const boost::json::value& provider : providers->get_array()) {
    if (!provider.is_object()) {
      return BadData("a provider is not an object");
    }
    catalog.providers.push_back(TRY(ParseProvider(provider.get_object())));
    for (ModelEntry& model : catalog.providers.back().models) {
      model.schedule.SetVersion(catalog.version());
    }
  }
  return catalog;
}

Result<void> ApplyOverrides(std::string_view json, Catalog& catalog) {
  const boost::json::value root = TRY(ParsePriceJson(json));
  const boost::json::value* models =
      root.is_object() ? root.get_object().if_contains("models") : nullptr;
  if (models == nullptr || !models->is_array()) {
    return BadData("overrides have no list 'models'");
  }
  std::vector<std::pair<std::string, ModelEntry>> overrides;
  for (const boost::json::value& item : models->get_array()) {
    if (!item.is_object()) {
      return BadData("an override is not an object");
    }
    const std::string name =
        base::ToLower(base::Trim(TRY(RequiredText(item.get_object(), "provider"))));
    const model::ProviderName* known = model::FindProviderName(name);
    const std::string provider(known == nullptr || known->price_id.empty() ? std::string_view(name)
                                                                           : known->price_id);
    const std::string prefix = fmt::format("override:{}/", provider);
    ModelEntry model = TRY(ParseModel(item.get_object(), prefix));
    model.is_override = true;
    model.schedule.SetVersion(catalog.version());
    overrides.emplace_back(provider, std::move(model));
  }
  // From the last to the first, each to the front: the first override is tried first.
  for (auto entry = overrides.rbegin(); entry != overrides.rend(); ++entry) {
    auto provider = std::ranges::find(catalog.providers, entry->first, &ProviderEntry::id);
    if (provider == catalog.providers.end()) {
      provider = catalog.providers.insert(provider, ProviderEntry{.id = entry->first});
    }
    provider->models.insert(provider->models.begin(), std::move(entry->second));
  }
  return {};
}

}  // namespace sightline::pricing
