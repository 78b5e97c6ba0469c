// SPDX-License-Identifier: Apache-2.0
#include "model/outcome.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sightline::model {
namespace {

// Error types that mean "stopped on purpose" in the languages that agents are written in.
constexpr std::array<std::string_view, 10> kCancelTypes = {"cancelled",
                                                           "canceled",
                                                           "CancelledError",
                                                           "asyncio.CancelledError",
                                                           "asyncio.exceptions.CancelledError",
                                                           "AbortError",
                                                           "context.Canceled",
                                                           "user_cancelled",
                                                           "UserCancelled",
                                                           "KeyboardInterrupt"};

}  // namespace

Outcome OutcomeOf(const Span& span) {
  if (!span.has_error) {
    return Outcome::kCompleted;
  }
  const bool is_cancelled =
      std::find(kCancelTypes.begin(), kCancelTypes.end(), span.error_type) != kCancelTypes.end();
  return is_cancelled ? Outcome::kCancelled : Outcome::kFailed;
}

}  // namespace sightline::model
