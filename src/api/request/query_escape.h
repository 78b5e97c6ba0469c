// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sightline::api {

// The value of a query parameter as it stands in a URL: everything escaped that may not.
std::string QueryEscape(std::string_view text);

}  // namespace sightline::api
