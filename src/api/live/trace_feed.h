// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/live/feed_client.h"
#include "api/runs/run_loader.h"
#include "base/mutex.h"
#include "live/live.h"
#include "net/http.h"
#include "net/response_sink.h"

namespace sightline::api {

// WS /ws/traces/{trace_id}: the spans of one trace as they arrive, and its state as it changes, so
// that a tree can grow. Messages start with the connection: a client reads what there is by
// GET /traces/{trace_id} after `{"type":"initial"}` and adds new spans by their id.
//
// Thread: any; Open blocks while the store reads. What it refers to must outlive it; the server
// that its clients are connected to must be stopped first.
class TraceFeed {
 public:
  TraceFeed(live::Live& live, const RunLoader& loader, const FeedClient::Parts& parts)
      : live_(live), loader_(loader), parts_(parts) {}

  TraceFeed(const TraceFeed&) = delete;
  TraceFeed& operator=(const TraceFeed&) = delete;

  void Open(const net::HttpRequest& request, net::ResponseSink sink);

  void OnSpans(const live::NewSpans& spans) EXCLUDES(mutex_);
  void OnRun(const live::RunSnapshot& run) EXCLUDES(mutex_);

 private:
  using Clients = std::vector<std::shared_ptr<FeedClient>>;

  bool Join(const model::TraceId& trace_id, const std::shared_ptr<FeedClient>& client)
      EXCLUDES(mutex_);
  void Leave(const model::TraceId& trace_id, const std::shared_ptr<FeedClient>& client)
      EXCLUDES(mutex_);
  Clients ClientsOf(const model::TraceId& trace_id) EXCLUDES(mutex_);

  live::Live& live_;
  const RunLoader& loader_;
  const FeedClient::Parts parts_;

  base::Mutex mutex_;
  std::unordered_map<model::TraceId, Clients, model::TraceIdHasher> topics_ GUARDED_BY(mutex_);
};

}  // namespace sightline::api
