// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sightline::server {

// api/openapi.yaml as JSON, built in.
std::string_view EmbeddedOpenApi();

}  // namespace sightline::server
