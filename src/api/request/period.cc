// SPDX-License-Identifier: Apache-2.0
#include "api/request/period.h"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/time_text.h"

namespace sightline::api {
namespace {

constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr std::int64_t kHourNs = 60 * kMinuteNs;
constexpr int kLeastRoundedDays = 2;

base::Result<int> DaysOf(const Parameters& parameters, int fallback) {
  const auto text = parameters.Text("days");
  if (!text) {
    return fallback;
  }
  int days = 0;
  const char* const end = text->data() + text->size();
  const auto [read_to, error] = std::from_chars(text->data(), end, days);
  if (error != std::errc() || read_to != end || days < 1 || days > Period::kMostDays) {
    return BadParameter("days", fmt::format("a number from 1 to {}", Period::kMostDays));
  }
  return days;
}

// "+02:00", "-05:30".
base::Result<std::int64_t> OffsetOf(const Parameters& parameters) {
  const std::string text = parameters.Text("utc_offset").value_or("+00:00");
  constexpr std::size_t kSize = 6;
  constexpr int kMostHours = 14;
  int hours = 0;
  int minutes = 0;
  // A plus sign in a query stands for a space.
  const bool has_sign = !text.empty() && (text[0] == '+' || text[0] == '-' || text[0] == ' ');
  if (text.size() != kSize || !has_sign || text[3] != ':' ||
      std::from_chars(&text[1], &text[3], hours).ptr != &text[3] ||
      std::from_chars(&text[4], text.data() + kSize, minutes).ptr != text.data() + kSize ||
      hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > kMostHours * 60) {
    return BadParameter("utc_offset", "an offset such as +02:00");
  }
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes) * kMinuteNs;
}

base::Result<std::optional<std::int64_t>> TimeOf(const Parameters& parameters,
                                                 std::string_view name, std::string_view alias) {
  const auto time_ns = TRY(parameters.Time(name));
  return time_ns ? base::Result<std::optional<std::int64_t>>(time_ns) : parameters.Time(alias);
}

}  // namespace

base::Result<Period> Period::Read(const Parameters& parameters, const base::Clock& clock,
                                  int fallback_days) {
  Period period;
  const int days = TRY(DaysOf(parameters, fallback_days));
  period.utc_offset_ns = TRY(OffsetOf(parameters));
  const auto start_ns = TRY(TimeOf(parameters, "start_time", "start_date"));
  const auto end_ns = TRY(TimeOf(parameters, "end_time", "end_date"));
  // Clocks of senders are a little ahead.
  period.end_ns = end_ns.value_or(clock.NowNs() + kMinuteNs);
  period.start_ns = start_ns.value_or(period.end_ns - days * kDayNs);
  const bool is_before_now = !start_ns && !end_ns;
  if (is_before_now && days >= kLeastRoundedDays) {
    period.start_ns -= period.start_ns % kHourNs;
  }
  if (period.start_ns >= period.end_ns) {
    return BadParameter("start_time", "a time before end_time");
  }
  if (period.end_ns - period.start_ns > (kMostDays + 1) * kDayNs) {
    return BadParameter("start_time",
                        fmt::format("a time at most {} days before end_time", kMostDays));
  }
  period.days = is_before_now
                    ? days
                    : static_cast<int>((period.end_ns - period.start_ns + kDayNs - 1) / kDayNs);
  return period;
}

std::vector<std::int64_t> Period::Days() const {
  const std::int64_t since = start_ns + utc_offset_ns;
  const std::int64_t beyond = (since % kDayNs + kDayNs) % kDayNs;
  std::vector<std::int64_t> begins;
  for (std::int64_t day = start_ns - beyond; day < end_ns; day += kDayNs) {
    begins.push_back(day);
  }
  return begins;
}

std::string Period::DateOf(std::int64_t time_ns) const {
  return base::FormatDay(time_ns + utc_offset_ns);
}

void Period::Write(base::JsonWriter& json) const {
  json.Key("period").BeginObject();
  json.Key("start").String(base::FormatTimeNs(start_ns));
  json.Key("end").String(base::FormatTimeNs(end_ns));
  json.Key("days").Int(days);
  json.EndObject();
}

base::Result<Between> Between::Read(const Parameters& parameters) {
  const Between between{.start_ns = TRY(parameters.Time("start_time")),
                        .end_ns = TRY(parameters.Time("end_time"))};
  if (between.start_ns && between.end_ns && *between.start_ns >= *between.end_ns) {
    return BadParameter("start_time", "a time before end_time");
  }
  return between;
}

}  // namespace sightline::api
