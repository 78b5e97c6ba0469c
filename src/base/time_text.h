// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sightline::base {

// RFC 3339 in UTC with microseconds and `Z`: "2026-03-01T12:00:00.123456Z". Any int64 of
// nanoseconds since the Unix epoch.
std::string FormatTimeNs(std::int64_t time_ns);

// RFC 3339 with any offset (or none: UTC), a space or `T`, up to nanoseconds; or a bare date.
// Empty when it is none of these or does not fit int64 nanoseconds.
std::optional<std::int64_t> ParseTimeNs(std::string_view text);

// "2026-03-01", UTC.
std::string FormatDay(std::int64_t time_ns);

// Days since the Unix epoch, UTC, rounded down.
std::int32_t DayOf(std::int64_t time_ns);

}  // namespace sightline::base
