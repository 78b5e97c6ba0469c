// SPDX-License-Identifier: Apache-2.0
#include "server/config.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <limits>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>
#include <toml.hpp>

namespace sightline::server {
namespace {

base::Error Wrong(std::string_view expected) {
  return base::Error(base::Code::kInvalidArgument, fmt::format("{} expected", expected));
}

template <typename T>
Setting Number(std::string_view name, std::string_view help, T Config::* field, T least, T most) {
  return {.name = name,
          .help = help,
          .apply = [=](Config& config, const std::string& text) -> base::Result<void> {
            T value{};
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            if (error != std::errc() || end != text.data() + text.size() || value < least ||
                value > most) {
              return Wrong(fmt::format("a number from {} to {}", least, most));
            }
            config.*field = value;
            return {};
          }};
}

Setting Text(std::string_view name, std::string_view help, std::string Config::* field) {
  return {.name = name,
          .help = help,
          .apply = [=](Config& config, const std::string& text) -> base::Result<void> {
            if (text.empty()) {
              return Wrong("a text");
            }
            config.*field = text;
            return {};
          }};
}

Setting Switch(std::string_view name, std::string_view help, bool Config::* field) {
  return {.name = name,
          .help = help,
          .is_switch = true,
          .apply = [=](Config& config, const std::string& text) -> base::Result<void> {
            if (text != "true" && text != "false") {
              return Wrong("true or false");
            }
            config.*field = text == "true";
            return {};
          }};
}

base::Result<void> ApplyDataDir(Config& config, const std::string& text) {
  if (text.empty()) {
    return Wrong("a directory");
  }
  config.data_dir = text;
  return {};
}

base::Result<void> ApplyOrigins(Config& config, const std::string& text) {
  config.cors_origins.clear();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string origin = text.substr(begin, end - begin);
    std::erase(origin, ' ');
    if (origin != "*" && !origin.starts_with("http://") && !origin.starts_with("https://")) {
      return Wrong("origins such as https://ops.example, separated by commas,");
    }
    config.cors_origins.push_back(std::move(origin));
    begin = end + 1;
  }
  return {};
}

base::Result<void> ApplyLogLevel(Config& config, const std::string& text) {
  if (text != "debug" && text != "info" && text != "warning" && text != "error") {
    return Wrong("debug, info, warning or error");
  }
  config.log_level = text;
  return {};
}

std::string EnvironmentName(std::string_view name) {
  std::string variable = "SIGHTLINE_";
  for (const char c : name) {
    variable.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(c)));
  }
  return variable;
}

std::string FileKey(std::string_view name) {
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

// `origin` names where the text comes from, for the error.
base::Result<void> Apply(const Setting& setting, const std::string& text, Config& config,
                         std::string_view origin) {
  if (auto applied = setting.apply(config, text); !applied.has_value()) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("bad value '{}' for {}: {}", text, origin, applied.error().message()));
  }
  return {};
}

// A value of the file as a flag would spell it.
std::string TomlText(const toml::value& value) {
  if (value.is_string()) {
    return value.as_string().str;
  }
  if (value.is_array()) {
    std::string joined;
    for (const toml::value& item : value.as_array()) {
      joined += (joined.empty() ? "" : ",") + TomlText(item);
    }
    return joined;
  }
  return toml::format(value);
}

base::Result<void> ApplyFile(const std::filesystem::path& path, Config& config) {
  toml::value file;
  try {
    file = toml::parse(path.string());
  } catch (const std::exception& error) {
    std::string message = error.what();
    message.resize(std::min(message.find('\n'), message.size()));
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("cannot read {}: {}", path.string(), message));
  }
  for (const auto& [key, value] : file.as_table()) {
    const auto setting =
        std::find_if(Settings().begin(), Settings().end(),
                     [&](const Setting& known) { return FileKey(known.name) == key; });
    if (setting == Settings().end()) {
      return base::Error(base::Code::kInvalidArgument,
                         fmt::format("unknown key {} in {}", key, path.string()));
    }
    TRY(Apply(*setting, TomlText(value), config, fmt::format("{} in {}", key, path.string())));
  }
  return {};
}

}  // namespace

const std::vector<Setting>& Settings() {
  constexpr std::uint64_t kMaxBytes = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint16_t kMaxPort = 65535;
  static const std::vector<Setting> settings = {
      {.name = "data-dir",
       .help = "Directory of journal and day files [data]",
       .apply = ApplyDataDir},
      Text("listen", "Address to listen on [127.0.0.1]", &Config::listen),
      Number<std::uint16_t>("port", "Port of UI, REST and live feeds; 0: any free one [8000]",
                            &Config::port, 0, kMaxPort),
      Number<std::uint16_t>("otlp-grpc-port", "Port of OTLP/gRPC; 0: any free one [4317]",
                            &Config::otlp_grpc_port, 0, kMaxPort),
      Number<std::uint16_t>("otlp-http-port", "Port of OTLP/HTTP; 0: any free one [4318]",
                            &Config::otlp_http_port, 0, kMaxPort),
      Switch("demo", "Stream simulated agent runs into this server", &Config::demo),
      Number<int>("retention-days", "Delete days older than this; 0: never [0]",
                  &Config::retention_days, 0, 36500),
      Number<std::uint64_t>("retention-bytes",
                            "Delete the oldest days above this total size; 0: never [0]",
                            &Config::retention_bytes, 0, kMaxBytes),
      Number<std::uint64_t>("max-body-bytes",
                            "Largest request, before and after decompression [64 MiB]",
                            &Config::max_body_bytes, 1024, std::uint64_t{1} << 30U),
      Number<std::uint64_t>("max-in-flight-bytes",
                            "Requests in flight above which senders are pushed back [256 MiB]",
                            &Config::max_in_flight_bytes, 1024, kMaxBytes),
      Number<std::uint64_t>("disk-reserve-bytes",
                            "Free disk below which nothing more is taken [256 MiB]",
                            &Config::disk_reserve_bytes, 0, kMaxBytes),
      Number<std::uint64_t>("journal-segment-bytes", "Size of a journal file [64 MiB]",
                            &Config::journal_segment_bytes, std::uint64_t{64} << 10U,
                            std::uint64_t{1} << 30U),
      Number<std::uint64_t>("seal-rows", "Rows that are written to a day file at once [61440]",
                            &Config::seal_rows, 1, 1'000'000),
      Number<int>("seal-seconds", "Age at which rows are written to a day file [10]",
                  &Config::seal_seconds, 1, 3600),
      Number<int>("idle-seconds", "Silence after which an open run is abandoned [300]",
                  &Config::idle_seconds, 1, 7 * 86400),
      {.name = "cors-origins",
       .help = "Browser origins that may use the API, separated by commas",
       .apply = ApplyOrigins},
      {.name = "log-level", .help = "debug, info, warning or error [info]", .apply = ApplyLogLevel},
  };
  return settings;
}

base::Result<Config> LoadConfig(const std::filesystem::path& config_path,
                                const SettingTexts& flags) {
  Config config;
  if (!config_path.empty()) {
    TRY(ApplyFile(config_path, config));
  }
  for (const Setting& setting : Settings()) {
    const std::string variable = EnvironmentName(setting.name);
    if (const char* text = std::getenv(variable.c_str()); text != nullptr && *text != '\0') {
      TRY(Apply(setting, text, config, variable));
    }
  }
  for (const Setting& setting : Settings()) {
    if (const auto flag = flags.find(setting.name); flag != flags.end()) {
      TRY(Apply(setting, flag->second, config, fmt::format("--{}", setting.name)));
    }
  }
  return config;
}

}  // namespace sightline::server
