// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/live/subscription_gate.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "net/http.h"
#include "net/response_sink.h"
#include "net/websocket.h"

namespace sightline::api {

// One WebSocket client of a live feed. It answers the client's pings, counts what the client did
// wrong, and keeps what waits for a slow client bounded: a state that was not sent yet gives way to
// the next one, and the client is told how many it has missed so far as `skipped`.
//
// Thread: any. Its feed owns it.
class FeedClient : public std::enable_shared_from_this<FeedClient> {
 public:
  struct Parts {
    const SubscriptionGate& gate;
    base::LossTable& losses;
  };

  // Run on a network thread, once, when the client has gone.
  using OnClose = std::function<void(const std::shared_ptr<FeedClient>&)>;

  // Null, and the request answered, when there are too many subscriptions or it is not a handshake.
  static std::shared_ptr<FeedClient> Accept(const Parts& parts, const net::HttpRequest& request,
                                            net::ResponseSink sink, OnClose on_close);

  FeedClient(const Parts& parts, std::shared_ptr<const SubscriptionGate::Ticket> ticket,
             OnClose on_close)
      : losses_(parts.losses),
        payloads_(parts.gate.payloads()),
        ticket_(std::move(ticket)),
        on_close_(std::move(on_close)) {}

  // Sends a JSON object that takes the place of any state not sent yet.
  void SendState(const net::Payload& json) EXCLUDES(mutex_);

  // Sends a JSON object that takes no other's place. One that finds no room is skipped.
  void SendEvent(const net::Payload& json) EXCLUDES(mutex_);

  // Sends `{"type":"error","message":...}` and closes.
  void Refuse(std::uint16_t code, std::string_view message);

  void Close(std::uint16_t code, std::string_view reason = {}) { session_->Close(code, reason); }

  bool is_closed() const { return session_->is_closed(); }

 private:
  void OnMessage(net::WebSocketSession& session, const std::string& message);
  void Closed(std::uint16_t code);
  net::Payload WithSkipped(const net::Payload& json) const REQUIRES(mutex_);
  void CountSkipped() REQUIRES(mutex_);

  base::LossTable& losses_;
  const std::shared_ptr<net::PayloadRoom> payloads_;
  std::shared_ptr<const SubscriptionGate::Ticket> ticket_;
  OnClose on_close_;
  std::shared_ptr<net::WebSocketSession> session_;  // Set before anybody else sees the client.

  base::Mutex mutex_;
  std::uint64_t skipped_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sightline::api
