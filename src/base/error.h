// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sightline::base {

// A subset of gRPC's status codes. net/http_status.cc and net/grpc_status.cc translate them.
enum class Code : std::uint8_t {
  kInvalidArgument,
  kNotFound,
  kAlreadyExists,
  kFailedPrecondition,
  kPermissionDenied,
  kUnimplemented,
  kResourceExhausted,  // A limit that a retry of the same request will hit again.
  kUnavailable,        // Passing: the same request may succeed later.
  kDeadlineExceeded,
  kDataLoss,
  kInternal,
};

// "invalid_argument", "not_found" ...
std::string_view CodeName(Code code);

// Why something failed. The message is lower case, has no full stop and reads
// "cannot <do what> <to which>: <cause>".
//
// Thread: value.
class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  Code code() const { return code_; }

  const std::string& message() const { return message_; }

  // The same error with what we were doing put before the cause: "<context>: <message>".
  Error WithContext(std::string_view context) const;

  // "<code name>: <message>", for logs.
  std::string ToString() const;

 private:
  Code code_;
  std::string message_;
};

// "<what>: <strerror(errno_value)>"; ENOSPC and EDQUOT become kUnavailable, the rest kInternal.
Error ErrnoError(std::string_view what, int errno_value);

}  // namespace sightline::base
