// SPDX-License-Identifier: Apache-2.0
#include "load/sender.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include "net/http_client.h"

namespace sightline::load {
namespace {

constexpr std::chrono::seconds kTimeout{60};
constexpr char kMethod[] = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// Raw bytes through gRPC's generic stub; the calling thread polls the call itself.
class GrpcSender final : public Sender {
 public:
  explicit GrpcSender(const std::string& target) {
    grpc::ChannelArguments arguments;
    // A connection of its own; otherwise all channels to one target share one.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments));
  }

  Outcome Send(std::string_view body) override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    // Not copied: the body outlives the call, which is over when this returns.
    const grpc::Slice slice(body.data(), body.size(), grpc::Slice::STATIC_SLICE);
    const grpc::ByteBuffer request(&slice, 1);
    const auto call = stub_->PrepareUnaryCall(&context, kMethod, request, &queue_);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, this);
    void* tag = nullptr;
    bool is_ok = false;
    queue_.Next(&tag, &is_ok);
    if (status.ok()) {
      return Outcome::kAccepted;
    }
    problem_ = fmt::format("grpc status {}: {}", static_cast<int>(status.error_code()),
                           status.error_message());
    return status.error_code() == grpc::StatusCode::UNAVAILABLE ? Outcome::kPushedBack
                                                                : Outcome::kFailed;
  }

  const std::string& problem() const override { return problem_; }

 private:
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericStub> stub_;
  std::string problem_;
};

class HttpSender final : public Sender {
 public:
  explicit HttpSender(const std::string& target)
      : url_(fmt::format("http://{}/v1/traces", target)),
        headers_({{"Content-Type", "application/x-protobuf"}}),
        client_({.total_timeout = kTimeout}) {}

  Outcome Send(std::string_view body) override {
    const auto response = client_.Post(url_, headers_, body);
    if (!response.has_value()) {
      problem_ = response.error().message();
      return Outcome::kFailed;
    }
    if (response->status == 200) {
      return Outcome::kAccepted;
    }
    problem_ = fmt::format("status {}", response->status);
    return response->status == 429 || response->status == 503 ? Outcome::kPushedBack
                                                              : Outcome::kFailed;
  }

  const std::string& problem() const override { return problem_; }

 private:
  const std::string url_;
  const net::HttpHeaders headers_;
  net::HttpClient client_;
  std::string problem_;
};

}  // namespace

std::unique_ptr<Sender> MakeGrpcSender(const std::string& target) {
  return std::make_unique<GrpcSender>(target);
}

std::unique_ptr<Sender> MakeHttpSender(const std::string& target) {
  return std::make_unique<HttpSender>(target);
}

}  // namespace sightline::load
