// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "base/mutex.h"

namespace sightline::ingest {

// How many bytes of rows may be between the threads that make them and the moment when they are
// durable and taken in. Above it those threads wait, so that requests wait before them and senders
// before these. Journal and live state make room without them.
//
// Thread: any. Must outlive what it gave out.
class RowRoom {
 public:
  explicit RowRoom(std::size_t limit_bytes) : limit_(limit_bytes) {}

  // Takes the room of one batch and gives it back when the last copy of the pointer dies. Waits
  // while there is no room; one batch may be larger than the limit when it is alone.
  std::shared_ptr<const void> Take(std::size_t bytes) EXCLUDES(mutex_) {
    {
      base::MutexLock lock(mutex_);
      while (taken_ > 0 && taken_ + bytes > limit_) {
        given_back_.Wait(mutex_);
      }
      taken_ += bytes;
    }
    return {this, [bytes](RowRoom* room) { room->GiveBack(bytes); }};
  }

  std::size_t taken() const EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    return taken_;
  }

  std::size_t limit() const { return limit_; }

 private:
  void GiveBack(std::size_t bytes) EXCLUDES(mutex_) {
    {
      base::MutexLock lock(mutex_);
      taken_ -= bytes;
    }
    given_back_.NotifyAll();
  }

  const std::size_t limit_;
  mutable base::Mutex mutex_;
  base::CondVar given_back_;
  std::size_t taken_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sightline::ingest
