// SPDX-License-Identifier: Apache-2.0
#include "pricing/price_book.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "model/provider_names.h"
#include "pricing/lookup_cache.h"

namespace sightline::pricing {
namespace {

// Longer than any model name in use; what is longer matches nothing and costs nothing.
constexpr std::size_t kMaxNameLength = 256;

std::uint64_t NextBookNumber() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

const PriceSchedule* MatchModel(const ProviderEntry& provider, std::string_view name) {
  const auto found = std::ranges::find_if(
      provider.models, [name](const ModelEntry& model) { return model.match.Matches(name); });
  return found == provider.models.end() ? nullptr : &found->schedule;
}

}  // namespace

base::Result<PriceBook> PriceBook::Create(std::string_view json, std::string_view overrides) {
  Catalog catalog = TRY(ParseCatalog(json));
  if (!overrides.empty()) {
    base::Result<void> applied = ApplyOverrides(overrides, catalog);
    if (!applied) {
      return applied.error().WithContext("overrides");
    }
  }
  return PriceBook(std::make_shared<const Catalog>(std::move(catalog)), {});
}

PriceBook::PriceBook(std::shared_ptr<const Catalog> catalog, OwnPriceTable own)
    : catalog_(std::move(catalog)), own_(std::move(own)), number_(NextBookNumber()) {}

PriceBook PriceBook::WithOwn(OwnPriceTable own) const {
  return {catalog_, std::move(own)};
}

ModelPrices PriceBook::FindModel(std::string_view provider, std::string_view model) const {
  if (model.empty() || model.size() > kMaxNameLength || provider.size() > kMaxNameLength) {
    return {};
  }
  LookupCache& cache = LookupCache::OfThisThread();
  LookupCache::Slot& slot = cache.SlotOf(number_, provider, model);
  if (!slot.Holds(number_, provider, model)) {
    ModelPrices prices = FindInCatalog(provider, model);
    prices.own = own_.Find(provider, model);
    slot.Assign(number_, provider, model, prices);
  }
  return slot.prices();
}

const PriceRule* PriceBook::Find(std::string_view provider, std::string_view model,
                                 std::int64_t time_ns) const {
  return FindModel(provider, model).At(time_ns);
}

ModelPrices PriceBook::FindInCatalog(std::string_view provider, std::string_view model) const {
  const std::string lower_provider = base::ToLower(base::Trim(provider));
  const std::string lower_model = base::ToLower(base::Trim(model));
  if (const ProviderEntry* entry = FindProvider(lower_provider)) {
    return FindInProvider(*entry, lower_model);
  }
  const model::ProviderName* known = model::FindProviderName(lower_provider);
  if (known != nullptr && known->role != model::ProviderRole::kGateway) {
    return {};
  }
  const ModelPrices prices = FindAtMaker(lower_model);
  // A host that nobody knows has prices of its own for what anybody may serve.
  const bool may_be_any_host = lower_provider.empty() || known != nullptr;
  return prices.schedule != nullptr || !may_be_any_host ? prices : FindAnywhere(lower_model);
}

// Null for gateways, hosts without known prices and names that nobody knows.
const ProviderEntry* PriceBook::FindProvider(std::string_view lower) const {
  if (lower.empty()) {
    return nullptr;
  }
  if (const ProviderEntry* exact = catalog_->FindProvider(lower)) {
    return exact;
  }
  if (const model::ProviderName* known = model::FindProviderName(lower)) {
    return known->price_id.empty() ? nullptr : catalog_->FindProvider(known->price_id);
  }
  const auto found = std::ranges::find_if(catalog_->providers, [lower](const ProviderEntry& entry) {
    return entry.provider_match && entry.provider_match->Matches(lower);
  });
  return found == catalog_->providers.end() ? nullptr : &*found;
}

ModelPrices PriceBook::FindInProvider(const ProviderEntry& provider, std::string_view model) const {
  for (const model::ModelName& name : model::ModelNamesToTry(model, provider.id)) {
    const PriceSchedule* schedule = MatchModel(provider, name.name);
    for (const std::string& fallback : provider.fallbacks) {
      const ProviderEntry* other = schedule == nullptr ? catalog_->FindProvider(fallback) : nullptr;
      if (other != nullptr) {
        schedule = MatchModel(*other, name.name);
      }
    }
    if (schedule != nullptr) {
      return {.schedule = schedule, .tuning = name.tuning};
    }
  }
  return {};
}

ModelPrices PriceBook::FindAtMaker(std::string_view model) const {
  const std::size_t mark = model.find_first_of("/:");
  if (mark != std::string_view::npos) {
    const model::ProviderName* prefix = model::FindProviderOfModelPrefix(model.substr(0, mark));
    const ProviderEntry* provider =
        prefix == nullptr ? nullptr : catalog_->FindProvider(prefix->price_id);
    if (provider != nullptr) {
      return FindInProvider(*provider, model.substr(mark + 1));
    }
  }
  // "google/gemini-2.5-pro": a maker's name in front of a model that tells the same maker.
  const std::string_view last = model.substr(model.rfind('/') + 1);
  for (const std::string_view name : {model, last}) {
    if (const ProviderEntry* provider = InferProvider(name)) {
      if (const ModelPrices prices = FindInProvider(*provider, name); prices.schedule != nullptr) {
        return prices;
      }
    }
  }
  return {};
}

const ProviderEntry* PriceBook::InferProvider(std::string_view model) const {
  if (const model::ProviderName* known = model::FindProviderOfModel(model)) {
    return catalog_->FindProvider(known->price_id);
  }
  for (const model::ModelName& name : model::ModelNamesToTry(model, {})) {
    for (const ProviderEntry& provider : catalog_->providers) {
      if (provider.model_match && provider.model_match->Matches(name.name)) {
        return &provider;
      }
    }
  }
  return nullptr;
}

// For models that anybody may serve: whoever is asked for a price first is in front.
ModelPrices PriceBook::FindAnywhere(std::string_view model) const {
  constexpr auto kPreferred =
      std::to_array<std::string_view>({"openrouter", "groq", "together", "fireworks", "cerebras"});
  for (const std::string_view id : kPreferred) {
    const ProviderEntry* provider = catalog_->FindProvider(id);
    const PriceSchedule* schedule = provider == nullptr ? nullptr : MatchModel(*provider, model);
    if (schedule != nullptr) {
      return {.schedule = schedule};
    }
  }
  for (const ProviderEntry& provider : catalog_->providers) {
    const model::ProviderName* known = model::FindProviderName(provider.id);
    if (known != nullptr && known->name == provider.id &&
        known->role == model::ProviderRole::kHost) {
      continue;  // What a machine of one's own costs is no price of the model.
    }
    if (const PriceSchedule* schedule = MatchModel(provider, model)) {
      return {.schedule = schedule};
    }
  }
  // "openai.gpt-oss-120b": Bedrock's form of a model that others list.
  const std::size_t dot = model.find('.');
  const bool has_vendor =
      dot != std::string_view::npos && model::IsBedrockVendor(model.substr(0, dot));
  if (!has_vendor) {
    return {};
  }
  const std::string_view rest = model.substr(dot + 1);
  const ModelPrices prices = FindAtMaker(rest);
  return prices.schedule != nullptr ? prices : FindAnywhere(rest);
}

}  // namespace sightline::pricing
