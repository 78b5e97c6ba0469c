// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "model/message.h"

namespace sightline::api {

// How much of a step's text is compared with another run's; an input may have a character more.
inline constexpr std::size_t kComparedBytes = std::size_t{16} * 1024;

// What went into a step, and what came out, as one text for comparing: the data, else the messages
// with their roles. Inputs of model calls repeat what was said before and grow at the end, so of a
// long input the last kComparedBytes are taken, of a long output the first.
std::string InputTextOf(const model::Conversation& conversation);
std::string OutputTextOf(const model::Conversation& conversation);

// What a step was told last, and what it said, without roles: texts and arguments of calls.
std::string SpokenInputOf(const model::Conversation& conversation);
std::string SpokenOutputOf(const model::Conversation& conversation);

}  // namespace sightline::api
