// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace sightline::analytics {

// Why a step failed, in classes that ask for different remedies.
enum class FailureReason : std::uint8_t {
  kUnknown,
  kTimeout,
  kMemoryExhaustion,
  kNetworkError,
  kApiError,             // The called service failed or refused for a reason not listed here.
  kRateLimit,            // Too many calls for now; the same call works later.
  kQuotaExceeded,        // Money or a budget is spent.
  kAuthenticationError,  // The caller is not known.
  kPermissionDenied,     // The caller is known and may not.
  kNotFound,
  kInvalidRequest,   // The service did not accept what was sent.
  kTokenLimit,       // The context or the answer was too long for the model.
  kContentFiltered,  // A filter or a guardrail stopped it.
  kInvalidOutput,    // An answer could not be read, or is not of the wanted form.
  kStepLimit,        // The agent went on for too many turns.
  kCancelled,
  kDiskFull,
  kCodeError,  // A mistake in the program around the model.
  kToolError,  // A tool says that it failed, and nothing more.
};
inline constexpr int kFailureReasonCount = 19;

// The name in answers of the API: "timeout", "memory_exhaustion", ...
std::string_view NameOf(FailureReason reason);

// What is known of a step that failed. Everything may be missing.
struct FailureFacts {
  std::string_view error_type;  // A class, an errno, a gRPC code, an HTTP status as text.
  int status_code = 0;          // Of HTTP; 0: not known.
  std::string_view message;
};

// Asks, in this order, and takes the first clear answer: the error type; the status code; the type
// and the code that the message quotes; the words of the message. Types and codes that are used for
// everything ("APIError", 400) count only when all of that is silent.
// Cost: linear in the message, of which the first and the last 4 KiB are read.
FailureReason ReasonOfFailure(const FailureFacts& facts);

}  // namespace sightline::analytics
