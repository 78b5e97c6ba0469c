// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.h"

#include <algorithm>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "base/mutex.h"
#include "base/thread_name.h"
#include "net/connection_counts.h"
#include "net/http_connection.h"
#include "net/listen.h"

namespace sightline::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = boost::asio::ip::tcp;

// When accepting fails (out of file descriptors), trying again at once would spin.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string FormatEndpoint(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, HttpHandler handler, base::LossTable& losses)
      : context_(std::move(options), std::move(handler), losses),
        counts_(context_.options.max_connections, context_.options.max_connections_per_address),
        acceptor_(asio::make_strand(io_context_)),
        accept_timer_(acceptor_.get_executor()) {}

  base::Result<void> Listen();
  void Run();
  void BeginStop() EXCLUDES(mutex_);
  void Stop(std::chrono::milliseconds grace) EXCLUDES(mutex_);

  std::uint16_t port() const { return port_; }

  std::size_t connection_count() const EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    return connections_.size();
  }

 private:
  using Connections = std::unordered_map<std::uint64_t, std::shared_ptr<HttpConnection>>;

  void Accept();
  void OnAccept(error_code error, tcp::socket socket) EXCLUDES(mutex_);
  void Forget(std::uint64_t id, const std::string& group) EXCLUDES(mutex_);
  Connections SnapshotConnections() const EXCLUDES(mutex_);

  ServerContext context_;
  std::uint16_t port_ = 0;

  mutable base::Mutex mutex_;
  base::CondVar changed_;
  Connections connections_ GUARDED_BY(mutex_);
  ConnectionCounts counts_ GUARDED_BY(mutex_);
  std::uint64_t next_id_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;

  asio::io_context io_context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_context_.get_executor()};
  tcp::acceptor acceptor_;
  asio::steady_timer accept_timer_;
  std::vector<std::jthread> threads_;
};

base::Result<void> HttpServer::Impl::Listen() {
  TRY(net::Listen(acceptor_, context_.options.listen_address, context_.options.port));
  error_code ignored;
  port_ = acceptor_.local_endpoint(ignored).port();
  return {};
}

void HttpServer::Impl::Run() {
  asio::post(acceptor_.get_executor(), [this] { Accept(); });
  for (int i = 0; i < std::max(1, context_.options.threads); ++i) {
    threads_.emplace_back([this] {
      base::NameThread("http");
      io_context_.run();
    });
  }
}

void HttpServer::Impl::Accept() {
  acceptor_.async_accept(
      asio::make_strand(io_context_),
      [this](error_code error, tcp::socket socket) { OnAccept(error, std::move(socket)); });
}

void HttpServer::Impl::OnAccept(error_code error, tcp::socket socket) {
  if (!acceptor_.is_open()) {
    return;
  }
  if (error) {
    base::LogWarning("cannot accept a connection: {}", error.message());
    accept_timer_.expires_after(kAcceptPause);
    accept_timer_.async_wait([this](error_code cancelled) {
      if (!cancelled) {
        Accept();
      }
    });
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  const tcp::endpoint remote = socket.remote_endpoint(error);
  const std::string group = AddressGroup(remote.address());
  std::shared_ptr<HttpConnection> connection;
  std::uint64_t id = 0;
  if (!error) {
    base::MutexLock lock(mutex_);
    if (!is_stopping_ && counts_.Enter(group)) {
      connection =
          std::make_shared<HttpConnection>(std::move(socket), FormatEndpoint(remote), context_);
      id = next_id_++;
      connections_.emplace(id, connection);
    } else {
      context_.losses.Count(base::Loss::kConnectionRefused);
    }
  }
  if (connection != nullptr) {
    connection->Start([this, id, group] { Forget(id, group); });
  }
  Accept();
}

void HttpServer::Impl::Forget(std::uint64_t id, const std::string& group) {
  base::MutexLock lock(mutex_);
  connections_.erase(id);
  counts_.Leave(group);
  changed_.NotifyAll();
}

HttpServer::Impl::Connections HttpServer::Impl::SnapshotConnections() const {
  base::MutexLock lock(mutex_);
  return connections_;
}

// Connections first: once a port refuses, those that were open have been told.
void HttpServer::Impl::BeginStop() {
  {
    base::MutexLock lock(mutex_);
    if (is_stopping_) {
      return;
    }
    is_stopping_ = true;
  }
  for (const auto& [id, connection] : SnapshotConnections()) {
    connection->BeginStop();
  }
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    accept_timer_.cancel();
  });
}

void HttpServer::Impl::Stop(std::chrono::milliseconds grace) {
  BeginStop();
  {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    base::MutexLock lock(mutex_);
    while (!connections_.empty() && std::chrono::steady_clock::now() < deadline) {
      changed_.WaitFor(mutex_, deadline - std::chrono::steady_clock::now());
    }
  }
  for (const auto& [id, connection] : SnapshotConnections()) {
    connection->Abort();
  }
  {
    base::MutexLock lock(mutex_);
    while (!connections_.empty()) {
      changed_.Wait(mutex_);
    }
  }
  work_.reset();
  threads_.clear();  // Joins.
}

base::Result<std::unique_ptr<HttpServer>> HttpServer::Create(HttpServerOptions options,
                                                             HttpHandler handler,
                                                             base::LossTable& losses) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler), losses);
  TRY(impl->Listen());
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  Stop(std::chrono::milliseconds::zero());
}

std::uint16_t HttpServer::port() const {
  return impl_->port();
}

std::size_t HttpServer::connection_count() const {
  return impl_->connection_count();
}

void HttpServer::BeginStop() {
  impl_->BeginStop();
}

void HttpServer::Stop(std::chrono::milliseconds grace) {
  impl_->Stop(grace);
}

}  // namespace sightline::net
