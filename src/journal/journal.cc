// SPDX-License-Identifier: Apache-2.0
#include "journal/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_name.h"

namespace sightline::journal {
namespace {

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

// A retry of what the disk had no room for, when nobody sends: readiness must come back by itself.
constexpr std::chrono::seconds kProbeInterval{1};

// What is wrong with a segment whose successor starts at `end`, kNoEnd for the last one.
void AppendProblems(const SegmentFile& segment, const SegmentScan& scan, std::uint64_t end,
                    std::vector<std::string>& problems) {
  const std::string name = segment.path.filename().string();
  if (!scan.has_header) {
    problems.push_back(fmt::format("{}: the header is broken", name));
  }
  for (const std::uint64_t position : scan.broken) {
    problems.push_back(fmt::format("{}: record {} is broken", name, position));
  }
  if (end != kNoEnd && scan.next_position < end) {
    problems.push_back(fmt::format("{}: records {} to {} are missing or broken", name,
                                   scan.next_position, end - 1));
  }
}

// Scans all segments in order. A segment ends where the next one starts: records behind that point
// belong to a group that failed and was never acknowledged.
base::Result<Verification> ScanAll(const std::vector<SegmentFile>& segments,
                                   const Journal::Replay& visit, std::uint64_t& next_position) {
  Verification report;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool is_last = i + 1 == segments.size();
    const std::uint64_t end = is_last ? kNoEnd : segments[i + 1].first_position;
    const SegmentScan scan = TRY(ScanSegment(segments[i], end, visit));
    ++report.segments;
    report.records += scan.records;
    next_position = std::max(next_position, scan.next_position);
    const std::size_t known = report.problems.size();
    AppendProblems(segments[i], scan, end, report.problems);
    if (report.problems.size() == known && !scan.ends_cleanly) {
      ++report.cut_tails;
    }
  }
  return report;
}

}  // namespace

base::Result<std::unique_ptr<Journal>> Journal::Open(const Options& options,
                                                     std::uint64_t stored_position,
                                                     base::LossTable& losses,
                                                     const Replay& replay) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) {
    return base::Error(
        base::Code::kInternal,
        fmt::format("cannot create journal {}: {}", options.directory.string(), error.message()));
  }
  std::unique_ptr<Journal> journal(new Journal(options, losses));
  TRY(journal->ReplayAll(stored_position, replay));
  journal->thread_ = std::jthread([raw = journal.get()] {
    base::NameThread("journal");
    raw->Run();
  });
  return journal;
}

base::Result<void> Journal::ReplayAll(std::uint64_t stored_position, const Replay& replay) {
  std::vector<SegmentFile> segments = TRY(ListSegments(options_.directory));
  next_position_ = stored_position + 1;
  const auto visit = [&](std::uint64_t position, std::string_view record) -> base::Result<void> {
    return position > stored_position ? replay(position, record) : base::Result<void>();
  };
  const Verification report = TRY(ScanAll(segments, visit, next_position_));
  losses_.Count(base::Loss::kJournalTailCut, report.cut_tails);
  losses_.Count(base::Loss::kJournalCorrupt, report.problems.size());
  for (const std::string& problem : report.problems) {
    base::LogError("journal: {}", problem);
  }
  {
    base::MutexLock lock(mutex_);
    segments_ = std::move(segments);
    stats_.segments = segments_.size();
    stats_.last_position = next_position_ - 1;
  }
  Release(stored_position);
  return {};
}

Journal::~Journal() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
}

void Journal::Append(std::string_view record, Done done) {
  {
    base::MutexLock lock(mutex_);
    queue_.push_back({.record = record, .done = std::move(done)});
  }
  wake_.NotifyOne();
}

void Journal::Release(std::uint64_t position) {
  std::vector<SegmentFile> dropped;
  {
    base::MutexLock lock(mutex_);
    released_position_ = std::max(released_position_, position);
    // The last segment may still be written to; the others end where their successor starts.
    while (segments_.size() > 1 && segments_[1].first_position <= released_position_ + 1) {
      dropped.push_back(std::move(segments_.front()));
      segments_.erase(segments_.begin());
    }
    stats_.segments = segments_.size();
  }
  for (const SegmentFile& segment : dropped) {
    std::error_code error;
    std::filesystem::remove(segment.path, error);
    if (error) {
      base::LogWarning("journal: cannot delete {}: {}", segment.path.string(), error.message());
    }
  }
}

Journal::Stats Journal::stats() const {
  base::MutexLock lock(mutex_);
  return stats_;
}

void Journal::Run() {
  while (auto group = TakeGroup()) {
    if (group->empty()) {
      Probe();
    } else {
      WriteGroup(*group);
    }
  }
}

// Empty at the end; no records when it is time to probe the disk.
std::optional<std::vector<Journal::Pending>> Journal::TakeGroup() {
  std::vector<Pending> group;
  base::MutexLock lock(mutex_);
  while (queue_.empty()) {
    if (stopping_) {
      return std::nullopt;
    }
    if (is_writable()) {
      wake_.Wait(mutex_);
      continue;
    }
    wake_.WaitFor(mutex_, kProbeInterval);
    if (queue_.empty() && !stopping_) {
      return group;
    }
  }
  std::uint64_t bytes = 0;
  while (!queue_.empty() && (group.empty() || bytes < options_.max_group_bytes)) {
    bytes += queue_.front().record.size();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Journal::Probe() {
  if (StartSegment(0).has_value()) {
    NoteWritable();
  }
}

void Journal::NoteWritable() {
  if (!writable_.exchange(true)) {
    base::LogInfo("journal: writing again");
  }
}

void Journal::WriteGroup(std::vector<Pending>& group) {
  const base::Result<void> written = WriteRecords(group);
  if (!written.has_value()) {
    AbandonSegment();
    if (writable_.exchange(false)) {
      base::LogError("journal: {}; answering retryable errors", written.error().message());
    }
    const base::Error error(base::Code::kUnavailable, written.error().message());
    for (Pending& item : group) {
      item.done(error);
    }
    return;
  }
  NoteWritable();
  const std::uint64_t first = next_position_;
  next_position_ += group.size();
  {
    base::MutexLock lock(mutex_);
    stats_.appended_records += group.size();
    stats_.appended_bytes += buffer_.size();
    ++stats_.groups;
    stats_.last_position = next_position_ - 1;
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i].done(first + i);
  }
}

base::Result<void> Journal::WriteRecords(const std::vector<Pending>& group) {
  buffer_.clear();
  std::uint64_t position = next_position_;
  for (const Pending& item : group) {
    AppendRecord(buffer_, position++, item.record);
  }
  if (!segment_.file.is_open() || segment_.offset + buffer_.size() > segment_.size) {
    TRY(StartSegment(buffer_.size()));
  }
  TRY(base::WriteFully(segment_.file, buffer_, segment_.offset));
  TRY(base::SyncData(segment_.file));
  segment_.offset += buffer_.size();
  return {};
}

base::Result<void> Journal::StartSegment(std::uint64_t needed_bytes) {
  const std::uint64_t size =
      std::max(options_.segment_bytes, kSegmentHeaderBytes + needed_bytes + kRecordHeaderBytes);
  if (TRY(base::FreeDiskBytes(options_.directory)) < size + options_.disk_reserve_bytes) {
    return base::Error(base::Code::kUnavailable, "cannot start a journal segment: disk full");
  }
  const SegmentFile file{.first_position = next_position_,
                         .path = SegmentPath(options_.directory, next_position_)};
  OpenSegment fresh{.file = TRY(base::OpenFile(file.path, O_RDWR | O_CREAT | O_TRUNC)),
                    .size = size,
                    .offset = kSegmentHeaderBytes};
  if (const int failed = ::posix_fallocate(fresh.file.get(), 0, static_cast<off_t>(size));
      failed != 0) {
    ::unlink(file.path.c_str());
    return base::ErrnoError("cannot preallocate a journal segment", failed);
  }
  TRY(base::WriteFully(fresh.file, EncodeSegmentHeader(next_position_), 0));
  TRY(base::SyncData(fresh.file));
  TRY(base::SyncDirectory(options_.directory));
  segment_ = std::move(fresh);
  base::MutexLock lock(mutex_);
  // A segment that was abandoned before it held a record has the same name and is replaced.
  if (segments_.empty() || segments_.back().first_position != next_position_) {
    segments_.push_back(file);
  }
  stats_.segments = segments_.size();
  return {};
}

// After a failed write or sync nothing is known about what reached the disk: go on in a new file.
// Its first position tells a later replay where this one ends.
void Journal::AbandonSegment() {
  if (segment_.file.is_open() &&
      ::ftruncate(segment_.file.get(), static_cast<off_t>(segment_.offset)) != 0) {
    base::LogWarning("journal: cannot cut a failed segment");
  }
  segment_ = OpenSegment{};
}

base::Result<Verification> Verify(const std::filesystem::path& directory,
                                  const Journal::Replay& visit) {
  std::uint64_t next_position = 0;
  return ScanAll(TRY(ListSegments(directory)), visit, next_position);
}

}  // namespace sightline::journal
