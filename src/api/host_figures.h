// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sightline::api {

// What the kernel says about this machine and this process, from /proc; 0 where it says nothing.
struct HostFigures {
  double memory_percent = 0;  // Of the machine's memory that is not available.
  double load1 = 0;
  std::uint64_t resident_bytes = 0;  // Of this process.
  double cpu_seconds = 0;            // Of this process, user and system.
};

HostFigures ReadHostFigures();

}  // namespace sightline::api
