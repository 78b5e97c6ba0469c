// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.h"

#include <utility>

#include "base/utf8.h"

namespace sightline::net {

WebSocketSession::WebSocketSession(WebSocketOptions options, WebSocketCallbacks callbacks)
    : options_(std::move(options)),
      callbacks_(std::move(callbacks)),
      queue_(options_.max_queued_bytes, options_.room) {}

void WebSocketSession::Close(std::uint16_t code, std::string_view reason) {
  // A control frame holds 125 bytes, two of which are the code.
  constexpr std::size_t kMaxReasonBytes = 123;
  {
    base::MutexLock lock(mutex_);
    if (close_requested_) {
      return;
    }
    close_requested_ = true;
    close_request_ = {code, std::string(base::TruncateUtf8(reason, kMaxReasonBytes))};
  }
  queue_.Close();
}

WebSocketSession::CloseRequest WebSocketSession::close_request() const {
  base::MutexLock lock(mutex_);
  return close_request_;
}

bool WebSocketSession::is_close_requested() const {
  base::MutexLock lock(mutex_);
  return close_requested_;
}

void WebSocketSession::NotifyClosed(std::uint16_t code) {
  queue_.Detach();
  const WebSocketCallbacks callbacks = std::exchange(callbacks_, {});
  if (callbacks.on_close) {
    callbacks.on_close(*this, code);
  }
}

}  // namespace sightline::net
