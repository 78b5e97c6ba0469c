// SPDX-License-Identifier: Apache-2.0
#include "server/config.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config_page.h"

namespace sightline::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// An environment variable for a scope.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }

  ~Variable() { ::unsetenv(name_); }

  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

// A configuration file for a scope.
class File {
 public:
  explicit File(std::string_view text)
      : path_(std::filesystem::path(::testing::TempDir()) /
              ("sightline_config_test_" + std::to_string(::getpid()) + ".toml")) {
    std::ofstream(path_) << text;
  }

  ~File() { std::filesystem::remove(path_); }

  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string ErrorOf(const base::Result<Config>& config) {
  return config.has_value() ? "no error" : config.error().message();
}

TEST(ConfigTest, HasDefaultsWithoutAnySource) {
  const auto config = LoadConfig("", {});
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->data_dir, "data");
  EXPECT_EQ(config->listen, "127.0.0.1");
  EXPECT_EQ(config->port, 8000);
  EXPECT_FALSE(config->demo);
}

TEST(ConfigTest, TakesFlagBeforeEnvironmentBeforeFile) {
  const File file("port = 1001\notlp_http_port = 1002\nlisten = \"127.0.0.3\"\n");
  const Variable port("SIGHTLINE_PORT", "2001");
  const Variable otlp_http_port("SIGHTLINE_OTLP_HTTP_PORT", "2002");
  const auto config = LoadConfig(file.path(), {{"port", "3001"}});
  ASSERT_TRUE(config.has_value()) << ErrorOf(config);
  EXPECT_EQ(config->port, 3001);
  EXPECT_EQ(config->otlp_http_port, 2002);
  EXPECT_EQ(config->listen, "127.0.0.3");
}

TEST(ConfigTest, ReadsEveryTypeFromTheFile) {
  const File file(
      "data_dir = \"/srv/traces\"\ndemo = true\nretention_days = 30\n"
      "max_body_bytes = 1048576\ncors_origins = [\"https://a.example\", \"https://b.example\"]\n");
  const auto config = LoadConfig(file.path(), {});
  ASSERT_TRUE(config.has_value()) << ErrorOf(config);
  EXPECT_EQ(config->data_dir, "/srv/traces");
  EXPECT_TRUE(config->demo);
  EXPECT_EQ(config->retention_days, 30);
  EXPECT_EQ(config->max_body_bytes, 1048576U);
  EXPECT_THAT(config->cors_origins, ElementsAre("https://a.example", "https://b.example"));
}

TEST(ConfigTest, RefusesAnUnknownKeyOfTheFile) {
  const File file("prot = 8000\n");
  EXPECT_THAT(ErrorOf(LoadConfig(file.path(), {})), HasSubstr("unknown key prot in "));
}

TEST(ConfigTest, RefusesAFileThatIsMissing) {
  EXPECT_THAT(ErrorOf(LoadConfig("/nonexistent/sightline.toml", {})),
              HasSubstr("cannot read /nonexistent/sightline.toml"));
}

TEST(ConfigTest, NamesTheVariableOfAWrongValue) {
  const Variable port("SIGHTLINE_PORT", "http");
  EXPECT_EQ(ErrorOf(LoadConfig("", {})),
            "bad value 'http' for SIGHTLINE_PORT: a number from 0 to 65535 expected");
}

TEST(ConfigTest, RefusesAMemoryThatDoesNotHoldTheLargestRequest) {
  const auto error = ErrorOf(LoadConfig("", {{"memory", "300000000"}}));
  EXPECT_THAT(error, HasSubstr("memory of 300000000 bytes is too small"));
  EXPECT_THAT(error, HasSubstr("at least 419430400 bytes"));
  EXPECT_TRUE(LoadConfig("", {{"memory", "419430400"}}).has_value());
  EXPECT_FALSE(LoadConfig("", {{"max-body-bytes", "1073741824"}}).has_value());
}

TEST(ConfigTest, RefusesMoreInFlightThanTheMemoryLeavesForIt) {
  EXPECT_TRUE(LoadConfig("", {{"max-in-flight-bytes", "100663296"}}).has_value());
  EXPECT_THAT(ErrorOf(LoadConfig("", {{"max-in-flight-bytes", "100663297"}})),
              HasSubstr("which is 100663296"));
}

struct WrongValue {
  std::string_view setting;
  std::string_view text;
};

class WrongValueTest : public ::testing::TestWithParam<WrongValue> {};

TEST_P(WrongValueTest, IsRefusedAndChangesNothing) {
  const auto [name, text] = GetParam();
  const auto setting = std::find_if(Settings().begin(), Settings().end(),
                                    [&](const Setting& known) { return known.name == name; });
  ASSERT_NE(setting, Settings().end());
  Config config;
  EXPECT_FALSE(setting->apply(config, std::string(text)));
  EXPECT_EQ(setting->show(config), setting->show(Config{}));
}

INSTANTIATE_TEST_SUITE_P(
    Values, WrongValueTest,
    ::testing::Values(
        WrongValue{"data-dir", ""}, WrongValue{"port", "65536"}, WrongValue{"port", "-1"},
        WrongValue{"port", "80 "}, WrongValue{"port", ""}, WrongValue{"seal-rows", "0"},
        WrongValue{"max-body-bytes", "1023"}, WrongValue{"max-body-bytes", "64MiB"},
        WrongValue{"memory", "1000"}, WrongValue{"max-in-flight-bytes", "9223372036854775808"},
        WrongValue{"demo", "yes"}, WrongValue{"log-level", "INFO"},
        WrongValue{"cors-origins", "https://a.example,b.example"}, WrongValue{"cors-origins", ""},
        WrongValue{"allowed-hosts", ""}, WrongValue{"allowed-hosts", "http://a.example"},
        WrongValue{"allowed-hosts", "a.example:80"}, WrongValue{"allowed-hosts", "a.example,"},
        WrongValue{"max-connections", "0"}, WrongValue{"listen", ""},
        WrongValue{"listen", "localhost"}, WrongValue{"listen", "127.0.0.1:80"},
        WrongValue{"listen", "[::1]"}, WrongValue{"listen", "1.2.3"}));

TEST(SettingsTest, TakeTheDefaultsThatTheyShow) {
  for (const Setting& setting : Settings()) {
    const std::string text = setting.show(Config{});
    Config config;
    EXPECT_TRUE(text.empty() || setting.apply(config, text)) << setting.name;
    EXPECT_EQ(setting.show(config), text) << setting.name;
  }
}

TEST(SettingsTest, ShowWhatWasApplied) {
  Config config;
  for (const Setting& setting : Settings()) {
    const std::string text = setting.name == "listen"          ? "::1"
                             : setting.name == "data-dir"      ? "elsewhere"
                             : setting.name == "cors-origins"  ? "https://a.example,*"
                             : setting.name == "allowed-hosts" ? "a.example,*"
                             : setting.name == "log-level"     ? "error"
                             : setting.name == "memory"        ? "700000000"
                             : setting.is_switch               ? "true"
                             : setting.is_bytes                ? "70000"
                                                               : "42";
    EXPECT_TRUE(setting.apply(config, text)) << setting.name;
    EXPECT_EQ(setting.show(config), text) << setting.name;
  }
}

TEST(SettingsPageTest, GivesFlagVariableKeyAndDefault) {
  EXPECT_THAT(SettingsPage(),
              HasSubstr("| `--max-body-bytes` | `SIGHTLINE_MAX_BODY_BYTES` | `max_body_bytes` | "
                        "Largest request, before and after decompression | a number from 1024 to "
                        "1073741824 | 67108864 (64 MiB) |\n"));
}

}  // namespace
}  // namespace sightline::server
