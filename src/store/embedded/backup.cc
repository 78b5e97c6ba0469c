// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/time_text.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/store_directory.h"

// A copy of the store directory while it is in use. Everything in it changes only when the store
// seals or deletes a day, but for frames, which are only appended to. So each day's tables are
// copied while nothing may be sealed, a day at a time; at the end, those that were sealed into
// meanwhile once more, all at one point in time; then the frames, as far as these tables say.

namespace sightline::store::embedded {
namespace {

constexpr auto kSealPause = std::chrono::milliseconds(10);

}  // namespace

// The days of one copy.
class EmbeddedStore::DayCopies {
 public:
  DayCopies(base::Disk& disk, base::FileCopier& copier, std::filesystem::path target)
      : disk_(disk), copier_(copier), target_(std::move(target)) {}

  // The tables of a day, unless the copy has them as they are. Nothing may be sealed meanwhile, and
  // the day's files must be there.
  base::Result<void> AddTables(const Day& day) {
    const Checkpoint now = day.checkpoint();
    const auto found = copies_.find(day.number());
    if (found != copies_.end() && found->second.checkpoint.position == now.position &&
        found->second.checkpoint.frames_length == now.frames_length &&
        found->second.checkpoint.cut_number == now.cut_number) {
      return {};
    }
    const std::filesystem::path to = DayPath(target_, day.number());
    TRY(disk_.CreateDirectory(to));
    TRY(copier_.Copy(DatabasePath(day.path()), DatabasePath(to)));
    const std::string log = DatabasePath(day.path()).string() + ".wal";
    const std::string log_copy = DatabasePath(to).string() + ".wal";
    std::error_code error;
    if (std::filesystem::exists(log, error)) {
      TRY(copier_.Copy(log, log_copy));
    } else {
      std::filesystem::remove(log_copy, error);  // Of the copy before.
    }
    if (std::filesystem::exists(TracesPath(day.path()), error)) {
      TRY(copier_.Copy(TracesPath(day.path()), TracesPath(to)));
    }
    Copy& copy = copies_[day.number()];
    copy.checkpoint = now;
    if (copy.frames == nullptr) {
      // Open from now on: the day may be deleted while it is being copied.
      copy.frames = TRY(disk_.Open(FramesPath(day.path()), base::OpenMode::kRead));
    }
    return {};
  }

  base::Result<void> AddFrames() {
    for (auto& [number, copy] : copies_) {
      const std::filesystem::path to = DayPath(target_, number);
      TRY(copier_.Copy(*copy.frames, FramesPath(to), copy.checkpoint.frames_length));
      TRY(disk_.SyncDirectory(to));
    }
    return {};
  }

  // Takes back a day that is not to be in the copy.
  void Drop(std::int32_t number) {
    std::error_code ignored;
    std::filesystem::remove_all(DayPath(target_, number), ignored);
    copies_.erase(number);
  }

  // In ascending order.
  std::vector<std::int32_t> numbers() const {
    std::vector<std::int32_t> numbers;
    numbers.reserve(copies_.size());
    for (const auto& [number, copy] : copies_) {
      numbers.push_back(number);
    }
    return numbers;
  }

 private:
  struct Copy {
    Checkpoint checkpoint;
    std::unique_ptr<base::DiskFile> frames;
  };

  base::Disk& disk_;
  base::FileCopier& copier_;
  const std::filesystem::path target_;
  std::map<std::int32_t, Copy> copies_;
};

// Until the head holds nothing up to `position`.
base::Result<void> EmbeddedStore::SealUpTo(std::uint64_t position, Deadline deadline) {
  while (true) {
    const HeadSnapshot head = head_.Snapshot();
    if (head.empty() || head.front()->position > position) {
      return {};
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return base::Error(base::Code::kDeadlineExceeded,
                         "what was received lately could not be sealed in time");
    }
    TRY(SealSome());
    // What live state has not taken in yet cannot be sealed.
    std::this_thread::sleep_for(kSealPause);
  }
}

bool EmbeddedStore::HasDay(std::int32_t number) const {
  base::MutexLock lock(mutex_);
  return days_.contains(number);
}

// Folders of days, also of those that were put aside, that are none of these.
base::Result<std::vector<std::string>> EmbeddedStore::FoldersWithout(
    const std::vector<std::int32_t>& days) const {
  constexpr std::size_t kDateLength = 10;
  const std::vector<std::string> names = TRY(disk_.List(options_.directory));
  std::vector<std::int32_t> not_missed = days;
  {
    base::MutexLock lock(mutex_);
    for (const DayPtr& retired : retired_days_) {
      not_missed.push_back(retired->number());  // Deleted, but for a read that has not ended.
    }
  }
  std::vector<std::string> others;
  for (const std::string& name : names) {
    const auto time_ns = base::ParseTimeNs(name.substr(0, kDateLength));
    const bool is_known = time_ns && name.size() == kDateLength &&
                          std::ranges::count(not_missed, base::DayOf(*time_ns)) > 0;
    if (time_ns && !is_known) {
      others.push_back(name);
    }
  }
  std::ranges::sort(others);
  return others;
}

base::Result<StoreBackup> EmbeddedStore::BackUp(const std::filesystem::path& target,
                                                std::uint64_t position, base::FileCopier& copier,
                                                Deadline deadline) {
  TRY(AllDays(deadline));
  TRY(SealUpTo(position, deadline));
  TRY(disk_.CreateDirectory(target));
  TRY(MarkFormat(disk_, target));
  TRY(CopyKey(disk_, options_.directory, target));
  DayCopies copies(disk_, copier, target);
  StoreBackup backup;
  for (const DayPtr& day : Days()) {
    base::MutexLock seal_lock(seal_mutex_);
    std::shared_lock instance_lock(instance_mutex_);
    if (HasDay(day->number())) {
      TRY(copies.AddTables(*day));
    }
  }
  {
    base::MutexLock seal_lock(seal_mutex_);
    std::shared_lock instance_lock(instance_mutex_);
    for (const std::int32_t number : copies.numbers()) {
      if (!HasDay(number)) {
        copies.Drop(number);
      }
    }
    for (const DayPtr& day : Days()) {
      TRY(copies.AddTables(*day));
    }
    std::uint64_t deleted = 0;
    {
      base::MutexLock lock(mutex_);
      deleted = deleted_position_;
    }
    if (deleted != 0) {
      TRY(WriteDeletedPosition(disk_, target, deleted));
    }
    TRY(CopyQuarantine(disk_, options_.directory, target, copier));
    backup.left_out = TRY(FoldersWithout(copies.numbers()));
  }
  TRY(copies.AddFrames());
  TRY(disk_.SyncDirectory(target));
  backup.days = copies.numbers().size();
  return backup;
}

}  // namespace sightline::store::embedded
