// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/mutex.h"

namespace sightline::api {

// What the kernel says about this machine and this process, from /proc; 0 where it says nothing.
struct HostFigures {
  double cpu_percent = 0;     // Of all cores, busy since the sample before; 0 in the first one.
  double memory_percent = 0;  // Of the machine's memory that is not available.
  double load1 = 0;
  std::uint64_t resident_bytes = 0;  // Of this process.
  double cpu_seconds = 0;            // Of this process, user and system.
};

// Reads the figures at most once in kMaxAge, however many ask.
//
// Thread: any.
class HostMonitor {
 public:
  static constexpr std::chrono::milliseconds kMaxAge{1000};

  HostFigures figures() EXCLUDES(mutex_);

 private:
  base::Mutex mutex_;
  HostFigures figures_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point read_at_ GUARDED_BY(mutex_);
  std::uint64_t busy_ticks_ GUARDED_BY(mutex_) = 0;
  std::uint64_t all_ticks_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sightline::api
