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
#include <fmt/format.h>

#include "base/utf8.h"
#include "net/body_codec.h"
#include "net/http_status.h"

namespace sightline::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

// One read of a body; also the most that is buffered after a head.
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

// One read of a head. Small: there may be as many unfinished heads as connections.
constexpr std::size_t kHeadReadBytes = std::size_t{4} * 1024;

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

// The client waits for leave to send its body.
bool ExpectsContinue(const HttpRequest& request) {
  return request.headers.HasToken("Expect", "100-continue");
}

// RFC 6455 section 4.1: one key, which is 16 bytes in base64.
bool HasWebSocketKey(const HttpRequest& request) {
  constexpr std::size_t kDigits = 22;
  constexpr std::string_view kPadding = "==";
  const auto is_key_field = [](const NameValue& field) {
    return EqualsIgnoringCase(field.name, "Sec-WebSocket-Key");
  };
  const auto is_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  const std::string_view key = request.headers.Find("Sec-WebSocket-Key").value_or("");
  return std::ranges::count_if(request.headers, is_key_field) == 1 &&
         key.size() == kDigits + kPadding.size() && key.ends_with(kPadding) &&
         std::ranges::all_of(key.substr(0, kDigits), is_digit);
}

bool HasBody(const BodyFraming& framing) {
  return framing.is_chunked || framing.length > 0;
}

std::string_view TextOf(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
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
      buffer_(context.options.max_header_bytes + kReadBytes),
      hold_timer_(stream.get_executor()) {}

asio::awaitable<bool> RequestReader::WaitForRequest() {
  if (buffer_.size() > 0) {
    co_return true;  // Pipelined.
  }
  buffer_.shrink_to_fit();
  stream_.expires_after(context_.options.idle_timeout);
  error_code error;
  const std::size_t size = co_await stream_.async_read_some(
      buffer_.prepare(kHeadReadBytes), asio::redirect_error(asio::use_awaitable, error));
  buffer_.commit(size);
  co_return !error;
}

// Size of the head that the buffer begins with; 0 when there is none: see `result`.
asio::awaitable<std::size_t> RequestReader::ReadHead(ReadResult& result) {
  stream_.expires_after(context_.options.header_timeout);
  HeadEnd end = FindHeadEnd(TextOf(buffer_));
  while (end.kind == HeadEnd::Kind::kIncomplete &&
         buffer_.size() <= context_.options.max_header_bytes) {
    error_code error;
    const std::size_t size = co_await stream_.async_read_some(
        buffer_.prepare(kHeadReadBytes), asio::redirect_error(asio::use_awaitable, error));
    buffer_.commit(size);
    if (error) {
      FailHead(error, result);
      co_return 0;
    }
    end = FindHeadEnd(TextOf(buffer_));
  }
  if (end.kind == HeadEnd::Kind::kBareLineFeed) {
    RefuseHead(result, 400, "cannot read request: a line of its header does not end with CRLF");
    co_return 0;
  }
  if (end.kind == HeadEnd::Kind::kIncomplete || end.size > context_.options.max_header_bytes) {
    RefuseHead(
        result, 431,
        fmt::format("the header is larger than {} bytes", context_.options.max_header_bytes));
    co_return 0;
  }
  co_return end.size;
}

asio::awaitable<void> RequestReader::Read(ReadResult& result) {
  const std::size_t head_size = co_await ReadHead(result);
  if (head_size == 0) {
    co_return;
  }
  const std::string_view head_text = TextOf(buffer_).substr(0, head_size);
  const base::Result<BodyFraming> framing = ReadBodyFraming(head_text);
  if (!framing.has_value()) {
    RefuseHead(result, HttpStatusOf(framing.error().code()), framing.error().message());
    co_return;
  }
  HeadParser head;
  head.header_limit(static_cast<std::uint32_t>(context_.options.max_header_bytes));
  head.body_limit(boost::none);
  error_code error;
  head.put(asio::buffer(head_text), error);
  if (error || !head.is_header_done()) {
    RefuseHead(result, 400, fmt::format("cannot read request: {}", error.message()));
    co_return;
  }
  buffer_.consume(head_size);
  if (!AcceptHead(head, result) || !Admit(*framing, result)) {
    co_await SkipBody(*framing, framing->length, result);
    co_return;
  }
  result.kind = ReadResult::Kind::kRequest;
  if (result.request.IsWebSocketUpgrade()) {
    AcceptHandshake(head, *framing, result);
    co_return;
  }
  if (!HasBody(*framing)) {
    co_return;
  }
  if (ExpectsContinue(result.request) && buffer_.size() == 0) {
    const bool is_sent = co_await SendContinue();
    if (!is_sent) {
      result.kind = ReadResult::Kind::kClosed;
      co_return;
    }
  }
  co_await ReadBody(*framing, result);
}

void RequestReader::AcceptHandshake(HeadParser& head, const BodyFraming& framing,
                                    ReadResult& result) {
  if (HasBody(framing) || buffer_.size() > 0) {
    result.has_unread_body = true;
    Refuse(result, 400, "nothing may follow a WebSocket handshake before its answer",
           base::Loss::kRequestMalformed);
  } else if (!HasWebSocketKey(result.request)) {
    Refuse(result, 400, "a WebSocket handshake needs one Sec-WebSocket-Key of 16 bytes",
           base::Loss::kRequestMalformed);
  }
  result.handshake = head.release();
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
  if (!AcceptHost(target->authority, result)) {
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
           base::Loss::kRequestForeign);
    return false;
  }
  return true;
}

// `authority` is what an absolute target names, which must be what Host names. A browser always
// sends Host; a client of HTTP/1.0 may not.
bool RequestReader::AcceptHost(std::string_view authority, ReadResult& result) {
  const auto host = result.request.headers.Find("Host");
  if (!authority.empty() && host.has_value() && !EqualsIgnoringCase(authority, *host)) {
    result.has_unread_body = true;
    Refuse(result, 400, "the target and Host name different hosts", base::Loss::kRequestMalformed);
    return false;
  }
  const std::string_view name = authority.empty() ? host.value_or("") : authority;
  if ((host.has_value() || !authority.empty()) && !context_.hosts.Allows(name)) {
    Refuse(result, 421, fmt::format("this server is not known as '{}'; see allowed_hosts", name),
           base::Loss::kRequestForeign);
    return false;
  }
  return true;
}

// Asks for leave to hold the body in memory. False when it is refused.
bool RequestReader::Admit(const BodyFraming& framing, ReadResult& result) {
  if (framing.length > context_.options.max_body_bytes) {
    Refuse(result, 413,
           fmt::format("the body is larger than {} bytes", context_.options.max_body_bytes),
           base::Loss::kRequestTooLarge);
    return false;
  }
  if (context_.options.admission && HasBody(framing)) {
    result.request.admission = context_.options.admission(result.request);
  }
  return true;
}

asio::awaitable<bool> RequestReader::SendContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.expires_after(context_.options.write_timeout);
  error_code error;
  co_await asio::async_write(stream_, asio::buffer(kContinue),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

// A sender must keep up `min_bytes_per_second` on average; what it sent faster before counts for at
// most `body_timeout`, so that no sender can earn a long silence.
asio::awaitable<void> RequestReader::ReadBody(const BodyFraming& framing, ReadResult& result) {
  const HttpServerOptions& options = context_.options;
  BodyInProgress progress{.framing = framing, .hold_left = options.admission_wait};
  auto deadline = std::chrono::steady_clock::now() + options.body_timeout;
  while (true) {
    const std::size_t before = progress.body.size();
    if (!TakeBody(progress, result)) {
      co_return;
    }
    const std::size_t added = progress.body.size() - before;
    const bool is_charged = co_await Charge(added, progress, result);
    if (!is_charged) {
      co_return;
    }
    if (progress.is_done()) {
      break;
    }
    const auto now = std::chrono::steady_clock::now();
    deadline = std::min(deadline + TimeFor(added, options.min_bytes_per_second),
                        now + options.body_timeout);
    stream_.expires_at(deadline);
    error_code error;
    const std::size_t size = co_await stream_.async_read_some(
        buffer_.prepare(kReadBytes), asio::redirect_error(asio::use_awaitable, error));
    buffer_.commit(size);
    if (error) {
      FailBody(error, result);
      co_return;
    }
  }
  result.request.body = std::move(progress.body);
}

// Moves what is buffered of the body to it. False when it is refused.
bool RequestReader::TakeBody(BodyInProgress& progress, ReadResult& result) {
  const std::string_view bytes = TextOf(buffer_);
  std::string& body = progress.body;
  if (progress.framing.is_chunked) {
    const base::Result<std::size_t> used = progress.chunks.Feed(bytes, body);
    if (!used.has_value()) {
      result.has_unread_body = true;
      Refuse(result, 400, used.error().message(), base::Loss::kRequestMalformed);
      return false;
    }
    buffer_.consume(*used);
  } else {
    const std::size_t size = std::min<std::uint64_t>(progress.left(), bytes.size());
    if (body.size() + size > body.capacity()) {
      // Not at once what was announced, which may never come.
      body.reserve(std::min<std::uint64_t>(progress.framing.length,
                                           std::max(2 * body.capacity(), body.size() + size)));
    }
    body.append(bytes.substr(0, size));
    buffer_.consume(size);
  }
  if (body.size() > context_.options.max_body_bytes) {
    result.has_unread_body = true;
    Refuse(result, 413,
           fmt::format("the body is larger than {} bytes", context_.options.max_body_bytes),
           base::Loss::kRequestTooLarge);
    return false;
  }
  return true;
}

// Charges what has come of the body. While there is no room nothing more is read, so that the
// sender waits. False when it is refused.
asio::awaitable<bool> RequestReader::Charge(std::size_t bytes, BodyInProgress& progress,
                                            ReadResult& result) {
  AdmissionTicket* ticket = result.request.admission.get();
  while (ticket != nullptr && bytes > 0 && !ticket->Grow(bytes)) {
    if (progress.hold_left <= std::chrono::milliseconds::zero()) {
      const std::uint64_t left = progress.left();
      progress.body = std::string();
      Refuse(result, 429, "cannot take the request now: too many bytes in flight",
             base::Loss::kRequestPushedBack);
      result.refusal.headers.Add("Retry-After", "1");
      result.request.admission.reset();
      co_await SkipBody(progress.framing, left, result);
      co_return false;
    }
    progress.hold_left -= kAdmissionRetry;
    hold_timer_.expires_after(kAdmissionRetry);
    error_code error;
    co_await hold_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  co_return true;
}

// After a refusal: a small body that is on its way anyway is dropped so that the connection lives.
// `rest` of it has not been taken yet.
asio::awaitable<void> RequestReader::SkipBody(const BodyFraming& framing, std::uint64_t rest,
                                              ReadResult& result) {
  if (!HasBody(framing)) {
    co_return;
  }
  if (result.has_unread_body || framing.is_chunked || rest > kMaxSkippedBytes ||
      ExpectsContinue(result.request)) {
    result.has_unread_body = true;
    result.keep_alive = false;
    co_return;
  }
  result.has_unread_body = true;
  auto left = static_cast<std::size_t>(rest);
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
  if (IsTimeout(error)) {
    context_.losses.Count(base::Loss::kConnectionTimedOut);  // Beast has closed the socket.
  } else if (error == asio::error::eof) {
    RefuseHead(result, 400, "cannot read request: its header does not end");
  }
}

// What cannot be read as one request ends the connection: what follows it cannot be told apart.
void RequestReader::RefuseHead(ReadResult& result, int status, std::string_view detail) {
  result.has_unread_body = true;
  result.request.request_id = context_.request_ids.Next();
  Refuse(result, status, detail,
         status == 431 ? base::Loss::kRequestTooLarge : base::Loss::kRequestMalformed);
}

void RequestReader::FailBody(const error_code& error, ReadResult& result) {
  result.keep_alive = false;
  if (error == asio::error::eof) {
    Refuse(result, 400, "cannot read body: it does not end", base::Loss::kRequestMalformed);
    return;
  }
  result.kind = ReadResult::Kind::kClosed;
  if (IsTimeout(error)) {
    context_.losses.Count(base::Loss::kConnectionTimedOut);  // Beast has closed the socket.
  }
}

void RequestReader::Refuse(ReadResult& result, int status, std::string_view detail,
                           base::Loss loss) {
  context_.losses.Count(loss);
  result.kind = ReadResult::Kind::kRefused;
  result.keep_alive = result.keep_alive && !result.has_unread_body;
  const std::string text = base::RepairUtf8(detail);  // It may repeat what was sent.
  result.refusal = context_.options.render_error
                       ? context_.options.render_error(result.request, status, text)
                       : DetailResponse(status, text);
}

std::string RequestReader::ChooseRequestId(const HttpHeaders& headers) {
  const auto given = headers.Find("X-Request-Id");
  return given.has_value() && IsRequestId(*given) ? std::string(*given)
                                                  : context_.request_ids.Next();
}

}  // namespace sightline::net
