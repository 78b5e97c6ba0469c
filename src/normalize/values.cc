// SPDX-License-Identifier: Apache-2.0
#include "normalize/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/ascii.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "otlp/value_json.h"

namespace sightline::normalize {
namespace {

constexpr std::int64_t kLargestInteger = 1'000'000'000'000'000;

// A number may itself be JSON text of a string.
std::string_view TrimNumber(std::string_view text) {
  text = base::Trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = base::Trim(text.substr(1, text.size() - 2));
  }
  return text;
}

std::optional<std::int64_t> InRange(std::int64_t number) {
  if (number > kLargestInteger || number < -kLargestInteger) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> ToInteger(double number) {
  if (!(std::abs(number) <= static_cast<double>(kLargestInteger))) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace

bool IsAbsentText(std::string_view text) {
  switch (text.size()) {
    case 0:
      return true;
    case 4:
      return text == "null";
    case 10:
      return text == "<REDACTED>" || text == "[REDACTED]";
    case 15:
      return text == "<not specified>";
    default:
      return false;
  }
}

bool IsAbsent(const otlp::Value& value) {
  return value.kind == otlp::ValueKind::kNone ||
         (value.kind == otlp::ValueKind::kString && IsAbsentText(value.bytes));
}

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  text = TrimNumber(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    return InRange(number);
  }
  const auto real = ParseNumber(text);
  return real ? ToInteger(*real) : std::nullopt;
}

std::optional<std::int64_t> ParseInteger(const otlp::Value& value) {
  switch (value.kind) {
    case otlp::ValueKind::kInt:
      return InRange(value.integer);
    case otlp::ValueKind::kDouble:
      return ToInteger(value.number);
    case otlp::ValueKind::kString:
      return ParseInteger(value.bytes);
    case otlp::ValueKind::kNone:
    case otlp::ValueKind::kBool:
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> ParseNumber(std::string_view text) {
  text = TrimNumber(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<double> ParseNumber(const otlp::Value& value) {
  switch (value.kind) {
    case otlp::ValueKind::kInt:
      return static_cast<double>(value.integer);
    case otlp::ValueKind::kDouble:
      return std::isfinite(value.number) ? std::optional(value.number) : std::nullopt;
    case otlp::ValueKind::kString:
      return ParseNumber(value.bytes);
    case otlp::ValueKind::kNone:
    case otlp::ValueKind::kBool:
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<bool> ParseBool(const otlp::Value& value) {
  if (value.kind == otlp::ValueKind::kBool) {
    return value.integer != 0;
  }
  if (value.kind == otlp::ValueKind::kString) {
    if (base::EqualsIgnoringCase(value.bytes, "true")) {
      return true;
    }
    if (base::EqualsIgnoringCase(value.bytes, "false")) {
      return false;
    }
  }
  const auto number = ParseNumber(value);
  return number ? std::optional(*number != 0) : std::nullopt;
}

std::optional<model::Money> ParseDollars(std::string_view text) {
  text = TrimNumber(text);
  if (text.starts_with('+') || text.starts_with('$')) {
    text.remove_prefix(1);
  }
  const auto decimal = base::SplitDecimal(text);
  if (!decimal) {
    return std::nullopt;
  }
  // The digits stand for whole.fraction * 10^exponent; walk them with the weight of each in
  // picodollars, from 10^12 for the last digit before the point.
  constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 10 - 10;
  std::int64_t amount = 0;
  int weight = 12 + decimal->exponent + static_cast<int>(decimal->whole.size()) - 1;
  bool rounds_up = false;
  for (const std::string_view digits : {decimal->whole, decimal->fraction}) {
    for (const char c : digits) {
      const int digit = c - '0';
      if (weight >= 0) {
        if (amount > kLimit) {
          return std::nullopt;
        }
        amount = amount * 10 + digit;
      } else if (weight == -1) {
        rounds_up = digit >= 5;
      }
      --weight;
    }
  }
  for (; weight >= 0 && amount != 0; --weight) {
    if (amount > kLimit) {
      return std::nullopt;
    }
    amount *= 10;
  }
  return model::Money{.picodollars = amount + (rounds_up ? 1 : 0)};
}

std::optional<model::Money> ParseDollars(const otlp::Value& value) {
  std::array<char, 32> buffer{};
  std::to_chars_result written{};
  switch (value.kind) {
    case otlp::ValueKind::kString:
      return ParseDollars(value.bytes);
    case otlp::ValueKind::kInt:
      written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.integer);
      break;
    case otlp::ValueKind::kDouble:
      if (!std::isfinite(value.number)) {
        return std::nullopt;
      }
      written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.number);
      break;
    case otlp::ValueKind::kNone:
    case otlp::ValueKind::kBool:
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      return std::nullopt;
  }
  return ParseDollars(
      std::string_view(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())));
}

std::string_view ScalarText(const otlp::Value& value, base::Arena& arena) {
  std::array<char, 32> buffer{};
  std::to_chars_result written{};
  switch (value.kind) {
    case otlp::ValueKind::kString:
      return IsAbsentText(value.bytes) ? std::string_view() : value.bytes;
    case otlp::ValueKind::kBool:
      return value.integer != 0 ? "true" : "false";
    case otlp::ValueKind::kInt:
      written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.integer);
      break;
    case otlp::ValueKind::kDouble:
      written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.number);
      break;
    case otlp::ValueKind::kNone:
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      return {};
  }
  return arena.Copy({buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())});
}

std::uint64_t HashOf(const otlp::Value& value) {
  std::string json;
  if (value.kind != otlp::ValueKind::kString) {
    otlp::JsonMarks marks;
    otlp::AppendJson(value, json, marks);
  }
  const std::uint64_t hash =
      base::HashBytes64(value.kind == otlp::ValueKind::kString ? value.bytes : json);
  return hash == 0 ? 1 : hash;
}

std::string Unquote(std::string_view text) {
  const std::string_view trimmed = base::Trim(text);
  if (trimmed.size() < 2 || trimmed.front() != '"' || trimmed.back() != '"') {
    return std::string(text);
  }
  if (trimmed.find('\\') == std::string_view::npos) {
    return std::string(trimmed.substr(1, trimmed.size() - 2));
  }
  boost::json::error_code error;
  const boost::json::value parsed = boost::json::parse({trimmed.data(), trimmed.size()}, error);
  if (error || !parsed.is_string()) {
    return std::string(text);
  }
  return std::string(std::string_view(parsed.get_string()));
}

}  // namespace sightline::normalize
