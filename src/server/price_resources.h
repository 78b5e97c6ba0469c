// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

#include "api/cost/cost_breakdown.h"
#include "api/cost/prices_api.h"
#include "api/cost/reprice_api.h"
#include "base/clock.h"
#include "live/live.h"
#include "pricing/current_prices.h"
#include "repricing/repricer.h"
#include "server/route_table.h"
#include "store/meta_store.h"
#include "store/price_store.h"

namespace sightline::server {

// What the server does about prices: those that people set, stored calls that are priced again, and
// how the cost of a span came about; with the paths of the HTTP API for it.
//
// Thread: any. What it refers to must outlive it.
class PriceResources {
 public:
  struct Options {
    std::size_t max_body_bytes;  // Of a request, decompressed.
    std::chrono::nanoseconds query_timeout;
  };

  struct Parts {
    store::PriceStore& store;
    store::MetaStore& meta;
    pricing::CurrentPrices& prices;
    live::Live& live;
    const base::Clock& clock;
  };

  PriceResources(const Options& options, const Parts& parts);

  // The routes refer to this.
  void AddRoutes(RouteTable& routes);

  const api::CostBreakdown& breakdown() const { return breakdown_; }

  // Pricing again ends where it is, to go on after the next start.
  void Stop() { repricer_.Stop(); }

 private:
  const api::CostBreakdown breakdown_;
  api::PricesApi prices_;
  repricing::Repricer repricer_;
  api::RepriceApi reprice_;
};

}  // namespace sightline::server
