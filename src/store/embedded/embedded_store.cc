// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/embedded_store.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_name.h"
#include "base/time_text.h"
#include "store/embedded/reading.h"
#include "store/embedded/store_directory.h"

// Opening, closing, the head, the days. Sealing is in sealing.cc, retention in retention.cc, reads
// are in reads.cc.

namespace sightline::store::embedded {
namespace {

// With no more days than this all are opened at once.
constexpr std::size_t kDaysOpenedFirst = 8;

// How many of the newest days are opened first otherwise, by name and by when they were written:
// the newest position is in the day that was written last, whatever clocks say.
constexpr std::size_t kNewestByName = 2;
constexpr std::size_t kNewestByTime = 2;

constexpr std::size_t kMaxProblems = 100;

std::filesystem::file_time_type WrittenAt(const std::filesystem::path& day_path) {
  std::error_code error;
  const auto database = std::filesystem::last_write_time(DatabasePath(day_path), error);
  const auto written = error ? std::filesystem::file_time_type::min() : database;
  const auto log =
      std::filesystem::last_write_time(DatabasePath(day_path).string() + ".wal", error);
  return error ? written : std::max(written, log);
}

}  // namespace

base::Result<std::unique_ptr<EmbeddedStore>> EmbeddedStore::Open(const Options& options,
                                                                 const base::Clock& clock,
                                                                 base::LossTable& losses,
                                                                 base::Disk& disk) {
  TRY(disk.CreateDirectory(options.directory));
  TRY(CheckFormat(disk, options.directory));
  TRY(MarkFormat(disk, options.directory));
  std::unique_ptr<EmbeddedStore> store(new EmbeddedStore(options, clock, losses, disk));
  auto key = ReadOrMakeKey(disk, options.directory);
  if (!key.has_value()) {
    store->NoteProblem(key.error().message());
    key = base::RandomHashKey();
  }
  store->body_index_ =
      std::make_unique<BodyIndex>(*key, options.body_index_bytes / BodyIndex::kBytesPerBody);
  auto deleted = ReadDeletedPosition(disk, options.directory);
  if (!deleted.has_value()) {
    // The journal may replay what retention has deleted: better twice deleted than never started.
    store->NoteProblem(deleted.error().message());
    deleted = 0;
  }
  std::error_code ignored;
  std::filesystem::remove_all(SpillPath(options.directory), ignored);
  {
    base::MutexLock lock(store->mutex_);
    store->deleted_position_ = *deleted;
  }
  {
    base::MutexLock seal_lock(store->seal_mutex_);
    std::unique_lock instance_lock(store->instance_mutex_);
    TRY(store->OpenInstance());
  }
  for (const std::int32_t day : store->DaysToOpenFirst()) {
    store->OpenAtStart(day);
  }
  base::MutexLock lock(store->mutex_);
  store->is_history_loaded_ =
      store->days_.size() + store->problems_.size() >= ListDays(options.directory).size();
  return store;
}

EmbeddedStore::EmbeddedStore(const Options& options, const base::Clock& clock,
                             base::LossTable& losses, base::Disk& disk)
    : options_(options),
      clock_(clock),
      losses_(losses),
      disk_(disk),
      watch_(losses),
      read_gate_(options.reads),
      fact_cache_(options.fact_cache_bytes),
      run_cache_(options.run_cache_bytes),
      sealer_(disk, losses, options.fact_texts) {}

EmbeddedStore::~EmbeddedStore() {
  StopSealing();
  if (auto sealed = SealNow(); !sealed.has_value()) {
    base::LogWarning("store: {}; it stays in the journal", sealed.error().message());
  }
  for (const DayPtr& day : Days()) {
    if (day->traces().unsaved() == 0) {
      continue;
    }
    if (auto saved = day->traces().Save(); !saved.has_value()) {
      base::LogWarning("store: {}; it is made again at the next start", saved.error().message());
    }
  }
  base::MutexLock seal_lock(seal_mutex_);
  sealer_.Close();
  std::unique_lock instance_lock(instance_mutex_);
  seal_connection_.reset();
  database_.reset();
}

// Starts DuckDB. Callers hold both locks.
base::Result<void> EmbeddedStore::OpenInstance() NO_THREAD_SAFETY_ANALYSIS {
  database_ = TRY(Database::Open({.memory_bytes = options_.query_memory_bytes,
                                  .threads = options_.query_threads,
                                  .spill_directory = SpillPath(options_.directory)}));
  seal_connection_ = TRY(database_->Connect());
  return sealer_.Connect(*seal_connection_);
}

// After a failed commit the instance may refuse all work: make a new one from the files.
base::Result<void> EmbeddedStore::ReopenInstance() NO_THREAD_SAFETY_ANALYSIS {
  std::unique_lock instance_lock(instance_mutex_);
  sealer_.Close();
  seal_connection_.reset();
  database_.reset();
  TRY(OpenInstance());
  for (const DayPtr& day : Days()) {
    const auto opened = Day::Open(disk_, *seal_connection_, options_.directory, day->number());
    if (!opened.has_value()) {
      NoteProblem(opened.error().message());
    }
    if (!opened.has_value()) {
      NoteMissing(day->number(), opened.error());
    }
    base::MutexLock lock(mutex_);
    if (opened.has_value()) {
      days_[day->number()] = *opened;
    } else {
      days_.erase(day->number());
    }
  }
  return {};
}

std::vector<std::int32_t> EmbeddedStore::DaysToOpenFirst() const {
  std::vector<std::int32_t> days = ListDays(options_.directory);
  if (days.size() <= kDaysOpenedFirst) {
    return days;
  }
  std::set<std::int32_t> first(days.end() - kNewestByName, days.end());
  std::sort(days.begin(), days.end(), [&](std::int32_t a, std::int32_t b) {
    return WrittenAt(DayPath(options_.directory, a)) > WrittenAt(DayPath(options_.directory, b));
  });
  first.insert(days.begin(), days.begin() + kNewestByTime);
  return {first.begin(), first.end()};
}

base::Result<DayPtr> EmbeddedStore::OpenDay(std::int32_t day) {
  const auto connection = [&]() -> base::Result<std::unique_ptr<Connection>> {
    if (database_ == nullptr) {
      return base::Error(base::Code::kUnavailable, "the store is being reopened");
    }
    return database_->Connect();
  };
  {
    base::MutexLock lock(mutex_);
    if (std::any_of(retired_days_.begin(), retired_days_.end(),
                    [&](const DayPtr& retired) { return retired->number() == day; })) {
      return base::Error(base::Code::kUnavailable, "the day is being deleted");
    }
  }
  std::shared_lock instance_lock(instance_mutex_);
  const std::unique_ptr<Connection> own = TRY(connection());
  DayPtr opened = TRY(Day::Open(disk_, *own, options_.directory, day));
  ReadReruns(*own, *opened);
  return opened;
}

void EmbeddedStore::AddDay(const DayPtr& day) {
  body_index_->RaiseNextId(day->checkpoint().next_body_id);
  base::MutexLock lock(mutex_);
  days_[day->number()] = day;
  cut_number_ = std::max(cut_number_, day->checkpoint().cut_number);
}

// Which runs of the day are newer versions of runs that are there, or will be, in other rows.
void EmbeddedStore::ReadReruns(Connection& connection, const Day& day) {
  auto result = connection.Query(
      fmt::format("SELECT trace_id, max(position) FROM {}.runs WHERE is_newer_version GROUP BY "
                  "trace_id",
                  day.database()));
  if (!result.has_value()) {
    NoteProblem(result.error().message());
    return;
  }
  base::MutexLock lock(mutex_);
  while (const auto chunk = result->Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      model::TraceId id;
      FromUhugeint(chunk->at<duckdb_uhugeint>(0, row), reinterpret_cast<char*>(id.bytes.data()));
      std::uint64_t& position = newest_versions_[id];
      position = std::max(position, static_cast<std::uint64_t>(chunk->at<std::int64_t>(1, row)));
    }
  }
}

void EmbeddedStore::NoteProblem(std::string problem) {
  base::LogError("store: {}", problem);
  base::MutexLock lock(mutex_);
  if (problems_.size() < kMaxProblems) {
    problems_.push_back(std::move(problem));
  }
}

void EmbeddedStore::SetRunSource(RunSource* source) {
  base::MutexLock lock(mutex_);
  source_ = source;
}

std::uint64_t EmbeddedStore::sealed_position() const {
  base::MutexLock lock(mutex_);
  std::uint64_t position = deleted_position_;
  for (const auto& [number, day] : days_) {
    position = std::max(position, day->checkpoint().position);
  }
  return position;
}

std::vector<DayPtr> EmbeddedStore::Days() const {
  base::MutexLock lock(mutex_);
  std::vector<DayPtr> days;
  days.reserve(days_.size());
  for (const auto& [number, day] : days_) {
    days.push_back(day);
  }
  return days;
}

bool EmbeddedStore::has_all_days() const {
  base::MutexLock lock(mutex_);
  return is_history_loaded_;
}

base::Result<std::vector<DayPtr>> EmbeddedStore::AllDays(Deadline deadline) const {
  {
    base::MutexLock lock(mutex_);
    while (!is_history_loaded_) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= left.zero() || stopping_) {
        return base::Error(base::Code::kUnavailable, "older days are still being opened");
      }
      history_loaded_.WaitFor(mutex_, left);
    }
  }
  return Days();
}

// False, and a problem noted, when it throws, for a lack of memory for instance.
bool EmbeddedStore::Try(std::string_view what, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    losses_.Count(base::Loss::kTaskFailed);
    NoteProblem(fmt::format("{}: {}", what, error.what()));
    return false;
  }
}

// Null, and a problem noted, if it cannot be opened.
DayPtr EmbeddedStore::OpenForHistory(std::int32_t day) {
  DayPtr opened;
  Try("cannot open a day", [&] {
    auto result = OpenDay(day);
    if (result.has_value()) {
      AddDay(*result);
      opened = *std::move(result);
    } else {
      NoteProblem(result.error().message());
      NoteMissing(day, result.error());
    }
  });
  return opened;
}

void EmbeddedStore::ReadHistory(std::int64_t first_minute,
                                const std::function<void(const DaySums&)>& visit) {
  const auto tell = [&](const Day& day) {
    Try("figures lack a day", [&] {
      if (auto sums = SumsOf(day, first_minute); sums.has_value()) {
        visit(*sums);
      } else {
        NoteProblem(sums.error().WithContext("figures lack a day").message());
      }
    });
  };
  const std::vector<DayPtr> open = Days();
  for (const DayPtr& day : open) {
    tell(*day);
  }
  const std::vector<std::int32_t> others = ListDays(options_.directory);
  for (auto day = others.rbegin(); day != others.rend() && !is_stopping_history_; ++day) {
    const bool is_open = std::any_of(open.begin(), open.end(),
                                     [&](const DayPtr& other) { return other->number() == *day; });
    if (is_open) {
      continue;
    }
    if (const DayPtr opened = OpenForHistory(*day)) {
      tell(*opened);
    }
  }
}

// Whatever throws: reads that wait for all days go on, and so does the process.
void EmbeddedStore::LoadHistory(std::int64_t first_minute,
                                std::function<void(const DaySums&)> visit,
                                std::function<void()> done) {
  history_thread_ =
      std::jthread([this, first_minute, visit = std::move(visit), done = std::move(done)] {
        base::NameThread("history");
        Try("older days cannot be opened", [&] { ReadHistory(first_minute, visit); });
        {
          base::MutexLock lock(mutex_);
          is_history_loaded_ = true;
        }
        history_loaded_.NotifyAll();
        Try("what older days say cannot be used", done);
      });
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
  is_stopping_history_ = true;
  wake_.NotifyAll();
  history_loaded_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
  if (history_thread_.joinable()) {
    history_thread_.join();
  }
  base::MutexLock lock(seal_mutex_);
  sealed_ = nullptr;
}

void EmbeddedStore::Commit(model::EncodedBatchPtr batch) {
  body_index_->Insert(batch->day(), batch->bodies());
  head_.Add(std::move(batch));
  if (IsSealDue()) {
    wake_.NotifyOne();
  }
}

bool EmbeddedStore::has_room() const {
  return head_.size().bytes < options_.max_head_bytes;
}

bool EmbeddedStore::MayKnow(const model::TraceId& trace_id, std::uint64_t position) const {
  if (head_.Holds(trace_id, position)) {
    return true;
  }
  base::MutexLock lock(mutex_);
  if (!is_history_loaded_ || !missing_days_.empty()) {
    return true;
  }
  return std::any_of(days_.begin(), days_.end(), [&](const auto& entry) {
    return entry.second->traces().MayContain(trace_id);
  });
}

StoreStats EmbeddedStore::stats() const {
  const Head::Size head = head_.size();
  StoreStats stats{.unsealed_rows = head.rows,
                   .unsealed_bytes = head.bytes,
                   .sealed_position = sealed_position(),
                   .disk_bytes = disk_bytes_,
                   .body_index_entries = body_index_->size(),
                   .is_sealing_ok = is_sealing_ok_};
  base::MutexLock lock(mutex_);
  stats.days = days_.size();
  for (const auto& [number, day] : days_) {
    const Checkpoint checkpoint = day->checkpoint();
    stats.sealed_spans += checkpoint.spans;
    stats.sealed_runs += checkpoint.runs;
  }
  stats.quarantined_batches = quarantined_;
  stats.problems = problems_;
  return stats;
}

}  // namespace sightline::store::embedded
