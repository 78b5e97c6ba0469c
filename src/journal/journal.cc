// SPDX-License-Identifier: Apache-2.0
#include "journal/journal.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/log.h"
#include "base/thread_name.h"

namespace sightline::journal {
namespace {

constexpr std::uint64_t kMaxRecordBytes = std::uint64_t{1} << 30U;

// What the sender of a record is told: whatever failed, the same record may be taken later.
base::Error Retryable(const base::Error& error) {
  // The operating system's words for it differ, and readiness should name the cause in ours.
  const bool is_full = error.code() == base::Code::kUnavailable &&
                       error.message().find("No space left") != std::string::npos;
  return {base::Code::kUnavailable, error.message() + (is_full ? " (disk full)" : "")};
}

}  // namespace

Journal::Journal(const Options& options, base::LossTable& losses)
    : disk_(options.disk != nullptr ? *options.disk : posix_disk_),
      options_(options),
      losses_(losses),
      writer_(disk_, {.directory = options.directory,
                      .segment_bytes = options.segment_bytes,
                      .disk_reserve_bytes = options.disk_reserve_bytes}) {}

base::Result<std::unique_ptr<Journal>> Journal::Open(const Options& options,
                                                     std::uint64_t stored_position,
                                                     base::LossTable& losses,
                                                     const Replay& replay) {
  std::unique_ptr<Journal> journal(new Journal(options, losses));
  TRY(journal->disk_.CreateDirectory(options.directory));
  TRY(journal->ReplayAll(stored_position, replay));
  if (const auto room = journal->writer_.CheckRoom(); !room.has_value()) {
    journal->NoteFailure(room.error());
  }
  journal->thread_ = std::jthread([raw = journal.get()] {
    base::NameThread("journal");
    raw->Run();
  });
  return journal;
}

base::Result<void> Journal::ReplayAll(std::uint64_t stored_position, const Replay& replay) {
  const auto visit = [&](std::uint64_t position, std::string_view record) -> base::Result<void> {
    return position > stored_position ? replay(position, record) : base::Result<void>();
  };
  const Verification found = TRY(Verify(disk_, options_.directory, stored_position, visit));
  next_position_ = std::max(stored_position + 1, found.next_position);
  losses_.Count(base::Loss::kJournalTailCut, found.cut_tails);
  losses_.Count(base::Loss::kJournalCorrupt, found.problems.size());
  for (const std::string& problem : found.problems) {
    base::LogError("journal: {}", problem);
  }
  TrimSegments(found.segments);
  {
    base::MutexLock lock(mutex_);
    for (const Verification::Segment& segment : found.segments) {
      segments_.push_back(segment.file);
    }
    stats_.segments = segments_.size();
    stats_.last_position = next_position_ - 1;
  }
  Release(stored_position);
  return {};
}

// Gives back what a process that was killed had preallocated.
void Journal::TrimSegments(const std::vector<Verification::Segment>& segments) {
  for (const Verification::Segment& segment : segments) {
    if (segment.used_bytes == segment.file_bytes || segment.file.is_damaged) {
      continue;
    }
    const auto trim = [&]() -> base::Result<void> {
      const auto file = TRY(disk_.Open(segment.file.path, base::OpenMode::kReadWrite));
      return file->Truncate(segment.used_bytes);
    };
    if (const auto trimmed = trim(); !trimmed.has_value()) {
      base::LogWarning("journal: {}", trimmed.error().message());
    }
  }
}

Journal::~Journal() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
}

void Journal::Append(std::string_view record, Done done) {
  CHECK(!record.empty() && record.size() <= kMaxRecordBytes);
  Pending item{.record = record, .check = CheckPayload(record), .done = std::move(done)};
  bool was_empty = false;
  {
    base::MutexLock lock(mutex_);
    was_empty = queue_.empty();
    queue_.push_back(std::move(item));
  }
  // The thread waits only while the queue is empty.
  if (was_empty) {
    wake_.NotifyOne();
  }
}

void Journal::Release(std::uint64_t position) {
  std::vector<SegmentFile> dropped;
  {
    base::MutexLock lock(mutex_);
    released_position_ = std::max(released_position_, position);
    // The last segment may still be written to; the others end where their successor starts.
    for (std::size_t i = 0;
         i + 1 < segments_.size() && segments_[i + 1].first_position <= released_position_ + 1;
         ++i) {
      dropped.push_back(segments_[i]);
    }
  }
  for (const SegmentFile& segment : dropped) {
    DropSegment(segment);
  }
}

// What cannot be deleted now stays in the list and is tried again with the next release.
void Journal::DropSegment(const SegmentFile& segment) {
  std::filesystem::path aside = segment.path;
  aside += ".damaged";
  const base::Result<void> dropped =
      segment.is_damaged ? disk_.Rename(segment.path, aside) : disk_.Remove(segment.path);
  if (!dropped.has_value() && dropped.error().code() != base::Code::kNotFound) {
    base::LogWarning("journal: {}", dropped.error().message());
    return;
  }
  base::MutexLock lock(mutex_);
  std::erase_if(segments_, [&](const SegmentFile& other) { return other.path == segment.path; });
  stats_.segments = segments_.size();
}

std::string Journal::problem() const {
  base::MutexLock lock(mutex_);
  return problem_;
}

Journal::Stats Journal::stats() const {
  base::MutexLock lock(mutex_);
  return stats_;
}

// The top frame of the thread: an exception costs the group at hand, which is refused, and the
// segment, and the thread goes on.
void Journal::Run() {
  last_group_ = std::chrono::steady_clock::now();
  bool goes_on = true;
  while (goes_on) {
    try {
      goes_on = RunOnce();
    } catch (const std::exception& exception) {
      OnException(exception.what());
    } catch (...) {
      OnException("an exception of unknown type");
    }
  }
}

bool Journal::RunOnce() {
  switch (WaitForWork()) {
    case Work::kGroup:
      WriteGroup();
      return true;
    case Work::kIdle:
      Idle();
      return true;
    case Work::kStop:
      FinishSegment();
      return false;
  }
  return false;
}

void Journal::OnException(std::string_view what) {
  losses_.Count(base::Loss::kTaskFailed);
  const base::Error error(base::Code::kUnavailable,
                          fmt::format("cannot write to the journal: {}", what));
  writer_.Abandon();
  NoteFailure(error);
  RefuseGroup(error);
}

// Moves what is waiting into group_, up to the size of a group.
Journal::Work Journal::WaitForWork() {
  base::MutexLock lock(mutex_);
  if (queue_.empty() && !stopping_) {
    wake_.WaitFor(mutex_, options_.probe_interval);
  }
  if (queue_.empty()) {
    return stopping_ ? Work::kStop : Work::kIdle;
  }
  std::uint64_t bytes = 0;
  while (!queue_.empty() && (group_.empty() || bytes < options_.max_group_bytes)) {
    bytes += queue_.front().record.size();
    group_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return Work::kGroup;
}

void Journal::Idle() {
  const base::Result<void> checked = CheckIdleDisk();
  if (checked.has_value()) {
    NoteWritable();
  } else {
    writer_.Abandon();
    NoteFailure(checked.error());
  }
}

// Without appends, the disk may have become full or good again, or the segment may be gone. What
// was not writable is only writable again when a segment was really written.
base::Result<void> Journal::CheckIdleDisk() {
  if (!is_writable()) {
    return writer_.is_open() ? base::Result<void>() : StartSegment(0);
  }
  if (!writer_.is_open()) {
    return writer_.CheckRoom();
  }
  TRY(writer_.CheckPlace());
  TRY(writer_.Mark(next_position_));
  if (std::chrono::steady_clock::now() - last_group_ >= options_.idle_limit) {
    FinishSegment();
  }
  return {};
}

void Journal::NoteWritable() {
  if (is_writable()) {
    return;
  }
  {
    base::MutexLock lock(mutex_);
    problem_.clear();
  }
  writable_.store(true);
  base::LogInfo("journal: writing again");
}

void Journal::NoteFailure(const base::Error& error) {
  {
    base::MutexLock lock(mutex_);
    problem_ = Retryable(error).message();
  }
  if (writable_.exchange(false)) {
    base::LogError("journal: {}; answering retryable errors", error.message());
  }
}

void Journal::WriteGroup() {
  last_group_ = std::chrono::steady_clock::now();
  if (const base::Result<void> written = WriteRecords(); !written.has_value()) {
    writer_.Abandon();
    NoteFailure(written.error());
    RefuseGroup(Retryable(written.error()));
    return;
  }
  NoteWritable();
  const std::uint64_t first = next_position_;
  next_position_ += group_.size();
  {
    base::MutexLock lock(mutex_);
    stats_.appended_records += group_.size();
    stats_.appended_bytes += SegmentWriter::GroupBytes(records_);
    ++stats_.groups;
    stats_.last_position = next_position_ - 1;
  }
  for (std::size_t i = 0; i < group_.size(); ++i) {
    Answer(group_[i], first + i);
  }
  group_.clear();
}

void Journal::RefuseGroup(const base::Error& error) {
  for (Pending& item : group_) {
    Answer(item, error);
  }
  group_.clear();
}

// A callback that throws must not keep the others from being called.
void Journal::Answer(Pending& item, base::Result<std::uint64_t> result) {
  try {
    item.done(std::move(result));
  } catch (const std::exception& exception) {
    losses_.Count(base::Loss::kTaskFailed);
    base::LogError("journal: what follows a record failed: {}", exception.what());
  } catch (...) {
    losses_.Count(base::Loss::kTaskFailed);
    base::LogError("journal: what follows a record failed");
  }
}

base::Result<void> Journal::WriteRecords() {
  records_.clear();
  for (const Pending& item : group_) {
    records_.push_back({.payload = item.record, .check = item.check});
  }
  const std::uint64_t bytes = SegmentWriter::GroupBytes(records_);
  if (!writer_.HasRoomFor(bytes)) {
    FinishSegment();
    TRY(StartSegment(bytes));
  }
  return writer_.WriteGroup(next_position_, records_);
}

base::Result<void> Journal::StartSegment(std::uint64_t needed_bytes) {
  SegmentFile segment = TRY(writer_.Start(next_position_, needed_bytes));
  base::MutexLock lock(mutex_);
  // A segment that was abandoned before it held a record had the same name and was replaced.
  std::erase_if(segments_, [&](const SegmentFile& other) { return other.path == segment.path; });
  segments_.push_back(std::move(segment));
  stats_.segments = segments_.size();
  return {};
}

// Its records are durable already; that its end could not be written is not worth a refusal.
void Journal::FinishSegment() {
  if (!writer_.is_open()) {
    return;
  }
  if (const auto finished = writer_.Finish(next_position_); !finished.has_value()) {
    base::LogWarning("journal: {}", finished.error().message());
  }
}

}  // namespace sightline::journal
