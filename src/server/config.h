// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::server {

// Everything that can be set.
struct Config {
  std::filesystem::path data_dir = "data";
  std::string listen = "127.0.0.1";
  std::uint16_t port = 8000;
  std::uint16_t otlp_grpc_port = 4317;
  std::uint16_t otlp_http_port = 4318;
  bool demo = false;
  int retention_days = 0;
  std::uint64_t retention_bytes = 0;
  std::uint64_t memory = std::uint64_t{1} << 30U;
  std::uint64_t max_body_bytes = std::uint64_t{64} << 20U;
  std::uint64_t max_in_flight_bytes = 0;
  std::uint64_t disk_reserve_bytes = std::uint64_t{256} << 20U;
  std::uint64_t journal_segment_bytes = std::uint64_t{64} << 20U;
  std::uint64_t seal_rows = 32'768;
  int seal_seconds = 10;
  int idle_seconds = 300;
  std::uint64_t max_subscriptions = 4000;
  std::uint64_t max_subscriptions_per_address = 2000;
  std::uint64_t max_connections = 4096;
  std::uint64_t max_connections_per_address = 3072;
  std::vector<std::string> allowed_hosts;
  std::vector<std::string> cors_origins;
  std::string log_level = "info";
};

// One key of the configuration. The same name is a flag (--data-dir), an environment variable
// (SIGHTLINE_DATA_DIR) and a key of the file (data_dir).
struct Setting {
  std::string_view name;  // "data-dir".
  std::string_view help;
  std::string expected;    // What `apply` takes, for people: "a number from 0 to 65535".
  bool is_switch = false;  // A flag without a value means true.
  bool is_bytes = false;   // A number of bytes.
  // False, with the configuration as it was, when the text is not what is expected.
  std::function<bool(Config&, const std::string& text)> apply;
  // The value as `apply` takes it; "" for none.
  std::function<std::string(const Config&)> show;
};

// The table of all settings.
const std::vector<Setting>& Settings();

// "SIGHTLINE_DATA_DIR" and "data_dir" of "data-dir".
std::string EnvironmentName(std::string_view name);
std::string FileKey(std::string_view name);

// The default for people: "8000", "67108864 (64 MiB)"; "" for none.
std::string DefaultText(const Setting& setting);

// Texts by setting name.
using SettingTexts = std::map<std::string, std::string, std::less<>>;

// Defaults, then file, then environment, then flags. `config_path` may be empty. kInvalidArgument
// with one clear line for an unreadable file, an unknown key or a wrong value.
base::Result<Config> LoadConfig(const std::filesystem::path& config_path,
                                const SettingTexts& flags);

}  // namespace sightline::server
