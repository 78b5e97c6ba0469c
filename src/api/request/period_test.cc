// SPDX-License-Identifier: Apache-2.0
#include "api/request/period.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "net/http.h"

namespace sightline::api {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kMinuteNs = 60 * kSecondNs;
constexpr std::int64_t kHourNs = 60 * kMinuteNs;
constexpr std::int64_t kNowNs = 20'000 * Period::kDayNs + 12 * kHourNs + 34 * kMinuteNs;

Period Read(const std::vector<std::pair<std::string, std::string>>& parameters,
            std::int64_t now_ns = kNowNs) {
  net::QueryParameters query;
  for (const auto& [name, value] : parameters) {
    query.Add(name, value);
  }
  const base::ManualClock clock(now_ns);
  auto period = Period::Read(Parameters(query), clock, 30);
  EXPECT_TRUE(period.has_value());
  return std::move(period).value_or(Period());
}

TEST(PeriodTest, DaysBeforeNowBeginWithAWholeHour) {
  for (const auto& [text, days] : {std::pair("2", 2), std::pair("30", 30), std::pair("366", 366)}) {
    const Period period = Read({{"days", text}});
    EXPECT_EQ(period.start_ns, (20'000 - days) * Period::kDayNs + 12 * kHourNs) << text;
    EXPECT_EQ(period.end_ns, kNowNs + kMinuteNs);
    EXPECT_EQ(period.days, days);
  }
  EXPECT_EQ(Read({}).days, 30);
  EXPECT_EQ(Read({}).start_ns % kHourNs, 0);
}

TEST(PeriodTest, OneDayAndTimesThatAreAskedForAreExact) {
  EXPECT_EQ(Read({{"days", "1"}}).start_ns, kNowNs + kMinuteNs - Period::kDayNs);
  const Period from = Read({{"start_time", "2024-09-01T10:20:30Z"}});
  EXPECT_EQ(from.start_ns % kHourNs, 20 * kMinuteNs + 30 * kSecondNs);
  const Period before = Read({{"days", "3"}, {"end_time", "2024-09-04T10:20:30Z"}});
  EXPECT_EQ(before.start_ns, from.start_ns);
  EXPECT_EQ(before.days, 3);
}

TEST(PeriodTest, IsReadAtAnyTimeOfTheClock) {
  for (const std::int64_t now_ns : {std::int64_t{0}, kMinuteNs, 40 * Period::kDayNs}) {
    const Period period = Read({{"days", "30"}}, now_ns);
    EXPECT_LT(period.start_ns, period.end_ns);
    EXPECT_EQ(period.days, 30);
  }
}

}  // namespace
}  // namespace sightline::api
