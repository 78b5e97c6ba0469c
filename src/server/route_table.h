// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "base/loss.h"
#include "base/result.h"
#include "base/worker_pool.h"
#include "net/http.h"
#include "net/http_server.h"
#include "net/router.h"

namespace sightline::server {

// On which thread a path is answered, and for whom. Refuses pages of other sites what costs much,
// and everybody when too many wait.
//
// Thread: the adding functions before serving, Handle any. What it refers to must outlive it.
class RouteTable {
 public:
  using Call = std::function<net::HttpResponse(const net::HttpRequest&)>;

  // `queries` are threads that may read the store, `figures` those that never do.
  RouteTable(base::WorkerPool& queries, base::WorkerPool& figures, base::LossTable& losses)
      : queries_(queries), figures_(figures), losses_(losses) {}

  // Changes something, on a query thread. The server refuses pages of other sites before.
  void AddChange(std::string_view method, std::string_view pattern, Call call);

  // Answers on a query thread: what reads the store.
  void AddQuery(std::string_view pattern, Call call);

  // Answers on a thread that never reads the store, and so does not wait for searches.
  void AddFigures(std::string_view pattern, Call call);

  // Opens a feed on a query thread: it may have to look into the store first.
  using OpenFeed = std::function<void(const net::HttpRequest&, net::ResponseSink)>;
  void AddFeed(std::string_view pattern, OpenFeed open);

  // Answers on the connection's thread: for what never waits, and must answer while all query
  // threads are busy.
  void AddDirect(std::string_view pattern, Call call);

  // Hands the request on, on the connection's thread.
  void AddReceiver(std::string_view method, std::string_view pattern, net::HttpHandler handler) {
    router_.Add(method, pattern, std::move(handler));
  }

  // Has every route refuse query parameters that the OpenAPI document, as JSON, does not give it.
  // Errors: those of api::QueryNames.
  base::Result<void> CheckQueries(std::string_view openapi);

  // Answers what nothing else does.
  void SetFallback(net::HttpHandler handler) { router_.SetFallback(std::move(handler)); }

  void Handle(net::HttpRequest request, net::ResponseSink sink) const {
    router_.Handle(std::move(request), std::move(sink));
  }

 private:
  // Adds a GET that costs much: not for pages of other sites, not even as a link that is followed.
  void AddCostly(std::string_view pattern, net::HttpHandler handler);

  // What answers on a thread of the pool.
  static net::HttpHandler OnThreadOf(base::WorkerPool& pool, Call call);

  base::WorkerPool& queries_;
  base::WorkerPool& figures_;
  base::LossTable& losses_;
  net::Router router_;
};

}  // namespace sightline::server
