// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "store/store.h"

namespace sightline::api {

// When a read that may take so long, and begins now, has to stop.
inline store::SpanStore::Deadline DeadlineAfter(std::chrono::nanoseconds timeout) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(timeout);
}

}  // namespace sightline::api
