// SPDX-License-Identifier: Apache-2.0
// google.rpc.Status {1: code (varint), 2: message, 3: repeated google.protobuf.Any details},
// Any {1: type_url, 2: value}, google.rpc.RetryInfo {1: google.protobuf.Duration retry_delay},
// Duration {1: seconds (varint), 2: nanos (varint)}. Small enough to be written by hand.
#include "net/grpc_status.h"

#include <algorithm>
#include <cstdint>

namespace sightline::net {
namespace {

void AppendVarint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7F) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void AppendNumber(std::string& out, char field, std::uint64_t value) {
  if (value == 0) {
    return;  // proto3 leaves defaults out.
  }
  out += static_cast<char>(field << 3);
  AppendVarint(out, value);
}

void AppendBytes(std::string& out, char field, std::string_view bytes) {
  out += static_cast<char>((field << 3) | 2);
  AppendVarint(out, bytes.size());
  out += bytes;
}

std::string EncodeRetryInfo(std::chrono::nanoseconds delay) {
  delay = std::max(delay, std::chrono::nanoseconds::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(delay);
  std::string duration;
  AppendNumber(duration, 1, static_cast<std::uint64_t>(seconds.count()));
  AppendNumber(duration, 2, static_cast<std::uint64_t>((delay - seconds).count()));
  std::string retry_info;
  AppendBytes(retry_info, 1, duration);
  std::string any;
  AppendBytes(any, 1, "type.googleapis.com/google.rpc.RetryInfo");
  AppendBytes(any, 2, retry_info);
  return any;
}

}  // namespace

int GrpcCodeOf(base::Code code) {
  switch (code) {
    case base::Code::kInvalidArgument:
      return 3;
    case base::Code::kDeadlineExceeded:
      return 4;
    case base::Code::kNotFound:
      return 5;
    case base::Code::kAlreadyExists:
      return 6;
    case base::Code::kPermissionDenied:
      return 7;
    case base::Code::kResourceExhausted:
      return 8;
    case base::Code::kFailedPrecondition:
      return 9;
    case base::Code::kUnimplemented:
      return 12;
    case base::Code::kInternal:
      return 13;
    case base::Code::kUnavailable:
      return 14;
    case base::Code::kDataLoss:
      return 15;
  }
  return 2;
}

std::string EncodeRpcStatus(int grpc_code, std::string_view message,
                            std::optional<std::chrono::nanoseconds> retry_delay) {
  std::string status;
  AppendNumber(status, 1, static_cast<std::uint64_t>(grpc_code));
  if (!message.empty()) {
    AppendBytes(status, 2, message);
  }
  if (retry_delay.has_value()) {
    AppendBytes(status, 3, EncodeRetryInfo(*retry_delay));
  }
  return status;
}

}  // namespace sightline::net
