// SPDX-License-Identifier: Apache-2.0
#include "server/kept_resources.h"

#include <utility>

#include <fmt/format.h>

namespace sightline::server {

template <typename Resource>
void KeptResources::AddRoutesOf(Resource& resource, const std::string& list, std::string_view id,
                                const AddRoute& add) {
  const std::string one = fmt::format("{}/{{{}}}", list, id);
  add("GET", list, [&resource](const auto& r) { return resource.List(r); });
  add("POST", list, [&resource](const auto& r) { return resource.Create(r); });
  add("GET", one, [&resource](const auto& r) { return resource.Get(r); });
  add("PUT", one, [&resource](const auto& r) { return resource.Replace(r); });
  add("DELETE", one, [&resource](const auto& r) { return resource.Delete(r); });
}

void KeptResources::AddRoutes(RouteTable& routes) {
  const AddRoute add = [&](std::string_view method, std::string_view pattern,
                           RouteTable::Call call) {
    if (method == "GET") {
      routes.AddQuery(pattern, std::move(call));
    } else {
      routes.AddChange(method, pattern, std::move(call));
    }
  };
  AddRoutesOf(views_, "/api/v1/views", "view_id", add);
  AddRoutesOf(dashboards_, "/api/v1/dashboards", "dashboard_id", add);
  AddRoutesOf(datasets_, "/api/v1/datasets", "dataset_id", add);
  const std::string_view scores = "/api/v1/scores";
  add("GET", scores, [this](const auto& r) { return scores_.List(r); });
  add("POST", scores, [this](const auto& r) { return scores_.Add(r); });
  add("DELETE", "/api/v1/scores/{score_id}", [this](const auto& r) { return scores_.Delete(r); });
  const std::string_view annotations = "/api/v1/annotations";
  add("GET", annotations, [this](const auto& r) { return annotations_.List(r); });
  add("POST", annotations, [this](const auto& r) { return annotations_.Add(r); });
  add("DELETE", "/api/v1/annotations/{annotation_id}",
      [this](const auto& r) { return annotations_.Delete(r); });
  const std::string_view examples = "/api/v1/datasets/{dataset_id}/examples";
  const std::string_view example = "/api/v1/datasets/{dataset_id}/examples/{example_id}";
  add("GET", examples, [this](const auto& r) { return examples_.List(r); });
  add("POST", examples, [this](const auto& r) { return examples_.Add(r); });
  add("PUT", example, [this](const auto& r) { return examples_.Replace(r); });
  add("DELETE", example, [this](const auto& r) { return examples_.Delete(r); });
  routes.AddFeed("/api/v1/datasets/{dataset_id}/export",
                 [this](const auto& r, auto sink) { exporter_.Open(r, std::move(sink)); });
}

}  // namespace sightline::server
