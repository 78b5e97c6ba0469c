// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "base/result.h"

namespace sightline::pricing {

// Parses JSON in which every number becomes a string with the number's own text, so that a price
// is never a binary fraction. kInvalidArgument when it is not JSON.
base::Result<boost::json::value> ParsePriceJson(std::string_view text);

}  // namespace sightline::pricing
