// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_call.h"

#include <exception>
#include <vector>

#include <fmt/format.h>
#include <grpcpp/support/slice.h>

#include "base/check.h"
#include "base/log.h"
#include "base/result.h"
#include "net/grpc_compression.h"
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

bool IsServed(std::string_view encoding) {
  return encoding.empty() || encoding == "gzip" || encoding == "deflate";
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

void GrpcResponder::Call::Refuse(const base::Error& error,
                                 std::optional<std::chrono::nanoseconds> retry_delay) {
  Finish(ToGrpcStatus(error, retry_delay));
}

void GrpcResponder::Call::Answer(std::string_view message) {
  const grpc::Slice slice(message.data(), message.size());
  response_ = grpc::ByteBuffer(&slice, 1);
  StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
}

void GrpcResponder::Call::OnDone() {
  if (is_admitted_) {
    parts_.calls.Leave(address_);
  }
  delete this;
}

void GrpcResponder::Call::OnReadDone(bool ok) {
  if (!parts_.calls.Claim(this)) {
    return;  // Cut.
  }
  if (!ok) {
    parts_.losses.Count(base::Loss::kCallIncomplete);
    Refuse({base::Code::kInvalidArgument, "cannot read call: it has no request message"}, {});
    return;
  }
  const GrpcServerOptions& options = parts_.options;
  ticket_ = options.admission ? options.admission() : nullptr;
  wait_end_ = std::chrono::steady_clock::now() + options.admission_wait;
  if (!TryAdmit() && !parts_.calls.Hold(this)) {
    PushBack("too many calls wait");
  }
}

bool GrpcResponder::Call::TryEnter() {
  const char* const reason = parts_.calls.Enter(this);
  if (reason == nullptr) {
    is_admitted_ = true;
    StartRead(&request_);
    return true;
  }
  if (std::chrono::steady_clock::now() < wait_end_ && !parts_.calls.is_stopping()) {
    return false;
  }
  PushBack(reason);
  return true;
}

void GrpcResponder::Call::PushBack(std::string_view why) {
  parts_.losses.Count(base::Loss::kRequestPushedBack);
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
    RefuseEncoding(encoding);
    return;
  }
  GrpcRequest request{.method = method_,
                      .message = std::move(*message),
                      .encoding = std::string(encoding),
                      .admission = std::move(ticket_)};
  try {
    parts_.handler(std::move(request), GrpcResponder(this));
  } catch (const std::exception& e) {
    base::LogError("grpc handler threw: {}", e.what());  // The responder has answered.
  }
}

void GrpcResponder::Call::RefuseEncoding(std::string_view encoding) {
  parts_.losses.Count(base::Loss::kRequestUnsupported);
  ticket_.reset();
  refusal_ =
      ToGrpcStatus({base::Code::kUnimplemented,
                    fmt::format("messages compressed with {} are not served; use gzip", encoding)},
                   {});
  StartSendInitialMetadata();
}

void GrpcResponder::Call::OnSendInitialMetadataDone(bool /*ok*/) {
  Finish(std::move(refusal_));
}

void GrpcResponder::Call::Cut() {
  parts_.losses.Count(base::Loss::kCallIncomplete);
  Refuse({base::Code::kDeadlineExceeded, "the message of the call did not come in time"}, {});
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
