// SPDX-License-Identifier: Apache-2.0
#include "server/commands.h"

#include <pthread.h>
#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "journal/journal.h"
#include "model/codec.h"
#include "server/config.h"
#include "server/server.h"
#include "store/embedded/embedded_store.h"

namespace sightline::server {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

int Fail(const base::Error& error, int exit_code) {
  fmt::print(stderr, "sightline: {}\n", error.message());
  return exit_code;
}

// Blocks the signals that end the program in this thread and all that it starts.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

base::LogLevel LevelOf(std::string_view name) {
  return name == "debug"     ? base::LogLevel::kDebug
         : name == "warning" ? base::LogLevel::kWarning
         : name == "error"   ? base::LogLevel::kError
                             : base::LogLevel::kInfo;
}

int Serve(const Config& config) {
  base::SetLogLevel(LevelOf(config.log_level));
  const sigset_t signals = BlockStopSignals();
  const auto server = Server::Start(config);
  if (!server.has_value()) {
    const bool is_usage = server.error().code() == base::Code::kFailedPrecondition;
    return Fail(server.error(), is_usage ? kBadUsage : kFailed);
  }
  const api::Ports& ports = (*server)->ports();
  base::LogInfo("listening on http://{}:{} (OTLP/gRPC {}, OTLP/HTTP {})", config.listen, ports.http,
                ports.otlp_grpc, ports.otlp_http);
  int signal = 0;
  sigwait(&signals, &signal);
  base::LogInfo("stopping");
  return 0;
}

int Check(const Config& config) {
  const auto store = store::embedded::CheckStore(config.data_dir / "days");
  if (!store.has_value()) {
    return Fail(store.error(), kFailed);
  }
  std::uint64_t waiting_spans = 0;
  std::vector<std::string> problems = store->problems;
  const auto journal =
      journal::Verify(config.data_dir / "journal",
                      [&](std::uint64_t position, std::string_view record) -> base::Result<void> {
                        const auto batch = model::DecodeBatch(std::string(record));
                        if (!batch.has_value()) {
                          problems.push_back(fmt::format("journal record {}: {}", position,
                                                         batch.error().message()));
                        } else if (position > store->sealed_position) {
                          waiting_spans += (*batch)->spans.size();
                        }
                        return {};
                      });
  if (!journal.has_value()) {
    return Fail(journal.error(), kFailed);
  }
  problems.insert(problems.end(), journal->problems.begin(), journal->problems.end());
  fmt::print("{} day files: {} spans, {} log records, {} message bodies\n", store->day_files,
             store->spans, store->logs, store->bodies);
  fmt::print("journal: {} segments, {} records, {} spans not in a day file yet\n",
             journal->segments, journal->records, waiting_spans);
  for (const std::string& problem : problems) {
    fmt::print("problem: {}\n", problem);
  }
  fmt::print("{}\n", problems.empty() ? "clean" : "NOT CLEAN");
  return problems.empty() ? 0 : kFailed;
}

// Flags of the settings table on a subcommand.
void AddSettings(CLI::App& command, SettingTexts& texts, std::string& config_path) {
  command.add_option("--config", config_path, "TOML file; keys as the flags, with underscores");
  for (const Setting& setting : Settings()) {
    const std::string flag = fmt::format("--{}", setting.name);
    const std::string name(setting.name);
    if (setting.is_switch) {
      command.add_flag_callback(
          flag, [&texts, name] { texts[name] = "true"; }, std::string(setting.help));
    } else {
      command.add_option_function<std::string>(
          flag, [&texts, name](const std::string& text) { texts[name] = text; },
          std::string(setting.help));
    }
  }
}

}  // namespace

int RunCommand(int argc, const char* const* argv) {
  CLI::App app("Sightline: observability for AI agents");
  app.require_subcommand(1);
  SettingTexts texts;
  std::string config_path;
  CLI::App* serve = app.add_subcommand("serve", "Receive, keep and show telemetry");
  AddSettings(*serve, texts, config_path);
  CLI::App* check = app.add_subcommand("check", "Verify journal, day files, content and index");
  AddSettings(*check, texts, config_path);
  CLI::App* version = app.add_subcommand("version", "Print the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUsage;
  }
  if (version->parsed()) {
    fmt::print("sightline {}\n", SIGHTLINE_VERSION);
    return 0;
  }
  const auto config = LoadConfig(config_path, texts);
  if (!config.has_value()) {
    return Fail(config.error(), kBadUsage);
  }
  return check->parsed() ? Check(*config) : Serve(*config);
}

}  // namespace sightline::server
