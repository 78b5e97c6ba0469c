// SPDX-License-Identifier: Apache-2.0
#include "model/run_status.h"

#include <array>
#include <cstddef>

#include "model/enum_range.h"

namespace sightline::model {
namespace {

constexpr std::array<std::string_view, 5> kStatusNames = {"running", "completed", "failed",
                                                          "cancelled", "abandoned"};

static_assert(kStatusNames.size() == static_cast<std::size_t>(LastOf(RunStatus())) + 1);

}  // namespace

std::string_view RunStatusName(RunStatus status) {
  const auto place = static_cast<std::size_t>(status);
  return place < kStatusNames.size() ? kStatusNames[place] : std::string_view();
}

std::optional<RunStatus> ParseRunStatus(std::string_view name) {
  for (std::size_t i = 0; i < kStatusNames.size(); ++i) {
    if (kStatusNames[i] == name) {
      return static_cast<RunStatus>(i);
    }
  }
  return std::nullopt;
}

RunStatus StepStatus(bool has_ended, Outcome outcome, RunStatus run) {
  if (!has_ended) {
    return run == RunStatus::kRunning ? RunStatus::kRunning : RunStatus::kAbandoned;
  }
  switch (outcome) {
    case Outcome::kCompleted:
      return RunStatus::kCompleted;
    case Outcome::kFailed:
      return RunStatus::kFailed;
    case Outcome::kCancelled:
      return RunStatus::kCancelled;
  }
  return RunStatus::kCompleted;
}

}  // namespace sightline::model
