// SPDX-License-Identifier: Apache-2.0
#include "api/cost/price_list.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "api/request/json_fields.h"
#include "base/time_text.h"

namespace sightline::api {
namespace {

using pricing::ModelEntry;
using pricing::OwnPrice;
using pricing::ProviderEntry;

void AddRules(const ProviderEntry& provider, const ModelEntry& model,
              std::vector<ListedPrice>& list) {
  const std::vector<pricing::PriceRule>& rules = model.schedule.rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    list.push_back({.provider = provider.id,
                    .model = model.name,
                    .is_override = model.is_override,
                    .rule = &rules[i],
                    .from_ns = model.schedule.FromNs(i),
                    .key = fmt::format("{}\x1f{}\x1f{}\x1f{:06}", provider.id, model.name,
                                       model.is_override ? 1 : 2, i)});
  }
}

void AddOwn(const pricing::OwnSchedule& schedule, std::vector<ListedPrice>& list) {
  for (const OwnPrice& price : schedule.prices) {
    list.push_back(Listed(price));
  }
}

void Sort(std::vector<ListedPrice>& list) {
  std::ranges::stable_sort(list, {}, &ListedPrice::key);
}

void WriteNames(std::string_view key, const std::vector<std::string>& names,
                base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const std::string& name : names) {
    json.String(name);
  }
  json.EndArray();
}

}  // namespace

ListedPrice Listed(const OwnPrice& price) {
  return {.provider = price.provider,
          .model = price.model,
          .own = &price,
          .rule = &price.rule,
          .from_ns = price.from_ns,
          .until_ns = price.until_ns == OwnPrice::kNoEnd ? 0 : price.until_ns,
          .key = fmt::format("{}\x1f{}\x1f"
                             "0\x1f{:020}",
                             price.provider, price.model, price.from_ns)};
}

std::vector<ListedPrice> ListPrices(const pricing::PriceBook& book, std::string_view provider) {
  std::vector<ListedPrice> list;
  for (const pricing::OwnSchedule& schedule : book.own().schedules()) {
    if (provider.empty() || schedule.prices.front().provider == provider) {
      AddOwn(schedule, list);
    }
  }
  for (const ProviderEntry& entry : book.catalog().providers) {
    for (const ModelEntry& model : entry.models) {
      if (provider.empty() || entry.id == provider) {
        AddRules(entry, model, list);
      }
    }
  }
  Sort(list);
  return list;
}

std::vector<ListedPrice> PricesOfModel(const pricing::PriceBook& book, std::string_view provider,
                                       std::string_view model) {
  std::vector<ListedPrice> list;
  if (pricing::OwnProvider(provider) == pricing::kToolProvider) {
    const pricing::OwnSchedule* tool = book.own().FindTool(model);
    if (tool != nullptr) {
      AddOwn(*tool, list);
    }
    return list;
  }
  const pricing::ModelPrices found = book.FindModel(provider, model);
  if (found.own.schedule != nullptr) {
    AddOwn(*found.own.schedule, list);
  }
  for (const ProviderEntry& entry : book.catalog().providers) {
    for (const ModelEntry& candidate : entry.models) {
      if (&candidate.schedule == found.schedule) {
        AddRules(entry, candidate, list);
      }
    }
  }
  Sort(list);
  return list;
}

void WritePrice(const ListedPrice& price, std::string_view version, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("provider").String(price.provider);
  json.Key("model").String(price.model);
  json.Key("source").String(price.own != nullptr ? std::string_view(price.own->source)
                            : price.is_override  ? "override"
                                                 : "built-in");
  json.Key("version").String(price.own != nullptr ? std::to_string(price.own->version)
                                                  : std::string(version));
  json.Key("rule").String(price.rule->id);
  WriteTime(json, "effective_from", price.from_ns);
  WriteTime(json, "effective_until", price.until_ns);
  pricing::WriteRule(*price.rule, json);
  WriteNames("aliases", price.own == nullptr ? std::vector<std::string>() : price.own->aliases,
             json);
  WriteNames("not_counted", price.rule->uncounted, json);
  WriteText(json, "note", price.own == nullptr ? std::string_view() : price.own->note);
  json.EndObject();
}

}  // namespace sightline::api
