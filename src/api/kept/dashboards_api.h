// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/meta_store.h"

namespace sightline::api {

// /api/v1/dashboards: panels that people put together, and the dashboards that come with the
// program, which cannot be changed.
//
// Thread: any; calls block while the metadata store reads or writes. What it refers to must outlive
// it.
class DashboardsApi {
 public:
  DashboardsApi(store::MetaStore& meta, const base::Clock& clock) : meta_(meta), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse Create(const net::HttpRequest& request);
  net::HttpResponse Get(const net::HttpRequest& request) const;
  net::HttpResponse Replace(const net::HttpRequest& request);
  net::HttpResponse Delete(const net::HttpRequest& request);

 private:
  base::Result<std::string> ListJson() const;
  base::Result<std::string> CreateJson(const std::string& body);
  base::Result<std::string> GetJson(const net::HttpRequest& request) const;
  base::Result<std::string> ReplaceJson(const net::HttpRequest& request, const std::string& body);
  base::Result<std::string> DeleteJson(const net::HttpRequest& request);

  store::MetaStore& meta_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
