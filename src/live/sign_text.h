// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "live/call_sequence.h"

namespace sightline::live {

// The sentences of signs. Durations in nanoseconds.

// A name as it is kept for sentences: cut to 80 bytes.
std::string ShortName(std::string_view name);

// "850 ms", "12.3 s", "2 min 5 s", "3 h 20 min".
std::string DurationText(std::int64_t duration_ns);

// "1,234,567".
std::string NumberText(std::int64_t number);

// "$1.25"; four decimals below a dollar.
std::string DollarsText(std::int64_t picodollars);

std::string OverdueText(std::string_view step, std::int64_t open_ns, double quantile,
                        std::int64_t samples, std::int64_t usual_ns);

// `longest_open` is "" if no step is open.
std::string SilentText(std::int64_t silent_ns, std::size_t open_steps,
                       std::string_view longest_open);

std::string RepeatedText(const CallSequence::Repetition& repetition);

std::string CycleText(const CallSequence::Cycle& cycle);

// Both amounts are written out already: "150,000 tokens a minute", "$1.25". `times` is 0 where the
// usual amount is nothing.
std::string SurgeText(std::string_view amount, double times, std::size_t runs,
                      std::string_view workflow, std::string_view usual);

}  // namespace sightline::live
