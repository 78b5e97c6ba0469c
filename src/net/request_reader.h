// SPDX-License-Identifier: Apache-2.0
// Internal to net/: includes Beast.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/loss.h"
#include "net/chunked_body.h"
#include "net/host.h"
#include "net/http.h"
#include "net/http_server.h"
#include "net/origin.h"
#include "net/request_head.h"

namespace sightline::net {

// Makes ids that are unique in this process and unlikely to be met in another.
//
// Thread: any.
class RequestIds {
 public:
  RequestIds();

  std::string Next();

 private:
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> count_{0};
};

// What all connections of one server share.
struct ServerContext {
  ServerContext(HttpServerOptions server_options, HttpHandler server_handler,
                base::LossTable& loss_table)
      : options(std::move(server_options)),
        handler(std::move(server_handler)),
        origins(options.allowed_origins),
        hosts(options.allowed_hosts),
        losses(loss_table) {}

  const HttpServerOptions options;
  const HttpHandler handler;
  const OriginPolicy origins;
  const HostPolicy hosts;
  base::LossTable& losses;
  RequestIds request_ids;
  std::atomic<std::size_t> answer_bytes = 0;  // See HttpServerOptions::max_answer_bytes.
};

struct ReadResult {
  enum class Kind { kRequest, kRefused, kClosed };

  Kind kind = Kind::kClosed;
  HttpRequest request;   // kRefused: as much of it as was understood.
  HttpResponse refusal;  // kRefused only.
  int http_minor = 1;
  bool keep_alive = false;
  bool has_unread_body = false;
  // The request's head as Beast wants it for a WebSocket handshake.
  boost::beast::http::request<boost::beast::http::empty_body> handshake;
};

// Reads the requests of one connection, one after the other, within the server's limits of size and
// time, and decides what is refused before a handler sees it.
//
// Thread: the connection's strand.
class RequestReader {
 public:
  RequestReader(boost::beast::tcp_stream& stream, ServerContext& context,
                std::string remote_address);

  // Waits for the first byte of the next request. False when the client is done or stays idle.
  boost::asio::awaitable<bool> WaitForRequest();

  boost::asio::awaitable<void> Read(ReadResult& result);

  // Reads and drops what the client still sends, for a short while: closing a socket with unread
  // bytes would reset it, and the client might lose our answer.
  boost::asio::awaitable<void> Linger();

  boost::beast::flat_buffer& buffer() { return buffer_; }

 private:
  using HeadParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

  struct BodyInProgress {
    BodyFraming framing;
    std::chrono::milliseconds hold_left;  // Time that it may still wait for room.
    std::string body{};
    ChunkedBody chunks{};  // When it is chunked.

    std::uint64_t left() const { return framing.is_chunked ? 0 : framing.length - body.size(); }

    bool is_done() const { return framing.is_chunked ? chunks.is_done() : left() == 0; }
  };

  boost::asio::awaitable<std::size_t> ReadHead(ReadResult& result);
  bool AcceptHead(HeadParser& head, ReadResult& result);
  bool AcceptHost(std::string_view authority, ReadResult& result);
  void AcceptHandshake(HeadParser& head, const BodyFraming& framing, ReadResult& result);
  bool Admit(const BodyFraming& framing, ReadResult& result);
  boost::asio::awaitable<void> ReadBody(const BodyFraming& framing, ReadResult& result);
  bool TakeBody(BodyInProgress& progress, ReadResult& result);
  boost::asio::awaitable<bool> Charge(std::size_t bytes, BodyInProgress& progress,
                                      ReadResult& result);
  boost::asio::awaitable<void> SkipBody(const BodyFraming& framing, std::uint64_t rest,
                                        ReadResult& result);
  boost::asio::awaitable<bool> SendContinue();
  void RefuseHead(ReadResult& result, int status, std::string_view detail);
  void FailHead(const boost::beast::error_code& error, ReadResult& result);
  void FailBody(const boost::beast::error_code& error, ReadResult& result);
  void Refuse(ReadResult& result, int status, std::string_view detail, base::Loss loss);
  std::string ChooseRequestId(const HttpHeaders& headers);

  boost::beast::tcp_stream& stream_;
  ServerContext& context_;
  const std::string remote_address_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer hold_timer_;
};

}  // namespace sightline::net
