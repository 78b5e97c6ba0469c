// SPDX-License-Identifier: Apache-2.0
#include "otlp/json_scalar.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

#include <simdjson.h>

namespace sightline::otlp::internal {
namespace {

constexpr char kLoneSurrogate = '\xFF';

void AppendUtf8(std::uint32_t code_point, std::string& out) {
  const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0U | code_point >> 6U);
    push(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    push(0xE0U | code_point >> 12U);
    push(0x80U | (code_point >> 6U & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  } else {
    push(0xF0U | code_point >> 18U);
    push(0x80U | (code_point >> 12U & 0x3FU));
    push(0x80U | (code_point >> 6U & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  }
}

// Four hex digits; the padding after the document makes reading past its end harmless.
std::optional<std::uint32_t> ReadHex4(const char* at) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(at, at + 4, value, 16);
  if (error != std::errc() || end != at + 4) {
    return std::nullopt;
  }
  return value;
}

// Reads what follows "\u" at `at` and moves past it; false for a wrong escape.
bool AppendUnicodeEscape(const char*& at, std::string& out) {
  const std::optional<std::uint32_t> first = ReadHex4(at);
  if (!first.has_value()) {
    return false;
  }
  at += 4;
  const bool is_high = *first >= 0xD800 && *first < 0xDC00;
  const bool is_low = *first >= 0xDC00 && *first < 0xE000;
  if (is_high && at[0] == '\\' && at[1] == 'u') {
    const std::optional<std::uint32_t> second = ReadHex4(at + 2);
    if (second.has_value() && *second >= 0xDC00 && *second < 0xE000) {
      at += 6;
      AppendUtf8(0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00), out);
      return true;
    }
  }
  if (is_high || is_low) {
    out.push_back(kLoneSurrogate);
  } else {
    AppendUtf8(*first, out);
  }
  return true;
}

// Reads one escape, `at` just after the backslash, and moves past it; false for a wrong escape.
bool AppendEscape(const char*& at, std::string& out) {
  const char letter = *at++;
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      out.push_back(letter);
      return true;
    case 'b':
      out.push_back('\b');
      return true;
    case 'f':
      out.push_back('\f');
      return true;
    case 'n':
      out.push_back('\n');
      return true;
    case 'r':
      out.push_back('\r');
      return true;
    case 't':
      out.push_back('\t');
      return true;
    case 'u':
      return AppendUnicodeEscape(at, out);
    default:
      return false;
  }
}

template <typename T>
std::optional<T> ParseWhole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

}  // namespace

std::optional<std::string_view> ReadJsonText(const char* raw, std::string& scratch) {
  const char* const quote = std::strchr(raw, '"');
  const auto length = static_cast<std::size_t>(quote - raw);
  if (std::memchr(raw, '\\', length) == nullptr) {
    return std::string_view(raw, length);
  }
  scratch.clear();
  const char* at = raw;
  while (*at != '"') {
    const std::size_t plain = std::strcspn(at, "\"\\");
    scratch.append(at, plain);
    at += plain;
    if (*at == '\\' && !AppendEscape(++at, scratch)) {
      return std::nullopt;
    }
  }
  return scratch;
}

std::optional<JsonNumber> ReadJsonNumber(simdjson::ondemand::value value) {
  std::int64_t integer = 0;
  if (value.get_int64().get(integer) == simdjson::SUCCESS) {
    return integer;
  }
  std::uint64_t natural = 0;
  if (value.get_uint64().get(natural) == simdjson::SUCCESS) {
    return natural;
  }
  return ReadJsonDouble(value);
}

std::optional<JsonNumber> ReadJsonDouble(simdjson::ondemand::value value) {
  double number = 0;
  if (value.get_double().get(number) == simdjson::SUCCESS) {
    return number;
  }
  return std::nullopt;
}

std::optional<JsonNumber> ParseNumberText(std::string_view text) {
  if (const auto integer = ParseWhole<std::int64_t>(text)) {
    return *integer;
  }
  if (const auto natural = ParseWhole<std::uint64_t>(text)) {
    return *natural;
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (text == "Infinity") {
    return kInfinity;
  }
  if (text == "-Infinity") {
    return -kInfinity;
  }
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) {
    return std::nullopt;  // from_chars knows "inf" and "nan(...)".
  }
  if (const auto number = ParseWhole<double>(text)) {
    return *number;
  }
  return std::nullopt;
}

std::optional<std::int64_t> ToInt64(const JsonNumber& number) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) {
    return *integer;
  }
  const auto* fraction = std::get_if<double>(&number);
  if (fraction != nullptr && *fraction >= -kTwo63 && *fraction < kTwo63 &&
      *fraction == std::trunc(*fraction)) {
    return static_cast<std::int64_t>(*fraction);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ToUint64(const JsonNumber& number) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) {
    return *integer >= 0 ? std::optional<std::uint64_t>(static_cast<std::uint64_t>(*integer))
                         : std::nullopt;
  }
  if (const auto* natural = std::get_if<std::uint64_t>(&number)) {
    return *natural;
  }
  const double fraction = std::get<double>(number);
  if (fraction >= 0 && fraction < kTwo64 && fraction == std::trunc(fraction)) {
    return static_cast<std::uint64_t>(fraction);
  }
  return std::nullopt;
}

double ToDouble(const JsonNumber& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

}  // namespace sightline::otlp::internal
