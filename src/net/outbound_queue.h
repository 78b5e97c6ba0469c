// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"

namespace sightline::net {

// Immutable bytes that many connections may send: serialise once, share.
using Payload = std::shared_ptr<const std::string>;

// Makes payloads and knows how many bytes of them there are, each counted once however many
// connections send it.
//
// Thread: any. Lives as long as a payload of it.
class PayloadRoom : public std::enable_shared_from_this<PayloadRoom> {
 public:
  explicit PayloadRoom(std::size_t limit_bytes) : limit_(limit_bytes) {}

  Payload Make(std::string text);

  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  bool is_full() const { return bytes() > limit_; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> bytes_ = 0;
};

enum class SendResult {
  kQueued,
  kReplaced,  // An unsent payload of the same key made room: the client skips that state.
  kFull,      // Over the byte limit: not taken. OnWritable will tell when there is room again.
  kClosed,    // The connection has ended or is closing: not taken.
};

// What waits to be written to one slow or fast client. Bounded in bytes, and the one being written
// counts too. Knows nothing of sockets: the connection takes payloads out and is woken when there
// is work again.
//
// Thread: any.
class OutboundQueue {
 public:
  // While `room` is full, a queue takes no more than one payload. Null: there is no such limit.
  explicit OutboundQueue(std::size_t max_bytes, std::shared_ptr<const PayloadRoom> room = nullptr)
      : max_bytes_(max_bytes), room_(std::move(room)) {}

  // Appends; or, when `key` is not empty and a payload of that key still waits, takes its place.
  // An empty queue takes one payload of any size.
  SendResult Push(Payload payload, std::string_view key) EXCLUDES(mutex_);

  // Takes nothing more. What waits can still be taken out.
  void Close() EXCLUDES(mutex_);

  // Bytes that wait or are being written.
  std::size_t queued_bytes() const EXCLUDES(mutex_);

  bool is_closed() const EXCLUDES(mutex_);

  // For the connection: `wake` is called, possibly under the queue's lock, when something was
  // pushed or the queue was closed after Take found nothing. It must only post.
  void Attach(std::function<void()> wake) EXCLUDES(mutex_);

  // For the connection, at its end: no wake will run after this returns, and all is dropped.
  void Detach() EXCLUDES(mutex_);

  struct Taken {
    Payload payload;           // Null: nothing waits.
    bool is_closed = false;    // Nothing waits and nothing will.
    bool is_writable = false;  // A push was refused and there is room again.
  };

  // For the connection: the next payload to write. The one taken before counts as written.
  Taken Take() EXCLUDES(mutex_);

 private:
  struct Item {
    std::string key;
    Payload payload;
  };

  void WakeLocked() REQUIRES(mutex_);

  const std::size_t max_bytes_;
  const std::shared_ptr<const PayloadRoom> room_;
  mutable base::Mutex mutex_;
  std::deque<Item> items_ GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ GUARDED_BY(mutex_) = 0;
  std::size_t writing_bytes_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
  bool refused_ GUARDED_BY(mutex_) = false;
  bool wants_wake_ GUARDED_BY(mutex_) = false;
  std::function<void()> wake_ GUARDED_BY(mutex_);
};

}  // namespace sightline::net
