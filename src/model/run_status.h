// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/outcome.h"

namespace sightline::model {

// States of a run. Stored nowhere: always derived.
enum class RunStatus : std::uint8_t { kRunning, kCompleted, kFailed, kCancelled, kAbandoned };

// "running", "completed", "failed", "cancelled", "abandoned".
std::string_view RunStatusName(RunStatus status);
std::optional<RunStatus> ParseRunStatus(std::string_view name);

// What a step of a run is: its own outcome once it has ended; while it has not, running as long as
// the run is, and abandoned when the run is over without an end of the step.
RunStatus StepStatus(bool has_ended, Outcome outcome, RunStatus run);

// True for completed, failed and cancelled: nothing more is expected. An abandoned run re-opens
// when something arrives.
constexpr bool IsFinal(RunStatus status) {
  return status == RunStatus::kCompleted || status == RunStatus::kFailed ||
         status == RunStatus::kCancelled;
}

}  // namespace sightline::model
