// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/kinds.h"

namespace sightline::model {

// Token counts of one model call. kUnknown where the sender did not say.
//
// Thread: value.
struct Usage {
  static constexpr std::int64_t kUnknown = -1;

  std::int64_t input_total = kUnknown;   // All prompt tokens, cached ones included.
  std::int64_t cache_read = kUnknown;    // Subset of input_total.
  std::int64_t cache_write = kUnknown;   // Subset of input_total.
  std::int64_t output_total = kUnknown;  // Reasoning included.
  std::int64_t reasoning = kUnknown;     // Subset of output_total.
  std::int64_t audio_in = kUnknown;      // Subset of input_total.
  std::int64_t audio_out = kUnknown;     // Subset of output_total.
  std::int64_t total = kUnknown;         // As sent, else input_total + output_total.
  UsageRule rule = UsageRule::kNone;

  bool is_known() const {
    return input_total != kUnknown || output_total != kUnknown || total != kUnknown;
  }

  friend bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace sightline::model
