// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analytics/blame/recorded_run.h"
#include "analytics/blame/step_role.h"
#include "analytics/blame/step_text.h"

namespace sightline::analytics::blame {

// What became of the call or the code of a step, as far as the step after it tells.
enum class Outcome : std::uint8_t { kNone, kUsable, kFailed, kEmpty };

// A step of a run, and the steps around it that matter for judging it.
//
// Thread: value.
struct StepView {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  Role role = Role::kAgent;
  std::size_t speaker = 0;  // Equal numbers are the same speaker.
  StepText text;            // Of the text and the arguments.
  Outcome reports =
      Outcome::kNone;  // What this step, the answer of a tool, says of the one before.

  std::size_t next_other = kNone;       // Next candidate of another speaker.
  std::size_t told_in = kNone;          // The instruction that an agent carries out.
  std::size_t next_delegation = kNone;  // Next instruction of anyone.
  std::size_t heard = kNone;            // Last message before that others could read.

  std::vector<std::uint64_t> new_numbers;  // That neither the task nor an earlier step contains.
  std::vector<std::uint64_t> new_marked;   // As the numbers, for what is in bold or quotes.
};

// A run read once. Cost: linear in the bytes of its texts.
//
// Thread: value.
struct RunView {
  std::vector<StepView> steps;          // Parallel to those of the run.
  std::vector<std::size_t> candidates;  // Steps that can be to blame.
  std::vector<std::uint64_t>
      last_answer;  // Numbers and marked values of the last message that has any; sorted.
};

RunView ReadRun(const RecordedRun& run);

}  // namespace sightline::analytics::blame
