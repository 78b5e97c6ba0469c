// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"

namespace sightline::demo {

struct DemoOptions {
  std::string endpoint = "http://127.0.0.1:4318";  // An OTLP/HTTP receiver, without /v1/...
  double runs_per_minute = 30;                     // Above 0, up to 6,000.
  std::uint64_t seed = 1;
  // History that is sent before live play begins, as fast as the receiver takes it.
  std::chrono::seconds backfill{0};
  // Whether things go wrong from some moment of the history on (demo/stories.h).
  bool has_stories = true;
  // How long live play lasts; absent: until stopped. Zero: only the history.
  std::optional<std::chrono::seconds> duration;
};

// What serve --demo starts with, so that a fresh UI is not empty.
inline constexpr std::chrono::seconds kServeBackfill = std::chrono::minutes(15);

// What has been sent. Items are spans, log records and data points.
struct DemoReport {
  std::uint64_t runs = 0;      // Begun.
  std::uint64_t requests = 0;  // Accepted.
  std::uint64_t bytes = 0;     // Of accepted bodies, compressed.
  std::uint64_t spans = 0;     // Accepted; pending spans included.
  std::uint64_t log_records = 0;
  std::uint64_t data_points = 0;
  std::uint64_t retries = 0;
  std::uint64_t rejected_items = 0;  // By partial success; also counted above.
  std::uint64_t dropped_requests = 0;
  std::uint64_t dropped_items = 0;
  std::string last_problem;  // Even if it was overcome; empty when all went well.
};

// The outside world of the sender, so that tests can play it.
struct DemoEnvironment {
  const base::Clock& clock;
  std::function<base::Result<net::HttpResponse>(
      const std::string& url, const net::HttpHeaders& headers, std::string_view body)>
      post;
  // Passes the time; early when stop is requested.
  std::function<void(std::chrono::nanoseconds time, const std::stop_token& stop)> wait;
};

// Plays simulated agent runs to an OTLP/HTTP receiver (protobuf, gzip) in real time, on the calling
// thread, one request at a time and a bounded number a second. Retries what the protocol calls
// retryable, with back-off or as Retry-After says; gives a request up after a minute.
// Errors: kInvalidArgument for options out of range; kUnavailable when the receiver has not
// accepted anything in the first half minute.
base::Result<DemoReport> RunDemo(const DemoOptions& options, const std::stop_token& stop);

// The same in a given environment.
base::Result<DemoReport> RunDemoIn(const DemoEnvironment& environment, const DemoOptions& options,
                                   const std::stop_token& stop);

}  // namespace sightline::demo
