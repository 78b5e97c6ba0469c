// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "base/worker_pool.h"
#include "net/http.h"
#include "net/response_sink.h"
#include "store/dataset_store.h"

namespace sightline::api {

// GET /api/v1/datasets/{dataset_id}/export: all examples of a dataset, one JSON object a line. They
// are read part by part, as fast as the client takes them, so that an export holds little of its
// dataset in memory. What is added meanwhile is in it. When the rest cannot be read, or the dataset
// is deleted meanwhile, the connection ends in the middle of the body.
//
// Thread: any. What it refers to must outlive it, and the server that its clients are connected to
// must be stopped before it dies.
class DatasetExporter {
 public:
  struct Options {
    std::size_t max_exports = 4;  // At once.
    std::size_t part_bytes = std::size_t{256}
                             << 10U;  // Read together, unless one example has more.
    std::size_t queued_bytes = std::size_t{1} << 20U;  // Wait to be sent.
  };

  // Parts are read on threads of `queries`.
  DatasetExporter(const Options& options, const store::DatasetStore& datasets,
                  base::WorkerPool& queries)
      : options_(options), datasets_(datasets), queries_(queries) {}

  // On a thread that may read the store.
  void Open(const net::HttpRequest& request, net::ResponseSink sink);

 private:
  class Export;

  const Options options_;
  const store::DatasetStore& datasets_;
  base::WorkerPool& queries_;
  const std::shared_ptr<std::atomic<std::size_t>> open_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace sightline::api
