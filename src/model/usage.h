// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

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

// Counts of one model call that only its price needs: media, lifetimes of cached tokens, calls of
// the provider's own tools. Usage::kUnknown where the sender did not say.
//
// Thread: value.
struct UsageDetails {
  std::int64_t cached_audio = Usage::kUnknown;      // Subset of audio_in and of cache_read.
  std::int64_t cache_write_hour = Usage::kUnknown;  // Subset of cache_write: kept for an hour.
  std::int64_t image_in = Usage::kUnknown;          // Subset of input_total.
  std::int64_t cached_image = Usage::kUnknown;      // Subset of image_in and of cache_read.
  std::int64_t video_in = Usage::kUnknown;          // Subset of input_total.
  std::int64_t image_out = Usage::kUnknown;         // Subset of output_total.
  std::int64_t video_out = Usage::kUnknown;         // Subset of output_total.
  std::int64_t web_searches = Usage::kUnknown;      // Calls, not tokens.

  friend bool operator==(const UsageDetails&, const UsageDetails&) = default;
};

// What documents and answers call one of them.
struct UsageDetail {
  std::string_view name;
  std::int64_t UsageDetails::* count;
};

inline constexpr std::array<UsageDetail, 8> kUsageDetails = {{
    {"cached_audio", &UsageDetails::cached_audio},
    {"cache_write_hour", &UsageDetails::cache_write_hour},
    {"image_in", &UsageDetails::image_in},
    {"cached_image", &UsageDetails::cached_image},
    {"video_in", &UsageDetails::video_in},
    {"image_out", &UsageDetails::image_out},
    {"video_out", &UsageDetails::video_out},
    {"web_searches", &UsageDetails::web_searches},
}};

}  // namespace sightline::model
