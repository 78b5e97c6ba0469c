// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "base/mutex.h"
#include "net/http.h"
#include "net/stream.h"
#include "net/websocket.h"

namespace sightline::net {

// Between one request's connection, which waits, and its sink, which decides. Whichever comes first
// finds the other by this object; it outlives both.
//
// Thread: any.
class Exchange {
 public:
  // What the sink decided. Empty: nothing yet.
  using Outcome = std::variant<std::monostate, HttpResponse, std::shared_ptr<StreamWriter>,
                               std::shared_ptr<WebSocketSession>>;

  enum class ResponseCoding { kIdentity, kGzip };

  // `wake` is called under a lock when the outcome is there: it must only post.
  Exchange(ResponseCoding coding, std::function<void()> wake)
      : coding_(coding), wake_(std::move(wake)) {}

  // For the sink, once. Closes the outcome's stream or session when the connection has ended.
  void Decide(Outcome outcome) EXCLUDES(mutex_);

  // The best coding that the client accepts.
  ResponseCoding coding() const { return coding_; }

  bool is_decided() const EXCLUDES(mutex_);

  // For the connection, when it is decided or at its end: no wake runs after this returns.
  Outcome Detach() EXCLUDES(mutex_);

  // Tells the owner of a stream or session that there is no client.
  static void Abandon(const Outcome& outcome);

 private:
  const ResponseCoding coding_;
  mutable base::Mutex mutex_;
  std::function<void()> wake_ GUARDED_BY(mutex_);
  Outcome outcome_ GUARDED_BY(mutex_);
};

}  // namespace sightline::net
