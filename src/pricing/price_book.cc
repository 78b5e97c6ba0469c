// SPDX-License-Identifier: Apache-2.0
#include "pricing/price_book.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "pricing/lookup_cache.h"
#include "pricing/provider_names.h"

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
  return PriceBook(std::move(catalog));
}

PriceBook::PriceBook(Catalog catalog) : catalog_(std::move(catalog)), number_(NextBookNumber()) {}

ModelPrices PriceBook::FindModel(std::string_view provider, std::string_view model) const {
  if (model.empty() || model.size() > kMaxNameLength || provider.size() > kMaxNameLength) {
    return {};
  }
  LookupCache& cache = LookupCache::OfThisThread();
  LookupCache::Slot& slot = cache.SlotOf(number_, provider, model);
  if (!slot.Holds(number_, provider, model)) {
    slot.Assign(number_, provider, model, FindUncached(provider, model));
  }
  return slot.prices();
}

const PriceRule* PriceBook::Find(std::string_view provider, std::string_view model,
                                 std::int64_t time_ns) const {
  const ModelPrices prices = FindModel(provider, model);
  return prices.schedule == nullptr ? nullptr : &prices.schedule->At(time_ns);
}

ModelPrices PriceBook::FindUncached(std::string_view provider, std::string_view model) const {
  const std::string lower_provider = base::ToLower(base::Trim(provider));
  const std::string lower_model = base::ToLower(base::Trim(model));
  if (lower_provider.empty() || IsGateway(lower_provider)) {
    return FindByModelAlone(lower_model);
  }
  const ProviderEntry* entry = FindProvider(lower_provider);
  return entry == nullptr ? ModelPrices() : FindInProvider(*entry, lower_model);
}

const ProviderEntry* PriceBook::FindProvider(std::string_view lower) const {
  if (const ProviderEntry* exact = catalog_.FindProvider(lower); exact != nullptr) {
    return exact;
  }
  if (const std::string_view known = KnownProvider(lower); !known.empty()) {
    return catalog_.FindProvider(known);
  }
  const auto found = std::ranges::find_if(catalog_.providers, [lower](const ProviderEntry& entry) {
    return entry.provider_match && entry.provider_match->Matches(lower);
  });
  return found == catalog_.providers.end() ? nullptr : &*found;
}

ModelPrices PriceBook::FindInProvider(const ProviderEntry& provider, std::string_view model) const {
  for (const ModelName& name : ModelNamesToTry(model, provider.id)) {
    const PriceSchedule* schedule = MatchModel(provider, name.name);
    for (const std::string& fallback : provider.fallbacks) {
      const ProviderEntry* other = schedule == nullptr ? catalog_.FindProvider(fallback) : nullptr;
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

ModelPrices PriceBook::FindByModelAlone(std::string_view model) const {
  const std::size_t mark = model.find_first_of("/:");
  if (mark != std::string_view::npos) {
    const std::string_view id = ProviderOfModelPrefix(model.substr(0, mark));
    const ProviderEntry* provider = id.empty() ? nullptr : catalog_.FindProvider(id);
    if (provider != nullptr) {
      return FindInProvider(*provider, model.substr(mark + 1));
    }
  }
  const ProviderEntry* provider = InferProvider(model);
  return provider == nullptr ? ModelPrices() : FindInProvider(*provider, model);
}

const ProviderEntry* PriceBook::InferProvider(std::string_view model) const {
  if (const std::string_view id = ProviderOfModelForm(model); !id.empty()) {
    return catalog_.FindProvider(id);
  }
  for (const ModelName& name : ModelNamesToTry(model, {})) {
    for (const ProviderEntry& provider : catalog_.providers) {
      if (provider.model_match && provider.model_match->Matches(name.name)) {
        return &provider;
      }
    }
  }
  return nullptr;
}

}  // namespace sightline::pricing
