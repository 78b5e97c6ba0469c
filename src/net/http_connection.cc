// SPDX-License-Identifier: Apache-2.0
#include "net/http_connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <utility>
#include <variant>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "net/body_codec.h"

namespace sightline::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;

void LogIfFailed(const std::exception_ptr& failure) {
  if (failure == nullptr) {
    return;
  }
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    base::LogError("http connection ended by an exception: {}", e.what());
  } catch (...) {
    base::LogError("http connection ended by an unknown exception");
  }
}

// Room for the body of an answer while it is written.
class AnswerRoom {
 public:
  AnswerRoom(ServerContext& context, std::size_t bytes) : context_(context), bytes_(bytes) {
    constexpr std::size_t kSmall = std::size_t{16} * 1024;
    const std::size_t before = context.answer_bytes.fetch_add(bytes, std::memory_order_relaxed);
    if (before > 0 && bytes > kSmall && before + bytes > context.options.max_answer_bytes) {
      context.answer_bytes.fetch_sub(std::exchange(bytes_, 0), std::memory_order_relaxed);
      is_taken_ = false;
    }
  }

  ~AnswerRoom() { context_.answer_bytes.fetch_sub(bytes_, std::memory_order_relaxed); }

  AnswerRoom(const AnswerRoom&) = delete;
  AnswerRoom& operator=(const AnswerRoom&) = delete;

  bool is_taken() const { return is_taken_; }

 private:
  ServerContext& context_;
  std::size_t bytes_;
  bool is_taken_ = true;
};

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::string remote_address,
                               ServerContext& context)
    : context_(context),
      stream_(std::move(socket)),
      executor_(stream_.get_executor()),
      reader_(stream_, context, std::move(remote_address)),
      wake_timer_(executor_) {}

void HttpConnection::Start(std::function<void()> on_done) {
  asio::co_spawn(
      executor_, Run(),
      [self = shared_from_this(), on_done = std::move(on_done)](const std::exception_ptr& failure) {
        LogIfFailed(failure);
        self->CloseSocket();
        on_done();
      });
}

void HttpConnection::BeginStop() {
  asio::post(executor_, [self = shared_from_this()] {
    self->is_stopping_ = true;
    if (self->writer_ != nullptr) {
      self->writer_->Abort();
    } else if (self->websocket_ != nullptr) {
      self->websocket_->Stop();
    } else if (self->phase_ == Phase::kIdle) {
      self->CloseSocket();
    }
  });
}

void HttpConnection::Abort() {
  asio::post(executor_, [self = shared_from_this()] {
    self->is_aborted_ = true;
    self->CloseSocket();
    self->Wake();
  });
}

void HttpConnection::CloseSocket() {
  if (websocket_ != nullptr) {
    websocket_->Abort();  // It owns the socket.
    return;
  }
  error_code ignored;
  stream_.socket().close(ignored);
}

asio::awaitable<void> HttpConnection::Run() {
  while (!is_stopping_) {
    phase_ = Phase::kIdle;
    const bool has_request = co_await reader_.WaitForRequest();
    if (!has_request) {
      break;
    }
    phase_ = Phase::kBusy;
    ReadResult result;
    co_await reader_.Read(result);
    if (result.kind == ReadResult::Kind::kClosed) {
      break;
    }
    const bool has_unread_body = result.has_unread_body;
    const bool keep_alive = co_await Serve(result);
    if (has_unread_body && !is_aborted_) {
      co_await reader_.Linger();
    }
    if (!keep_alive) {
      break;
    }
  }
}

ResponseFrame HttpConnection::MakeFrame(const ReadResult& result) const {
  ResponseFrame frame;
  frame.http_minor = result.http_minor;
  frame.fate = result.keep_alive ? ConnectionFate::kKeepAlive : ConnectionFate::kClose;
  frame.request_id = result.request.request_id;
  frame.cors = context_.origins.ResponseHeaders(result.request);
  return frame;
}

// Answers one request. True when the connection can take another.
asio::awaitable<bool> HttpConnection::Serve(ReadResult& result) {
  ResponseFrame frame = MakeFrame(result);
  const bool with_body = result.request.method != "HEAD";
  if (result.kind == ReadResult::Kind::kRefused) {
    co_return co_await WriteResponse(result.refusal, with_body, frame);
  }
  if (OriginPolicy::IsPreflight(result.request)) {
    const HttpResponse response = context_.origins.AnswerPreflight(result.request);
    co_return co_await WriteResponse(response, with_body, frame);
  }
  const bool accepts_gzip =
      AcceptsGzip(result.request.headers.Find("Accept-Encoding").value_or(""));
  const auto exchange = std::make_shared<Exchange>(
      accepts_gzip ? Exchange::ResponseCoding::kGzip : Exchange::ResponseCoding::kIdentity,
      [self = shared_from_this()] { self->PostWake(); });
  try {
    context_.handler(std::move(result.request), ResponseSink(exchange));
  } catch (const std::exception& e) {
    base::LogError("http handler threw: {}", e.what());  // The sink has answered 500.
  }
  result.request = HttpRequest();
  result.request.method = with_body ? "GET" : "HEAD";
  while (!is_aborted_ && !exchange->is_decided()) {
    co_await WaitForWake();
  }
  Exchange::Outcome outcome = exchange->Detach();
  if (is_aborted_) {
    Exchange::Abandon(outcome);
    co_return false;
  }
  co_return co_await Conclude(std::move(outcome), result, frame);
}

asio::awaitable<bool> HttpConnection::Conclude(Exchange::Outcome outcome, const ReadResult& result,
                                               ResponseFrame& frame) {
  const bool with_body = result.request.method != "HEAD";
  if (auto* writer = std::get_if<std::shared_ptr<StreamWriter>>(&outcome)) {
    co_await RunStream(std::move(*writer), with_body, frame);
    co_return false;
  }
  if (auto* session = std::get_if<std::shared_ptr<WebSocketSession>>(&outcome)) {
    if (result.handshake.target().empty()) {  // The request was no handshake.
      Exchange::Abandon(outcome);
      HttpResponse response = DetailResponse(426, "this resource is a WebSocket");
      response.headers.Add("Upgrade", "websocket");
      frame.fate = ConnectionFate::kClose;
      co_return co_await WriteResponse(response, with_body, frame);
    }
    websocket_ =
        std::make_shared<WebSocketRun>(std::move(stream_), std::move(*session), context_.losses);
    if (is_stopping_) {
      websocket_->Stop();
    }
    co_await websocket_->Run(result.handshake, frame.request_id);
    co_return false;
  }
  auto& response = std::get<HttpResponse>(outcome);
  const AnswerRoom room(context_, response.body.size());
  if (!room.is_taken()) {
    context_.losses.Count(base::Loss::kRequestPushedBack);
    response = DetailResponse(503, "too many large answers are on their way to other clients");
    response.headers.Add("Retry-After", "1");
  }
  co_return co_await WriteResponse(response, with_body, frame);
}

asio::awaitable<bool> HttpConnection::WriteResponse(const HttpResponse& response, bool with_body,
                                                    ResponseFrame& frame) {
  if (is_stopping_) {
    frame.fate = ConnectionFate::kClose;
  }
  frame.content_length = response.body.size();
  const std::string head =
      FormatResponseHead(response.status, response.content_type, response.headers, frame);
  const bool has_body =
      with_body && response.status >= 200 && response.status != 204 && response.status != 304;
  const std::array<asio::const_buffer, 2> buffers{
      asio::buffer(head), has_body ? asio::buffer(response.body) : asio::const_buffer()};
  const auto transfer_time =
      std::chrono::milliseconds(response.body.size() * 1000 /
                                std::max<std::size_t>(context_.options.min_bytes_per_second, 1));
  stream_.expires_after(context_.options.write_timeout + transfer_time);
  error_code error;
  co_await asio::async_write(stream_, buffers, asio::redirect_error(asio::use_awaitable, error));
  if (error == beast::error::timeout) {
    context_.losses.Count(base::Loss::kConnectionTimedOut);
  }
  co_return !error && frame.fate == ConnectionFate::kKeepAlive;
}

asio::awaitable<void> HttpConnection::RunStream(std::shared_ptr<StreamWriter> writer,
                                                bool with_body, ResponseFrame& frame) {
  frame.fate = ConnectionFate::kClose;
  frame.is_chunked = frame.http_minor > 0;
  HttpHeaders headers = writer->options_.headers;
  if (writer->options_.content_type == "text/event-stream") {
    headers.Set("Cache-Control", "no-store");
    headers.Set("X-Accel-Buffering", "no");  // A buffering proxy would hold events back.
  }
  const std::string head = FormatResponseHead(200, writer->options_.content_type, headers, frame);
  stream_.expires_after(context_.options.write_timeout);
  error_code error;
  co_await asio::async_write(stream_, asio::buffer(head),
                             asio::redirect_error(asio::use_awaitable, error));
  if (!error && with_body && !is_aborted_) {
    writer_ = writer;
    writer->queue_.Attach([self = shared_from_this()] { self->PostWake(); });
    if (is_stopping_) {
      writer->Abort();
    }
    is_watching_ = true;
    asio::co_spawn(executor_, WatchForDisconnect(),
                   [self = shared_from_this()](const std::exception_ptr&) {
                     self->is_watching_ = false;
                     self->is_peer_gone_ = true;
                     self->Wake();
                   });
    co_await FeedStream(*writer, frame.is_chunked);
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    CloseSocket();
    while (is_watching_) {
      co_await WaitForWake();
    }
    writer_ = nullptr;
  }
  writer->NotifyClosed();
}

asio::awaitable<void> HttpConnection::FeedStream(StreamWriter& writer, bool is_chunked) {
  while (!is_peer_gone_ && !is_aborted_) {
    const OutboundQueue::Taken taken = writer.queue_.Take();
    if (taken.is_writable) {
      writer.NotifyWritable();
    }
    if (taken.payload != nullptr) {
      const bool is_sent = co_await WriteChunk(*taken.payload, is_chunked);
      if (!is_sent) {
        co_return;
      }
    } else if (taken.is_closed) {
      if (is_chunked && writer.may_end()) {
        static const std::string kNothing;
        co_await WriteChunk(kNothing, is_chunked);
      }
      co_return;
    } else {
      co_await WaitForWake();
    }
  }
}

// An empty chunk ends the body.
asio::awaitable<bool> HttpConnection::WriteChunk(const std::string& bytes, bool is_chunked) {
  static constexpr std::string_view kLineBreak = "\r\n";
  const std::string size = is_chunked ? fmt::format("{:x}\r\n", bytes.size()) : std::string();
  const std::array<asio::const_buffer, 3> buffers{
      asio::buffer(size), asio::buffer(bytes),
      is_chunked ? asio::buffer(kLineBreak) : asio::const_buffer()};
  stream_.expires_after(context_.options.write_timeout);
  error_code error;
  co_await asio::async_write(stream_, buffers, asio::redirect_error(asio::use_awaitable, error));
  if (error == beast::error::timeout) {
    context_.losses.Count(base::Loss::kConnectionTimedOut);
  }
  co_return !error;
}

// A client that streams has nothing more to say: what it sends is dropped, its end is noticed.
asio::awaitable<void> HttpConnection::WatchForDisconnect() {
  std::array<char, 512> dropped{};
  error_code error;
  while (!error) {
    stream_.expires_never();
    co_await stream_.async_read_some(asio::buffer(dropped),
                                     asio::redirect_error(asio::use_awaitable, error));
  }
}

asio::awaitable<void> HttpConnection::WaitForWake() {
  if (!is_woken_) {
    error_code error;
    wake_timer_.expires_at(asio::steady_timer::time_point::max());
    co_await wake_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  is_woken_ = false;
}

void HttpConnection::PostWake() {
  asio::post(executor_, [self = shared_from_this()] { self->Wake(); });
}

void HttpConnection::Wake() {
  is_woken_ = true;
  wake_timer_.cancel();
}

}  // namespace sightline::net
