// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "demo/language_models.h"

namespace sightline::demo {

class Random;

// What can go wrong in a simulated run.
enum class FailureKind : std::uint8_t {
  kTimeout,
  kRateLimit,
  kToolException,
  kContextLength,
  kInvalidToolArguments,
  kUserCancel,
  kMaxTokens,      // Not an error on the wire: finish reason `length`.
  kContentFilter,  // Finish reason `content_filter`, or a refused request.
  kEmptyRetrieval,
  kToolLoop,
};

inline constexpr std::array kAllFailureKinds = {FailureKind::kTimeout,
                                                FailureKind::kRateLimit,
                                                FailureKind::kToolException,
                                                FailureKind::kContextLength,
                                                FailureKind::kInvalidToolArguments,
                                                FailureKind::kUserCancel,
                                                FailureKind::kMaxTokens,
                                                FailureKind::kContentFilter,
                                                FailureKind::kEmptyRetrieval,
                                                FailureKind::kToolLoop};

// "timeout", "rate_limit" ...
std::string_view FailureName(FailureKind kind);

// An error as a span reports it.
//
// Thread: value.
struct Failure {
  FailureKind kind = FailureKind::kTimeout;
  std::string type;        // Of the exception: "openai.RateLimitError".
  std::string error_type;  // Low cardinality: "rate_limit_exceeded".
  std::string message;
  std::string stacktrace;
};

// Errors of a call of `model` in the words of its provider's SDK.
Failure RateLimited(const LanguageModel& model, Random& random);
Failure ModelTimeout(const LanguageModel& model, Random& random);
Failure ContextTooLong(const LanguageModel& model, std::int64_t tokens);
Failure PromptRefused(const LanguageModel& model);

// The user stopped the run.
Failure CancelledByUser();

// A tool that raised `type`; `location` is the function that did, as "module.function".
Failure ToolFailed(FailureKind kind, std::string_view type, std::string_view message,
                   std::string_view location);

}  // namespace sightline::demo
