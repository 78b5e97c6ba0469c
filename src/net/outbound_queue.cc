// SPDX-License-Identifier: Apache-2.0
#include "net/outbound_queue.h"

#include <utility>

namespace sightline::net {

Payload PayloadRoom::Make(std::string text) {
  const std::size_t bytes = text.capacity();
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return {new std::string(std::move(text)),
          [self = shared_from_this(), bytes](const std::string* payload) {
            delete payload;
            self->bytes_.fetch_sub(bytes, std::memory_order_relaxed);
          }};
}

SendResult OutboundQueue::Push(Payload payload, std::string_view key) {
  base::MutexLock lock(mutex_);
  if (closed_) {
    return SendResult::kClosed;
  }
  Item* replaced = nullptr;
  if (!key.empty()) {
    for (Item& item : items_) {
      if (item.key == key) {
        replaced = &item;
      }
    }
  }
  const std::size_t others =
      waiting_bytes_ + writing_bytes_ - (replaced != nullptr ? replaced->payload->size() : 0);
  const bool has_room = room_ == nullptr || !room_->is_full();
  if (others > 0 && (!has_room || others + payload->size() > max_bytes_)) {
    refused_ = true;
    return SendResult::kFull;
  }
  waiting_bytes_ += payload->size();
  if (replaced != nullptr) {
    waiting_bytes_ -= replaced->payload->size();
    replaced->payload = std::move(payload);
    return SendResult::kReplaced;
  }
  items_.push_back({std::string(key), std::move(payload)});
  WakeLocked();
  return SendResult::kQueued;
}

void OutboundQueue::Close() {
  base::MutexLock lock(mutex_);
  closed_ = true;
  WakeLocked();
}

std::size_t OutboundQueue::queued_bytes() const {
  base::MutexLock lock(mutex_);
  return waiting_bytes_ + writing_bytes_;
}

bool OutboundQueue::is_closed() const {
  base::MutexLock lock(mutex_);
  return closed_;
}

void OutboundQueue::Attach(std::function<void()> wake) {
  base::MutexLock lock(mutex_);
  wake_ = std::move(wake);
  wants_wake_ = false;
}

void OutboundQueue::Detach() {
  base::MutexLock lock(mutex_);
  wake_ = nullptr;
  closed_ = true;
  items_.clear();
  waiting_bytes_ = 0;
  writing_bytes_ = 0;
}

OutboundQueue::Taken OutboundQueue::Take() {
  base::MutexLock lock(mutex_);
  Taken taken;
  writing_bytes_ = 0;
  if (!items_.empty()) {
    taken.payload = std::move(items_.front().payload);
    items_.pop_front();
    waiting_bytes_ -= taken.payload->size();
    writing_bytes_ = taken.payload->size();
  }
  taken.is_closed = closed_ && taken.payload == nullptr;
  // Half the room, so that the feeder is not called for every single payload.
  if (refused_ && !closed_ && waiting_bytes_ + writing_bytes_ <= max_bytes_ / 2) {
    refused_ = false;
    taken.is_writable = true;
  }
  wants_wake_ = taken.payload == nullptr;
  return taken;
}

void OutboundQueue::WakeLocked() {
  if (wants_wake_ && wake_) {
    wants_wake_ = false;
    wake_();
  }
}

}  // namespace sightline::net
