// SPDX-License-Identifier: Apache-2.0
#include "api/cost/own_prices.h"

#include <utility>

#include "base/log.h"

namespace sightline::api {

base::Result<pricing::OwnPrice> ReadOwnPrice(const store::PriceRow& row) {
  pricing::OwnPrice price =
      TRY(pricing::ParseOwnPrice(row.provider, row.model, row.document, row.from_ns));
  // As it was when it was set, whatever providers are called now.
  price.provider = row.provider;
  price.model = row.model;
  price.source = row.source;
  NameRule(price, row.version);
  return price;
}

base::Result<std::vector<pricing::OwnPrice>> ReadOwnPrices(const store::MetaStore& meta) {
  std::vector<pricing::OwnPrice> prices;
  const std::vector<store::PriceRow> rows = TRY(meta.Prices());
  for (const store::PriceRow& row : rows) {
    base::Result<pricing::OwnPrice> price = ReadOwnPrice(row);
    if (price.has_value()) {
      prices.push_back(*std::move(price));
    } else {
      base::LogWarning("own price {} of {}/{} does not apply: {}", row.version, row.provider,
                       row.model, price.error().message());
    }
  }
  return prices;
}

base::Result<void> LoadOwnPrices(const store::MetaStore& meta, pricing::CurrentPrices& prices) {
  std::vector<pricing::OwnPrice> own = TRY(ReadOwnPrices(meta));
  prices.Set(prices.Get()->WithOwn(pricing::OwnPriceTable(std::move(own))));
  return {};
}

}  // namespace sightline::api
