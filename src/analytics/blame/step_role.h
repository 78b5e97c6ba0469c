// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analytics/blame/recorded_run.h"

namespace sightline::analytics::blame {

enum class Role : std::uint8_t {
  kAgent,       // Does the work.
  kThought,     // What an agent tells nobody.
  kDelegation,  // Tells another agent what to do.
  kPerson,      // A person, or a program that plays one.
  kTool,        // The answer of a tool, a terminal or an environment.
  kSystem,      // Instructions before the run.
};

// Whether a step of this role can be to blame: tools and instructions decide nothing.
constexpr bool CanBeBlamed(Role role) {
  return role != Role::kTool && role != Role::kSystem;
}

// The role of every step, told by its fields and by general words for kinds of speakers ("user",
// "tool", "terminal") that make up the whole name. The first message of a person is the task, and
// gets kSystem.
std::vector<Role> RolesOf(const RecordedRun& run);

// The name without case, spaces and marks, for comparing speakers.
std::string SpeakerKey(std::string_view agent);

// Whether a call changes something, by the verb its tool is named with.
bool ChangesSomething(std::string_view tool);

}  // namespace sightline::analytics::blame
