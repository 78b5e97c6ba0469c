// SPDX-License-Identifier: Apache-2.0
#include "api/live/feed_client.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/json_quote.h"

namespace sightline::api {
namespace {

constexpr std::string_view kStateKey = "state";

// What clients send are short commands.
constexpr std::size_t kMaxMessageBytes = std::size_t{4} * 1024;

net::Payload MakePayload(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// The type of a client's message; "" when it is no JSON object with one.
std::string TypeOf(const std::string& message) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(message, error);
  if (error || !value.is_object()) {
    return {};
  }
  const boost::json::value* type = value.as_object().if_contains("type");
  return type != nullptr && type->is_string() ? std::string(type->as_string()) : std::string();
}

bool IsClientFault(std::uint16_t code) {
  return code == net::kCloseProtocolError || code == net::kCloseUnsupportedData ||
         code == net::kCloseBadPayload || code == net::kCloseTooBig;
}

}  // namespace

std::shared_ptr<FeedClient> FeedClient::Accept(const Parts& parts, const net::HttpRequest& request,
                                               net::ResponseSink sink, OnClose on_close) {
  if (!request.IsWebSocketUpgrade()) {
    net::HttpResponse response = net::DetailResponse(426, "this path speaks WebSocket");
    response.headers.Add("Upgrade", "websocket");
    sink.Answer(std::move(response));
    return nullptr;
  }
  auto ticket = parts.gate.Enter(request.remote_address);
  if (ticket == nullptr) {
    parts.losses.Count(base::Loss::kSubscriptionRefused);
    net::HttpResponse response =
        net::DetailResponse(429, "too many live subscriptions; close some or try later");
    response.headers.Add("Retry-After", "5");
    sink.Answer(std::move(response));
    return nullptr;
  }
  auto client = std::make_shared<FeedClient>(parts, std::move(ticket), std::move(on_close));
  // The session holds the client until it closes, and the client the session.
  net::WebSocketCallbacks callbacks;
  callbacks.on_message = [client](net::WebSocketSession& session, const std::string& message) {
    client->OnMessage(session, message);
  };
  callbacks.on_close = [client](net::WebSocketSession&, std::uint16_t code) {
    client->Closed(code);
  };
  client->session_ = sink.AcceptWebSocket(
      {.max_message_bytes = kMaxMessageBytes, .room = client->payloads_}, std::move(callbacks));
  return client;
}

// Takes the session, for it may come before Accept has stored it.
void FeedClient::OnMessage(net::WebSocketSession& session, const std::string& message) {
  static const net::Payload pong = MakePayload(R"({"type":"pong"})");
  static const net::Payload unknown =
      MakePayload(R"({"type":"error","message":"only {\"type\":\"ping\"} is understood"})");
  if (TypeOf(message) == "ping") {
    session.Send(pong, "pong");
    return;
  }
  losses_.Count(base::Loss::kSubscriberMessageUnknown);
  session.Send(unknown, "error");
}

void FeedClient::Closed(std::uint16_t code) {
  if (IsClientFault(code)) {
    losses_.Count(base::Loss::kSubscriberMessageMalformed);
  }
  ticket_.reset();
  if (on_close_) {
    on_close_(shared_from_this());
    on_close_ = nullptr;
  }
}

// `{"type":...}` with `"skipped":n` as its first member, once there is something to tell.
net::Payload FeedClient::WithSkipped(const net::Payload& json) const {
  if (skipped_ == 0) {
    return json;
  }
  return payloads_->Make(
      fmt::format("{{\"skipped\":{},{}", skipped_, std::string_view(*json).substr(1)));
}

void FeedClient::CountSkipped() {
  ++skipped_;
  losses_.Count(base::Loss::kSubscriberSkipped);
}

void FeedClient::SendState(const net::Payload& json) {
  base::MutexLock lock(mutex_);
  const net::SendResult result = session_->Send(WithSkipped(json), kStateKey);
  if (result == net::SendResult::kReplaced) {
    // The same state once more, which now tells of the one that gave way to it.
    CountSkipped();
    session_->Send(WithSkipped(json), kStateKey);
  } else if (result == net::SendResult::kFull) {
    CountSkipped();
  }
}

void FeedClient::SendEvent(const net::Payload& json) {
  base::MutexLock lock(mutex_);
  if (session_->Send(WithSkipped(json)) == net::SendResult::kFull) {
    CountSkipped();
  }
}

void FeedClient::Refuse(std::uint16_t code, std::string_view message) {
  session_->Send(
      MakePayload(fmt::format(R"({{"type":"error","message":{}}})", base::JsonQuote(message))));
  session_->Close(code, message);
}

}  // namespace sightline::api
