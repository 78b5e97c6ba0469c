// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <boost/json.hpp>

#include "analytics/blame/recorded_run.h"

namespace sightline::accuracy {

struct AttributionInput {
  std::string id;
  analytics::blame::RecordedRun run;
};

// A line of the task `attribution`. Throws what Boost.JSON throws when it is not as the protocol
// says.
AttributionInput ReadAttributionInput(const boost::json::object& line);

// The text of a member; empty if there is none. Other values as JSON text.
std::string TextOf(const boost::json::object& object, const char* key);

}  // namespace sightline::accuracy
