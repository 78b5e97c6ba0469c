// SPDX-License-Identifier: Apache-2.0
// For tests only.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/bounded_queue.h"
#include "base/check.h"
#include "base/loss.h"
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

// What a callback hands to the test that waits for it, ten seconds at most.
//
// Thread: any.
template <typename T>
class Mailbox {
 public:
  void Put(T value) { CHECK(queue_.TryPush(std::move(value))); }

  // Empty when nothing came.
  std::optional<T> Get() { return queue_.PopFor(std::chrono::seconds(10)); }

  bool is_empty() const { return queue_.size() == 0; }

 private:
  base::BoundedQueue<T> queue_{4096};
};

}  // namespace sightline::net
