// SPDX-License-Identifier: Apache-2.0
#include "normalize/errors.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "base/utf8.h"
#include "normalize/tool_result.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

struct Exception {
  std::string_view type;
  std::string_view message;
};

Exception ReadException(std::span<const otlp::KeyValue> attributes) {
  Exception exception;
  for (const otlp::KeyValue& attribute : attributes) {
    if (attribute.value.kind != otlp::ValueKind::kString) {
      continue;
    }
    if (attribute.key == "exception.type") {
      exception.type = attribute.value.bytes;
    } else if (attribute.key == "exception.message") {
      exception.message = attribute.value.bytes;
    }
  }
  return exception;
}

bool HasEscaped(std::span<const otlp::KeyValue> attributes) {
  for (const otlp::KeyValue& attribute : attributes) {
    if (attribute.key == "exception.escaped") {
      return ParseBool(attribute.value).value_or(true);
    }
  }
  return true;
}

// The last exception that was not handled on the spot.
Exception LastException(std::span<const otlp::SpanEvent> events,
                        std::span<const otlp::KeyValue> pool) {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const auto attributes = pool.subspan(event->attributes.begin, event->attributes.count);
    if (event->name == "exception" && HasEscaped(attributes)) {
      return ReadException(attributes);
    }
  }
  return {};
}

std::string_view TextOf(const Slots& slots, Field field, base::Arena& arena) {
  return slots.has(field) ? ScalarText(slots.value(field), arena) : std::string_view();
}

bool TextIs(const Slots& slots, Field field, std::initializer_list<std::string_view> lower_texts) {
  if (!slots.has(field) || slots.value(field).kind != otlp::ValueKind::kString) {
    return false;
  }
  std::string lower(slots.value(field).bytes);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::find(lower_texts.begin(), lower_texts.end(), lower) != lower_texts.end();
}

// "gen_ai.tool.error" and the like, found by their words.
bool StatesToolError(const Slots& slots) {
  constexpr std::uint8_t kByWords = 60;
  return slots.has(Field::kErrorMessage) && slots.rank(Field::kErrorMessage) == kByWords;
}

// What stands beside the result of a tool.
bool StatesToolFailure(const Slots& slots) {
  const auto is = [&slots](Field field, bool wanted) {
    return slots.has(field) && ParseBool(slots.value(field)).value_or(!wanted) == wanted;
  };
  // Bare "success" is the word of coding agents and is read with the status.
  const bool is_tools_own =
      slots.has(Field::kSuccess) && slots.rule(Field::kSuccess).key != "success";
  return is(Field::kToolFailed, true) || (is_tools_own && is(Field::kSuccess, false)) ||
         StatesToolError(slots) ||
         TextIs(slots, Field::kToolStatus,
                {"error", "failed", "failure", "errored", "exception", "timeout"});
}

// The result that a tool's span event carries; null if none does.
const otlp::Value* ResultOfEvents(std::span<const otlp::SpanEvent> events,
                                  std::span<const otlp::KeyValue> pool) {
  for (const otlp::SpanEvent& event : events) {
    if (event.name != "gen_ai.choice" && event.name != "gen_ai.tool.message") {
      continue;
    }
    for (const otlp::KeyValue& attribute :
         pool.subspan(event.attributes.begin, event.attributes.count)) {
      if (attribute.key == "message" || attribute.key == "tool.result") {
        return &attribute.value;
      }
    }
  }
  return nullptr;
}

// What a tool itself says, in its result or beside it.
ToolVerdict JudgeTool(const Slots& slots, std::span<const otlp::SpanEvent> events,
                      std::span<const otlp::KeyValue> pool, model::SpanKind kind) {
  if (kind != model::SpanKind::kTool) {
    return {};
  }
  ToolVerdict verdict;
  const bool states_failure = StatesToolFailure(slots);
  const otlp::Value* result = slots.has(Field::kToolResult) ? &slots.value(Field::kToolResult)
                                                            : ResultOfEvents(events, pool);
  // Most results of tools are large and have no such word: do not parse them.
  constexpr std::string_view kClue = "rror";
  if (result != nullptr &&
      (states_failure || result->bytes.find(kClue) != std::string_view::npos)) {
    verdict = JudgeToolResult(*result);
  }
  verdict.has_failed = verdict.has_failed || states_failure;
  return verdict;
}

bool Fails(const Slots& slots, model::StatusCode status, model::Dialect dialect) {
  if (status == model::StatusCode::kError || TextIs(slots, Field::kLevel, {"error"})) {
    return true;
  }
  if (status == model::StatusCode::kOk) {
    return false;
  }
  if (slots.has(Field::kErrorType)) {
    return true;
  }
  const bool states_success = dialect == model::Dialect::kClaudeCode ||
                              dialect == model::Dialect::kCodex ||
                              dialect == model::Dialect::kGeminiCli;
  return states_success && slots.has(Field::kSuccess) &&
         !ParseBool(slots.value(Field::kSuccess)).value_or(true);
}

std::string_view TypeFromCodes(const Slots& slots, base::Arena& arena) {
  constexpr std::int64_t kFirstFailure = 400;
  if (slots.has(Field::kHttpStatus)) {
    const auto code = ParseInteger(slots.value(Field::kHttpStatus));
    if (code && *code >= kFirstFailure) {
      return arena.Copy(std::to_string(*code));
    }
  }
  const std::string_view rpc_status = TextOf(slots, Field::kRpcStatus, arena);
  return rpc_status == "0" || rpc_status == "OK" ? std::string_view() : rpc_status;
}

}  // namespace

ErrorFacts ReadError(const Slots& slots, std::span<const otlp::SpanEvent> events,
                     std::span<const otlp::KeyValue> pool, model::StatusCode status,
                     std::string_view status_message, model::Dialect dialect, model::SpanKind kind,
                     base::Arena& arena) {
  const ToolVerdict verdict = JudgeTool(slots, events, pool, kind);
  ErrorFacts error{.has_error = verdict.has_failed || Fails(slots, status, dialect)};
  if (!error.has_error) {
    return error;
  }
  const Exception exception = LastException(events, pool);
  error.type = TextOf(slots, Field::kErrorType, arena);
  const bool is_sure = slots.rank(Field::kErrorType) == 0;
  if (!is_sure && !exception.type.empty()) {
    error.type = exception.type;
  }
  if (error.type.empty()) {
    error.type = TypeFromCodes(slots, arena);
  }
  if (error.type.empty() && verdict.has_failed) {
    error.type = "tool_error";
  }
  for (const std::string_view message :
       {exception.message, status_message, TextOf(slots, Field::kStatusText, arena),
        TextOf(slots, Field::kErrorMessage, arena)}) {
    if (!message.empty()) {
      error.message = message;
      return error;
    }
  }
  if (verdict.has_failed) {
    constexpr std::size_t kMaxBytes = 4096;  // A result may be a whole page.
    error.message = arena.Copy(base::TruncateUtf8(verdict.text, kMaxBytes));
  }
  return error;
}

}  // namespace sightline::normalize
