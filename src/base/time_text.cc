// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <limits>

#include <fmt/format.h>

namespace sightline::base {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

std::int64_t FloorDiv(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// Reads fixed-width fields off the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<int> Digits(std::size_t count) {
    if (text_.size() < count) {
      return std::nullopt;
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + count, value);
    if (error != std::errc() || end != text_.data() + count || text_.front() == '-') {
      return std::nullopt;
    }
    text_.remove_prefix(count);
    return value;
  }

  bool Take(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) {
      return false;
    }
    taken_ = text_.front();
    text_.remove_prefix(1);
    return true;
  }

  // ".123" and so on; digits beyond nanoseconds are cut.
  std::optional<std::int64_t> FractionNs() {
    std::int64_t value = 0;
    std::int64_t unit = kNsPerSecond / 10;
    std::size_t digits = 0;
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      value += unit * (text_.front() - '0');
      unit /= 10;
      text_.remove_prefix(1);
      ++digits;
    }
    return digits == 0 ? std::nullopt : std::optional<std::int64_t>(value);
  }

  char taken() const { return taken_; }

  bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
  char taken_ = '\0';
};

std::optional<std::int64_t> ParseDate(Reader& reader) {
  const auto year = reader.Digits(4);
  if (!year || !reader.Take("-")) {
    return std::nullopt;
  }
  const auto month = reader.Digits(2);
  if (!month || !reader.Take("-")) {
    return std::nullopt;
  }
  const auto day = reader.Digits(2);
  if (!day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// Seconds east of UTC at the end of the text.
std::optional<std::int64_t> ParseOffset(Reader& reader) {
  if (reader.done()) {
    return 0;
  }
  if (reader.Take("Zz")) {
    return 0;
  }
  if (!reader.Take("+-")) {
    return std::nullopt;
  }
  const int sign = reader.taken() == '-' ? -1 : 1;
  const auto hours = reader.Digits(2);
  reader.Take(":");
  const auto minutes = reader.Digits(2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  return std::int64_t{sign} * (*hours * 3600 + *minutes * 60);
}

std::optional<std::int64_t> ToNs(std::int64_t seconds, std::int64_t fraction_ns) {
  constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / kNsPerSecond - 1;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) {
    return std::nullopt;
  }
  return seconds * kNsPerSecond + fraction_ns;
}

}  // namespace

std::string FormatTimeNs(std::int64_t time_ns) {
  const std::int64_t seconds = FloorDiv(time_ns, kNsPerSecond);
  const std::int64_t fraction_us = (time_ns - seconds * kNsPerSecond) / 1000;
  const std::int64_t days = FloorDiv(seconds, kSecondsPerDay);
  const std::int64_t second_of_day = seconds - days * kSecondsPerDay;
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60,
                     fraction_us);
}

std::optional<std::int64_t> ParseTimeNs(std::string_view text) {
  Reader reader(text);
  const auto days = ParseDate(reader);
  if (!days) {
    return std::nullopt;
  }
  if (reader.done()) {
    return ToNs(*days * kSecondsPerDay, 0);
  }
  if (!reader.Take("Tt ")) {
    return std::nullopt;
  }
  const auto hour = reader.Digits(2);
  if (!hour || !reader.Take(":")) {
    return std::nullopt;
  }
  const auto minute = reader.Digits(2);
  if (!minute || *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  int second = 0;
  std::int64_t fraction_ns = 0;
  if (reader.Take(":")) {
    const auto digits = reader.Digits(2);
    if (!digits || *digits > 60) {
      return std::nullopt;
    }
    second = *digits;
    if (reader.Take(".,")) {
      const auto fraction = reader.FractionNs();
      if (!fraction) {
        return std::nullopt;
      }
      fraction_ns = *fraction;
    }
  }
  const auto offset = ParseOffset(reader);
  if (!offset || !reader.done()) {
    return std::nullopt;
  }
  return ToNs(*days * kSecondsPerDay + *hour * 3600 + *minute * 60 + second - *offset, fraction_ns);
}

std::string FormatDay(std::int64_t time_ns) {
  return FormatTimeNs(time_ns).substr(0, 10);
}

std::int32_t DayOf(std::int64_t time_ns) {
  return static_cast<std::int32_t>(FloorDiv(time_ns, kNsPerSecond * kSecondsPerDay));
}

}  // namespace sightline::base
