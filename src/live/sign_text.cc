// SPDX-License-Identifier: Apache-2.0
#include "live/sign_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "model/money.h"
#include "model/saturating.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000 * kMillisecond;
constexpr std::int64_t kMinute = 60 * kSecond;

}  // namespace

std::string ShortName(std::string_view name) {
  constexpr std::size_t kMaxBytes = 80;
  std::string text(base::TruncateUtf8(name, kMaxBytes));
  if (text.size() < name.size()) {
    text += "...";
  }
  return text;
}

std::string DurationText(std::int64_t duration_ns) {
  const auto rounded_to = [&](std::int64_t unit) {
    return model::SaturatingAdd(duration_ns, unit / 2) / unit;
  };
  if (const std::int64_t milliseconds = rounded_to(kMillisecond); milliseconds < 1'000) {
    return fmt::format("{} ms", milliseconds);
  }
  if (const std::int64_t tenths = rounded_to(kSecond / 10); tenths < 600) {
    return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  }
  if (const std::int64_t seconds = rounded_to(kSecond); seconds < 3'600) {
    return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  }
  const std::int64_t minutes = rounded_to(kMinute);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string NumberText(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first_digit = number < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first_digit + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string DollarsText(std::int64_t picodollars) {
  const double dollars = model::Money{.picodollars = picodollars}.dollars();
  return dollars < 1 ? fmt::format("${:.4f}", dollars) : fmt::format("${:.2f}", dollars);
}

std::string OverdueText(std::string_view step, std::int64_t open_ns, double quantile,
                        std::int64_t samples, std::int64_t usual_ns) {
  return fmt::format(
      "Step \"{}\" has been open for {}; {:.4g} % of the last {} took at most about {}.", step,
      DurationText(open_ns), 100 * quantile, NumberText(samples), DurationText(usual_ns));
}

std::string SilentText(std::int64_t silent_ns, std::size_t open_steps,
                       std::string_view longest_open) {
  const std::string silence = fmt::format("No sign of life for {}", DurationText(silent_ns));
  if (open_steps == 0) {
    return silence + ", and the root of the run has not come.";
  }
  if (open_steps == 1) {
    return fmt::format("{}, and step \"{}\" is open.", silence, longest_open);
  }
  return fmt::format("{}, and {} steps are open, for the longest time \"{}\".", silence, open_steps,
                     longest_open);
}

std::string RepeatedText(const CallSequence::Repetition& repetition) {
  return fmt::format(
      "\"{}\" was called {} times with the same arguments among the last {} tool "
      "calls.",
      repetition.last->name, repetition.times, repetition.among);
}

std::string CycleText(const CallSequence::Cycle& cycle) {
  std::string names;
  for (const Call* call : cycle.calls) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", call->name);
  }
  return fmt::format("The last {} calls are {} rounds of the same: {}.",
                     cycle.calls.size() * cycle.rounds, cycle.rounds, names);
}

std::string SurgeText(std::string_view amount, double times, std::size_t runs,
                      std::string_view workflow, std::string_view usual) {
  if (times == 0) {
    return fmt::format("{}, while the median of the last {} runs of \"{}\" is {}.", amount, runs,
                       workflow, usual);
  }
  return fmt::format("{}, {:.1f} times the median of the last {} runs of \"{}\" ({}).", amount,
                     times, runs, workflow, usual);
}

}  // namespace sightline::live
