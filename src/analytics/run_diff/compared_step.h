// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sightline::analytics {

// A step of a run that is compared with another run.
//
// Thread: value. Texts are views.
struct ComparedStep {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t parent = kNone;  // Index in the list of the run's steps.
  std::string_view kind = {};
  std::string_view name = {};
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  bool has_failed = false;
  std::string_view input = {};
  std::string_view output = {};
};

}  // namespace sightline::analytics
