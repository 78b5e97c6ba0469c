// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"
#include "net/outbound_queue.h"

namespace sightline::api {

// How many live subscriptions there may be, in all and from one address, and how much may wait to
// be sent to them together.
//
// Thread: any.
class SubscriptionGate {
 public:
  struct Options {
    std::size_t max_subscriptions = 4000;
    std::size_t max_per_address = 2000;
    std::size_t max_payload_bytes = std::size_t{32} << 20U;
  };

  explicit SubscriptionGate(const Options& options)
      : options_(options),
        state_(std::make_shared<State>()),
        payloads_(std::make_shared<net::PayloadRoom>(options.max_payload_bytes)) {}

  // Leaves when it dies. May outlive the gate.
  class Ticket;

  // Null when there are too many. `remote_address` is "address:port".
  std::shared_ptr<const Ticket> Enter(std::string_view remote_address) const;

  std::size_t count() const {
    base::MutexLock lock(state_->mutex);
    return state_->count;
  }

  // What is sent is made here; queues of subscriptions look whether it is full.
  const std::shared_ptr<net::PayloadRoom>& payloads() const { return payloads_; }

 private:
  struct State {
    base::Mutex mutex;
    std::size_t count GUARDED_BY(mutex) = 0;
    std::unordered_map<std::string, std::size_t> by_address GUARDED_BY(mutex);
  };

  const Options options_;
  const std::shared_ptr<State> state_;
  const std::shared_ptr<net::PayloadRoom> payloads_;
};

class SubscriptionGate::Ticket {
 public:
  Ticket(std::shared_ptr<State> state, std::string address)
      : state_(std::move(state)), address_(std::move(address)) {}

  ~Ticket() {
    base::MutexLock lock(state_->mutex);
    --state_->count;
    const auto it = state_->by_address.find(address_);
    if (--it->second == 0) {
      state_->by_address.erase(it);
    }
  }

  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

 private:
  const std::shared_ptr<State> state_;
  const std::string address_;
};

inline std::shared_ptr<const SubscriptionGate::Ticket> SubscriptionGate::Enter(
    std::string_view remote_address) const {
  std::string address(remote_address.substr(0, remote_address.rfind(':')));
  {
    base::MutexLock lock(state_->mutex);
    const auto it = state_->by_address.try_emplace(address, 0).first;
    if (state_->count >= options_.max_subscriptions || it->second >= options_.max_per_address) {
      if (it->second == 0) {
        state_->by_address.erase(it);
      }
      return nullptr;
    }
    ++state_->count;
    ++it->second;
  }
  return std::make_shared<const Ticket>(state_, std::move(address));
}

}  // namespace sightline::api
