// SPDX-License-Identifier: Apache-2.0
#include "pricing/own_price_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "model/provider_names.h"

namespace sightline::pricing {
namespace {

std::string KeyOf(std::string_view provider, std::string_view name) {
  return std::string(provider).append("\n").append(name);
}

// Whether a call that names this provider may be served by any other one.
bool IsOpen(std::string_view provider) {
  if (provider.empty()) {
    return true;
  }
  const model::ProviderName* known = model::FindProviderName(provider);
  return known != nullptr && known->role == model::ProviderRole::kGateway;
}

}  // namespace

const OwnPrice* OwnSchedule::At(std::int64_t time_ns) const {
  const auto after = std::ranges::upper_bound(prices, time_ns, {}, &OwnPrice::from_ns);
  if (after == prices.begin()) {
    return nullptr;
  }
  const OwnPrice& price = *std::prev(after);
  return time_ns < price.until_ns ? &price : nullptr;
}

OwnPriceTable::OwnPriceTable(std::vector<OwnPrice> prices) {
  std::ranges::sort(prices, [](const OwnPrice& a, const OwnPrice& b) {
    return std::tie(a.provider, a.model, a.from_ns) < std::tie(b.provider, b.model, b.from_ns);
  });
  for (OwnPrice& price : prices) {
    if (schedules_.empty() || schedules_.back().prices.front().provider != price.provider ||
        schedules_.back().prices.front().model != price.model) {
      schedules_.emplace_back();
    }
    schedules_.back().prices.push_back(std::move(price));
  }
  const auto add = [&](const OwnPrice& price, const std::string& name, std::size_t index) {
    if (price.provider == kToolProvider) {
      by_tool_.emplace(name, index);
      return;
    }
    by_provider_.emplace(KeyOf(price.provider, name), index);
    const auto [place, is_new] = by_name_.emplace(name, index);
    if (!is_new && place->second != index) {
      place->second = kNone;
    }
  };
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    add(schedules_[i].prices.front(), schedules_[i].prices.front().model, i);
  }
  // A model's own name comes before an alias of another.
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    for (const OwnPrice& price : schedules_[i].prices) {
      for (const std::string& alias : price.aliases) {
        add(price, alias, i);
      }
    }
  }
}

const OwnSchedule* OwnPriceTable::FindName(const std::string& provider, bool is_any,
                                           const std::string& name) const {
  for (const std::string_view owner : {std::string_view(provider), kAnyProvider}) {
    if (const auto found = by_provider_.find(KeyOf(owner, name)); found != by_provider_.end()) {
      return &schedules_[found->second];
    }
  }
  if (is_any) {
    const auto found = by_name_.find(name);
    return found == by_name_.end() || found->second == kNone ? nullptr : &schedules_[found->second];
  }
  return nullptr;
}

OwnPrices OwnPriceTable::Find(std::string_view provider, std::string_view model) const {
  if (schedules_.empty()) {
    return {};
  }
  const std::string owner = OwnProvider(provider);
  const bool is_open = IsOpen(base::ToLower(base::Trim(provider)));
  for (const model::ModelName& name :
       model::ModelNamesToTry(base::ToLower(base::Trim(model)), owner)) {
    if (const OwnSchedule* schedule = FindName(owner, is_open, name.name)) {
      return {.schedule = schedule, .tuning = name.tuning};
    }
  }
  return {};
}

const OwnSchedule* OwnPriceTable::FindTool(std::string_view tool) const {
  if (by_tool_.empty()) {
    return nullptr;
  }
  const auto found = by_tool_.find(base::ToLower(base::Trim(tool)));
  return found == by_tool_.end() ? nullptr : &schedules_[found->second];
}

}  // namespace sightline::pricing
