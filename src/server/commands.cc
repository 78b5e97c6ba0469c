// SPDX-License-Identifier: Apache-2.0
#include "server/commands.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/log.h"
#include "demo/sender.h"
#include "journal/recovery.h"
#include "model/encoded_batch.h"
#include "server/backup.h"
#include "server/backup_desk.h"
#include "server/config.h"
#include "server/config_page.h"
#include "server/data_dir.h"
#include "server/server.h"
#include "store/embedded/embedded_store.h"
#include "store/meta/sqlite_meta_store.h"

namespace sightline::server {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

int Fail(const base::Error& error, int exit_code) {
  fmt::print(stderr, "sightline: {}\n", error.message());
  return exit_code;
}

// Blocks the signals that end the program in this thread and all that it starts. Those that say
// that a reader or a terminal has gone are ignored: the server outlives who reads its log.
sigset_t BlockStopSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
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

// How this machine reaches a server that listens on `listen`.
std::string LoopbackUrl(const std::string& listen, std::uint16_t port) {
  const std::string host = listen == "0.0.0.0"                     ? "127.0.0.1"
                           : listen == "::"                        ? "[::1]"
                           : listen.find(':') != std::string::npos ? "[" + listen + "]"
                                                                   : listen;
  return fmt::format("http://{}:{}", host, port);
}

int Serve(const Config& config) {
  base::SetLogLevel(LevelOf(config.log_level));
  const sigset_t signals = BlockStopSignals();
  const base::SystemClock clock;
  const auto server = Server::Start(config, clock);
  if (!server.has_value()) {
    const bool is_usage = server.error().code() == base::Code::kFailedPrecondition;
    return Fail(server.error(), is_usage ? kBadUsage : kFailed);
  }
  const api::Ports& ports = (*server)->ports();
  base::LogInfo("listening on http://{}:{} (OTLP/gRPC {}, OTLP/HTTP {})", config.listen, ports.http,
                ports.otlp_grpc, ports.otlp_http);
  std::jthread simulator;
  if (config.demo) {
    simulator = std::jthread(
        [endpoint = LoopbackUrl(config.listen, ports.otlp_http)](const std::stop_token& stop) {
          demo::DemoOptions options{.endpoint = endpoint, .backfill = demo::kServeBackfill};
          if (const auto report = demo::RunDemo(options, stop); !report.has_value()) {
            base::LogWarning("demo: {}", report.error().message());
          }
        });
    base::LogInfo("demo: simulated agents are streaming in; open http://{}:{}/", config.listen,
                  ports.http);
  }
  int signal = 0;
  sigwait(&signals, &signal);
  base::LogInfo("stopping");
  return 0;
}

// `sightline demo`.
struct DemoFlags {
  std::string endpoint = "http://127.0.0.1:4318";
  double rate = 30;
  std::uint64_t seed = 1;
  std::int64_t seconds = 0;  // 0: until stopped.
  std::int64_t backfill_seconds = 0;
  bool is_uneventful = false;
};

int Demo(const DemoFlags& flags) {
  const sigset_t signals = BlockStopSignals();
  demo::DemoOptions options{.endpoint = flags.endpoint,
                            .runs_per_minute = flags.rate,
                            .seed = flags.seed,
                            .backfill = std::chrono::seconds(flags.backfill_seconds),
                            .has_stories = !flags.is_uneventful};
  if (flags.seconds > 0) {
    options.duration = std::chrono::seconds(flags.seconds);
  }
  // The signal waiter ends with the process when the simulator ends first.
  std::stop_source stop;
  std::thread([signals, stop]() mutable {
    int signal = 0;
    sigwait(&signals, &signal);
    stop.request_stop();
  }).detach();
  const auto report = demo::RunDemo(options, stop.get_token());
  if (!report.has_value()) {
    const bool is_usage = report.error().code() == base::Code::kInvalidArgument;
    return Fail(report.error(), is_usage ? kBadUsage : kFailed);
  }
  fmt::print(
      "{} runs, {} spans, {} log records, {} data points in {} requests; {} retried, {} "
      "rejected, {} dropped\n",
      report->runs, report->spans, report->log_records, report->data_points, report->requests,
      report->retries, report->rejected_items, report->dropped_items);
  return report->dropped_items == 0 ? 0 : kFailed;
}

base::Result<std::shared_ptr<model::Batch>> DecodeRecord(std::string_view record) {
  return model::EncodedBatch::Decode(TRY(model::EncodedBatch::Parse(std::string(record))));
}

int Check(const Config& config) {
  const auto lock = LockDataDirToRead(config.data_dir);
  if (!lock.has_value()) {
    return Fail(lock.error(), kFailed);
  }
  const auto store = store::embedded::CheckStore(config.data_dir / "days");
  if (!store.has_value()) {
    return Fail(store.error(), kFailed);
  }
  std::uint64_t waiting_spans = 0;
  std::vector<std::string> problems = store->problems;
  base::PosixDisk disk;
  const auto journal =
      journal::Verify(disk, config.data_dir / "journal", store->sealed_position,
                      [&](std::uint64_t position, std::string_view record) -> base::Result<void> {
                        const auto batch = DecodeRecord(record);
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
  const auto metadata = store::meta::CheckMetadata(config.data_dir / kMetadataFile);
  if (!metadata.has_value()) {
    return Fail(metadata.error(), kFailed);
  }
  problems.insert(problems.end(), metadata->begin(), metadata->end());
  problems.insert(problems.end(), journal->problems.begin(), journal->problems.end());
  fmt::print("{} days: {} spans, {} log records, {} metric points, {} message bodies, {} runs\n",
             store->days, store->spans, store->logs, store->points, store->bodies, store->runs);
  if (store->quarantined != 0) {
    fmt::print("{} batches in quarantine\n", store->quarantined);
  }
  fmt::print("journal: {} segments, {} records, {} spans not in a day folder yet\n",
             journal->segments.size(), journal->records, waiting_spans);
  if (journal->cut_tails > 0) {
    fmt::print("journal: an unfinished write at the end, which was not acknowledged\n");
  }
  for (const std::string& problem : problems) {
    fmt::print("problem: {}\n", problem);
  }
  fmt::print("{}\n", problems.empty() ? "clean" : "NOT CLEAN");
  return problems.empty() ? 0 : kFailed;
}

// Through the server that uses the directory, if one does.
base::Result<BackupReport> MakeBackup(const std::filesystem::path& data_dir,
                                      const std::filesystem::path& target) {
  base::PosixDisk disk;
  const auto lock = LockDataDirToRead(data_dir);
  if (lock.has_value()) {
    return BackUpStopped(data_dir, target, disk, base::SystemClock());
  }
  if (lock.error().code() != base::Code::kFailedPrecondition) {
    return lock.error();
  }
  return AskForBackup(data_dir, target, disk,
                      [&] { return !LockDataDirToRead(data_dir).has_value(); });
}

int BackUp(const Config& config, const std::string& directory) {
  std::filesystem::path target = std::filesystem::absolute(directory).lexically_normal();
  if (!target.has_filename()) {
    target = target.parent_path();  // "backups/new/"
  }
  const auto report = MakeBackup(config.data_dir, target);
  if (!report.has_value()) {
    return Fail(report.error(), kFailed);
  }
  fmt::print("{}: {} days, {} bytes\n", target.string(), report->days, report->bytes);
  for (const std::string& sentence : report->left_out) {
    fmt::print("left out: {}\n", sentence);
  }
  return 0;
}

// What is wrong with the command line, in one line.
int FailUsage(const CLI::App& app, const CLI::ParseError& error, int argc,
              const char* const* argv) {
  constexpr std::string_view kCommands = "serve, demo, check, backup or version expected";
  if (argc < 2) {
    fmt::print(stderr, "sightline: a command is missing: {}\n", kCommands);
  } else if (argv[1][0] != '-' && app.get_subcommands([&](const CLI::App* command) {
                                       return command->check_name(argv[1]);
                                     })
                                      .empty()) {
    fmt::print(stderr, "sightline: unknown command '{}': {}\n", argv[1], kCommands);
  } else {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    fmt::print(stderr, "sightline: bad command line: {}\n", message);
  }
  return kBadUsage;
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
      const std::string value = DefaultText(setting);
      command.add_option_function<std::string>(
          flag, [&texts, name](const std::string& text) { texts[name] = text; },
          fmt::format("{} [{}]", setting.help, value.empty() ? "none" : value));
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
  bool is_page_wanted = false;
  // Not listed: for docs/configuration.md.
  serve->add_flag("--help-markdown", is_page_wanted)->group("");
  CLI::App* check = app.add_subcommand("check", "Verify journal and day folders");
  AddSettings(*check, texts, config_path);
  CLI::App* backup = app.add_subcommand("backup", "Copy all data, also while a server uses them");
  std::string backup_directory;
  backup->add_option("directory", backup_directory, "Where to: a directory that is new or empty")
      ->required();
  AddSettings(*backup, texts, config_path);
  CLI::App* demo = app.add_subcommand("demo", "Send simulated agent runs, labelled as demo");
  DemoFlags demo_flags;
  demo->add_option("--endpoint", demo_flags.endpoint,
                   "An OTLP/HTTP receiver [http://127.0.0.1:4318]");
  demo->add_option("--rate", demo_flags.rate, "Runs per minute [30]");
  demo->add_option("--seed", demo_flags.seed, "The same seed gives the same runs [1]");
  demo->add_option("--seconds", demo_flags.seconds, "How long; 0: until stopped [0]");
  demo->add_option("--backfill-seconds", demo_flags.backfill_seconds,
                   "History to send first, as fast as it is taken [0]");
  demo->add_flag("--uneventful", demo_flags.is_uneventful,
                 "Nothing gets slow, dear or stuck in the course of time");
  CLI::App* version = app.add_subcommand("version", "Print the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : FailUsage(app, error, argc, argv);
  }
  if (version->parsed()) {
    fmt::print("sightline {}\n", SIGHTLINE_VERSION);
    return 0;
  }
  if (is_page_wanted) {
    fmt::print("{}", SettingsPage());
    return 0;
  }
  if (demo->parsed()) {
    return Demo(demo_flags);
  }
  const auto config = LoadConfig(config_path, texts);
  if (!config.has_value()) {
    return Fail(config.error(), kBadUsage);
  }
  if (backup->parsed()) {
    return BackUp(*config, backup_directory);
  }
  return check->parsed() ? Check(*config) : Serve(*config);
}

}  // namespace sightline::server
