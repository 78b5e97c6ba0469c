// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/outbound_queue.h"

namespace sightline::net {

// What a body tells the client when it ends before its feeder has closed it: because the feeder
// gave up, or the server stops.
enum class StreamEnd {
  kAnytime,   // Nothing: it is whole wherever it ends, as a feed of events is.
  kByFeeder,  // That something is missing, by ending the connection in the middle of the body.
};

struct StreamOptions {
  std::string content_type = "text/event-stream";
  HttpHeaders headers;
  StreamEnd end = StreamEnd::kAnytime;  // Clients of HTTP/1.0 cannot be told.
  std::size_t max_queued_bytes = std::size_t{1024} * 1024;
  std::shared_ptr<const PayloadRoom> room;  // See OutboundQueue.
  // Run on a network thread, without locks: must not block.
  std::function<void()> on_writable;  // A Send was refused with kFull and there is room again.
  std::function<void()> on_close;     // Once, last: by either side, or the server stops.
};

// A response body that a handler keeps writing, such as Server-Sent Events. Whoever feeds it holds
// it; the connection does too while it is open. Heartbeats and coalescing of states are the
// feeder's business.
//
// Thread: any.
class StreamWriter {
 public:
  explicit StreamWriter(StreamOptions options);
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;

  // Queues bytes for the client. `key`: see OutboundQueue::Push.
  SendResult Send(Payload payload, std::string_view key = {}) {
    return queue_.Push(std::move(payload), key);
  }

  // Ends the body once all that waits is written.
  void Close() {
    is_whole_ = true;
    queue_.Close();
  }

  // Gives up: ends the connection once all that waits is written.
  void Abort() { queue_.Close(); }

  std::size_t queued_bytes() const { return queue_.queued_bytes(); }

  bool is_closed() const { return queue_.is_closed(); }

 private:
  friend class HttpConnection;
  friend class Exchange;

  // Whether the client may be told that the body is whole.
  bool may_end() const { return options_.end == StreamEnd::kAnytime || is_whole_; }

  void NotifyWritable() const;
  void NotifyClosed();

  StreamOptions options_;
  OutboundQueue queue_;
  std::atomic<bool> is_whole_ = false;
};

// One event of a text/event-stream. Empty `event` or `id` are left out; `data` may hold line feeds.
std::string FormatServerSentEvent(std::string_view event, std::string_view id,
                                  std::string_view data);

}  // namespace sightline::net
