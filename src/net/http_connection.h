// SPDX-License-Identifier: Apache-2.0
// Internal to net/: includes Beast.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "net/exchange.h"
#include "net/request_reader.h"
#include "net/response_head.h"
#include "net/websocket_run.h"

namespace sightline::net {

// One accepted socket from its first request to its end: reads a request, hands it to the handler,
// waits for the sink's decision, writes it, and begins again.
//
// Thread: its strand, but for Start, BeginStop and Abort: any.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, std::string remote_address,
                 ServerContext& context);

  // `on_done` runs once, last, on the strand.
  void Start(std::function<void()> on_done);

  // Ends when the request in flight is answered; at once when there is none.
  void BeginStop();

  // Ends now.
  void Abort();

 private:
  enum class Phase { kIdle, kBusy };

  boost::asio::awaitable<void> Run();
  boost::asio::awaitable<bool> Serve(ReadResult& result);
  boost::asio::awaitable<bool> Conclude(Exchange::Outcome outcome, const ReadResult& result,
                                        ResponseFrame& frame);
  boost::asio::awaitable<bool> WriteResponse(const HttpResponse& response, bool with_body,
                                             ResponseFrame& frame);
  boost::asio::awaitable<void> RunStream(std::shared_ptr<StreamWriter> writer, bool with_body,
                                         ResponseFrame& frame);
  boost::asio::awaitable<void> FeedStream(StreamWriter& writer, bool is_chunked);
  boost::asio::awaitable<bool> WriteChunk(const std::string& bytes, bool is_chunked);
  boost::asio::awaitable<void> WatchForDisconnect();
  boost::asio::awaitable<void> WaitForWake();

  ResponseFrame MakeFrame(const ReadResult& result) const;
  void PostWake();
  void Wake();
  void CloseSocket();

  ServerContext& context_;
  boost::beast::tcp_stream stream_;  // Moved away once it is a WebSocket.
  const boost::asio::any_io_executor executor_;
  RequestReader reader_;
  boost::asio::steady_timer wake_timer_;
  Phase phase_ = Phase::kIdle;
  bool is_stopping_ = false;
  bool is_aborted_ = false;
  bool is_woken_ = false;
  bool is_peer_gone_ = false;
  bool is_watching_ = false;
  std::shared_ptr<StreamWriter> writer_;     // While streaming.
  std::shared_ptr<WebSocketRun> websocket_;  // While it is a WebSocket.
};

}  // namespace sightline::net
