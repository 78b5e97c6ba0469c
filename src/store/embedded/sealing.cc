// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <exception>
#include <shared_mutex>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/time_text.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/store_directory.h"

// When and what the store seals. A cut of live state covers every batch up to its position. When
// these are too many for one seal, or of several days, they go in parts, the cut with the last.

namespace sightline::store::embedded {
namespace {

constexpr auto kIdleCheck = std::chrono::milliseconds(250);
constexpr auto kRetryAfterFailure = std::chrono::seconds(1);
constexpr auto kRetentionInterval = std::chrono::seconds(60);

// An index in memory is merged into the one on disk when it has so many entries.
constexpr std::uint64_t kMaxUnsavedPlaces = 200'000;

// A batch, or a cut, that failed alone so often is put aside.
constexpr unsigned kMaxFailuresAlone = 3;

// A lack of disk or memory passes: nothing is put aside for it.
bool MayPass(const base::Error& error) {
  return error.code() == base::Code::kUnavailable;
}

// The thread goes on whatever happens, such as a lack of memory.
template <typename Work>
base::Result<void> Guarded(std::string_view what, const Work& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    return base::Error(base::Code::kInternal, fmt::format("{}: {}", what, error.what()));
  }
}

}  // namespace

bool EmbeddedStore::IsSealDue() const {
  const Head::Size size = head_.size();
  return size.batches > 0 &&
         (size.rows >= options_.seal_rows || size.bytes >= options_.seal_bytes ||
          clock_.NowNs() - size.oldest_received_ns >= options_.seal_age.count());
}

void EmbeddedStore::Run() {
  auto retention_due = std::chrono::steady_clock::now();
  auto cut_due = std::chrono::steady_clock::now() + options_.seal_age;
  while (true) {
    std::chrono::nanoseconds pause = kIdleCheck;
    // What settles on a quiet server is written as well, if later.
    if (IsSealDue() || std::chrono::steady_clock::now() >= cut_due) {
      const base::Result<void> sealed = Guarded("cannot seal", [this] { return SealSome(); });
      is_sealing_ok_ = sealed.has_value();
      cut_due = std::chrono::steady_clock::now() + options_.seal_age;
      if (!sealed.has_value()) {
        losses_.Count(base::Loss::kSealFailed);
        base::LogError("store: {}", sealed.error().message());
        pause = kRetryAfterFailure;
      }
    }
    const bool is_retention_due = std::chrono::steady_clock::now() >= retention_due;
    const base::Result<void> kept = Guarded("cannot delete old days", [&] {
      if (is_retention_due) {
        OpenMissingDays();
        EnforceRetention();
      }
      DropRetiredDays();
      return base::Result<void>();
    });
    if (!kept.has_value()) {
      losses_.Count(base::Loss::kTaskFailed);
      base::LogError("store: {}", kept.error().message());
    }
    if (is_retention_due) {
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
  while (true) {
    const std::uint64_t before = head_.size().batches;
    bool had_cut = false;
    TRY(SealSome());
    {
      base::MutexLock lock(mutex_);
      had_cut = cut_ != nullptr;
    }
    // What live state has not taken in yet stays.
    if (!had_cut && (head_.size().batches == 0 || head_.size().batches == before)) {
      return {};
    }
  }
}

// The oldest batches up to a position, all of one day, as many as one seal takes. After a failure
// fewer are taken, because memory may have been what was short.
HeadSnapshot EmbeddedStore::NextBatches(std::uint64_t up_to) const {
  HeadSnapshot batches;
  std::uint64_t bytes = 0;
  for (model::EncodedBatchPtr& batch : head_.Snapshot()) {
    if (batch->position > up_to || (!batches.empty() && (batch->day() != batches.front()->day() ||
                                                         bytes >= options_.seal_bytes))) {
      break;
    }
    bytes += BytesOf(*batch);
    batches.push_back(std::move(batch));
  }
  return batches;
}

// The cut that waits, else a fresh one.
std::shared_ptr<const model::LiveCut> EmbeddedStore::CutToSeal() {
  RunSource* source = nullptr;
  {
    base::MutexLock lock(mutex_);
    if (cut_ != nullptr) {
      return cut_;
    }
    source = source_;
  }
  // Whoever lists sees what settled either there or here.
  std::unique_lock handing_over(cut_mutex_);
  model::LiveCut taken;
  if (source != nullptr) {
    taken = source->TakeCut();
  } else if (const HeadSnapshot all = head_.Snapshot(); !all.empty()) {
    taken.position = taken.open_position = all.back()->position;
  }
  base::MutexLock lock(mutex_);
  cut_number_ = std::max(cut_number_ + 1, clock_.NowNs());
  taken.number = cut_number_;
  cut_ = std::make_shared<const model::LiveCut>(std::move(taken));
  return cut_;
}

base::Result<void> EmbeddedStore::SealSome() {
  constexpr unsigned kMostHalvings = 16;
  base::MutexLock lock(seal_mutex_);
  // A commit that failed as seen from here may have reached the disk after all; opening the files
  // again tells. What they hold must not be written twice.
  ForgetSealed(sealed_position());
  const std::shared_ptr<const model::LiveCut> cut = CutToSeal();
  HeadSnapshot batches = NextBatches(cut->position);
  if (failed_seals_ > 0) {
    batches.resize(std::max<std::size_t>(std::min<std::size_t>(1, batches.size()),
                                         batches.size() >> std::min(failed_seals_, kMostHalvings)));
  }
  const HeadSnapshot all = head_.Snapshot();
  const bool covers_cut =
      all.size() <= batches.size() || all[batches.size()]->position > cut->position;
  // After a failure batches and cut go apart, to tell which of them it is.
  const bool is_last = covers_cut && (failed_seals_ == 0 || batches.empty());
  if (batches.empty() && cut->is_empty()) {
    base::MutexLock state_lock(mutex_);
    cut_ = nullptr;
    return {};
  }
  base::Result<void> sealed = SealPart(batches, is_last);
  if (sealed.has_value()) {
    failed_seals_ = 0;
    return {};
  }
  ++failed_seals_;
  if (IsolateOrRetry(batches, sealed.error())) {
    failed_seals_ = 0;
  }
  if (auto reopened = ReopenInstance(); !reopened.has_value()) {
    base::LogError("store: {}", reopened.error().message());
  }
  return sealed;
}

base::Result<DayPtr> EmbeddedStore::DayFor(const HeadSnapshot& batches) {
  std::int32_t number = base::DayOf(clock_.NowNs());
  if (!batches.empty()) {
    number = batches.front()->day();
  }
  {
    base::MutexLock lock(mutex_);
    const auto found = days_.find(number);
    if (found != days_.end()) {
      return found->second;
    }
  }
  const DayPtr day = TRY(OpenToWrite(number));
  AddDay(day);
  return day;
}

base::Result<void> EmbeddedStore::SealPart(HeadSnapshot batches, bool is_last) {
  if (seal_connection_ == nullptr) {
    return base::Error(base::Code::kUnavailable, "cannot seal: the store could not be reopened");
  }
  const DayPtr day = TRY(DayFor(batches));
  std::shared_ptr<const model::LiveCut> cut;
  {
    base::MutexLock lock(mutex_);
    cut = cut_;
  }
  const std::uint64_t position = batches.empty() ? sealed_position() : batches.back()->position;
  // Until the cut is written, runs that go on are looked for from where the cut before said.
  std::uint64_t open_position = 0;
  for (const DayPtr& other : Days()) {
    open_position = std::max(open_position, other->checkpoint().open_position);
  }
  {
    std::shared_lock instance_lock(instance_mutex_);
    TRY(sealer_.Seal(*seal_connection_,
                     {.batches = std::move(batches),
                      .bodies = body_index_.get(),
                      .cut = is_last ? cut.get() : nullptr,
                      .position = position,
                      .open_position = is_last ? cut->open_position : open_position,
                      .next_body_id = body_index_->next_id(),
                      .now_ns = clock_.NowNs()},
                     *day));
  }
  if (is_last) {
    base::MutexLock lock(mutex_);
    for (const model::RunRecord& run : cut->settled) {
      if (run.is_newer_version) {
        std::uint64_t& newest = newest_versions_[run.trace_id];
        newest = std::max(newest, run.position);
      }
    }
    cut_ = nullptr;
  }
  ForgetSealed(position);
  SettleDays(*day);
  if (day->traces().unsaved() >= kMaxUnsavedPlaces) {
    if (auto saved = day->traces().Save(); !saved.has_value()) {
      base::LogWarning("store: {}", saved.error().message());
    }
  }
  return {};
}

// What DuckDB has not written to a day's file lies in memory, uncompressed and in whole blocks. A
// small day never grows to the size at which it writes by itself, and a year of them would fill the
// memory that queries have.
void EmbeddedStore::SettleDays(const Day& sealed) {
  constexpr std::size_t kMostUnsettled = 2;
  constexpr std::size_t kMostLeft = 8;
  std::erase(unsettled_days_, sealed.database());
  unsettled_days_.push_back(sealed.database());
  std::shared_lock instance_lock(instance_mutex_);
  while (unsettled_days_.size() > kMostUnsettled) {
    const std::string& day = unsettled_days_.front();
    const auto settled = seal_connection_->Execute(fmt::format("CHECKPOINT {}", day));
    if (!settled.has_value()) {
      if (unsettled_days_.size() <= kMostLeft) {
        return;  // Not while others use it: then after the next seal.
      }
      // Retention may have taken it away; the next start settles all.
      base::LogWarning("store: {} stays in memory: {}", day, settled.error().message());
    }
    unsettled_days_.erase(unsettled_days_.begin());
  }
}

void EmbeddedStore::ForgetSealed(std::uint64_t position) {
  head_.DropUpTo(position);
  if (sealed_ && position != 0) {
    sealed_(position);
  }
}

// True when what failed is put aside.
bool EmbeddedStore::IsolateOrRetry(const HeadSnapshot& batches, const base::Error& error) {
  if (MayPass(error) || batches.size() > 1 || failed_seals_ <= kMaxFailuresAlone) {
    return false;
  }
  if (!batches.empty()) {
    Quarantine(*batches.front(), error);
    return true;
  }
  std::shared_ptr<const model::LiveCut> cut;
  {
    base::MutexLock lock(mutex_);
    cut = std::exchange(cut_, nullptr);
  }
  losses_.Count(base::Loss::kCutQuarantined);
  NoteProblem(fmt::format("{} runs that had settled are not listed: {}",
                          cut == nullptr ? 0 : cut->settled.size(), error.message()));
  return true;
}

void EmbeddedStore::Quarantine(const model::EncodedBatch& batch, const base::Error& error) {
  const std::filesystem::path directory = QuarantinePath(options_.directory);
  base::Result<void> written = disk_.CreateDirectory(directory);
  if (written.has_value()) {
    written =
        disk_.ReplaceFile(directory / fmt::format("{}.batch", batch.position), batch.record());
  }
  if (!written.has_value()) {
    base::LogError("store: {}", written.error().message());
    return;
  }
  losses_.Count(base::Loss::kBatchQuarantined);
  NoteProblem(fmt::format("{} rows could not be stored and are in quarantine: {}",
                          batch.row_count(), error.message()));
  {
    base::MutexLock lock(mutex_);
    ++quarantined_;
  }
  head_.DropUpTo(batch.position);
}

}  // namespace sightline::store::embedded
