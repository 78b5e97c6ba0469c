// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/dataset_store.h"

namespace sightline::api {

// /api/v1/datasets: named lists of examples. What is in them, ExamplesApi answers.
//
// Thread: any; calls block while the store reads or writes. What it refers to must outlive it.
class DatasetsApi {
 public:
  DatasetsApi(store::DatasetStore& datasets, const base::Clock& clock)
      : datasets_(datasets), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse Create(const net::HttpRequest& request);
  // Of {dataset_id}.
  net::HttpResponse Get(const net::HttpRequest& request) const;
  net::HttpResponse Replace(const net::HttpRequest& request);
  net::HttpResponse Delete(const net::HttpRequest& request);

 private:
  base::Result<std::string> ListJson() const;
  base::Result<std::string> CreateJson(const std::string& body);
  base::Result<std::string> GetJson(std::string_view id) const;
  base::Result<std::string> ReplaceJson(std::string_view id, const std::string& body);
  base::Result<std::string> DeleteJson(std::string_view id);

  store::DatasetStore& datasets_;
  const base::Clock& clock_;
};

// The dataset of that id. kNotFound: there is none.
base::Result<store::Dataset> KnownDataset(const store::DatasetStore& datasets, std::string_view id);

}  // namespace sightline::api
