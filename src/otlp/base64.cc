// SPDX-License-Identifier: Apache-2.0
#include "otlp/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sightline::otlp {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 64;

constexpr std::array<std::uint8_t, 256> MakeDigitValues() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < kNoDigit; ++i) {
    values[static_cast<std::uint8_t>(kDigits[i])] = i;
  }
  values['-'] = 62;
  values['_'] = 63;
  return values;
}

constexpr std::array<std::uint8_t, 256> kDigitValues = MakeDigitValues();

}  // namespace

void AppendBase64(std::string_view bytes, std::string& out) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t group = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
    out.push_back(kDigits[group >> 18U]);
    out.push_back(kDigits[group >> 12U & 63U]);
    out.push_back(at + 1 < bytes.size() ? kDigits[group >> 6U & 63U] : '=');
    out.push_back(at + 2 < bytes.size() ? kDigits[group & 63U] : '=');
  }
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
    text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text) {
    const std::uint8_t value = kDigitValues[static_cast<std::uint8_t>(c)];
    if (value == kNoDigit) {
      return std::nullopt;
    }
    bits = (bits << 6U | value) & 0xFFFFU;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes.push_back(static_cast<char>(bits >> bit_count & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace sightline::otlp
