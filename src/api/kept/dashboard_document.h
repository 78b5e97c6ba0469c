// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/json/value.hpp>

#include "base/clock.h"
#include "base/result.h"

namespace sightline::api {

// What a dashboard shows: at most 10 variables, and at most 50 panels on a grid of 12 columns. A
// variable stands for a value of a filter: "$name". A panel's query is one that /aggregate answers,
// with the variables at their own values and without the filters whose variable is "".
//
// Returns the document as it is kept: panels without an id have got one, and what is absent is
// written out. `path` is where it stands in the request. kInvalidArgument: names the field, and for
// an unknown name the nearest one.
base::Result<std::string> ReadDashboardDocument(const boost::json::value& document,
                                                const std::string& path, const base::Clock& clock);

}  // namespace sightline::api
