// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sightline::base {

// Logs the failed condition to stderr and aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace sightline::base

// For our own bugs only: never depends on input, disk, clock or network. Always on.
#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) [[unlikely]] {                                  \
      ::sightline::base::CheckFailed(#condition, __FILE__, __LINE__); \
    }                                                                 \
  } while (false)

// CHECK for hot paths: only in builds without NDEBUG.
#ifdef NDEBUG
#define DCHECK(condition) static_cast<void>(0)
#else
#define DCHECK(condition) CHECK(condition)
#endif
