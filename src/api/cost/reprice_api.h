// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "net/http.h"
#include "repricing/repricer.h"

namespace sightline::api {

// /api/v1/cost-tracking/reprice: prices stored calls of a time again, first to see the difference.
//
// Thread: any; calls block while the metadata store reads or writes. What it refers to must outlive
// it.
class RepriceApi {
 public:
  explicit RepriceApi(repricing::Repricer& repricer) : repricer_(repricer) {}

  net::HttpResponse Start(const net::HttpRequest& request);       // POST /reprice
  net::HttpResponse List(const net::HttpRequest& request) const;  // GET /reprice
  net::HttpResponse Get(const net::HttpRequest& request) const;   // GET /reprice/{reprice_id}

 private:
  base::Result<std::string> StartJson(const std::string& body);
  base::Result<std::string> ListJson() const;
  base::Result<std::string> GetJson(const net::HttpRequest& request) const;

  repricing::Repricer& repricer_;
};

}  // namespace sightline::api
