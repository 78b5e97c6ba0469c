// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sightline::store::embedded {

// A regular expression (RE2 syntax) that matches bodies which contain `text`, in any letter case,
// as plain text or inside JSON: a character may be written as itself or with the escapes that JSON
// encoders use, once more escaped where JSON stands inside a JSON string. It holds only characters
// that need no quoting in SQL. Invalid UTF-8 is repaired.
std::string SearchPattern(std::string_view text);

}  // namespace sightline::store::embedded
