// SPDX-License-Identifier: Apache-2.0
#include "net/websocket_run.h"

#include <exception>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "base/log.h"

namespace sightline::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using beast::error_code;

}  // namespace

WebSocketRun::WebSocketRun(beast::tcp_stream stream, std::shared_ptr<WebSocketSession> session,
                           base::LossTable& losses)
    : socket_(std::move(stream)),
      session_(std::move(session)),
      losses_(losses),
      wake_timer_(socket_.get_executor()),
      stall_timer_(socket_.get_executor()) {}

asio::awaitable<void> WebSocketRun::Run(const Handshake& handshake, const std::string& request_id) {
  const WebSocketOptions& options = session_->options_;
  beast::get_lowest_layer(socket_).expires_never();  // The WebSocket layer has its own timers.
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = options.handshake_timeout;
  timeouts.idle_timeout = options.idle_timeout;
  timeouts.keep_alive_pings = true;
  socket_.set_option(timeouts);
  socket_.set_option(
      websocket::stream_base::decorator([&request_id](websocket::response_type& response) {
        response.set("X-Request-Id", request_id);
      }));
  socket_.read_message_max(options.max_message_bytes);
  socket_.auto_fragment(false);
  socket_.text(true);
  socket_.control_callback([this](websocket::frame_type kind, std::string_view) {
    if (kind == websocket::frame_type::close) {
      has_peer_closed_ = true;
      session_->queue_.Close();
    }
  });
  error_code error;
  co_await socket_.async_accept(handshake, asio::redirect_error(asio::use_awaitable, error));
  std::uint16_t code = kCloseAbnormal;
  if (!error) {
    const auto self = shared_from_this();
    session_->queue_.Attach(
        [self] { asio::post(self->socket_.get_executor(), [self] { self->Wake(); }); });
    asio::co_spawn(socket_.get_executor(), WriteMessages(), [self](const std::exception_ptr&) {
      self->is_write_done_ = true;
      self->Wake();
    });
    code = co_await ReadMessages();
    is_read_done_ = true;
    Abort();
    Wake();
    while (!is_write_done_) {
      co_await WaitForWake();
    }
  }
  session_->NotifyClosed(code);
}

asio::awaitable<std::uint16_t> WebSocketRun::ReadMessages() {
  beast::flat_buffer buffer;
  while (true) {
    error_code error;
    co_await socket_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      co_return CloseCodeFor(error);
    }
    if (!socket_.got_text()) {
      session_->Close(kCloseUnsupportedData, "binary messages are not supported");
    } else if (!session_->is_closed() && session_->callbacks_.on_message) {
      DeliverMessage(beast::buffers_to_string(buffer.data()));
    }
    buffer.consume(buffer.size());
  }
}

void WebSocketRun::DeliverMessage(std::string message) {
  try {
    session_->callbacks_.on_message(*session_, std::move(message));
  } catch (const std::exception& e) {
    base::LogError("websocket callback threw: {}", e.what());
    session_->Close(kCloseInternalError, "internal error");
  }
}

// What ended the reading, as on_close reports it.
std::uint16_t WebSocketRun::CloseCodeFor(const error_code& error) const {
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
    losses_.Count(base::Loss::kRequestTooLarge);
    return kCloseTooBig;
  }
  if (error == websocket::error::bad_frame_payload) {
    losses_.Count(base::Loss::kRequestMalformed);
    return kCloseBadPayload;
  }
  if (error == websocket::condition::protocol_violation) {
    losses_.Count(base::Loss::kRequestMalformed);
    return kCloseProtocolError;
  }
  if (error == beast::error::timeout) {
    losses_.Count(base::Loss::kConnectionTimedOut);
    return kCloseAbnormal;
  }
  const auto code = static_cast<std::uint16_t>(socket_.reason().code);
  if (!has_peer_closed_ && code == 0) {
    return kCloseAbnormal;
  }
  if (session_->is_close_requested()) {
    return session_->close_request().code;
  }
  return code == 0 ? kCloseNoStatus : code;
}

asio::awaitable<void> WebSocketRun::WriteMessages() {
  while (!is_read_done_) {
    OutboundQueue::Taken taken = session_->queue_.Take();
    if (taken.is_writable && session_->callbacks_.on_writable) {
      session_->callbacks_.on_writable(*session_);
    }
    if (taken.payload != nullptr) {
      const bool is_sent = co_await WriteOne(std::move(taken.payload));
      if (!is_sent) {
        co_return;
      }
    } else if (taken.is_closed) {
      const auto request = session_->close_request();
      const websocket::close_reason reason(static_cast<websocket::close_code>(request.code),
                                           request.reason);
      error_code error;
      co_await socket_.async_close(reason, asio::redirect_error(asio::use_awaitable, error));
      co_return;
    } else {
      co_await WaitForWake();
    }
  }
}

asio::awaitable<bool> WebSocketRun::WriteOne(Payload payload) {
  ++writes_;
  is_writing_ = true;
  stall_timer_.expires_after(session_->options_.write_timeout);
  stall_timer_.async_wait([self = shared_from_this(), write = writes_](error_code error) {
    if (!error && self->is_writing_ && self->writes_ == write) {
      self->losses_.Count(base::Loss::kConnectionTimedOut);
      self->Abort();
    }
  });
  error_code error;
  co_await socket_.async_write(asio::buffer(*payload),
                               asio::redirect_error(asio::use_awaitable, error));
  is_writing_ = false;
  stall_timer_.cancel();
  co_return !error;
}

asio::awaitable<void> WebSocketRun::WaitForWake() {
  if (!is_woken_) {
    error_code error;
    wake_timer_.expires_at(asio::steady_timer::time_point::max());
    co_await wake_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  is_woken_ = false;
}

void WebSocketRun::Wake() {
  is_woken_ = true;
  wake_timer_.cancel();
}

void WebSocketRun::Stop() {
  session_->Close(kCloseGoingAway, "the server is stopping");
}

void WebSocketRun::Abort() {
  error_code ignored;
  beast::get_lowest_layer(socket_).socket().close(ignored);
}

}  // namespace sightline::net
