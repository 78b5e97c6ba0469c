// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/kept/saved_api.h"

namespace sightline::api {

// /api/v1/dashboards: panels that people put together, and the dashboards that come with the
// program.
SavedForm DashboardForm();

}  // namespace sightline::api
