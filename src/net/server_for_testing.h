// SPDX-License-Identifier: Apache-2.0
// For tests only.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "net/http_server.h"
#include "net/raw_client_for_testing.h"

namespace sightline::net {

// A server on a free local port, with limits that tests do not hit by accident.
//
// Thread: any.
class ServerForTesting {
 public:
  explicit ServerForTesting(HttpHandler handler, HttpServerOptions options = {}) {
    options.allowed_hosts.emplace_back("h");  // What tests call it.
    auto server = HttpServer::Create(std::move(options), std::move(handler), losses_);
    CHECK(server.has_value());
    server_ = std::move(server).value();
  }

  HttpServer& operator*() { return *server_; }

  HttpServer* operator->() { return server_.get(); }

  std::uint16_t port() const { return server_->port(); }

  // After Stop nothing is still about to be counted.
  std::uint64_t CountAfterStop(base::Loss loss) {
    server_->Stop(std::chrono::milliseconds::zero());
    return losses_.count(loss);
  }

 private:
  base::LossTable losses_;
  std::unique_ptr<HttpServer> server_;
};

// What a callback hands to the test that waits for it, 30 s at most.
//
// Thread: any.
template <typename T>
class Mailbox {
 public:
  void Put(T value) EXCLUDES(mutex_) {
    const base::MutexLock lock(mutex_);
    values_.push_back(std::move(value));
    has_come_.NotifyOne();
  }

  // Empty when nothing came.
  std::optional<T> Get() EXCLUDES(mutex_) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    base::MutexLock lock(mutex_);
    while (values_.empty()) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= std::chrono::nanoseconds::zero()) {
        return std::nullopt;
      }
      has_come_.WaitFor(mutex_, left);
    }
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    return value;
  }

  bool is_empty() const EXCLUDES(mutex_) {
    const base::MutexLock lock(mutex_);
    return values_.empty();
  }

 private:
  mutable base::Mutex mutex_;
  base::CondVar has_come_;
  std::deque<T> values_ GUARDED_BY(mutex_);
};

}  // namespace sightline::net
