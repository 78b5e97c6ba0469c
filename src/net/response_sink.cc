// SPDX-License-Identifier: Apache-2.0
#include "net/response_sink.h"

#include <string_view>
#include <utility>

#include "base/check.h"
#include "net/body_codec.h"
#include "net/exchange.h"

namespace sightline::net {
namespace {

// Below this, gzip saves less than a packet.
constexpr std::size_t kMinCompressedBytes = 1024;

bool IsCompressible(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type.starts_with("text/") || type.ends_with("json") || type.ends_with("javascript") ||
         type.ends_with("xml") || type == "application/x-protobuf" || type == "application/wasm";
}

void CompressIfWorthwhile(HttpResponse& response) {
  if (response.body.size() <= kMinCompressedBytes || !IsCompressible(response.content_type) ||
      response.headers.Find("Content-Encoding").has_value()) {
    return;
  }
  response.body = GzipCompress(response.body);
  response.headers.Add("Content-Encoding", "gzip");
  response.headers.Add("Vary", "Accept-Encoding");
}

}  // namespace

void Exchange::Decide(Outcome outcome) {
  {
    base::MutexLock lock(mutex_);
    if (wake_) {
      outcome_ = std::move(outcome);
      wake_();
      return;
    }
  }
  Abandon(outcome);
}

bool Exchange::is_decided() const {
  base::MutexLock lock(mutex_);
  return !std::holds_alternative<std::monostate>(outcome_);
}

Exchange::Outcome Exchange::Detach() {
  base::MutexLock lock(mutex_);
  wake_ = nullptr;
  return std::exchange(outcome_, std::monostate());
}

void Exchange::Abandon(const Outcome& outcome) {
  if (const auto* writer = std::get_if<std::shared_ptr<StreamWriter>>(&outcome)) {
    (*writer)->NotifyClosed();
  } else if (const auto* session = std::get_if<std::shared_ptr<WebSocketSession>>(&outcome)) {
    (*session)->NotifyClosed(kCloseAbnormal);
  }
}

ResponseSink::ResponseSink(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

ResponseSink::ResponseSink(ResponseSink&&) noexcept = default;

ResponseSink& ResponseSink::operator=(ResponseSink&& other) noexcept {
  ResponseSink old(std::move(exchange_));  // Answers 500 if it was not used.
  exchange_ = std::move(other.exchange_);
  return *this;
}

ResponseSink::~ResponseSink() {
  if (exchange_ != nullptr) {
    Answer(DetailResponse(500, "the request was dropped without an answer"));
  }
}

void ResponseSink::Answer(HttpResponse response) {
  CHECK(exchange_ != nullptr);
  if (exchange_->coding() == Exchange::ResponseCoding::kGzip) {
    CompressIfWorthwhile(response);
  }
  std::exchange(exchange_, nullptr)->Decide(std::move(response));
}

std::shared_ptr<StreamWriter> ResponseSink::StartStream(StreamOptions options) {
  CHECK(exchange_ != nullptr);
  auto writer = std::make_shared<StreamWriter>(std::move(options));
  std::exchange(exchange_, nullptr)->Decide(writer);
  return writer;
}

std::shared_ptr<WebSocketSession> ResponseSink::AcceptWebSocket(WebSocketOptions options,
                                                                WebSocketCallbacks callbacks) {
  CHECK(exchange_ != nullptr);
  auto session = std::make_shared<WebSocketSession>(options, std::move(callbacks));
  std::exchange(exchange_, nullptr)->Decide(session);
  return session;
}

}  // namespace sightline::net
