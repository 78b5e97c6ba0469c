// SPDX-License-Identifier: Apache-2.0
#include "server/config_page.h"

#include <fmt/format.h>

#include "server/config.h"

namespace sightline::server {

std::string SettingsPage() {
  std::string page =
      "| flag | environment | file key | meaning | takes | default |\n"
      "|---|---|---|---|---|---|\n";
  for (const Setting& setting : Settings()) {
    const std::string value = DefaultText(setting);
    page += fmt::format(
        "| `--{}` | `{}` | `{}` | {} | {} | {} |\n", setting.name, EnvironmentName(setting.name),
        FileKey(setting.name), setting.help,
        setting.is_switch ? "true or false; the flag alone means true" : setting.expected,
        value.empty() ? "none" : value);
  }
  return page;
}

}  // namespace sightline::server
