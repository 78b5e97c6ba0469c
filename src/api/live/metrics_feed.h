// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/live/feed_client.h"
#include "api/telemetry/host_figures.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "live/live.h"
#include "net/http.h"
#include "net/response_sink.h"
#include "net/stream.h"

namespace sightline::api {

// The figures of live state as they change: WS /ws/metrics and SSE /metrics/stream. What many
// clients get is written once. A slow client gets the newest state, never a backlog.
//
// Thread: any. Owns the thread that sends. What it refers to must outlive it; the server that its
// clients are connected to must be stopped first.
class MetricsFeed {
 public:
  struct Options {
    std::chrono::milliseconds least_interval{250};
    std::chrono::milliseconds most_interval{30'000};
    // Rates go on changing after the last change of a run, for as long as they look back.
    std::chrono::milliseconds rates_interval{2'000};
    std::chrono::milliseconds rates_window{62'000};
    std::chrono::milliseconds heartbeat{15'000};  // Of streams.
    std::chrono::milliseconds stream_interval{5'000};
    std::chrono::milliseconds least_stream_interval{250};
  };

  MetricsFeed(const Options& options, const live::Live& live, HostMonitor& host,
              const base::Clock& clock, const FeedClient::Parts& parts);
  ~MetricsFeed();
  MetricsFeed(const MetricsFeed&) = delete;
  MetricsFeed& operator=(const MetricsFeed&) = delete;

  void OpenSocket(const net::HttpRequest& request, net::ResponseSink sink);
  void OpenStream(const net::HttpRequest& request, net::ResponseSink sink);

  // Figures have changed.
  void OnChange() EXCLUDES(mutex_);

 private:
  using Time = std::chrono::steady_clock::time_point;

  // The sockets that see the same figures.
  struct Topic {
    std::vector<std::shared_ptr<FeedClient>> clients;
    Time sent_at;
    Time changed_at;
    bool has_changed = false;
  };

  struct Stream {
    std::shared_ptr<net::StreamWriter> writer;
    std::shared_ptr<const SubscriptionGate::Ticket> ticket;
    std::string workflow;
    std::chrono::milliseconds interval;
    Time sent_at;
    Time heard_at;  // Event or heartbeat.
    std::uint64_t next_id = 1;
  };

  void Run(const std::stop_token& stop);
  bool IsDue(const Topic& topic, Time now) const;
  void SendTopics(Time now) EXCLUDES(mutex_);
  void SendStreams(Time now) EXCLUDES(mutex_);
  void Leave(const std::string& workflow, const std::shared_ptr<FeedClient>& client)
      EXCLUDES(mutex_);
  net::Payload Message(std::string_view type, const std::string& workflow) const EXCLUDES(mutex_);
  std::string StreamData(const std::string& workflow) const EXCLUDES(mutex_);
  live::Figures FiguresOf(const std::string& workflow) const;

  const Options options_;
  const live::Live& live_;
  HostMonitor& host_;
  const base::Clock& clock_;
  const FeedClient::Parts parts_;

  base::Mutex mutex_;
  base::CondVar wake_;
  std::map<std::string, Topic> topics_ GUARDED_BY(mutex_);  // By workflow, "" for all.
  std::vector<Stream> streams_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;

  std::jthread thread_;
};

}  // namespace sightline::api
