// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sightline::server {

// The table of settings as Markdown: the generated part of docs/configuration.md.
std::string SettingsPage();

}  // namespace sightline::server
