// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "net/http.h"
#include "pricing/current_prices.h"
#include "store/meta_store.h"

namespace sightline::api {

// /api/v1/cost-tracking/prices and the paths below it: which price applies to which model, and
// prices that somebody sets. A change applies to what is received after the answer; costs that are
// stored stay as they are until they are priced again.
//
// Thread: any; calls block while the metadata store reads or writes. What it refers to must outlive
// it.
class PricesApi {
 public:
  struct Options {
    std::size_t max_body_bytes;  // Decompressed.
  };

  PricesApi(const Options& options, store::MetaStore& meta, pricing::CurrentPrices& prices,
            const base::Clock& clock)
      : options_(options), meta_(meta), prices_(prices), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;  // GET /prices
  net::HttpResponse Put(const net::HttpRequest& request);         // PUT /prices/{provider}/{model}
  net::HttpResponse Delete(const net::HttpRequest& request);      // DELETE of the same
  net::HttpResponse Import(const net::HttpRequest& request);      // POST /prices/import

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<std::string> PutJson(const net::HttpRequest& request, const std::string& body);
  base::Result<std::string> DeleteJson(const net::HttpRequest& request);
  base::Result<std::string> ImportJson(const net::HttpRequest& request, const std::string& body);

  // Stores prices and puts them into use; returns them with their versions.
  base::Result<std::vector<pricing::OwnPrice>> Store(std::vector<pricing::OwnPrice> prices,
                                                     std::string_view source) REQUIRES(mutex_);

  const Options options_;
  store::MetaStore& meta_;
  pricing::CurrentPrices& prices_;
  const base::Clock& clock_;
  base::Mutex mutex_;  // One change at a time: read, check, store, put into use.
};

}  // namespace sightline::api
