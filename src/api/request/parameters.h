// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace sightline::api {

// What a bad value of a query parameter is answered: "bad parameter limit: a number expected".
base::Error BadParameter(std::string_view name, std::string_view expected);

// Reads query parameters. A bad value is kInvalidArgument and names the parameter.
//
// Thread: value. Refers to the request.
class Parameters {
 public:
  explicit Parameters(const net::QueryParameters& query) : query_(query) {}

  // Absent or empty: empty.
  std::optional<std::string> Text(std::string_view name) const;
  base::Result<std::optional<bool>> Bool(std::string_view name) const;

  // Seconds as a decimal number, not negative, as nanoseconds.
  base::Result<std::optional<std::int64_t>> Seconds(std::string_view name) const;

  // US dollars as a decimal number, not negative, at most 1e6, as picodollars.
  base::Result<std::optional<std::int64_t>> Dollars(std::string_view name) const;

  // A whole number from 0 to 1e12.
  base::Result<std::optional<std::int64_t>> Count(std::string_view name) const;

  // A whole number of milliseconds, `least` to an hour; `fallback` when absent.
  base::Result<std::chrono::milliseconds> Milliseconds(std::string_view name,
                                                       std::chrono::milliseconds fallback,
                                                       std::chrono::milliseconds least) const;

  // RFC 3339.
  base::Result<std::optional<std::int64_t>> Time(std::string_view name) const;

  // 1 to `most`, `fallback` when absent.
  base::Result<std::size_t> Limit(std::size_t fallback, std::size_t most) const;

  // How many items of a list the `cursor` passes over, at most `most`; 0 when absent. For lists
  // that are put together as a whole for each page.
  base::Result<std::size_t> Offset(std::size_t most) const;

 private:
  // A decimal number from 0 to `most`, times `scale`.
  base::Result<std::optional<std::int64_t>> Scaled(std::string_view name, double most, double scale,
                                                   std::string_view expected) const;

  const net::QueryParameters& query_;
};

}  // namespace sightline::api
