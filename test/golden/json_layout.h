// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sightline::golden {

// JSON text for people who review it: what fits on a line stands on one, else a member or element a
// line. Names, texts and numbers keep their spelling.
std::string LayOutJson(std::string_view json);

// The raw text of a member of an object, or of an object in it: "period.start". Empty when there is
// none.
std::string MemberOf(std::string_view json, std::string_view path);

}  // namespace sightline::golden
