// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace sightline::base {

// Where time comes from, so that tests can move it.
//
// Thread: any.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time: nanoseconds since the Unix epoch, UTC.
  virtual std::int64_t NowNs() const = 0;

  // For measuring spans of time; never goes back.
  virtual std::chrono::steady_clock::time_point SteadyNow() const = 0;
};

class SystemClock final : public Clock {
 public:
  std::int64_t NowNs() const override;
  std::chrono::steady_clock::time_point SteadyNow() const override;
};

// Stands still until told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t now_ns) : now_ns_(now_ns), start_ns_(now_ns) {}

  std::int64_t NowNs() const override { return now_ns_.load(); }

  std::chrono::steady_clock::time_point SteadyNow() const override {
    return std::chrono::steady_clock::time_point(
        std::chrono::nanoseconds(now_ns_.load() - start_ns_));
  }

  void Advance(std::chrono::nanoseconds by) { now_ns_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_ns_;
  const std::int64_t start_ns_;
};

}  // namespace sightline::base
