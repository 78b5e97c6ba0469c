// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "net/outbound_queue.h"

namespace sightline::net {

// Close codes of RFC 6455 section 7.4.1 that we send or report.
inline constexpr std::uint16_t kCloseNormal = 1000;
inline constexpr std::uint16_t kCloseGoingAway = 1001;
inline constexpr std::uint16_t kCloseProtocolError = 1002;
inline constexpr std::uint16_t kCloseUnsupportedData = 1003;
inline constexpr std::uint16_t kCloseNoStatus = 1005;  // Reported only: a close without a code.
inline constexpr std::uint16_t kCloseAbnormal = 1006;  // Reported only: no close frame came.
inline constexpr std::uint16_t kCloseBadPayload = 1007;
inline constexpr std::uint16_t kClosePolicyViolation = 1008;
inline constexpr std::uint16_t kCloseTooBig = 1009;
inline constexpr std::uint16_t kCloseInternalError = 1011;

struct WebSocketOptions {
  std::size_t max_message_bytes = std::size_t{64} * 1024;
  std::size_t max_queued_bytes = std::size_t{1024} * 1024;
  std::shared_ptr<const PayloadRoom> room;              // See OutboundQueue.
  std::chrono::milliseconds handshake_timeout{10'000};  // Also for the closing handshake.
  // Without a sign of life for this long the socket is closed; half-way the server pings.
  std::chrono::milliseconds idle_timeout{60'000};
  // A frame that the client does not take for this long ends the connection.
  std::chrono::milliseconds write_timeout{30'000};
};

class WebSocketSession;

// Run on a network thread, one at a time for a session, without locks: must not block.
struct WebSocketCallbacks {
  std::function<void(WebSocketSession&, std::string message)> on_message;  // A text message.
  std::function<void(WebSocketSession&)> on_writable;  // After kFull: there is room again.
  // Once, last, also when the handshake failed.
  std::function<void(WebSocketSession&, std::uint16_t code)> on_close;
};

// The server's side of one WebSocket. Text messages only: a binary one is answered with close 1003,
// an oversized one with 1009, a malformed frame with 1002 and bad UTF-8 with 1007. Whoever feeds it
// holds it; the connection does too while it is open.
//
// Thread: any.
class WebSocketSession {
 public:
  WebSocketSession(WebSocketOptions options, WebSocketCallbacks callbacks);
  WebSocketSession(const WebSocketSession&) = delete;
  WebSocketSession& operator=(const WebSocketSession&) = delete;

  // Queues a text message. With a `key`, an unsent message of the same key is replaced in place.
  SendResult Send(Payload payload, std::string_view key = {}) {
    return queue_.Push(std::move(payload), key);
  }

  std::size_t queued_bytes() const { return queue_.queued_bytes(); }

  bool is_closed() const { return queue_.is_closed(); }

  // Starts the closing handshake once all that waits is written. The first call decides the code.
  // `reason` is cut at 123 bytes.
  void Close(std::uint16_t code, std::string_view reason = {}) EXCLUDES(mutex_);

 private:
  friend class WebSocketRun;
  friend class Exchange;

  struct CloseRequest {
    std::uint16_t code = kCloseNormal;
    std::string reason;
  };

  CloseRequest close_request() const EXCLUDES(mutex_);
  bool is_close_requested() const EXCLUDES(mutex_);
  void NotifyClosed(std::uint16_t code);

  const WebSocketOptions options_;
  WebSocketCallbacks callbacks_;
  OutboundQueue queue_;
  mutable base::Mutex mutex_;
  bool close_requested_ GUARDED_BY(mutex_) = false;
  CloseRequest close_request_ GUARDED_BY(mutex_);
};

}  // namespace sightline::net
