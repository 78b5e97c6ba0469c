// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace sightline::base {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return "invalid_argument";
    case Code::kNotFound:
      return "not_found";
    case Code::kAlreadyExists:
      return "already_exists";
    case Code::kFailedPrecondition:
      return "failed_precondition";
    case Code::kPermissionDenied:
      return "permission_denied";
    case Code::kUnimplemented:
      return "unimplemented";
    case Code::kResourceExhausted:
      return "resource_exhausted";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kDeadlineExceeded:
      return "deadline_exceeded";
    case Code::kDataLoss:
      return "data_loss";
    case Code::kInternal:
      return "internal";
  }
  return "unknown";
}

Error Error::WithContext(std::string_view context) const {
  return {code_, fmt::format("{}: {}", context, message_)};
}

std::string Error::ToString() const {
  return fmt::format("{}: {}", CodeName(code_), message_);
}

Error ErrnoError(std::string_view what, int errno_value) {
  const Code code = errno_value == ENOSPC || errno_value == EDQUOT ? Code::kUnavailable
                    : errno_value == ENOENT                        ? Code::kNotFound
                                                                   : Code::kInternal;
  return {code, fmt::format("{}: {}", what, std::generic_category().message(errno_value))};
}

}  // namespace sightline::base
