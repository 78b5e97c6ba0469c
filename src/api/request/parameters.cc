// SPDX-License-Identifier: Apache-2.0
#include "api/request/parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>

#include "base/time_text.h"

namespace sightline::api {
namespace {

// What lies between two of these fits into 64 bits, and so does what is a few years before or
// after.
constexpr std::int64_t kEarliestNs = -1'893'456'000'000'000'000;  // 1910-01-01.
constexpr std::int64_t kLatestNs = 7'258'118'400'000'000'000;     // 2200-01-01.

}  // namespace

base::Error BadParameter(std::string_view name, std::string_view expected) {
  return {base::Code::kInvalidArgument,
          fmt::format("bad parameter {}: {} expected", name, expected)};
}

std::optional<std::string> Parameters::Text(std::string_view name) const {
  const auto value = query_.Find(name);
  return value && !value->empty() ? std::optional<std::string>(*value) : std::nullopt;
}

base::Result<std::optional<bool>> Parameters::Bool(std::string_view name) const {
  const auto text = Text(name);
  if (!text) {
    return std::optional<bool>();
  }
  if (*text == "true" || *text == "1") {
    return std::optional<bool>(true);
  }
  if (*text == "false" || *text == "0") {
    return std::optional<bool>(false);
  }
  return BadParameter(name, "true or false");
}

base::Result<std::optional<std::int64_t>> Parameters::Scaled(std::string_view name, double most,
                                                             double scale,
                                                             std::string_view expected) const {
  const auto text = Text(name);
  if (!text) {
    return std::optional<std::int64_t>();
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || !std::isfinite(number) ||
      number < 0 || number > most) {
    return BadParameter(name, expected);
  }
  return std::optional<std::int64_t>(static_cast<std::int64_t>(std::llround(number * scale)));
}

base::Result<std::optional<std::int64_t>> Parameters::Seconds(std::string_view name) const {
  return Scaled(name, 1e9, 1e9, "a number of seconds");
}

base::Result<std::optional<std::int64_t>> Parameters::Dollars(std::string_view name) const {
  return Scaled(name, 1e6, 1e12, "an amount of US dollars from 0 to 1000000");
}

base::Result<std::optional<std::int64_t>> Parameters::Count(std::string_view name) const {
  const auto text = Text(name);
  if (!text) {
    return std::optional<std::int64_t>();
  }
  constexpr std::int64_t kMost = 1'000'000'000'000;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  if (error != std::errc() || end != text->data() + text->size() || count < 0 || count > kMost) {
    return BadParameter(name, fmt::format("a whole number from 0 to {}", kMost));
  }
  return std::optional(count);
}

base::Result<std::chrono::milliseconds> Parameters::Milliseconds(
    std::string_view name, std::chrono::milliseconds fallback,
    std::chrono::milliseconds least) const {
  constexpr std::chrono::milliseconds kMost = std::chrono::hours(1);
  const auto text = Text(name);
  if (!text) {
    return fallback;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < least.count() ||
      value > kMost.count()) {
    return BadParameter(name, fmt::format("a number from {} to {}", least.count(), kMost.count()));
  }
  return std::chrono::milliseconds(value);
}

base::Result<std::optional<std::int64_t>> Parameters::Time(std::string_view name) const {
  const auto text = Text(name);
  if (!text) {
    return std::optional<std::int64_t>();
  }
  const auto time_ns = base::ParseTimeNs(*text);
  if (!time_ns || *time_ns < kEarliestNs || *time_ns > kLatestNs) {
    return BadParameter(name, "an RFC 3339 time from 1910 to 2200");
  }
  return time_ns;
}

base::Result<std::size_t> Parameters::Limit(std::size_t fallback, std::size_t most) const {
  const auto text = Text("limit");
  if (!text) {
    return fallback;
  }
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit == 0 || limit > most) {
    return BadParameter("limit", fmt::format("a number from 1 to {}", most));
  }
  return limit;
}

base::Result<std::size_t> Parameters::Offset(std::size_t most) const {
  const auto text = Text("cursor");
  if (!text) {
    return std::size_t{0};
  }
  std::size_t offset = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), offset);
  if (error != std::errc() || end != text->data() + text->size()) {
    return BadParameter("cursor", "a next_cursor of this list");
  }
  return std::min(offset, most);
}

}  // namespace sightline::api
