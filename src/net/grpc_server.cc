// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_server.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>

#include "base/log.h"
#include "net/grpc_call.h"
#include "net/grpc_call_table.h"
#include "net/grpc_listener.h"

namespace sightline::net {
namespace {

// gRPC writes to stderr what it thinks of its clients, as often as they like.
void QuietGrpcLog() {
  gpr_set_log_function([](gpr_log_func_args* arguments) {
    base::LogLine(base::LogLevel::kDebug, fmt::format("grpc: {}", arguments->message));
  });
}

// "ipv4:127.0.0.1" of "ipv4:127.0.0.1:50412".
std::string AddressOfPeer(const std::string& peer) {
  return peer.substr(0, peer.rfind(':'));
}

}  // namespace

class GrpcServer::Impl : public grpc::CallbackGenericService {
 public:
  Impl(GrpcServerOptions options, GrpcHandler handler, base::LossTable& losses)
      : options_(std::move(options)), handler_(std::move(handler)), losses_(losses) {}

  base::Result<void> Listen();
  void Stop(std::chrono::milliseconds grace);

  std::uint16_t port() const { return listener_->port(); }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  void Configure(grpc::ServerBuilder& builder) const;

  const GrpcServerOptions options_;
  const GrpcHandler handler_;
  base::LossTable& losses_;
  GrpcCallTable calls_{options_};
  std::unique_ptr<GrpcListener> listener_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

grpc::ServerGenericBidiReactor* GrpcServer::Impl::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  auto* call = new GrpcResponder::Call(
      {.options = options_, .handler = handler_, .losses = losses_, .calls = calls_},
      context->method(), AddressOfPeer(context->peer()));
  if (context->client_metadata().size() > options_.max_metadata_entries) {
    losses_.Count(base::Loss::kRequestTooLarge);
    call->Refuse({base::Code::kResourceExhausted, "the call has too many metadata entries"}, {});
    return call;
  }
  if (!call->TryEnter() && !calls_.Hold(call)) {
    call->PushBack("too many calls are open");
  }
  return call;
}

void GrpcServer::Impl::Configure(grpc::ServerBuilder& builder) const {
  const auto milliseconds = [&](const char* name, std::chrono::milliseconds time) {
    builder.AddChannelArgument(name, static_cast<int>(time.count()));
  };
  // gRPC 1.51 decompresses a message as a whole before it looks at the limit: a bomb of 400 MB took
  // 400 MB. So the handler decompresses, and only what we can tell from plain protobuf.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.SetMaxReceiveMessageSize(static_cast<int>(
      std::min<std::size_t>(options_.max_message_bytes, std::numeric_limits<int>::max())));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options_.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options_.max_calls_per_connection);
  milliseconds(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, options_.handshake_timeout);
  milliseconds(GRPC_ARG_MAX_CONNECTION_IDLE_MS, options_.idle_timeout);
  grpc::ResourceQuota quota("sightline");
  quota.Resize(options_.max_buffered_bytes);
  builder.SetResourceQuota(quota);
}

base::Result<void> GrpcServer::Impl::Listen() {
  listener_ = TRY(
      GrpcListener::Create({.listen_address = options_.listen_address,
                            .port = options_.port,
                            .max_connections = options_.max_connections,
                            .max_connections_per_address = options_.max_connections_per_address},
                           losses_));
  QuietGrpcLog();
  grpc::ServerBuilder builder;
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  Configure(builder);
  builder.RegisterCallbackGenericService(this);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return base::Error(base::Code::kInternal, "cannot start the grpc server");
  }
  calls_.Start();
  listener_->Start([this](int descriptor) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = descriptor;
    acceptor_->HandleNewConnection(&connection);
  });
  return {};
}

// gRPC's own shutdown waits for connections, too, and a client that sits idle may keep one to the
// end of the grace. So the calls are waited for here, and new ones refused meanwhile.
void GrpcServer::Impl::Stop(std::chrono::milliseconds grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  if (server_ == nullptr || !calls_.BeginStop()) {
    return;
  }
  listener_->Stop();
  calls_.WaitUntilEmpty(deadline);
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  calls_.End();
}

base::Result<std::unique_ptr<GrpcServer>> GrpcServer::Create(GrpcServerOptions options,
                                                             GrpcHandler handler,
                                                             base::LossTable& losses) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler), losses);
  TRY(impl->Listen());
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(impl)));
}

GrpcServer::GrpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

GrpcServer::~GrpcServer() {
  Stop(std::chrono::milliseconds::zero());
}

std::uint16_t GrpcServer::port() const {
  return impl_->port();
}

void GrpcServer::Stop(std::chrono::milliseconds grace) {
  impl_->Stop(grace);
}

}  // namespace sightline::net
