// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/embedded_store.h"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_name.h"
#include "base/time_text.h"
#include "store/embedded/store_directory.h"

namespace sightline::store::embedded {
namespace {

constexpr auto kIdleCheck = std::chrono::milliseconds(250);
constexpr auto kRetryAfterFailure = std::chrono::seconds(1);
constexpr auto kRetentionInterval = std::chrono::seconds(60);

std::uint64_t FileBytes(const std::filesystem::path& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : bytes;
}

std::uint64_t DayBytes(const DayFile& file) {
  return FileBytes(file.path) + FileBytes(file.path.string() + ".wal");
}

}  // namespace

base::Result<std::unique_ptr<EmbeddedStore>> EmbeddedStore::Open(const Options& options,
                                                                 const base::Clock& clock,
                                                                 base::LossTable& losses) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) {
    return base::Error(
        base::Code::kInternal,
        fmt::format("cannot create {}: {}", options.directory.string(), error.message()));
  }
  TRY(CheckFormat(options.directory));
  TRY(MarkFormat(options.directory));
  std::unique_ptr<EmbeddedStore> store(new EmbeddedStore(options, clock, losses));
  {
    base::MutexLock seal_lock(store->seal_mutex_);
    std::unique_lock instance_lock(store->instance_mutex_);
    TRY(store->OpenInstance());
  }
  return store;
}

EmbeddedStore::EmbeddedStore(Options options, const base::Clock& clock, base::LossTable& losses)
    : options_(std::move(options)), clock_(clock), losses_(losses), watch_(losses) {}

EmbeddedStore::~EmbeddedStore() {
  StopSealing();
  if (auto sealed = SealNow(); !sealed.has_value()) {
    base::LogWarning("store: {}; it stays in the journal", sealed.error().message());
  }
  base::MutexLock seal_lock(seal_mutex_);
  std::unique_lock instance_lock(instance_mutex_);
  seal_connection_.reset();
  database_.reset();
}

// Starts DuckDB, attaches every day and reads the indexes. Callers hold both locks.
base::Result<void> EmbeddedStore::OpenInstance() NO_THREAD_SAFETY_ANALYSIS {
  database_ = TRY(Database::Open(
      {.memory_bytes = options_.query_memory_bytes, .threads = options_.query_threads}));
  seal_connection_ = TRY(database_->Connect());
  TRY(head_.RegisterFunctions(*seal_connection_));
  TRY(feed_.Register(*seal_connection_));
  const std::uint64_t deleted_position = TRY(ReadDeletedPosition(options_.directory));
  const std::vector<std::int32_t> days = ListDays(options_.directory);
  std::map<std::int32_t, DayFile> files;
  for (const std::int32_t day : days) {
    DayFile file = TRY(AttachDay(*seal_connection_, options_.directory, day));
    indexes_.DropDay(day);
    TRY(LoadIndexes(*seal_connection_, file,
                    day == days.back() ? LoadBodies::kYes : LoadBodies::kNo, indexes_,
                    body_index_));
    files.emplace(day, std::move(file));
  }
  base::MutexLock lock(mutex_);
  days_ = std::move(files);
  deleted_position_ = deleted_position;
  return {};
}

// After a failed commit the instance may refuse all work: make a new one from the files.
base::Result<void> EmbeddedStore::ReopenInstance() NO_THREAD_SAFETY_ANALYSIS {
  std::unique_lock instance_lock(instance_mutex_);
  seal_connection_.reset();
  database_.reset();
  return OpenInstance();
}

std::uint64_t EmbeddedStore::sealed_position() const {
  base::MutexLock lock(mutex_);
  std::uint64_t position = deleted_position_;
  for (const auto& [day, file] : days_) {
    position = std::max(position, file.sealed_position);
  }
  return position;
}

std::vector<DayFile> EmbeddedStore::Days() const {
  base::MutexLock lock(mutex_);
  std::vector<DayFile> days;
  days.reserve(days_.size());
  for (const auto& [day, file] : days_) {
    days.push_back(file);
  }
  return days;
}

void EmbeddedStore::StartSealing(Sealed sealed) {
  {
    base::MutexLock lock(seal_mutex_);
    sealed_ = std::move(sealed);
  }
  thread_ = std::jthread([this] {
    base::NameThread("seal");
    Run();
  });
}

void EmbeddedStore::StopSealing() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
  base::MutexLock lock(seal_mutex_);
  sealed_ = nullptr;
}

void EmbeddedStore::Commit(model::BatchPtr batch) {
  for (const model::Body& body : batch->bodies) {
    body_index_.RaiseNextId(body.id);
    body_index_.Insert(batch->day, body.hash, body.id);
  }
  head_.Add(std::move(batch));
  if (IsSealDue()) {
    wake_.NotifyOne();
  }
}

bool EmbeddedStore::has_room() const {
  return head_.size().bytes < options_.max_head_bytes;
}

bool EmbeddedStore::IsSealDue() const {
  const Head::Size size = head_.size();
  return size.batches > 0 &&
         (size.rows >= options_.seal_rows || size.bytes >= options_.seal_bytes ||
          clock_.NowNs() - size.oldest_received_ns >= options_.seal_age.count());
}

void EmbeddedStore::Run() {
  auto retention_due = std::chrono::steady_clock::now();
  while (true) {
    std::chrono::nanoseconds pause = kIdleCheck;
    if (IsSealDue()) {
      const auto sealed = SealSome();
      is_sealing_ok_ = sealed.has_value();
      if (!sealed.has_value()) {
        losses_.Count(base::Loss::kSealFailed);
        base::LogError("store: {}", sealed.error().message());
        pause = kRetryAfterFailure;
      }
    }
    if (std::chrono::steady_clock::now() >= retention_due) {
      EnforceRetention();
      retention_due = std::chrono::steady_clock::now() + kRetentionInterval;
    }
    base::MutexLock lock(mutex_);
    if (stopping_) {
      return;
    }
    if (!is_sealing_ok_ || !IsSealDue()) {
      wake_.WaitFor(mutex_, pause);
    }
  }
}

base::Result<void> EmbeddedStore::SealNow() {
  while (head_.size().batches > 0) {
    TRY(SealSome());
  }
  return {};
}

base::Result<void> EmbeddedStore::SealSome() {
  base::MutexLock lock(seal_mutex_);
  // A commit that failed as seen from here may have reached the disk after all; opening the files
  // anew tells. What they hold must not be written twice.
  ForgetSealed(sealed_position());
  const HeadSnapshot batches = NextBatches();
  if (batches.empty()) {
    return {};
  }
  base::Result<void> sealed = SealDay(batches);
  failed_seals_ = sealed.has_value() ? 0 : failed_seals_ + 1;
  if (!sealed.has_value()) {
    if (auto reopened = ReopenInstance(); !reopened.has_value()) {
      base::LogError("store: {}", reopened.error().message());
    }
  }
  return sealed;
}

// The oldest batches, all of one day, as many as one seal takes. The rest waits until it is due
// itself: a seal of less than a row group is written twice. After a failure fewer are taken,
// because memory may have been what was short.
HeadSnapshot EmbeddedStore::NextBatches() const {
  constexpr unsigned kMostHalvings = 16;
  const std::uint64_t limit = options_.seal_bytes >> std::min(failed_seals_, kMostHalvings);
  HeadSnapshot batches;
  std::uint64_t bytes = 0;
  for (HeadBatchPtr& entry : head_.Snapshot()) {
    if (!batches.empty() && (entry->batch->day != batches.front()->batch->day || bytes >= limit)) {
      break;
    }
    bytes += entry->bytes;
    batches.push_back(std::move(entry));
  }
  return batches;
}

base::Result<void> EmbeddedStore::SealDay(const HeadSnapshot& batches) {
  if (seal_connection_ == nullptr) {
    return base::Error(base::Code::kUnavailable, "cannot seal: the store could not be reopened");
  }
  DayFile file = TRY(DayFileFor(batches.front()->batch->day));
  {
    std::shared_lock instance_lock(instance_mutex_);
    TRY(SealBatches(*seal_connection_, feed_, batches, clock_.NowNs(), file, indexes_));
  }
  const std::uint64_t position = file.sealed_position;
  {
    base::MutexLock lock(mutex_);
    days_.insert_or_assign(file.day, std::move(file));
  }
  ForgetSealed(position);
  return {};
}

void EmbeddedStore::ForgetSealed(std::uint64_t position) {
  head_.DropUpTo(position);
  if (sealed_) {
    sealed_(position);
  }
}

base::Result<DayFile> EmbeddedStore::DayFileFor(std::int32_t day) {
  {
    base::MutexLock lock(mutex_);
    if (const auto it = days_.find(day); it != days_.end()) {
      return it->second;
    }
  }
  std::unique_lock instance_lock(instance_mutex_);
  DayFile file = TRY(AttachDay(*seal_connection_, options_.directory, day));
  base::MutexLock lock(mutex_);
  days_.emplace(day, file);
  return file;
}

void EmbeddedStore::EnforceRetention() {
  const std::int32_t today = base::DayOf(clock_.NowNs());
  while (options_.retention_days > 0) {
    const std::vector<DayFile> days = Days();
    if (days.empty() || days.front().day > today - options_.retention_days ||
        !DeleteOldestDay("age")) {
      break;
    }
  }
  while (true) {
    const std::vector<DayFile> days = Days();
    std::uint64_t bytes = 0;
    for (const DayFile& file : days) {
      bytes += DayBytes(file);
    }
    disk_bytes_ = bytes;
    if (options_.retention_bytes == 0 || bytes <= options_.retention_bytes || days.size() < 2 ||
        !DeleteOldestDay("size")) {
      return;
    }
  }
}

bool EmbeddedStore::DeleteOldestDay(std::string_view why) {
  base::MutexLock seal_lock(seal_mutex_);
  std::unique_lock instance_lock(instance_mutex_);
  DayFile file;
  {
    base::MutexLock lock(mutex_);
    if (days_.empty() || seal_connection_ == nullptr) {
      return false;
    }
    file = days_.begin()->second;
  }
  base::Result<void> done;
  if (file.sealed_position == sealed_position()) {
    done = WriteDeletedPosition(options_.directory, file.sealed_position);
  }
  if (done.has_value()) {
    done = seal_connection_->Execute("DETACH " + file.database);
  }
  if (!done.has_value()) {
    base::LogError("store: cannot delete {}: {}", file.path.string(), done.error().message());
    return false;
  }
  std::error_code error;
  std::filesystem::remove(file.path, error);
  std::filesystem::remove(file.path.string() + ".wal", error);
  indexes_.DropDay(file.day);
  losses_.Count(base::Loss::kRetentionDeleted);
  base::LogInfo("store: retention by {} deleted {}", why, file.path.filename().string());
  base::MutexLock lock(mutex_);
  deleted_position_ = std::max(deleted_position_, file.sealed_position);
  days_.erase(file.day);
  return true;
}

StoreStats EmbeddedStore::stats() const {
  const Head::Size head = head_.size();
  StoreStats stats{.unsealed_rows = head.rows,
                   .unsealed_bytes = head.bytes,
                   .sealed_position = sealed_position(),
                   .body_index_entries = body_index_.size(),
                   .is_sealing_ok = is_sealing_ok_};
  for (const DayFile& file : Days()) {
    ++stats.day_files;
    stats.sealed_spans += static_cast<std::uint64_t>(file.next_span_seq);
    stats.disk_bytes += DayBytes(file);
  }
  return stats;
}

}  // namespace sightline::store::embedded
