// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/message.h"

namespace sightline::api {

// No preview is longer, in bytes.
inline constexpr std::size_t kMaxPreviewBytes = 240;

// The beginning of a text in one line: white space becomes single blanks, and what was cut off is
// told by an ellipsis. Precondition: valid UTF-8.
std::string PreviewOf(std::string_view text);

// What a step was asked: its arguments or query, else the last text or tool result of its input.
// "" when there is nothing to show.
std::string InputPreview(const model::Conversation& conversation);

// What it answered: its result, else the last text of its output, else the calls it wanted made, as
// "name(arguments)".
std::string OutputPreview(const model::Conversation& conversation);

}  // namespace sightline::api
