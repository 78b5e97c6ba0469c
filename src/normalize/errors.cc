// SPDX-License-Identifier: Apache-2.0
#include "normalize/errors.h"

#include <cstdint>
#include <string>

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

bool Fails(const Slots& slots, model::StatusCode status, model::Dialect dialect) {
  if (status != model::StatusCode::kUnset) {
    return status == model::StatusCode::kError;
  }
  if (slots.has(Field::kErrorType)) {
    return true;
  }
  if (slots.has(Field::kLevel) && slots.value(Field::kLevel).bytes == "ERROR") {
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
                     std::string_view status_message, model::Dialect dialect, base::Arena& arena) {
  ErrorFacts error{.has_error = Fails(slots, status, dialect)};
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
  for (const std::string_view message :
       {exception.message, status_message, TextOf(slots, Field::kStatusText, arena),
        TextOf(slots, Field::kErrorMessage, arena)}) {
    if (!message.empty()) {
      error.message = message;
      break;
    }
  }
  return error;
}

}  // namespace sightline::normalize
