// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "store/meta_store.h"

namespace sightline::api {

// The dashboards that come with the program, as stored ones look: version 1, without times.
const std::vector<store::SavedDocument>& BuiltinDashboards();

bool IsBuiltinDashboard(std::string_view id);

}  // namespace sightline::api
