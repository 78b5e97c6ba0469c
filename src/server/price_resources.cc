// SPDX-License-Identifier: Apache-2.0
#include "server/price_resources.h"

#include <string>

namespace sightline::server {

PriceResources::PriceResources(const Options& options, const Parts& parts)
    : breakdown_(parts.prices, parts.meta, parts.store, options.query_timeout),
      prices_({.max_body_bytes = options.max_body_bytes}, parts.meta, parts.prices, parts.clock),
      repricer_({},
                {.store = parts.store,
                 .meta = parts.meta,
                 .prices = parts.prices,
                 .clock = parts.clock,
                 .is_ready = [&live = parts.live] { return !live.is_adding_history(); },
                 .add_rollups = [&live = parts.live](auto entries) { live.AddRollups(entries); }}),
      reprice_(repricer_) {}

void PriceResources::AddRoutes(RouteTable& routes) {
  for (const std::string cost : {"/api/v1/cost-tracking", "/api/v1/cost"}) {
    const std::string prices = cost + "/prices";
    const std::string price = prices + "/{provider}/{model}";
    routes.AddQuery(prices, [this](const auto& r) { return prices_.List(r); });
    routes.AddChange("POST", prices + "/import",
                     [this](const auto& r) { return prices_.Import(r); });
    routes.AddChange("PUT", price, [this](const auto& r) { return prices_.Put(r); });
    routes.AddChange("DELETE", price, [this](const auto& r) { return prices_.Delete(r); });
    const std::string reprice = cost + "/reprice";
    routes.AddQuery(reprice, [this](const auto& r) { return reprice_.List(r); });
    routes.AddQuery(reprice + "/{reprice_id}", [this](const auto& r) { return reprice_.Get(r); });
    routes.AddChange("POST", reprice, [this](const auto& r) { return reprice_.Start(r); });
  }
}

}  // namespace sightline::server
