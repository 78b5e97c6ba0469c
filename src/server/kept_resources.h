// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/kept/annotations_api.h"
#include "api/kept/dashboard_form.h"
#include "api/kept/dataset_export.h"
#include "api/kept/datasets_api.h"
#include "api/kept/examples_api.h"
#include "api/kept/saved_api.h"
#include "api/kept/scores_api.h"
#include "api/kept/view_form.h"
#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/worker_pool.h"
#include "server/route_table.h"
#include "store/annotation_store.h"
#include "store/dataset_store.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::server {

// The resources of the HTTP API that people keep, and their paths.
//
// Thread: any. What it refers to must outlive it.
class KeptResources {
 public:
  struct Parts {
    store::MetaStore& meta;
    store::DatasetStore& datasets;
    store::AnnotationStore& annotations;
    store::SpanStore& store;
    base::WorkerPool& queries;  // Read what is exported.
    const base::Clock& clock;
  };

  KeptResources(const api::TraceLoader::Options& options, const Parts& parts)
      : views_(api::ViewForm(), parts.meta, parts.clock),
        dashboards_(api::DashboardForm(), parts.meta, parts.clock),
        scores_(options.query_timeout, parts.meta, parts.store, parts.clock),
        annotations_(options.query_timeout, parts.annotations, parts.store, parts.clock),
        datasets_(parts.datasets, parts.clock),
        examples_(options, parts.datasets, parts.store, parts.clock),
        exporter_({}, parts.datasets, parts.queries) {}

  // The calls refer to this.
  void AddRoutes(RouteTable& routes);

 private:
  using AddRoute =
      std::function<void(std::string_view method, std::string_view pattern, RouteTable::Call call)>;

  // The paths of one resource: `list` and `list`/{`id`}.
  template <typename Resource>
  static void AddRoutesOf(Resource& resource, const std::string& list, std::string_view id,
                          const AddRoute& add);

  api::SavedApi views_;
  api::SavedApi dashboards_;
  api::ScoresApi scores_;
  api::AnnotationsApi annotations_;
  api::DatasetsApi datasets_;
  api::ExamplesApi examples_;
  api::DatasetExporter exporter_;
};

}  // namespace sightline::server
