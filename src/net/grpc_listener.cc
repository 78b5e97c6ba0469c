// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_listener.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"
#include "base/thread_name.h"
#include "net/connection_counts.h"
#include "net/listen.h"

namespace sightline::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = boost::asio::ip::tcp;

// When accepting fails (out of file descriptors), trying again at once would spin.
constexpr std::chrono::milliseconds kAcceptPause{100};

// Looking through all connections takes a millisecond or two; many may be refused in a second.
constexpr std::chrono::milliseconds kSweepPause{20};

// Number of the socket in the system, which no other open socket has.
std::optional<ino_t> SocketNumber(int descriptor) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return std::nullopt;
  }
  return status.st_ino;
}

}  // namespace

class GrpcListener::Impl {
 public:
  Impl(const GrpcListenerOptions& options, base::LossTable& losses)
      : acceptor_(io_context_),
        pause_(io_context_),
        counts_(options.max_connections, options.max_connections_per_address),
        losses_(losses) {}

  base::Result<void> Open(const GrpcListenerOptions& options) {
    TRY(Listen(acceptor_, options.listen_address, options.port));
    error_code ignored;
    port_ = acceptor_.local_endpoint(ignored).port();
    return {};
  }

  std::uint16_t port() const { return port_; }

  void Start(HandOver hand_over) {
    hand_over_ = std::move(hand_over);
    Accept();
    thread_ = std::jthread([this] {
      base::NameThread("grpc-accept");
      io_context_.run();
    });
  }

  void Stop() {
    asio::post(io_context_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    if (thread_.joinable()) {
      thread_.join();
    }
  }

 private:
  struct Connection {
    int descriptor;
    ino_t number;
    std::string group;
  };

  void Accept() {
    acceptor_.async_accept(
        [this](error_code error, tcp::socket socket) { OnAccept(error, std::move(socket)); });
  }

  void OnAccept(error_code error, tcp::socket socket);
  void Take(tcp::socket socket);
  bool Enter(const std::string& group);
  void ForgetClosed();

  asio::io_context io_context_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  ConnectionCounts counts_;
  base::LossTable& losses_;
  HandOver hand_over_;
  std::uint16_t port_ = 0;
  std::vector<Connection> connections_;  // That may be open still.
  std::chrono::steady_clock::time_point next_sweep_;
  std::jthread thread_;
};

void GrpcListener::Impl::OnAccept(error_code error, tcp::socket socket) {
  if (!acceptor_.is_open()) {
    return;
  }
  if (error) {
    base::LogWarning("cannot accept a grpc connection: {}", error.message());
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code cancelled) {
      if (!cancelled && acceptor_.is_open()) {
        Accept();
      }
    });
    return;
  }
  Take(std::move(socket));
  Accept();
}

void GrpcListener::Impl::Take(tcp::socket socket) {
  error_code error;
  const std::string group = AddressGroup(socket.remote_endpoint(error).address());
  if (error) {
    return;  // The client has gone.
  }
  if (!Enter(group)) {
    losses_.Count(base::Loss::kConnectionRefused);
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  socket.native_non_blocking(true, error);
  const int descriptor = socket.release(error);
  connections_.push_back({descriptor, SocketNumber(descriptor).value_or(0), group});
  hand_over_(descriptor);
}

bool GrpcListener::Impl::Enter(const std::string& group) {
  if (counts_.Enter(group)) {
    return true;
  }
  if (std::chrono::steady_clock::now() < next_sweep_) {
    return false;
  }
  ForgetClosed();
  next_sweep_ = std::chrono::steady_clock::now() + kSweepPause;
  return counts_.Enter(group);
}

void GrpcListener::Impl::ForgetClosed() {
  std::erase_if(connections_, [this](const Connection& connection) {
    if (SocketNumber(connection.descriptor) == connection.number) {
      return false;
    }
    counts_.Leave(connection.group);
    return true;
  });
}

base::Result<std::unique_ptr<GrpcListener>> GrpcListener::Create(const GrpcListenerOptions& options,
                                                                 base::LossTable& losses) {
  auto impl = std::make_unique<Impl>(options, losses);
  TRY(impl->Open(options));
  return std::unique_ptr<GrpcListener>(new GrpcListener(std::move(impl)));
}

GrpcListener::GrpcListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

GrpcListener::~GrpcListener() {
  Stop();
}

std::uint16_t GrpcListener::port() const {
  return impl_->port();
}

void GrpcListener::Start(HandOver hand_over) {
  impl_->Start(std::move(hand_over));
}

void GrpcListener::Stop() {
  impl_->Stop();
}

}  // namespace sightline::net
