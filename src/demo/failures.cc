// SPDX-License-Identifier: Apache-2.0
#include "demo/failures.h"

#include <fmt/format.h>

#include "base/check.h"
#include "demo/random.h"

namespace sightline::demo {
namespace {

// Where an SDK's exceptions live: "openai", "anthropic".
std::string_view SdkOf(const LanguageModel& model) {
  if (model.provider == "gcp.gemini") {
    return "google.genai.errors";
  }
  if (model.provider == "mistral_ai") {
    return "mistralai.models";
  }
  return model.provider == "anthropic" ? "anthropic" : "openai";
}

std::string ClientTrace(std::string_view sdk, std::string_view type, std::string_view message) {
  return fmt::format(
      "Traceback (most recent call last):\n"
      "  File \"/app/.venv/lib/python3.12/site-packages/{0}/_base_client.py\", line 1529, in "
      "request\n"
      "    response = await self._client.send(request, stream=stream)\n"
      "  File \"/app/.venv/lib/python3.12/site-packages/{0}/_base_client.py\", line 1594, in "
      "request\n"
      "    raise self._make_status_error_from_response(err.response) from None\n"
      "{1}: {2}\n",
      sdk, type, message);
}

Failure ModelFailure(const LanguageModel& model, FailureKind kind, std::string_view class_name,
                     std::string_view error_type, std::string message) {
  const std::string_view sdk = SdkOf(model);
  Failure failure;
  failure.kind = kind;
  failure.type = fmt::format("{}.{}", sdk, class_name);
  failure.error_type = error_type;
  failure.stacktrace = ClientTrace(sdk, failure.type, message);
  failure.message = std::move(message);
  return failure;
}

}  // namespace

std::string_view FailureName(FailureKind kind) {
  switch (kind) {
    case FailureKind::kTimeout:
      return "timeout";
    case FailureKind::kRateLimit:
      return "rate_limit";
    case FailureKind::kToolException:
      return "tool_exception";
    case FailureKind::kContextLength:
      return "context_length";
    case FailureKind::kInvalidToolArguments:
      return "invalid_tool_arguments";
    case FailureKind::kUserCancel:
      return "user_cancel";
    case FailureKind::kMaxTokens:
      return "max_tokens";
    case FailureKind::kContentFilter:
      return "content_filter";
    case FailureKind::kEmptyRetrieval:
      return "empty_retrieval";
    case FailureKind::kToolLoop:
      return "tool_loop";
  }
  CHECK(false);
}

Failure RateLimited(const LanguageModel& model, Random& random) {
  const std::int64_t used = random.Between(180'000, 199'900);
  const std::int64_t asked = random.Between(900, 9'000);
  std::string message = fmt::format(
      "Error code: 429 - Rate limit reached for {} on tokens per min (TPM): Limit 200000, "
      "Used {}, Requested {}. Please try again in {}ms.",
      model.answered_name, used, asked, random.Between(120, 2400));
  return ModelFailure(model, FailureKind::kRateLimit, "RateLimitError", "rate_limit_exceeded",
                      std::move(message));
}

Failure ModelTimeout(const LanguageModel& model, Random& random) {
  std::string message =
      fmt::format("Request timed out. (model={}, timeout=30.0, request_id=req_{})", model.name,
                  random.HexDigits(24));
  return ModelFailure(model, FailureKind::kTimeout, "APITimeoutError", "timeout",
                      std::move(message));
}

Failure ContextTooLong(const LanguageModel& model, std::int64_t tokens) {
  std::string message = fmt::format(
      "Error code: 400 - This model's maximum context length is {} tokens. However, your messages "
      "resulted in {} tokens. Please reduce the length of the messages.",
      model.context_tokens, tokens);
  return ModelFailure(model, FailureKind::kContextLength, "BadRequestError",
                      "context_length_exceeded", std::move(message));
}

Failure PromptRefused(const LanguageModel& model) {
  return ModelFailure(model, FailureKind::kContentFilter, "BadRequestError", "content_filter",
                      "Error code: 400 - The request was blocked by the content management policy: "
                      "category 'violence', severity 'medium'.");
}

Failure CancelledByUser() {
  Failure failure;
  failure.kind = FailureKind::kUserCancel;
  failure.type = "asyncio.exceptions.CancelledError";
  failure.error_type = "cancelled";
  failure.message = "run cancelled by the user";
  failure.stacktrace =
      "Traceback (most recent call last):\n"
      "  File \"/app/agents/runner.py\", line 118, in stream_run\n"
      "    async for event in run.events():\n"
      "  File \"/usr/lib/python3.12/asyncio/tasks.py\", line 385, in __wakeup\n"
      "    future.result()\n"
      "asyncio.exceptions.CancelledError: run cancelled by the user\n";
  return failure;
}

Failure ToolFailed(FailureKind kind, std::string_view type, std::string_view message,
                   std::string_view location) {
  const std::size_t dot = location.rfind('.');
  CHECK(dot != std::string_view::npos);
  std::string file(location.substr(0, dot));
  for (char& letter : file) {
    letter = letter == '.' ? '/' : letter;
  }
  Failure failure;
  failure.kind = kind;
  failure.type = type;
  failure.error_type = kind == FailureKind::kTimeout ? "timeout" : type;
  failure.message = message;
  failure.stacktrace = fmt::format(
      "Traceback (most recent call last):\n"
      "  File \"/app/agents/tool_runner.py\", line 74, in run_tool\n"
      "    result = await tool.function(**arguments)\n"
      "  File \"/app/{}.py\", line {}, in {}\n"
      "    raise {}(...)\n"
      "{}: {}\n",
      file, 20 + message.size() % 180, location.substr(dot + 1), type.substr(type.rfind('.') + 1),
      type, message);
  return failure;
}

}  // namespace sightline::demo
