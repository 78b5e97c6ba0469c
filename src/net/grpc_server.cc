// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_server.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/resource_quota.h>
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
#include "base/thread_name.h"
#include "net/grpc_compression.h"
#include "net/grpc_listener.h"
#include "net/grpc_status.h"

namespace sightline::net {
namespace {

constexpr std::chrono::seconds kRetryRefusedCall{1};

// How much later than its time a call may be cut.
constexpr std::chrono::milliseconds kOverdueCheck{250};

grpc::Status ToGrpcStatus(const base::Error& error,
                          std::optional<std::chrono::nanoseconds> retry_delay) {
  const int code = GrpcCodeOf(error.code());
  return {static_cast<grpc::StatusCode>(code), error.message(),
          retry_delay.has_value() ? EncodeRpcStatus(code, error.message(), retry_delay)
                                  : std::string()};
}

bool IsServed(std::string_view encoding) {
  return encoding.empty() || encoding == "gzip" || encoding == "deflate";
}

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

  std::uint16_t port() const { return listener_->port(); }

  const GrpcServerOptions& options() const { return options_; }

  const GrpcHandler& handler() const { return handler_; }

  base::LossTable& losses() { return losses_; }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  // A call whose message has not come is either read or cut: true for the one who may go on.
  bool Claim(GrpcResponder::Call* call) EXCLUDES(mutex_);

  // Null: the call may be read. Otherwise why not now.
  const char* Enter(GrpcResponder::Call* call) EXCLUDES(mutex_);

  // The call is asked to go on until it does, see Call::TryGoOn. False when too many are.
  bool Hold(GrpcResponder::Call* call) EXCLUDES(mutex_);

  bool is_stopping() const EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    return is_stopping_;
  }

  void OnCallDone(const std::string& address) EXCLUDES(mutex_);

 private:
  using Calls = std::vector<GrpcResponder::Call*>;

  void RunTimers() EXCLUDES(mutex_);
  Calls TakeOverdue() REQUIRES(mutex_);
  void Configure(grpc::ServerBuilder& builder) const;

  const GrpcServerOptions options_;
  const GrpcHandler handler_;
  base::LossTable& losses_;
  std::unique_ptr<GrpcListener> listener_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;

  mutable base::Mutex mutex_;
  base::CondVar changed_;                          // open_calls_.
  base::CondVar timers_changed_;                   // held_, is_ended_.
  std::size_t open_calls_ GUARDED_BY(mutex_) = 0;  // That were admitted.
  std::unordered_map<std::string, std::size_t> calls_by_address_ GUARDED_BY(mutex_);
  std::unordered_map<GrpcResponder::Call*, std::chrono::steady_clock::time_point> unread_
      GUARDED_BY(mutex_);  // And when they are cut.
  Calls held_ GUARDED_BY(mutex_);
  std::size_t held_calls_ GUARDED_BY(mutex_) = 0;  // And those that are being asked.
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  bool is_ended_ GUARDED_BY(mutex_) = false;
  std::jthread timers_;
};

// One call. gRPC deletes it through OnDone, which follows once it is finished; until then the
// responder's pointer is good.
class GrpcResponder::Call final : public grpc::ServerGenericBidiReactor {
 public:
  Call(GrpcServer::Impl& server, std::string method, std::string address)
      : server_(server),
        method_(std::move(method)),
        address_(std::move(address)),
        wait_end_(std::chrono::steady_clock::now() + server.options().admission_wait) {}

  const std::string& address() const { return address_; }

  void Refuse(const base::Error& error, std::optional<std::chrono::nanoseconds> retry_delay) {
    Finish(ToGrpcStatus(error, retry_delay));
  }

  void Answer(std::string_view message) {
    const grpc::Slice slice(message.data(), message.size());
    response_ = grpc::ByteBuffer(&slice, 1);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }

  // Begins to read, or refuses when the call has waited for long enough. False: it has to wait.
  bool TryEnter();

  // What a held call waits for: TryEnter, then TryAdmit.
  bool TryGoOn() { return is_admitted_ ? TryAdmit() : TryEnter(); }

  // Its message has not come in time.
  void Cut();

  // Refuses the call, which may come again.
  void PushBack(std::string_view why);

  void OnReadDone(bool ok) override;

  void OnDone() override {
    if (is_admitted_) {
      server_.OnCallDone(address_);
    }
    delete this;
  }

 private:
  // Charges the message and hands it on, or refuses it when it has waited for long enough. False:
  // it has to wait.
  bool TryAdmit();

  void HandOver();

  GrpcServer::Impl& server_;
  const std::string method_;
  const std::string address_;
  bool is_admitted_ = false;
  std::unique_ptr<AdmissionTicket> ticket_;
  std::chrono::steady_clock::time_point wait_end_;  // Of what it waits for now.
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

void GrpcResponder::Call::OnReadDone(bool ok) {
  if (!server_.Claim(this)) {
    return;  // Cut.
  }
  if (!ok) {
    server_.losses().Count(base::Loss::kCallIncomplete);
    Refuse({base::Code::kInvalidArgument, "cannot read call: it has no request message"}, {});
    return;
  }
  const GrpcServerOptions& options = server_.options();
  ticket_ = options.admission ? options.admission() : nullptr;
  wait_end_ = std::chrono::steady_clock::now() + options.admission_wait;
  if (!TryAdmit() && !server_.Hold(this)) {
    PushBack("too many calls wait");
  }
}

bool GrpcResponder::Call::TryEnter() {
  const char* const reason = server_.Enter(this);
  if (reason == nullptr) {
    is_admitted_ = true;
    StartRead(&request_);
    return true;
  }
  if (std::chrono::steady_clock::now() < wait_end_ && !server_.is_stopping()) {
    return false;
  }
  PushBack(reason);
  return true;
}

void GrpcResponder::Call::PushBack(std::string_view why) {
  server_.losses().Count(base::Loss::kRequestPushedBack);
  ticket_.reset();
  request_.Clear();
  Refuse({base::Code::kUnavailable, fmt::format("cannot take the request now: {}", why)},
         kRetryRefusedCall);
}

bool GrpcResponder::Call::TryAdmit() {
  if (ticket_ == nullptr || ticket_->Grow(request_.Length())) {
    HandOver();
    return true;
  }
  if (std::chrono::steady_clock::now() < wait_end_) {
    return false;
  }
  PushBack("too many bytes in flight");
  return true;
}

void GrpcResponder::Call::HandOver() {
  base::Result<std::string> message = ToContiguous(request_);
  request_.Clear();
  if (!message.has_value()) {
    Refuse(message.error(), {});
    return;
  }
  const std::string_view encoding = CompressionOf(*message);
  if (!IsServed(encoding)) {
    server_.losses().Count(base::Loss::kRequestUnsupported);
    ticket_.reset();
    StartSendInitialMetadata();  // Which names what is served, in grpc-accept-encoding.
    Refuse({base::Code::kUnimplemented,
            fmt::format("messages compressed with {} are not served; use gzip", encoding)},
           {});
    return;
  }
  GrpcRequest request{.method = method_,
                      .message = std::move(*message),
                      .encoding = std::string(encoding),
                      .admission = std::move(ticket_)};
  try {
    server_.handler()(std::move(request), GrpcResponder(this));
  } catch (const std::exception& e) {
    base::LogError("grpc handler threw: {}", e.what());  // The responder has answered.
  }
}

void GrpcResponder::Call::Cut() {
  server_.losses().Count(base::Loss::kCallIncomplete);
  Refuse({base::Code::kDeadlineExceeded, "the message of the call did not come in time"}, {});
}

const char* GrpcServer::Impl::Enter(GrpcResponder::Call* call) {
  base::MutexLock lock(mutex_);
  if (is_stopping_) {
    return "the server is stopping";
  }
  const auto of_address = calls_by_address_.find(call->address());
  if (open_calls_ >= options_.max_concurrent_calls ||
      (of_address != calls_by_address_.end() &&
       of_address->second >= options_.max_calls_per_address)) {
    return "too many calls are open";
  }
  ++open_calls_;
  ++calls_by_address_[call->address()];
  unread_.emplace(call, std::chrono::steady_clock::now() + options_.message_timeout);
  return nullptr;
}

bool GrpcServer::Impl::Claim(GrpcResponder::Call* call) {
  base::MutexLock lock(mutex_);
  return unread_.erase(call) == 1;
}

bool GrpcServer::Impl::Hold(GrpcResponder::Call* call) {
  base::MutexLock lock(mutex_);
  if (held_calls_ >= options_.max_held_calls) {
    return false;
  }
  ++held_calls_;
  held_.push_back(call);
  timers_changed_.NotifyAll();
  return true;
}

void GrpcServer::Impl::OnCallDone(const std::string& address) {
  base::MutexLock lock(mutex_);
  --open_calls_;
  const auto place = calls_by_address_.find(address);
  if (--place->second == 0) {
    calls_by_address_.erase(place);
  }
  changed_.NotifyAll();
}

// Cuts calls whose message does not come and asks held ones to go on. A call stays alive while it
// is claimed and not finished, so that nothing has to be done under the lock.
void GrpcServer::Impl::RunTimers() {
  while (true) {
    Calls overdue;
    Calls held;
    {
      base::MutexLock lock(mutex_);
      if (!is_ended_) {
        timers_changed_.WaitFor(mutex_, held_.empty() ? kOverdueCheck : kAdmissionRetry);
      }
      if (is_ended_) {
        return;
      }
      overdue = TakeOverdue();
      held.swap(held_);
    }
    for (GrpcResponder::Call* call : overdue) {
      call->Cut();
    }
    const std::size_t gone =
        std::erase_if(held, [](GrpcResponder::Call* call) { return call->TryGoOn(); });
    base::MutexLock lock(mutex_);
    held_calls_ -= gone;
    held_.insert(held_.begin(), held.begin(), held.end());
  }
}

GrpcServer::Impl::Calls GrpcServer::Impl::TakeOverdue() {
  Calls overdue;
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(unread_, [&](const auto& entry) {
    if (entry.second > now) {
      return false;
    }
    overdue.push_back(entry.first);
    return true;
  });
  return overdue;
}

grpc::ServerGenericBidiReactor* GrpcServer::Impl::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  auto* call = new GrpcResponder::Call(*this, context->method(), AddressOfPeer(context->peer()));
  if (context->client_metadata().size() > options_.max_metadata_entries) {
    losses_.Count(base::Loss::kRequestTooLarge);
    call->Refuse({base::Code::kResourceExhausted, "the call has too many metadata entries"}, {});
    return call;
  }
  if (!call->TryEnter() && !Hold(call)) {
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
  timers_ = std::jthread([this] {
    base::NameThread("grpc-timers");
    RunTimers();
  });
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
  if (server_ == nullptr) {
    return;
  }
  {
    base::MutexLock lock(mutex_);
    if (is_stopping_) {
      return;
    }
    is_stopping_ = true;
  }
  listener_->Stop();
  {
    base::MutexLock lock(mutex_);
    while (open_calls_ > 0 && std::chrono::steady_clock::now() < deadline) {
      changed_.WaitFor(mutex_, deadline - std::chrono::steady_clock::now());
    }
  }
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  {
    base::MutexLock lock(mutex_);
    is_ended_ = true;
    timers_changed_.NotifyAll();
  }
  timers_.join();
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
