// SPDX-License-Identifier: Apache-2.0
#include "server/config.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <toml.hpp>

#include "base/ascii.h"
#include "server/memory_plan.h"

namespace sightline::server {
namespace {

// As large as a number of bytes may be: sums of two still fit.
constexpr std::uint64_t kMaxBytes = std::numeric_limits<std::int64_t>::max();

template <typename T>
Setting Number(std::string_view name, std::string_view help, T Config::* field, T least, T most) {
  return {.name = name,
          .help = help,
          .expected = std::cmp_equal(most, kMaxBytes)
                          ? fmt::format("a number of at least {}", least)
                          : fmt::format("a number from {} to {}", least, most),
          .apply =
              [=](Config& config, const std::string& text) {
                T value{};
                const auto [end, error] =
                    std::from_chars(text.data(), text.data() + text.size(), value);
                const bool is_number = error == std::errc() && end == text.data() + text.size();
                if (!is_number || value < least || value > most) {
                  return false;
                }
                config.*field = value;
                return true;
              },
          .show = [=](const Config& config) { return fmt::format("{}", config.*field); }};
}

Setting Bytes(std::string_view name, std::string_view help, std::uint64_t Config::* field,
              std::uint64_t least, std::uint64_t most = kMaxBytes) {
  Setting setting = Number<std::uint64_t>(name, help, field, least, most);
  setting.is_bytes = true;
  return setting;
}

// `Field` is a string or a path.
template <typename Field>
Setting Text(std::string_view name, std::string_view help, std::string_view expected,
             Field Config::* field) {
  return {.name = name,
          .help = help,
          .expected = std::string(expected),
          .apply =
              [=](Config& config, const std::string& text) {
                if (text.empty()) {
                  return false;
                }
                config.*field = text;
                return true;
              },
          .show = [=](const Config& config) { return std::string(config.*field); }};
}

Setting Switch(std::string_view name, std::string_view help, bool Config::* field) {
  return {
      .name = name,
      .help = help,
      .expected = "true or false",
      .is_switch = true,
      .apply =
          [=](Config& config, const std::string& text) {
            if (text != "true" && text != "false") {
              return false;
            }
            config.*field = text == "true";
            return true;
          },
      .show = [=](const Config& config) { return std::string(config.*field ? "true" : "false"); }};
}

// The parts between commas, without blanks.
std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string part = text.substr(begin, end - begin);
    std::erase(part, ' ');
    parts.push_back(std::move(part));
    begin = end + 1;
  }
  return parts;
}

bool ApplyOrigins(Config& config, const std::string& text) {
  std::vector<std::string> origins = SplitList(text);
  for (const std::string& origin : origins) {
    if (origin != "*" && !origin.starts_with("http://") && !origin.starts_with("https://")) {
      return false;
    }
  }
  config.cors_origins = std::move(origins);
  return true;
}

// A name as a Host field has it, without a port.
bool IsHostName(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

bool ApplyHosts(Config& config, const std::string& text) {
  std::vector<std::string> hosts = SplitList(text);
  for (const std::string& host : hosts) {
    if (host != "*" && !IsHostName(host)) {
      return false;
    }
  }
  config.allowed_hosts = std::move(hosts);
  return true;
}

bool ApplyListen(Config& config, const std::string& text) {
  // Of either family; a name would have to be resolved, perhaps to several.
  in6_addr parsed{};
  if (inet_pton(AF_INET, text.c_str(), &parsed) != 1 &&
      inet_pton(AF_INET6, text.c_str(), &parsed) != 1) {
    return false;
  }
  config.listen = text;
  return true;
}

bool ApplyLogLevel(Config& config, const std::string& text) {
  if (text != "debug" && text != "info" && text != "warning" && text != "error") {
    return false;
  }
  config.log_level = text;
  return true;
}

// `origin` names where the text comes from, for the error.
base::Result<void> Apply(const Setting& setting, const std::string& text, Config& config,
                         std::string_view origin) {
  if (!setting.apply(config, text)) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("bad value '{}' for {}: {} expected", text, origin, setting.expected));
  }
  return {};
}

// Settings that only together can be wrong.
base::Result<void> CheckMemory(const Config& config) {
  const MemoryPlan plan = TRY(PlanMemory(config.memory, config.max_body_bytes));
  if (config.max_in_flight_bytes > plan[MemoryPart::kBodies]) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("max_in_flight_bytes of {} is more than the share of requests in a memory of "
                    "{} bytes, which is {}",
                    config.max_in_flight_bytes, config.memory, plan[MemoryPart::kBodies]));
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

std::string EnvironmentName(std::string_view name) {
  std::string variable = "SIGHTLINE_";
  for (const char c : name) {
    variable.push_back(c == '-' ? '_' : base::ToUpper(c));
  }
  return variable;
}

std::string FileKey(std::string_view name) {
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::string DefaultText(const Setting& setting) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
  std::string text = setting.show(Config{});
  if (!setting.is_bytes) {
    return text;
  }
  const std::uint64_t bytes = std::stoull(text);
  return bytes == 0 || bytes % kMebibyte != 0 ? text
                                              : fmt::format("{} ({} MiB)", text, bytes / kMebibyte);
}

const std::vector<Setting>& Settings() {
  constexpr std::uint16_t kMaxPort = 65535;
  constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30U;
  static const std::vector<Setting> kSettings = {
      Text("data-dir", "Directory of journal and day folders", "a directory", &Config::data_dir),
      {.name = "listen",
       .help = "Address to listen on",
       .expected = "an IPv4 or IPv6 address",
       .apply = ApplyListen,
       .show = [](const Config& config) { return config.listen; }},
      Number<std::uint16_t>("port", "Port of UI and REST API; 0: any free one", &Config::port, 0,
                            kMaxPort),
      Number<std::uint16_t>("otlp-grpc-port", "Port of OTLP/gRPC; 0: any free one",
                            &Config::otlp_grpc_port, 0, kMaxPort),
      Number<std::uint16_t>("otlp-http-port", "Port of OTLP/HTTP; 0: any free one",
                            &Config::otlp_http_port, 0, kMaxPort),
      Switch("demo", "Stream simulated agent runs into this server", &Config::demo),
      Number<int>("retention-days", "Days of data to keep, today included; 0: all",
                  &Config::retention_days, 0, 36500),
      Bytes("retention-bytes", "Delete the oldest days above this total size; 0: never",
            &Config::retention_bytes, 0),
      Bytes("memory", "Memory that the server may hold; its parts share it", &Config::memory,
            std::uint64_t{256} << 20U),
      Bytes("max-body-bytes", "Largest request, before and after decompression",
            &Config::max_body_bytes, 1024, kGibibyte),
      Bytes("max-in-flight-bytes",
            "Requests in flight above which senders wait; 0: their share of the memory",
            &Config::max_in_flight_bytes, 0),
      Bytes("disk-reserve-bytes", "Free disk below which nothing more is taken",
            &Config::disk_reserve_bytes, 0),
      Bytes("journal-segment-bytes", "Size of a journal file", &Config::journal_segment_bytes,
            std::uint64_t{64} << 10U, kGibibyte),
      Number<std::uint64_t>("seal-rows", "Rows that are written to a day folder at once",
                            &Config::seal_rows, 1, 1'000'000),
      Number<int>("seal-seconds", "Age at which rows are written to a day folder",
                  &Config::seal_seconds, 1, 3600),
      Number<int>("idle-seconds", "Silence after which an open run is abandoned",
                  &Config::idle_seconds, 1, 7 * 86400),
      Number<std::uint64_t>("max-subscriptions", "Live subscriptions at once, over all clients",
                            &Config::max_subscriptions, 1, 100'000),
      Number<std::uint64_t>("max-subscriptions-per-address",
                            "Live subscriptions at once from one address",
                            &Config::max_subscriptions_per_address, 1, 100'000),
      Number<std::uint64_t>("max-connections",
                            "Connections of each port at once; fewer where the limit of open "
                            "files is low",
                            &Config::max_connections, 1, 1'000'000),
      Number<std::uint64_t>("max-connections-per-address",
                            "Connections of each port at once from one address",
                            &Config::max_connections_per_address, 1, 1'000'000),
      {.name = "allowed-hosts",
       .help = "Names by which HTTP clients address this server, besides localhost and addresses",
       .expected = "a comma-separated list of * or names such as ops.example",
       .apply = ApplyHosts,
       .show =
           [](const Config& config) {
             return fmt::format("{}", fmt::join(config.allowed_hosts, ","));
           }},
      {.name = "cors-origins",
       .help = "Browser origins that may use the API besides the server's own",
       .expected = "a comma-separated list of * or origins such as https://ops.example",
       .apply = ApplyOrigins,
       .show =
           [](const Config& config) {
             return fmt::format("{}", fmt::join(config.cors_origins, ","));
           }},
      {.name = "log-level",
       .help = "What is logged: this and everything more severe",
       .expected = "debug, info, warning or error",
       .apply = ApplyLogLevel,
       .show = [](const Config& config) { return config.log_level; }},
  };
  return kSettings;
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
  TRY(CheckMemory(config));
  return config;
}

}  // namespace sightline::server
