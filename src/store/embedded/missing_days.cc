// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/store_directory.h"

// Days that cannot be opened. One read that failed says little of a file, and DuckDB takes a file
// for attached whose attaching has failed: each day is tried again, in a new instance. Only the day
// that must be written to is put aside in the end, so that sealing goes on.

namespace sightline::store::embedded {
namespace {

constexpr unsigned kTriesAtStart = 3;
constexpr auto kPauseAtStart = std::chrono::milliseconds(100);

// Before a day is put aside. Sealing tries once a second.
constexpr unsigned kTriesToWrite = 10;

// Later tries of a day that is missing: after one minute, two, four and so on.
constexpr auto kFirstPause = std::chrono::minutes(1);
constexpr unsigned kLaterTries = 5;
constexpr unsigned kTriesOfDamaged = 1;

// Of another version: no try changes that.
bool IsFinal(const base::Error& error) {
  return error.code() == base::Code::kFailedPrecondition;
}

// Whether the files may be what is wrong, not a lack of something that passes.
bool MayBeDamaged(const base::Error& error) {
  constexpr std::array<std::string_view, 4> kLacks = {"No space left on device",
                                                      "Disk quota exceeded", "Too many open files",
                                                      "Cannot allocate memory"};
  const std::string_view message = error.message();
  if (std::any_of(kLacks.begin(), kLacks.end(), [&](std::string_view lack) {
        return message.find(lack) != std::string_view::npos;
      })) {
    return false;
  }
  return error.code() != base::Code::kUnavailable ||
         message.find("IO Error") != std::string_view::npos;
}

}  // namespace

base::Result<void> EmbeddedStore::OpenOlderDay(std::int32_t day) {
  const DayPtr opened = TRY(OpenDay(day));
  AddDay(opened);
  return {};
}

void EmbeddedStore::OpenAtStart(std::int32_t day) {
  for (unsigned i = 1;; ++i) {
    const auto opened = OpenOlderDay(day);
    if (opened.has_value()) {
      return;
    }
    if (i == kTriesAtStart || IsFinal(opened.error())) {
      NoteProblem(opened.error().message());
      NoteMissing(day, opened.error());
      return;
    }
    base::LogWarning("store: {}; trying again", opened.error().message());
    std::this_thread::sleep_for(kPauseAtStart);
    base::MutexLock lock(seal_mutex_);
    if (auto reopened = ReopenInstance(); !reopened.has_value()) {
      base::LogError("store: {}", reopened.error().message());
    }
  }
}

void EmbeddedStore::NoteMissing(std::int32_t day, const base::Error& error) {
  base::MutexLock lock(mutex_);
  const unsigned tries = missing_days_[day].tries;
  const unsigned most = error.code() == base::Code::kUnavailable ? kLaterTries : kTriesOfDamaged;
  if (IsFinal(error) || tries >= most) {
    missing_days_.erase(day);
    return;
  }
  missing_days_[day] = {.tries = tries + 1,
                        .due = std::chrono::steady_clock::now() + kFirstPause * (1U << tries)};
}

void EmbeddedStore::OpenMissingDays() {
  std::vector<std::int32_t> due;
  {
    base::MutexLock lock(mutex_);
    for (const auto& [day, missing] : missing_days_) {
      if (missing.due <= std::chrono::steady_clock::now()) {
        due.push_back(day);
      }
    }
  }
  if (due.empty()) {
    return;
  }
  {
    base::MutexLock lock(seal_mutex_);
    if (auto reopened = ReopenInstance(); !reopened.has_value()) {
      base::LogError("store: {}", reopened.error().message());
      return;
    }
  }
  for (const std::int32_t day : due) {
    const bool is_there = HasDay(day);  // Sealing has opened it.
    const auto opened = is_there ? base::Result<void>() : OpenOlderDay(day);
    if (!opened.has_value()) {
      base::LogWarning("store: {}", opened.error().message());
      NoteMissing(day, opened.error());
      continue;
    }
    base::MutexLock lock(mutex_);
    missing_days_.erase(day);
  }
}

// kUnavailable until it is put aside: whoever seals makes a new instance then and tries again.
base::Result<DayPtr> EmbeddedStore::OpenToWrite(std::int32_t day) {
  auto opened = OpenDay(day);
  if (!opened.has_value() && MayBeDamaged(opened.error()) && ++failed_opens_ >= kTriesToWrite) {
    const std::filesystem::path path = DayPath(options_.directory, day);
    const std::filesystem::path aside =
        path.string() + fmt::format(".damaged-{}", clock_.NowNs() / 1'000'000'000);
    if (auto moved = disk_.Rename(path, aside); !moved.has_value()) {
      return base::Error(base::Code::kUnavailable, moved.error().message());
    }
    NoteProblem(fmt::format("{}; it was moved to {}", opened.error().message(), aside.string()));
    opened = OpenDay(day);
  }
  if (!opened.has_value()) {
    return base::Error(base::Code::kUnavailable, opened.error().message());
  }
  failed_opens_ = 0;
  return opened;
}

}  // namespace sightline::store::embedded
