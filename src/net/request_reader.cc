// SPDX-License-Identifier: Apache-2.0
#include "net/request_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <random>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include "net/body_codec.h"

namespace sightline::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

// One read of a body; also the most that is buffered behind a head.
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

// A refused body of at most this size is read and dropped to keep the connection.
constexpr std::size_t kMaxSkippedBytes = std::size_t{1024} * 1024;

constexpr std::size_t kMaxLingerBytes = std::size_t{8} * 1024 * 1024;
constexpr std::chrono::seconds kLingerTime{1};

constexpr std::size_t kMaxRequestIdBytes = 128;

bool IsRequestId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

std::chrono::steady_clock::duration TimeFor(std::size_t bytes, std::size_t bytes_per_second) {
  return std::chrono::milliseconds(bytes * 1000 / std::max<std::size_t>(bytes_per_second, 1));
}

bool IsTimeout(const error_code& error) {
  return error == beast::error::timeout;
}

bool IsParseError(const error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category();
}

// The client waits for leave to send its body.
bool ExpectsContinue(const HttpRequest& request) {
  return request.headers.HasToken("Expect", "100-continue");
}

std::uint64_t RandomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

RequestIds::RequestIds() : seed_(RandomSeed()) {}

std::string RequestIds::Next() {
  // SplitMix64: a bijection, so ids repeat only after 2^64 requests.
  std::uint64_t z = seed_ + count_.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return fmt::format("{:016x}", z ^ (z >> 31));
}

RequestReader::RequestReader(beast::tcp_stream& stream, ServerContext& context,
                             std::string remote_address)
    : stream_(stream),
      context_(context),
      remote_address_(std::move(remote_address)),
      buffer_(context.options.max_header_bytes + kReadBytes) {}

asio::awaitable<bool> RequestReader::WaitForRequest() {
  if (buffer_.size() > 0) {
    co_return true;  // Pipelined.
  }
  buffer_.shrink_to_fit();
  stream_.expires_after(context_.options.idle_timeout);
  error_code error;
  const std::size_t size = co_await stream_.async_read_some(
      buffer_.prepare(kReadBytes / 16), asio::redirect_error(asio::use_awaitable, error));
  buffer_.commit(size);
  co_return !error;
}

asio::awaitable<void> RequestReader::Read(ReadResult& result) {
  HeadParser head;
  head.header_limit(static_cast<std::uint32_t>(context_.options.max_header_bytes));
  head.body_limit(boost::none);
  stream_.expires_after(context_.options.header_timeout);
  error_code error;
  co_await http::async_read_header(stream_, buffer_, head,
                                   asio::redirect_error(asio::use_awaitable, error));
  if (error) {
    FailHead(error, result);
    co_return;
  }
  if (!AcceptHead(head, result) || !Admit(head, result)) {
    co_await SkipBody(head, result);
    co_return;
  }
  result.kind = ReadResult::Kind::kRequest;
  if (result.request.IsWebSocketUpgrade()) {
    if (buffer_.size() > 0) {
      result.has_unread_body = true;
      Refuse(result, 400, "nothing may follow a WebSocket handshake before its answer",
             base::Loss::kRequestMalformed);
    }
    result.handshake = head.release();
    co_return;
  }
  if (head.is_done()) {
    co_return;
  }
  if (ExpectsContinue(result.request) && buffer_.size() == 0) {
    const bool is_sent = co_await SendContinue();
    if (!is_sent) {
      result.kind = ReadResult::Kind::kClosed;
      co_return;
    }
  }
  co_await ReadBody(head, result);
}

// Fills in the request. False when it is refused for what its head says.
bool RequestReader::AcceptHead(HeadParser& head, ReadResult& result) {
  const auto& message = head.get();
  HttpRequest& request = result.request;
  result.http_minor = message.version() == 10 ? 0 : 1;
  result.keep_alive = head.keep_alive();
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.remote_address = remote_address_;
  for (const auto& field : message) {
    request.headers.Add(std::string(field.name_string()), std::string(field.value()));
  }
  request.request_id = ChooseRequestId(request.headers);
  auto target = ParseTarget(request.target);
  if (!target.has_value()) {
    Refuse(result, 400, target.error().message(), base::Loss::kRequestMalformed);
    return false;
  }
  request.path = std::move(target->path);
  request.path_segments = std::move(target->path_segments);
  request.query = std::move(target->query);
  if (message.count(http::field::host) != 1 && result.http_minor == 1) {
    Refuse(result, 400, "a request needs exactly one Host field", base::Loss::kRequestMalformed);
    return false;
  }
  const auto encoding = request.headers.Find("Content-Encoding");
  if (encoding.has_value() && !IsSupportedEncoding(*encoding)) {
    Refuse(result, 415, fmt::format("Content-Encoding '{}' is not supported", *encoding),
           base::Loss::kRequestUnsupported);
    result.refusal.headers.Add("Accept-Encoding", "gzip, deflate, zstd");
    return false;
  }
  if (context_.origins.IsForbidden(request)) {
    Refuse(result, 403, "pages of this origin may not do this; see cors_origins",
           base::Loss::kRequestUnsupported);
    return false;
  }
  return true;
}

// Asks for leave to hold the body in memory. False when it is refused.
bool RequestReader::Admit(const HeadParser& head, ReadResult& result) {
  const std::uint64_t length = head.content_length().value_or(0);
  if (length > context_.options.max_body_bytes) {
    Refuse(result, 413,
           fmt::format("the body is larger than {} bytes", context_.options.max_body_bytes),
           base::Loss::kRequestTooLarge);
    return false;
  }
  if (!context_.options.admission || (length == 0 && !head.chunked())) {
    return true;
  }
  AdmissionDecision decision =
      context_.options.admission(result.request, static_cast<std::size_t>(length));
  if (auto* ticket = std::get_if<std::unique_ptr<AdmissionTicket>>(&decision)) {
    result.request.admission = std::move(*ticket);
    return true;
  }
  const auto& refusal = std::get<AdmissionRefusal>(decision);
  Refuse(result, refusal.status, refusal.detail, base::Loss::kRequestPushedBack);
  result.refusal.headers.Add("Retry-After", fmt::format("{}", refusal.retry_after.count()));
  return false;
}

asio::awaitable<bool> RequestReader::SendContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.expires_after(context_.options.write_timeout);
  error_code error;
  co_await asio::async_write(stream_, asio::buffer(kContinue),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

asio::awaitable<void> RequestReader::ReadBody(HeadParser& head, ReadResult& result) {
  const HttpServerOptions& options = context_.options;
  std::size_t charged = static_cast<std::size_t>(head.content_length().value_or(0));
  http::request_parser<http::string_body> body_parser(std::move(head));
  body_parser.body_limit(boost::none);
  const std::string& body = body_parser.get().body();
  const auto start = std::chrono::steady_clock::now() + options.body_timeout;
  while (!body_parser.is_done()) {
    stream_.expires_at(start + TimeFor(body.size(), options.min_bytes_per_second));
    error_code error;
    co_await http::async_read_some(stream_, buffer_, body_parser,
                                   asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      FailBody(error, result);
      co_return;
    }
    if (body.size() > options.max_body_bytes) {
      result.has_unread_body = true;
      Refuse(result, 413, fmt::format("the body is larger than {} bytes", options.max_body_bytes),
             base::Loss::kRequestTooLarge);
      co_return;
    }
    if (body.size() > charged && result.request.admission != nullptr) {
      if (!result.request.admission->Grow(body.size() - charged)) {
        result.has_unread_body = true;
        Refuse(result, 429, "too many bytes are in flight", base::Loss::kRequestPushedBack);
        result.refusal.headers.Add("Retry-After", "1");
        co_return;
      }
      charged = body.size();
    }
  }
  result.request.body = std::move(body_parser.get().body());
}

// After a refusal: a small body that is on its way anyway is dropped so that the connection lives.
asio::awaitable<void> RequestReader::SkipBody(const HeadParser& head, ReadResult& result) {
  if (head.is_done()) {
    co_return;
  }
  const std::uint64_t length = head.content_length().value_or(0);
  result.has_unread_body = true;
  if (head.chunked() || length > kMaxSkippedBytes || ExpectsContinue(result.request)) {
    result.keep_alive = false;
    co_return;
  }
  auto left = static_cast<std::size_t>(length);
  stream_.expires_after(context_.options.body_timeout);
  while (true) {
    const std::size_t skipped = std::min(left, buffer_.size());
    buffer_.consume(skipped);
    left -= skipped;
    if (left == 0) {
      result.has_unread_body = false;
      co_return;
    }
    error_code error;
    const std::size_t size =
        co_await stream_.async_read_some(buffer_.prepare(std::min(left, kReadBytes)),
                                         asio::redirect_error(asio::use_awaitable, error));
    buffer_.commit(size);
    if (error) {
      result.keep_alive = false;
      co_return;
    }
  }
}

asio::awaitable<void> RequestReader::Linger() {
  error_code error;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(kLingerTime);
  std::size_t dropped = 0;
  buffer_.clear();
  while (!error && dropped < kMaxLingerBytes) {
    dropped += co_await stream_.async_read_some(buffer_.prepare(kReadBytes),
                                                asio::redirect_error(asio::use_awaitable, error));
  }
}

void RequestReader::FailHead(const error_code& error, ReadResult& result) {
  result.keep_alive = false;
  result.request.request_id = context_.request_ids.Next();
  if (IsTimeout(error)) {
    context_.losses.Count(base::Loss::kConnectionTimedOut);  // Beast has closed the socket.
  } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    result.has_unread_body = true;
    Refuse(result, 431,
           fmt::format("the header is larger than {} bytes", context_.options.max_header_bytes),
           base::Loss::kRequestTooLarge);
  } else if (IsParseError(error) && error != http::error::end_of_stream) {
    result.has_unread_body = true;
    Refuse(result, 400, fmt::format("cannot read request: {}", error.message()),
           base::Loss::kRequestMalformed);
  }
}

void RequestReader::FailBody(const error_code& error, ReadResult& result) {
  result.keep_alive = false;
  if (IsTimeout(error)) {
    result.kind = ReadResult::Kind::kClosed;
    context_.losses.Count(base::Loss::kConnectionTimedOut);  // Beast has closed the socket.
  } else {
    result.has_unread_body = IsParseError(error) && error != http::error::partial_message;
    Refuse(result, 400, fmt::format("cannot read body: {}", error.message()),
           base::Loss::kRequestMalformed);
  }
}

void RequestReader::Refuse(ReadResult& result, int status, std::string_view detail,
                           base::Loss loss) {
  context_.losses.Count(loss);
  result.kind = ReadResult::Kind::kRefused;
  result.keep_alive = result.keep_alive && !result.has_unread_body;
  result.refusal = context_.options.render_error
                       ? context_.options.render_error(result.request, status, detail)
                       : DetailResponse(status, detail);
}

std::string RequestReader::ChooseRequestId(const HttpHeaders& headers) {
  const auto given = headers.Find("X-Request-Id");
  return given.has_value() && IsRequestId(*given) ? std::string(*given)
                                                  : context_.request_ids.Next();
}

}  // namespace sightline::net
