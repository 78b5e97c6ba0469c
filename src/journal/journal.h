// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "base/result.h"
#include "journal/segment.h"

namespace sightline::journal {

// The write-ahead log: makes opaque records durable in the order of their positions, before a
// client is answered, and gives them back after a crash. It does not know what a record holds, and
// it keeps a record only until Release() says that it is stored elsewhere.
//
// Records are written in groups: whatever arrived while the last group was synced is the next
// group, one write and one fdatasync. When the disk is full every record of the group fails with
// kUnavailable; the next group, and a probe every second, tries again, so writing resumes by itself
// once space returns.
//
// Thread: any. One thread of its own writes and calls back.
class Journal {
 public:
  struct Options {
    std::filesystem::path directory;
    std::uint64_t segment_bytes = std::uint64_t{64} << 20U;
    // A group is closed at this size; it bounds the memory of one write.
    std::uint64_t max_group_bytes = std::uint64_t{8} << 20U;
    // Space that a new segment must leave free, so that the store can still seal what is here.
    std::uint64_t disk_reserve_bytes = std::uint64_t{256} << 20U;
  };

  // Called once, on the journal's thread, in order of position: the record is durable, or why not.
  using Done = std::function<void(base::Result<std::uint64_t>)>;
  using Replay = std::function<base::Result<void>(std::uint64_t position, std::string_view record)>;

  // Replays every record above `stored_position` in order, then starts a fresh segment on the first
  // append. Unacknowledged bytes at the end are cut off and counted; anything else that fails its
  // checksum is counted as kJournalCorrupt and logged, and reading goes on behind it.
  // Errors: the directory is unusable, a newer version wrote it, or what `replay` returns.
  static base::Result<std::unique_ptr<Journal>> Open(const Options& options,
                                                     std::uint64_t stored_position,
                                                     base::LossTable& losses, const Replay& replay);

  // Writes what was appended before, then stops.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Queues a record of 1 byte to 1 GiB, whose bytes must stay as they are until `done` has
  // returned. `done` must be quick; it may call Append and Release.
  void Append(std::string_view record, Done done) EXCLUDES(mutex_);

  // Every record up to `position` is stored elsewhere: deletes the segments that hold nothing else.
  void Release(std::uint64_t position) EXCLUDES(mutex_);

  // False while the last group and the probes since have failed.
  bool is_writable() const { return writable_.load(std::memory_order_relaxed); }

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
    Done done;
  };

  struct OpenSegment {
    base::FileDescriptor file;
    std::uint64_t size = 0;    // Preallocated.
    std::uint64_t offset = 0;  // Where the next record goes.
  };

  Journal(Options options, base::LossTable& losses)
      : options_(std::move(options)), losses_(losses) {}

  base::Result<void> ReplayAll(std::uint64_t stored_position, const Replay& replay);
  void Run();
  std::optional<std::vector<Pending>> TakeGroup() EXCLUDES(mutex_);
  void Probe();
  void NoteWritable();
  void WriteGroup(std::vector<Pending>& group);
  base::Result<void> WriteRecords(const std::vector<Pending>& group);
  base::Result<void> StartSegment(std::uint64_t needed_bytes);
  void AbandonSegment();

  const Options options_;
  base::LossTable& losses_;
  std::atomic<bool> writable_ = true;

  // Confined to the thread of the journal once it runs.
  OpenSegment segment_;
  std::uint64_t next_position_ = 1;
  std::string buffer_;

  mutable base::Mutex mutex_;
  base::CondVar wake_;
  std::deque<Pending> queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<SegmentFile> segments_ GUARDED_BY(mutex_);
  std::uint64_t released_position_ GUARDED_BY(mutex_) = 0;
  Stats stats_ GUARDED_BY(mutex_);

  std::jthread thread_;
};

// What `sightline check` reports about a journal directory.
struct Verification {
  std::uint64_t segments = 0;
  std::uint64_t records = 0;
  std::uint64_t cut_tails = 0;        // Unacknowledged bytes after a crash: normal.
  std::vector<std::string> problems;  // Gaps and broken records: data was lost.
};

base::Result<Verification> Verify(const std::filesystem::path& directory,
                                  const Journal::Replay& visit);

}  // namespace sightline::journal
