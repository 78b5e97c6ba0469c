// SPDX-License-Identifier: Apache-2.0
#include "server/kept_resources.h"

#include <utility>

namespace sightline::server {

void KeptResources::AddRoutes(RouteTable& routes) {
  const AddRoute add = [&](std::string_view method, std::string_view pattern,
                           RouteTable::Call call) {
    if (method == "GET") {
      routes.AddQuery(pattern, std::move(call));
    } else {
      routes.AddChange(method, pattern, std::move(call));
    }
  };
  const std::string_view views = "/api/v1/views";
  const std::string_view view = "/api/v1/views/{view_id}";
  add("GET", views, [this](const auto& r) { return views_.List(r); });
  add("POST", views, [this](const auto& r) { return views_.Create(r); });
  add("GET", view, [this](const auto& r) { return views_.Get(r); });
  add("PUT", view, [this](const auto& r) { return views_.Replace(r); });
  add("DELETE", view, [this](const auto& r) { return views_.Delete(r); });
  const std::string_view dashboards = "/api/v1/dashboards";
  const std::string_view dashboard = "/api/v1/dashboards/{dashboard_id}";
  add("GET", dashboards, [this](const auto& r) { return dashboards_.List(r); });
  add("POST", dashboards, [this](const auto& r) { return dashboards_.Create(r); });
  add("GET", dashboard, [this](const auto& r) { return dashboards_.Get(r); });
  add("PUT", dashboard, [this](const auto& r) { return dashboards_.Replace(r); });
  add("DELETE", dashboard, [this](const auto& r) { return dashboards_.Delete(r); });
  const std::string_view scores = "/api/v1/scores";
  add("GET", scores, [this](const auto& r) { return scores_.List(r); });
  add("POST", scores, [this](const auto& r) { return scores_.Add(r); });
  add("DELETE", "/api/v1/scores/{score_id}", [this](const auto& r) { return scores_.Delete(r); });
  const std::string_view annotations = "/api/v1/annotations";
  add("GET", annotations, [this](const auto& r) { return annotations_.List(r); });
  add("POST", annotations, [this](const auto& r) { return annotations_.Add(r); });
  add("DELETE", "/api/v1/annotations/{annotation_id}",
      [this](const auto& r) { return annotations_.Delete(r); });
  AddRoutesOfDatasets(add);
  routes.AddFeed("/api/v1/datasets/{dataset_id}/export",
                 [this](const auto& r, auto sink) { exporter_.Open(r, std::move(sink)); });
}

void KeptResources::AddRoutesOfDatasets(const AddRoute& add) {
  const std::string_view datasets = "/api/v1/datasets";
  const std::string_view dataset = "/api/v1/datasets/{dataset_id}";
  add("GET", datasets, [this](const auto& r) { return datasets_.List(r); });
  add("POST", datasets, [this](const auto& r) { return datasets_.Create(r); });
  add("GET", dataset, [this](const auto& r) { return datasets_.Get(r); });
  add("PUT", dataset, [this](const auto& r) { return datasets_.Replace(r); });
  add("DELETE", dataset, [this](const auto& r) { return datasets_.Delete(r); });
  const std::string_view examples = "/api/v1/datasets/{dataset_id}/examples";
  const std::string_view example = "/api/v1/datasets/{dataset_id}/examples/{example_id}";
  add("GET", examples, [this](const auto& r) { return examples_.List(r); });
  add("POST", examples, [this](const auto& r) { return examples_.Add(r); });
  add("PUT", example, [this](const auto& r) { return examples_.Replace(r); });
  add("DELETE", example, [this](const auto& r) { return examples_.Delete(r); });
}

}  // namespace sightline::server
