// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <shared_mutex>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "base/time_text.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/store_directory.h"

// Retention: whole days are deleted, the oldest first. A day that reads still use is at once in no
// list of days; its tables and files go when the last of these reads has ended.

namespace sightline::store::embedded {
namespace {

// A batch may refer to bodies of the day on which it was built, and be committed later.
constexpr std::int64_t kLatestCommitNs = std::int64_t{10} * 60 * 1'000'000'000;

}  // namespace

bool EmbeddedStore::DeleteOldestDay(std::string_view why) {
  DayPtr day;
  std::uint64_t position = 0;
  {
    base::MutexLock lock(mutex_);
    if (days_.empty()) {
      return false;
    }
    day = days_.begin()->second;
    position = std::max(deleted_position_, day->checkpoint().position);
  }
  if (auto written = WriteDeletedPosition(disk_, options_.directory, position);
      !written.has_value()) {
    base::LogError("store: {}", written.error().message());
    return false;
  }
  losses_.Count(base::Loss::kRetentionDeleted);
  base::LogInfo("store: deletes {}: {}", day->path().string(), why);
  {
    base::MutexLock lock(mutex_);
    deleted_position_ = position;
    days_.erase(day->number());
    retired_days_.push_back(std::move(day));
  }
  return true;
}

// Nobody can get hold of a retired day, so that one that only this list holds is used by no read.
void EmbeddedStore::DropRetiredDays() {
  std::vector<DayPtr> unused;
  {
    base::MutexLock lock(mutex_);
    const auto first = std::stable_partition(retired_days_.begin(), retired_days_.end(),
                                             [](const DayPtr& day) { return day.use_count() > 1; });
    unused.assign(first, retired_days_.end());
    retired_days_.erase(first, retired_days_.end());
  }
  for (const DayPtr& day : unused) {
    {
      std::shared_lock instance_lock(instance_mutex_);
      if (database_ != nullptr) {
        if (auto connection = database_->Connect(); connection.has_value()) {
          static_cast<void>((*connection)->Execute(fmt::format("DETACH {}", day->database())));
        }
      }
    }
    std::error_code error;
    std::filesystem::remove_all(day->path(), error);
  }
}

void EmbeddedStore::EnforceRetention() {
  const std::int64_t now_ns = clock_.NowNs();
  while (options_.retention_days > 0) {
    const std::vector<DayPtr> days = Days();
    const std::int32_t kept_from = base::DayOf(now_ns) - options_.retention_days + 1;
    if (days.empty() || days.front()->number() >= kept_from) {
      break;
    }
    // Batches in the head, or on their way there, may refer to bodies of the newest day.
    const bool is_newest = days.size() == 1;
    const bool may_be_needed =
        head_.size().batches > 0 || base::DayOf(now_ns - kLatestCommitNs) <= days.front()->number();
    if ((is_newest && may_be_needed) || !DeleteOldestDay("it is older than retention allows")) {
      break;
    }
  }
  while (true) {
    const std::vector<DayPtr> days = Days();
    std::uint64_t bytes = 0;
    for (const DayPtr& day : days) {
      bytes += day->DiskBytes();
    }
    disk_bytes_ = bytes;
    if (options_.retention_bytes == 0 || bytes <= options_.retention_bytes || days.size() < 2 ||
        !DeleteOldestDay("all days together are larger than retention allows")) {
      break;
    }
  }
  DropRetiredDays();
}

}  // namespace sightline::store::embedded
