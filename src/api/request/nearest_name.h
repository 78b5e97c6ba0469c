// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace sightline::api {

// The one of `names` that takes the fewest edits of a letter to come from `name`, the first of
// those that take equally many; "" when there are none. Cost: the lengths of both times the names.
std::string_view NearestName(std::string_view name, std::span<const std::string_view> names);

}  // namespace sightline::api
