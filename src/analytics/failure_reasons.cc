// SPDX-License-Identifier: Apache-2.0
#include "analytics/failure_reasons.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

#include "analytics/failure_reason_rules.h"
#include "base/ascii.h"

namespace sightline::analytics {
namespace {

using enum FailureReason;

constexpr std::array<std::string_view, kFailureReasonCount> kNames = {
    "unknown",         "timeout",        "memory_exhaustion",    "network_error",     "api_error",
    "rate_limit",      "quota_exceeded", "authentication_error", "permission_denied", "not_found",
    "invalid_request", "token_limit",    "content_filtered",     "invalid_output",    "step_limit",
    "cancelled",       "disk_full",      "code_error",           "tool_error"};

constexpr std::size_t kReadBytes = 4096;

// The longest name of a class, with its scopes, that is looked for in a message.
constexpr std::size_t kLongestType = 128;

constexpr bool IsAlnum(char c) {
  const char lower = base::ToLower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<FailureReason> FindWhole(std::span<const FailureRule> rules, std::string_view text) {
  for (const FailureRule& rule : rules) {
    if (rule.text == text) {
      return rule.reason;
    }
  }
  return std::nullopt;
}

std::optional<FailureReason> FindPart(std::span<const FailureRule> rules, std::string_view text) {
  for (const FailureRule& rule : rules) {
    if (text.find(rule.text) != std::string_view::npos) {
      return rule.reason;
    }
  }
  return std::nullopt;
}

// "openai.RateLimitError" is "ratelimit", "java.net.SocketException" is "socket".
std::string StemOf(std::string_view type) {
  while (!type.empty() && !IsAlnum(type.back())) {
    type.remove_suffix(1);
  }
  const std::size_t scope = type.find_last_of(".:/$#\\");
  std::string stem;
  for (const char c : type.substr(scope == std::string_view::npos ? 0 : scope + 1)) {
    if (IsAlnum(c)) {
      stem.push_back(base::ToLower(c));
    }
  }
  for (const std::string_view suffix : {"error", "exception", "err", "failure"}) {
    if (stem.size() > suffix.size() && stem.ends_with(suffix)) {
      stem.resize(stem.size() - suffix.size());
      break;
    }
  }
  return stem;
}

// 0: the text is not a status of HTTP.
int StatusOf(std::string_view text) {
  if (text.size() != 3 || !std::ranges::all_of(text, IsDigit) || text.front() < '4' ||
      text.front() > '5') {
    return 0;
  }
  return (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
}

std::optional<FailureReason> ReasonOfStatus(int status) {
  switch (status) {
    case 401:
    case 407:
      return kAuthenticationError;
    case 402:
      return kQuotaExceeded;
    case 403:
      return kPermissionDenied;
    case 404:
    case 410:
      return kNotFound;
    case 408:
    case 504:
    case 524:
      return kTimeout;
    case 429:
      return kRateLimit;
    case 499:
      return kCancelled;
    case 507:
      return kDiskFull;
    default:
      return status >= 500 && status < 600 ? std::optional(kApiError) : std::nullopt;
  }
}

std::optional<FailureReason> ReasonOfType(std::string_view type) {
  type = base::Trim(type);
  if (const int status = StatusOf(type); status != 0) {
    return ReasonOfStatus(status);
  }
  const std::string stem = StemOf(type);
  const std::optional<FailureReason> whole = FindWhole(kWholeTypes, stem);
  return whole.has_value() ? whole : FindPart(kTypeParts, stem);
}

// A class that ends in "Error" or "Exception" and is followed by a colon, the last one first: that
// is the one a stack trace ends with.
std::optional<FailureReason> ReasonOfQuotedType(std::string_view message) {
  for (std::size_t colon = message.rfind(':'); colon != std::string_view::npos && colon > 0;
       colon = message.rfind(':', colon - 1)) {
    const std::size_t first = colon - std::min(colon, kLongestType);
    const std::string_view before = message.substr(first, colon - first);
    const std::size_t space = before.find_last_of(" \t\r\n\"'([{<");
    const std::string_view word = before.substr(space == std::string_view::npos ? 0 : space + 1);
    if (word.ends_with("Error") || word.ends_with("Exception")) {
      const std::optional<FailureReason> reason = ReasonOfType(word);
      if (reason.has_value()) {
        return reason;
      }
    }
  }
  return std::nullopt;
}

// "error code: 429", "status 503", "HTTP/1.1 502".
int QuotedStatus(std::string_view lower) {
  constexpr std::string_view kBefore[] = {"code",   "status",     "http",        "http/1.1",
                                          "http/2", "statuscode", "status_code", "error"};
  for (std::size_t at = 0; at + 3 <= lower.size(); ++at) {
    const bool begins = IsDigit(lower[at]) && (at == 0 || !IsAlnum(lower[at - 1]));
    const bool ends = at + 3 == lower.size() || !IsAlnum(lower[at + 3]);
    const int status = begins && ends ? StatusOf(lower.substr(at, 3)) : 0;
    if (status == 0) {
      continue;
    }
    std::string_view before = lower.substr(0, at);
    while (!before.empty() &&
           std::string_view(" :=(\"'[").find(before.back()) != std::string_view::npos) {
      before.remove_suffix(1);
    }
    const std::size_t space = before.find_last_of(" \t\r\n\"'([{<,:=");
    const std::string_view word = before.substr(space == std::string_view::npos ? 0 : space + 1);
    if (std::ranges::find(kBefore, word) != std::end(kBefore)) {
      return status;
    }
  }
  return 0;
}

bool IsClientStatus(int status) {
  return status >= 400 && status < 500;
}

std::string ReadPart(std::string_view message) {
  if (message.size() <= 2 * kReadBytes) {
    return std::string(message);
  }
  return std::string(message.substr(0, kReadBytes)) + "\n" +
         std::string(message.substr(message.size() - kReadBytes));
}

}  // namespace

std::string_view NameOf(FailureReason reason) {
  return kNames[static_cast<std::size_t>(reason)];
}

FailureReason ReasonOfFailure(const FailureFacts& facts) {
  if (const auto reason = ReasonOfType(facts.error_type); reason.has_value()) {
    return *reason;
  }
  if (const auto reason = ReasonOfStatus(facts.status_code); reason.has_value()) {
    return *reason;
  }
  const std::string message = ReadPart(facts.message);
  if (const auto reason = ReasonOfQuotedType(message); reason.has_value()) {
    return *reason;
  }
  const std::string lower = base::ToLower(message);
  const int quoted = QuotedStatus(lower);
  if (const auto reason = ReasonOfStatus(quoted); reason.has_value()) {
    return *reason;
  }
  if (const auto reason = FindPart(kWords, lower); reason.has_value()) {
    return *reason;
  }
  if (const auto reason = FindWhole(kVagueTypes, StemOf(facts.error_type)); reason.has_value()) {
    return *reason;
  }
  const bool is_refused = IsClientStatus(facts.status_code) || IsClientStatus(quoted) ||
                          IsClientStatus(StatusOf(base::Trim(facts.error_type)));
  return is_refused ? kInvalidRequest : kUnknown;
}

}  // namespace sightline::analytics
