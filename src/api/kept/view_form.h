// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/kept/saved_api.h"

namespace sightline::api {

// /api/v1/views: what a page of the web interface shows, saved under a name. The server keeps the
// query of the page's address and does not read it.
SavedForm ViewForm();

}  // namespace sightline::api
