// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"

namespace sightline::ingest {

// A first-in first-out queue of requests whose senders wait. While its gate is closed, nothing is
// handed out; what has waited for longer than its patience then is handed out as too late, for the
// taker to refuse. So a short lack of room delays senders and does not refuse them, and nobody's
// thread waits but the takers'.
//
// Thread: any.
template <typename Item>
class WaitingQueue {
 public:
  struct Options {
    std::size_t capacity = 8192;
    std::chrono::nanoseconds patience = std::chrono::seconds(1);
    std::chrono::nanoseconds poll = std::chrono::milliseconds(5);  // How often a gate is asked.
  };

  // Whether an item may go on now. Called under the queue's lock, by the takers: must be quick.
  using Gate = std::function<bool()>;
  using ItemGate = std::function<bool(Item&)>;

  // `gate` is for all items, `item_gate` for those that were put back.
  WaitingQueue(const Options& options, const base::Clock& clock, Gate gate, ItemGate item_gate)
      : options_(options),
        clock_(clock),
        gate_(std::move(gate)),
        item_gate_(std::move(item_gate)) {}

  struct Taken {
    Item item;
    std::chrono::steady_clock::time_point came_at;
    bool is_too_late = false;
  };

  // False when the queue is full or closed; `item` is then untouched.
  bool TryPush(Item&& item) EXCLUDES(mutex_) {
    {
      base::MutexLock lock(mutex_);
      if (is_closed_ || items_.size() >= options_.capacity) {
        return false;
      }
      items_.push_back({.item = std::move(item), .came_at = clock_.SteadyNow()});
    }
    changed_.NotifyOne();
    return true;
  }

  // An item that was taken and lacks something: it goes on before the others as soon as the item
  // gate lets it. Its patience goes on from when it came.
  void PutBack(Taken&& taken) EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    put_back_.push_back(std::move(taken));
  }

  // Blocks until an item may go on or is too late. Empty once the queue is closed and drained.
  std::optional<Taken> Pop() EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    while (true) {
      if (std::optional<Taken> taken = TakeReady()) {
        return taken;
      }
      if (!items_.empty() || !put_back_.empty()) {
        changed_.WaitFor(mutex_, options_.poll);
      } else if (is_closed_) {
        return std::nullopt;
      } else {
        changed_.Wait(mutex_);
      }
    }
  }

  // No more pushes; poppers drain what is left and then get nothing.
  void Close() EXCLUDES(mutex_) {
    {
      base::MutexLock lock(mutex_);
      is_closed_ = true;
    }
    changed_.NotifyAll();
  }

  std::size_t size() const EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    return items_.size() + put_back_.size();
  }

 private:
  std::optional<Taken> TakeReady() REQUIRES(mutex_) {
    if (items_.empty() && put_back_.empty()) {
      return std::nullopt;
    }
    const bool is_open = gate_();
    for (auto place = put_back_.begin(); place != put_back_.end(); ++place) {
      const bool goes_on = is_open && item_gate_(place->item);
      if (goes_on || IsTooLate(*place)) {
        Taken taken = std::move(*place);
        put_back_.erase(place);
        taken.is_too_late = !goes_on;
        return taken;
      }
    }
    if (!items_.empty() && (is_open || IsTooLate(items_.front()))) {
      Taken taken = std::move(items_.front());
      items_.pop_front();
      taken.is_too_late = !is_open;
      return taken;
    }
    return std::nullopt;
  }

  bool IsTooLate(const Taken& taken) const {
    return clock_.SteadyNow() - taken.came_at >= options_.patience;
  }

  const Options options_;
  const base::Clock& clock_;
  const Gate gate_;
  const ItemGate item_gate_;

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  std::deque<Taken> items_ GUARDED_BY(mutex_);
  std::deque<Taken> put_back_ GUARDED_BY(mutex_);
  bool is_closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace sightline::ingest
