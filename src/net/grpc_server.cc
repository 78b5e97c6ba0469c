// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_server.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include "base/check.h"
#include "base/log.h"
#include "base/mutex.h"
#include "net/body_codec.h"
#include "net/grpc_status.h"

namespace sightline::net {
namespace {

constexpr std::chrono::seconds kRetryRefusedCall{1};

grpc::Status ToGrpcStatus(const base::Error& error,
                          std::optional<std::chrono::nanoseconds> retry_delay) {
  const int code = GrpcCodeOf(error.code());
  return {static_cast<grpc::StatusCode>(code), error.message(),
          retry_delay.has_value() ? EncodeRpcStatus(code, error.message(), retry_delay)
                                  : std::string()};
}

// gRPC hands compressed messages over as they came, without saying so (see Listen). A protobuf
// message never starts like gzip does: 0x1F would be a field of wire type 7, which does not exist.
bool IsGzip(std::string_view message) {
  return message.starts_with("\x1F\x8B");
}

base::Result<std::string> ToContiguous(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) {
    return base::Error(base::Code::kInternal, "cannot read the bytes of a message");
  }
  std::string bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

class GrpcServer::Impl : public grpc::CallbackGenericService {
 public:
  Impl(GrpcServerOptions options, GrpcHandler handler, base::LossTable& losses)
      : options_(std::move(options)), handler_(std::move(handler)), losses_(losses) {}

  base::Result<void> Listen();
  void Stop(std::chrono::milliseconds grace);

  std::uint16_t port() const { return port_; }

  const GrpcHandler& handler() const { return handler_; }

  base::LossTable& losses() { return losses_; }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  // One contiguous message, decompressed within the size limit.
  base::Result<std::string> ReadMessage(const grpc::ByteBuffer& buffer);

  void OnCallDone() EXCLUDES(mutex_);

 private:
  enum class Entry : std::uint8_t { kAdmitted, kTooMany, kStopping };

  Entry Enter() EXCLUDES(mutex_);

  const GrpcServerOptions options_;
  const GrpcHandler handler_;
  base::LossTable& losses_;
  std::uint16_t port_ = 0;
  std::unique_ptr<grpc::Server> server_;

  base::Mutex mutex_;
  base::CondVar changed_;
  std::size_t open_calls_ GUARDED_BY(mutex_) = 0;  // That were admitted.
  bool is_stopping_ GUARDED_BY(mutex_) = false;
};

// One call. gRPC deletes it through OnDone, which follows once it is finished; until then the
// responder's pointer is good.
class GrpcResponder::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(GrpcServer::Impl& server, std::string method)
      : server_(server), method_(std::move(method)) {}

  void Begin() {
    is_admitted_ = true;
    StartRead(&request_);
  }

  void Refuse(const base::Error& error, std::optional<std::chrono::nanoseconds> retry_delay) {
    Finish(ToGrpcStatus(error, retry_delay));
  }

  void Answer(std::string_view message) {
    const grpc::Slice slice(message.data(), message.size());
    response_ = grpc::ByteBuffer(&slice, 1);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }

  void OnReadDone(bool ok) override;

  void OnDone() override {
    if (is_admitted_) {
      server_.OnCallDone();
    }
    delete this;
  }

 private:
  GrpcServer::Impl& server_;
  const std::string method_;
  bool is_admitted_ = false;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

void GrpcResponder::Call::OnReadDone(bool ok) {
  if (!ok) {
    server_.losses().Count(base::Loss::kCallIncomplete);
    Refuse({base::Code::kInvalidArgument, "cannot read call: it has no request message"}, {});
    return;
  }
  base::Result<std::string> message = server_.ReadMessage(request_);
  request_.Clear();
  if (!message.has_value()) {
    Refuse(message.error(), {});
    return;
  }
  try {
    server_.handler()(method_, std::move(*message), GrpcResponder(this));
  } catch (const std::exception& e) {
    base::LogError("grpc handler threw: {}", e.what());  // The responder has answered.
  }
}

GrpcServer::Impl::Entry GrpcServer::Impl::Enter() {
  base::MutexLock lock(mutex_);
  if (is_stopping_) {
    return Entry::kStopping;
  }
  if (open_calls_ >= options_.max_concurrent_calls) {
    return Entry::kTooMany;
  }
  ++open_calls_;
  return Entry::kAdmitted;
}

void GrpcServer::Impl::OnCallDone() {
  base::MutexLock lock(mutex_);
  --open_calls_;
  changed_.NotifyAll();
}

grpc::ServerGenericBidiReactor* GrpcServer::Impl::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  auto* call = new GrpcResponder::Call(*this, context->method());
  const Entry entry = Enter();
  if (entry == Entry::kAdmitted) {
    call->Begin();
    return call;
  }
  losses_.Count(base::Loss::kRequestPushedBack);
  call->Refuse({base::Code::kUnavailable,
                entry == Entry::kTooMany ? "too many calls are open" : "the server is stopping"},
               kRetryRefusedCall);
  return call;
}

base::Result<std::string> GrpcServer::Impl::ReadMessage(const grpc::ByteBuffer& buffer) {
  std::string message = TRY(ToContiguous(buffer));
  if (!IsGzip(message)) {
    return message;
  }
  auto decompressed = Decompress("gzip", message, options_.max_message_bytes);
  if (!decompressed.has_value()) {
    const bool is_too_large = decompressed.error().code() == base::Code::kResourceExhausted;
    losses_.Count(is_too_large ? base::Loss::kRequestTooLarge : base::Loss::kRequestMalformed);
  }
  return decompressed;
}

base::Result<void> GrpcServer::Impl::Listen() {
  const bool is_v6 = options_.listen_address.find(':') != std::string::npos;
  const std::string address = fmt::format("{}{}{}:{}", is_v6 ? "[" : "", options_.listen_address,
                                          is_v6 ? "]" : "", options_.port);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // A taken port is an error.
  // gRPC 1.51 decompresses a message as a whole before it looks at the limit: a bomb of 400 MB took
  // 400 MB. So we decompress, and only what we can tell from plain protobuf.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetMaxReceiveMessageSize(static_cast<int>(
      std::min<std::size_t>(options_.max_message_bytes, std::numeric_limits<int>::max())));
  builder.RegisterCallbackGenericService(this);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return base::Error(base::Code::kUnavailable,
                       fmt::format("cannot listen on {} for grpc", address));
  }
  port_ = static_cast<std::uint16_t>(port);
  return {};
}

// gRPC's own shutdown waits for connections, too, and a client that sits idle may keep one to the
// end of the grace. So the calls are waited for here, and new ones refused meanwhile.
void GrpcServer::Impl::Stop(std::chrono::milliseconds grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  {
    base::MutexLock lock(mutex_);
    if (server_ == nullptr || is_stopping_) {
      return;
    }
    is_stopping_ = true;
    while (open_calls_ > 0 && std::chrono::steady_clock::now() < deadline) {
      changed_.WaitFor(mutex_, deadline - std::chrono::steady_clock::now());
    }
  }
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
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

GrpcResponder::GrpcResponder(GrpcResponder&& other) noexcept
    : call_(std::exchange(other.call_, nullptr)) {}

GrpcResponder& GrpcResponder::operator=(GrpcResponder&& other) noexcept {
  GrpcResponder old(std::move(*this));  // Answers INTERNAL if it was not used.
  call_ = std::exchange(other.call_, nullptr);
  return *this;
}

GrpcResponder::~GrpcResponder() {
  if (call_ != nullptr) {
    Fail({base::Code::kInternal, "the call was dropped without an answer"});
  }
}

void GrpcResponder::Answer(std::string_view message) {
  CHECK(call_ != nullptr);
  std::exchange(call_, nullptr)->Answer(message);
}

void GrpcResponder::Fail(const base::Error& error,
                         std::optional<std::chrono::nanoseconds> retry_delay) {
  CHECK(call_ != nullptr);
  std::exchange(call_, nullptr)->Refuse(error, retry_delay);
}

}  // namespace sightline::net
