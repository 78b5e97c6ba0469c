// SPDX-License-Identifier: Apache-2.0
#include "server/backup_desk.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "server/data_dir.h"

namespace sightline::server {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr auto kLook = std::chrono::milliseconds(250);
constexpr auto kPoll = std::chrono::milliseconds(50);
constexpr auto kTakenUpWithin = std::chrono::seconds(30);

constexpr std::string_view kRunning = "running";
constexpr std::string_view kDone = "done";
constexpr std::string_view kFailed = "failed";

// Empty when there is no such file or it is not an object.
std::optional<json::object> ReadObject(base::Disk& disk, const fs::path& path) {
  const Result<std::string> text = disk.ReadFile(path);
  if (!text.has_value()) {
    return std::nullopt;
  }
  json::error_code error;
  json::value value = json::parse(*text, error);
  return !error && value.is_object() ? std::optional(std::move(value.get_object())) : std::nullopt;
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t NumberOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_int64() ? static_cast<std::uint64_t>(value->get_int64()) : 0;
}

void WriteStatus(base::Disk& disk, const fs::path& data_dir, std::string_view id,
                 std::string_view state, std::string_view detail, const BackupReport& report) {
  base::JsonWriter out;
  out.BeginObject();
  out.Key("id").String(id).Key("state").String(state).Key("detail").String(detail);
  out.Key("days").Uint(report.days).Key("bytes").Uint(report.bytes);
  out.Key("left_out").BeginArray();
  for (const std::string& sentence : report.left_out) {
    out.String(sentence);
  }
  out.EndArray().EndObject();
  const Result<void> written = disk.ReplaceFile(data_dir / kBackupStatusFile, out.Take());
  if (!written.has_value()) {
    base::LogWarning("backup: {}", written.error().message());
  }
}

}  // namespace

BackupDesk::BackupDesk(fs::path data_dir, base::Disk& disk, BackUp back_up)
    : data_dir_(std::move(data_dir)), disk_(disk), back_up_(std::move(back_up)) {
  std::error_code ignored;
  fs::remove(data_dir_ / kBackupRequestFile, ignored);
  fs::remove(data_dir_ / kBackupStatusFile, ignored);
  thread_ = std::jthread([this](const std::stop_token& stop) {
    base::NameThread("backup");
    Run(stop);
  });
}

void BackupDesk::Run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    try {
      Look(stop);
    } catch (const std::exception& error) {
      base::LogError("backup: {}", error.what());
    }
    wake.wait_for(lock, stop, kLook, [] { return false; });
  }
}

void BackupDesk::Look(const std::stop_token& stop) {
  std::error_code error;
  if (!fs::exists(data_dir_ / kBackupRequestFile, error)) {
    return;
  }
  const std::optional<json::object> request = ReadObject(disk_, data_dir_ / kBackupRequestFile);
  fs::remove(data_dir_ / kBackupRequestFile, error);
  if (!request) {
    base::LogWarning("backup: a request cannot be read");
    return;
  }
  const std::string id = TextOf(*request, "id");
  const fs::path target(TextOf(*request, "directory"));
  if (!target.is_absolute()) {
    WriteStatus(disk_, data_dir_, id, kFailed, "the directory is not an absolute path", {});
    return;
  }
  WriteStatus(disk_, data_dir_, id, kRunning, "", {});
  base::LogInfo("backup: to {}", target.string());
  const Result<BackupReport> report = back_up_(target, stop);
  if (!report.has_value()) {
    base::LogWarning("backup: {}", report.error().message());
    WriteStatus(disk_, data_dir_, id, kFailed, report.error().message(), {});
    return;
  }
  base::LogInfo("backup: {} days, {} bytes", report->days, report->bytes);
  WriteStatus(disk_, data_dir_, id, kDone, "", *report);
}

Result<BackupReport> AskForBackup(const fs::path& data_dir, const fs::path& target,
                                  base::Disk& disk, const std::function<bool()>& is_running) {
  std::random_device device;
  const std::string id = fmt::format("{:08x}{:08x}", device(), device());
  base::JsonWriter request;
  request.BeginObject();
  request.Key("id").String(id).Key("directory").String(target.string());
  request.EndObject();
  TRY(disk.ReplaceFile(data_dir / kBackupRequestFile, request.Take()));
  const auto take_up_by = std::chrono::steady_clock::now() + kTakenUpWithin;
  bool is_taken_up = false;
  while (true) {
    // Before the status: a server that has just ended may have written it last.
    const bool was_running = is_running();
    const std::optional<json::object> status = ReadObject(disk, data_dir / kBackupStatusFile);
    if (status && TextOf(*status, "id") == id) {
      is_taken_up = true;
      const std::string state = TextOf(*status, "state");
      if (state == kFailed) {
        return Error(Code::kFailedPrecondition, TextOf(*status, "detail"));
      }
      if (state == kDone) {
        BackupReport report{.days = NumberOf(*status, "days"), .bytes = NumberOf(*status, "bytes")};
        if (const json::value* left_out = status->if_contains("left_out");
            left_out != nullptr && left_out->is_array()) {
          for (const json::value& sentence : left_out->get_array()) {
            report.left_out.emplace_back(sentence.is_string() ? sentence.get_string() : "");
          }
        }
        return report;
      }
    }
    if (!was_running) {
      return Error(Code::kUnavailable, "the server ended before the backup was made");
    }
    if (!is_taken_up && std::chrono::steady_clock::now() >= take_up_by) {
      std::error_code ignored;
      fs::remove(data_dir / kBackupRequestFile, ignored);
      return Error(Code::kUnavailable,
                   fmt::format("the server on {} does not take up the request", data_dir.string()));
    }
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace sightline::server
