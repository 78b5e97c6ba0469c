// SPDX-License-Identifier: Apache-2.0
#include "analytics/failure_reasons.h"

#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

struct TypeCase {
  std::string_view type;
  std::string_view reason;
};

TEST(FailureReasonsTest, ReadsTheTypeWhateverItsLanguageAndScope) {
  const TypeCase cases[] = {
      {"TimeoutError", "timeout"},
      {"asyncio.exceptions.TimeoutError", "timeout"},
      {"httpx.ReadTimeout", "timeout"},
      {"openai.APITimeoutError", "timeout"},
      {"ConnectTimeout", "timeout"},
      {"ETIMEDOUT", "timeout"},
      {"DEADLINE_EXCEEDED", "timeout"},
      {"context.deadlineExceededError", "timeout"},
      {"java.util.concurrent.TimeoutException", "timeout"},
      {"timeout", "timeout"},
      {"504", "timeout"},
      {"MemoryError", "memory_exhaustion"},
      {"java.lang.OutOfMemoryError", "memory_exhaustion"},
      {"torch.cuda.OutOfMemoryError", "memory_exhaustion"},
      {"std::bad_alloc", "memory_exhaustion"},
      {"OOMKilled", "memory_exhaustion"},
      {"ConnectionError", "network_error"},
      {"requests.exceptions.ConnectionError", "network_error"},
      {"openai.APIConnectionError", "network_error"},
      {"ConnectionResetError", "network_error"},
      {"ECONNREFUSED", "network_error"},
      {"java.net.UnknownHostException", "network_error"},
      {"socket.gaierror", "network_error"},
      {"BrokenPipeError", "network_error"},
      {"SSLError", "network_error"},
      {"aiohttp.ClientConnectorError", "network_error"},
      {"InternalServerError", "api_error"},
      {"overloaded_error", "api_error"},
      {"ServiceUnavailable", "api_error"},
      {"UNAVAILABLE", "api_error"},
      {"500", "api_error"},
      {"529", "api_error"},
      {"openai.RateLimitError", "rate_limit"},
      {"rate_limit_exceeded", "rate_limit"},
      {"ThrottlingException", "rate_limit"},
      {"429", "rate_limit"},
      {"RESOURCE_EXHAUSTED", "rate_limit"},
      {"insufficient_quota", "quota_exceeded"},
      {"BudgetExceededError", "quota_exceeded"},
      {"AuthenticationError", "authentication_error"},
      {"invalid_api_key", "authentication_error"},
      {"NoCredentialsError", "authentication_error"},
      {"401", "authentication_error"},
      {"PermissionDeniedError", "permission_denied"},
      {"PermissionError", "permission_denied"},
      {"AccessDeniedException", "permission_denied"},
      {"EACCES", "permission_denied"},
      {"FileNotFoundError", "not_found"},
      {"openai.NotFoundError", "not_found"},
      {"404", "not_found"},
      {"BadRequestError", "invalid_request"},
      {"INVALID_ARGUMENT", "invalid_request"},
      {"400", "invalid_request"},
      {"context_length_exceeded", "token_limit"},
      {"litellm.ContextWindowExceededError", "token_limit"},
      {"openai.LengthFinishReasonError", "token_limit"},
      {"content_filter", "content_filtered"},
      {"agents.exceptions.InputGuardrailTripwireTriggered", "content_filtered"},
      {"json.decoder.JSONDecodeError", "invalid_output"},
      {"langchain_core.exceptions.OutputParserException", "invalid_output"},
      {"pydantic_core._pydantic_core.ValidationError", "invalid_output"},
      {"agents.exceptions.MaxTurnsExceeded", "step_limit"},
      {"langgraph.errors.GraphRecursionError", "step_limit"},
      {"RecursionError", "step_limit"},
      {"asyncio.exceptions.CancelledError", "cancelled"},
      {"AbortError", "cancelled"},
      {"CANCELLED", "cancelled"},
      {"KeyError", "code_error"},
      {"builtins.ZeroDivisionError", "code_error"},
      {"java.lang.NullPointerException", "code_error"},
      {"TypeError", "code_error"},
      {"ValueError", "code_error"},
      {"ModuleNotFoundError", "code_error"},
      {"ENOSPC", "disk_full"},
      {"tool_error", "tool_error"},
      {"ToolException", "tool_error"},
      {"APIError", "api_error"},
      {"HTTPStatusError", "api_error"},
      {"Exception", "unknown"},
      {"RuntimeError", "unknown"},
      {"_OTHER", "unknown"},
      {"Error", "unknown"},
      {"200", "unknown"},
      {"...", "unknown"},
      {"", "unknown"},
  };
  for (const TypeCase& one : cases) {
    EXPECT_EQ(NameOf(ReasonOfFailure({.error_type = one.type})), one.reason) << one.type;
  }
}

struct StatusCase {
  int status;
  std::string_view reason;
};

TEST(FailureReasonsTest, ReadsTheStatusCode) {
  const StatusCase cases[] = {{400, "invalid_request"}, {401, "authentication_error"},
                              {402, "quota_exceeded"},  {403, "permission_denied"},
                              {404, "not_found"},       {408, "timeout"},
                              {422, "invalid_request"}, {429, "rate_limit"},
                              {499, "cancelled"},       {500, "api_error"},
                              {502, "api_error"},       {504, "timeout"},
                              {599, "api_error"},       {600, "unknown"},
                              {200, "unknown"},         {0, "unknown"},
                              {-1, "unknown"}};
  for (const StatusCase& one : cases) {
    EXPECT_EQ(NameOf(ReasonOfFailure({.status_code = one.status})), one.reason) << one.status;
  }
}

struct MessageCase {
  std::string_view message;
  std::string_view reason;
};

TEST(FailureReasonsTest, ReadsTheWordsOfTheMessage) {
  const MessageCase cases[] = {
      {"Request timed out.", "timeout"},
      {"Tool search took too long", "timeout"},
      {"context deadline exceeded", "timeout"},
      {"CUDA out of memory. Tried to allocate 2.00 GiB", "memory_exhaustion"},
      {"JavaScript heap out of memory", "memory_exhaustion"},
      {"java.lang.OutOfMemoryError: Java heap space", "memory_exhaustion"},
      {"Container exceeded its memory limit", "memory_exhaustion"},
      {"dial tcp 10.0.0.1:443: connect: connection refused", "network_error"},
      {"getaddrinfo ENOTFOUND api.example.com", "network_error"},
      {"curl: (6) Could not resolve host: example.com", "network_error"},
      {"TypeError: fetch failed", "network_error"},
      {"Error code: 429 - {'error': {'message': 'slow down'}}", "rate_limit"},
      {"Rate limit reached for model", "rate_limit"},
      {"You exceeded your current quota, please check your plan", "quota_exceeded"},
      {"upstream answered with status 503", "api_error"},
      {"HTTP/1.1 502 Bad Gateway", "api_error"},
      {"The server had an internal server error", "api_error"},
      {"Error code: 400 - This model's maximum context length is 8192 tokens", "token_limit"},
      {"Error code: 400 - The response was filtered: content management policy",
       "content_filtered"},
      {"Error code: 400 - unsupported value", "invalid_request"},
      {"Incorrect API key provided: sk-...", "authentication_error"},
      {"403 is not a code here", "unknown"},
      {"Permission denied: /etc/shadow", "permission_denied"},
      {"No such file or directory: 'a.csv'", "not_found"},
      {"Tool 'get_order' not found. Available tools: search", "not_found"},
      {"Agent stopped due to max iterations.", "step_limit"},
      {"The operation was cancelled", "cancelled"},
      {"Failed to parse the answer as JSON", "invalid_output"},
      {"No space left on device", "disk_full"},
      {"NameError: name 'search' is not defined", "code_error"},
      {"Traceback (most recent call last):\n  File \"a.py\", line 3\nKeyError: 'price'",
       "code_error"},
      {"Traceback (most recent call last):\n  File \"a.py\"\nhttpx.ConnectError: failed",
       "network_error"},
      {"invoice 12504 total 429 dollars", "unknown"},
      {"something odd happened", "unknown"},
      {"", "unknown"},
  };
  for (const MessageCase& one : cases) {
    EXPECT_EQ(NameOf(ReasonOfFailure({.message = one.message})), one.reason) << one.message;
  }
}

TEST(FailureReasonsTest, AsksTheTypeThenTheCodeThenTheWords) {
  const std::string_view words = "connection refused";
  EXPECT_EQ(ReasonOfFailure({.error_type = "TimeoutError", .status_code = 429, .message = words}),
            FailureReason::kTimeout);
  EXPECT_EQ(ReasonOfFailure({.error_type = "Exception", .status_code = 429, .message = words}),
            FailureReason::kRateLimit);
  EXPECT_EQ(ReasonOfFailure({.error_type = "Exception", .message = words}),
            FailureReason::kNetworkError);
}

TEST(FailureReasonsTest, TakesVagueTypesAndCodesLast) {
  EXPECT_EQ(ReasonOfFailure({.error_type = "BadRequestError",
                             .status_code = 400,
                             .message = "maximum context length is 8192 tokens"}),
            FailureReason::kTokenLimit);
  EXPECT_EQ(ReasonOfFailure({.error_type = "tool_error", .message = "request timed out"}),
            FailureReason::kTimeout);
  EXPECT_EQ(ReasonOfFailure({.error_type = "tool_error", .message = "bad luck"}),
            FailureReason::kToolError);
}

TEST(FailureReasonsTest, ReadsBothEndsOfALongMessage) {
  const std::string page(1'000'000, 'x');
  EXPECT_EQ(ReasonOfFailure({.message = page + " connection refused"}),
            FailureReason::kNetworkError);
  EXPECT_EQ(ReasonOfFailure({.message = "connection refused " + page}),
            FailureReason::kNetworkError);
  EXPECT_EQ(ReasonOfFailure({.message = std::string(1'000'000, ':')}), FailureReason::kUnknown);
}

TEST(FailureReasonsTest, NamesEveryReasonOnce) {
  std::set<std::string_view> names;
  for (int i = 0; i < kFailureReasonCount; ++i) {
    names.insert(NameOf(static_cast<FailureReason>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kFailureReasonCount));
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace sightline::analytics
