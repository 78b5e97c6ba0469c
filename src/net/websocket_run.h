// SPDX-License-Identifier: Apache-2.0
// Internal to net/: includes Beast.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "base/loss.h"
#include "net/websocket.h"

namespace sightline::net {

// Carries one session over one socket: one coroutine reads, one writes.
//
// Thread: the connection's strand.
class WebSocketRun : public std::enable_shared_from_this<WebSocketRun> {
 public:
  using Handshake = boost::beast::http::request<boost::beast::http::empty_body>;

  WebSocketRun(boost::beast::tcp_stream stream, std::shared_ptr<WebSocketSession> session,
               base::LossTable& losses);

  // Returns when the WebSocket has ended and the session's on_close has run.
  boost::asio::awaitable<void> Run(const Handshake& handshake, const std::string& request_id);

  // Starts a clean close with kCloseGoingAway.
  void Stop();

  // Cuts the connection.
  void Abort();

 private:
  boost::asio::awaitable<std::uint16_t> ReadMessages();
  boost::asio::awaitable<void> WriteMessages();
  boost::asio::awaitable<bool> WriteOne(Payload payload);
  boost::asio::awaitable<void> WaitForWake();
  void DeliverMessage(std::string message);
  std::uint16_t CloseCodeFor(const boost::beast::error_code& error) const;
  void Wake();

  boost::beast::websocket::stream<boost::beast::tcp_stream> socket_;
  const std::shared_ptr<WebSocketSession> session_;
  base::LossTable& losses_;
  boost::asio::steady_timer wake_timer_;
  boost::asio::steady_timer stall_timer_;
  std::uint64_t writes_ = 0;  // Tells a stall timer that fired late from one in time.
  bool is_writing_ = false;
  bool is_woken_ = false;
  bool has_peer_closed_ = false;  // Its close frame has come.
  bool is_read_done_ = false;
  bool is_write_done_ = false;
};

}  // namespace sightline::net
