// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/live/feed_client.h"
#include "api/runs/run_loader.h"
#include "base/mutex.h"
#include "live/live.h"
#include "net/http.h"
#include "net/response_sink.h"

namespace sightline::api {

// WS /ws/executions/{execution_id}: the state of one run on connect and on every change, until it
// is over.
//
// Thread: any; Open blocks while the store reads. What it refers to must outlive it; the server
// that its clients are connected to must be stopped first.
class ExecutionFeed {
 public:
  ExecutionFeed(live::Live& live, const RunLoader& loader, const FeedClient::Parts& parts)
      : live_(live), loader_(loader), parts_(parts) {}

  ExecutionFeed(const ExecutionFeed&) = delete;
  ExecutionFeed& operator=(const ExecutionFeed&) = delete;

  void Open(const net::HttpRequest& request, net::ResponseSink sink);

  // A watched run has changed.
  void OnRun(const live::RunSnapshot& run) EXCLUDES(mutex_);

 private:
  // A client between its registration and its first state gets no changes, but is told once more.
  struct Member {
    std::shared_ptr<FeedClient> client;
    bool is_told = false;
    bool has_missed = false;
  };

  using Members = std::vector<Member>;

  void Join(const std::string& execution_id, const std::shared_ptr<FeedClient>& client)
      EXCLUDES(mutex_);
  void Leave(const std::string& execution_id, const std::shared_ptr<FeedClient>& client)
      EXCLUDES(mutex_);
  net::Payload PayloadOf(const live::RunSnapshot& run) const;
  void TellFirst(const std::string& execution_id, const std::shared_ptr<FeedClient>& client,
                 bool waits);
  // True when changes came while the client was being told; it is told again then.
  bool HasMissed(const std::string& execution_id, const std::shared_ptr<FeedClient>& client)
      EXCLUDES(mutex_);

  live::Live& live_;
  const RunLoader& loader_;
  const FeedClient::Parts parts_;

  base::Mutex mutex_;
  std::unordered_map<std::string, Members> topics_ GUARDED_BY(mutex_);
};

}  // namespace sightline::api
