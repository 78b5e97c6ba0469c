// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "api/request/object_reader.h"
#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/dataset_store.h"
#include "store/store.h"

namespace sightline::api {

// /api/v1/datasets/{dataset_id}/examples: what is in a dataset. DatasetExporter gives all of it.
//
// Thread: any; calls block while a store reads or writes. What it refers to must outlive it.
class ExamplesApi {
 public:
  ExamplesApi(const TraceLoader::Options& options, store::DatasetStore& datasets,
              store::SpanStore& store, const base::Clock& clock)
      : datasets_(datasets), store_(store), clock_(clock), loader_(options, store, clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse Add(const net::HttpRequest& request);
  // Of {example_id}.
  net::HttpResponse Replace(const net::HttpRequest& request);
  net::HttpResponse Delete(const net::HttpRequest& request);

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<std::string> AddJson(std::string_view dataset_id, const std::string& body);
  base::Result<std::string> ReplaceJson(const net::HttpRequest& request, const std::string& body);
  base::Result<std::string> DeleteJson(const net::HttpRequest& request);
  // Takes input, output and source of the run or the step that a request names.
  base::Result<void> CopyFrom(ObjectReader& reader, store::Example& example) const;
  // The same of the one whose ids the example has.
  base::Result<void> CopyContent(store::Example& example) const;

  store::DatasetStore& datasets_;
  store::SpanStore& store_;
  const base::Clock& clock_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
