// SPDX-License-Identifier: Apache-2.0
// Masking: what is left of an error message when its values are taken out.
//
// 1. Frames of stack traces go (StripStackFrames): where it happened is not what happened.
// 2. ScanMessage tells values by their shape and delimiters.
// 3. Compound names (get_order, OrderAgent) are values too, if at least two plain words are left.
//    Those stay that say what their value is ("size=4"), the class of an error at the begin, and
//    what follows "type:", "code:", "status:" and "reason:".
// 4. A list of values, or of three and more words that may be values, is one value.
// 5. If only words that may be free text follow the last colon, they are one <**>, provided that
// two
//    plain words stand before the colon: "Guardrail <*> tripped: <**>".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/error_groups/token.h"

namespace sightline::analytics {

// What comes after these is not looked at. Messages are read to 8 KiB elsewhere too; a template of
// 128 tokens fills a screen.
inline constexpr std::size_t kMaxMessageBytes = 8192;
inline constexpr std::size_t kMaxMaskedTokens = 128;

// Pure; the same for every stream. Bytes that are not UTF-8 may be given and are kept as they are.
// Cost: linear in the message.
std::vector<Token> MaskMessage(std::string_view message);

// Without the lines of a Python, Java or JavaScript stack trace; the message itself if nothing else
// would be left.
std::string StripStackFrames(std::string_view message);

}  // namespace sightline::analytics
