// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/disk.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "base/result.h"
#include "journal/recovery.h"
#include "journal/segment.h"
#include "journal/segment_writer.h"

namespace sightline::journal {

// The write-ahead log: makes opaque records durable in the order of their positions, before a
// client is answered, and gives them back after a crash. It does not know what a record holds, and
// it keeps a record only until Release() says that it is stored elsewhere.
//
// Records are written in groups: whatever arrived while the last group was synced is the next
// group, one write and one fdatasync. When the disk is full or fails, or the segment was deleted,
// every record of the group fails with kUnavailable and the segment is left; the next group, and a
// probe every second, tries again in a new one, so writing resumes by itself once the cause is
// gone.
//
// Thread: any. One thread of its own orders, writes and calls back.
class Journal {
 public:
  struct Options {
    std::filesystem::path directory;
    std::uint64_t segment_bytes = std::uint64_t{64} << 20U;
    // A group is closed at this size, so that a sync does not take long.
    std::uint64_t max_group_bytes = std::uint64_t{8} << 20U;
    // Space that a new segment must leave free, so that the store can still seal what is here.
    std::uint64_t disk_reserve_bytes = std::uint64_t{256} << 20U;
    // Without appends for this long, preallocated space is given back.
    std::chrono::milliseconds idle_limit = std::chrono::minutes(1);
    // How often the disk is looked at when nobody appends, so that readiness is true.
    std::chrono::milliseconds probe_interval = std::chrono::seconds(1);
    // Null: that of the operating system. Must outlive the journal.
    base::Disk* disk = nullptr;
  };

  // Called once, on the journal's thread, in order of position: the record is durable, or why not.
  using Done = std::function<void(base::Result<std::uint64_t>)>;
  using Replay = RecordVisitor;

  // Replays every record above `stored_position` in order, then starts a fresh segment on the first
  // append. An unfinished write at the end is cut off and counted; whatever else fails its check,
  // is missing or cannot be read is counted as kJournalCorrupt and logged, and reading goes on with
  // the next record that is good.
  // Errors: the directory is unusable, another version wrote it, or what `replay` returns.
  static base::Result<std::unique_ptr<Journal>> Open(const Options& options,
                                                     std::uint64_t stored_position,
                                                     base::LossTable& losses, const Replay& replay);

  // Writes what was appended before, gives preallocated space back, then stops.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Queues a record of 1 byte to 1 GiB. The bytes are written from where they are: they must stay
  // as they are until `done` has returned, for which `done` can own them. `done` must be quick; it
  // may call Append and Release. Computes the record's checksum on the calling thread.
  void Append(std::string_view record, Done done) EXCLUDES(mutex_);

  // Every record up to `position` is stored elsewhere: deletes the segments that hold nothing else.
  // Damaged ones are renamed to *.damaged, for whoever wants to look.
  void Release(std::uint64_t position) EXCLUDES(mutex_);

  // False while the last group and the probes since have failed.
  bool is_writable() const { return writable_.load(std::memory_order_relaxed); }

  // Why it is not writable, in one sentence; empty when it is.
  std::string problem() const EXCLUDES(mutex_);

  struct Stats {
    std::uint64_t appended_records = 0;
    std::uint64_t appended_bytes = 0;
    std::uint64_t groups = 0;
    std::uint64_t segments = 0;  // Files on disk.
    std::uint64_t last_position = 0;
  };

  Stats stats() const EXCLUDES(mutex_);

 private:
  struct Pending {
    std::string_view record;
    std::uint64_t check = 0;
    Done done;
  };

  enum class Work : std::uint8_t { kGroup, kIdle, kStop };

  Journal(const Options& options, base::LossTable& losses);

  base::Result<void> ReplayAll(std::uint64_t stored_position, const Replay& replay);
  void TrimSegments(const std::vector<Verification::Segment>& segments);
  void DropSegment(const SegmentFile& segment) EXCLUDES(mutex_);
  void Run();
  bool RunOnce();
  Work WaitForWork() EXCLUDES(mutex_);
  void Idle();
  base::Result<void> CheckIdleDisk();
  void WriteGroup();
  base::Result<void> WriteRecords();
  base::Result<void> StartSegment(std::uint64_t needed_bytes);
  void FinishSegment();
  void RefuseGroup(const base::Error& error);
  void Answer(Pending& item, base::Result<std::uint64_t> result);
  void OnException(std::string_view what);
  void NoteWritable();
  void NoteFailure(const base::Error& error);

  base::PosixDisk posix_disk_;
  base::Disk& disk_;
  const Options options_;
  base::LossTable& losses_;
  std::atomic<bool> writable_ = true;

  // Confined to the thread of the journal once it runs.
  SegmentWriter writer_;
  std::uint64_t next_position_ = 1;
  std::vector<Pending> group_;
  std::vector<SegmentWriter::Record> records_;  // Of group_.
  std::chrono::steady_clock::time_point last_group_;

  mutable base::Mutex mutex_;
  base::CondVar wake_;
  std::deque<Pending> queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::string problem_ GUARDED_BY(mutex_);
  std::vector<SegmentFile> segments_ GUARDED_BY(mutex_);
  std::uint64_t released_position_ GUARDED_BY(mutex_) = 0;
  Stats stats_ GUARDED_BY(mutex_);

  std::jthread thread_;
};

}  // namespace sightline::journal
