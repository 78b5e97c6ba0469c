// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "base/result.h"
#include "store/embedded/body_index.h"
#include "store/embedded/day_file.h"
#include "store/embedded/duck.h"
#include "store/embedded/head.h"
#include "store/embedded/list_sql.h"
#include "store/embedded/query_watch.h"
#include "store/embedded/trace_index.h"
#include "store/store.h"

namespace sightline::store::embedded {

// The store inside the server: an in-memory head over one DuckDB file per UTC day of arrival.
// Commit makes a batch visible in the head; a thread of the store seals the head into the day file
// in batches of about a row group, tells the journal what it no longer needs, and deletes days by
// retention. A read works on one consistent view of head and day files.
//
// It does not write the journal and does not decide what is durable: what is committed here is.
//
// Thread: any.
class EmbeddedStore final : public SpanStore {
 public:
  struct Options {
    std::filesystem::path directory;
    // The head is sealed when one of these is reached.
    std::uint64_t seal_rows = 32'768;
    std::uint64_t seal_bytes = std::uint64_t{64} << 20U;
    std::chrono::nanoseconds seal_age = std::chrono::seconds(10);
    // Above this the store has no room: senders are pushed back until sealing catches up.
    std::uint64_t max_head_bytes = std::uint64_t{160} << 20U;
    std::uint64_t query_memory_bytes = std::uint64_t{192} << 20U;
    unsigned query_threads = 2;
    // Retention; 0 means no limit. Whole days are deleted, the newest never for its size.
    int retention_days = 0;
    std::uint64_t retention_bytes = 0;
  };

  // Called on the store's thread when every batch up to `position` is in a day file.
  using Sealed = std::function<void(std::uint64_t position)>;

  // Opens the directory and reads its indexes. Errors: unreadable, or written by a newer version.
  static base::Result<std::unique_ptr<EmbeddedStore>> Open(const Options& options,
                                                           const base::Clock& clock,
                                                           base::LossTable& losses);

  // Seals what the head holds if that succeeds at once; otherwise it stays in the journal.
  ~EmbeddedStore() override;
  EmbeddedStore(const EmbeddedStore&) = delete;
  EmbeddedStore& operator=(const EmbeddedStore&) = delete;

  // The last journal position that is in a day file: replay what is behind it, then StartSealing.
  std::uint64_t sealed_position() const override EXCLUDES(mutex_);
  void StartSealing(Sealed sealed);

  // Stops the thread; the journal is not told of later seals. Idempotent.
  void StopSealing();

  // Seals everything that is committed now; for tests and benchmarks.
  base::Result<void> SealNow() EXCLUDES(seal_mutex_);

  // Deletes what retention says, as of the clock. Runs by itself about once a minute.
  void EnforceRetention() EXCLUDES(mutex_);

  // What identifies a stored span when a sender repeats it, newest last, at most `limit`.
  base::Result<Rows> NewestSpans(std::size_t limit, Deadline deadline);

  void Commit(model::BatchPtr batch) override;
  bool has_room() const override;

  BodyCatalog& bodies() override { return body_index_; }

  base::Result<Rows> FetchTrace(const model::TraceId& trace_id, Deadline deadline) override;
  base::Result<Rows> FetchSummaries(std::span<const model::TraceId> trace_ids,
                                    Deadline deadline) override;
  base::Result<TracePage> ListTraces(const query::TraceQuery& query, Deadline deadline) override;
  base::Result<model::TraceId> FindRun(std::string_view run_id, Deadline deadline) override;
  base::Result<std::vector<WorkflowTotals>> TotalsByWorkflow(std::int64_t now_ns,
                                                             std::int64_t idle_limit_ns,
                                                             Deadline deadline) override;
  base::Result<std::vector<AgentSeen>> AgentsSeen(Deadline deadline) override;
  base::Result<void> ScanTraces(std::int32_t first_day, const std::function<void()>& on_open,
                                const std::function<bool(std::span<const model::Span>)>& visit,
                                Deadline deadline) override;
  bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const override;
  base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline deadline) override;
  StoreStats stats() const override;

 private:
  class View;

  EmbeddedStore(Options options, const base::Clock& clock, base::LossTable& losses);

  base::Result<void> OpenInstance();
  base::Result<void> ReopenInstance();
  base::Result<std::unique_ptr<View>> OpenView(Deadline deadline);
  std::vector<DayFile> Days() const EXCLUDES(mutex_);

  void Run();
  bool IsSealDue() const;
  base::Result<void> SealSome() EXCLUDES(seal_mutex_);
  HeadSnapshot NextBatches() const REQUIRES(seal_mutex_);
  base::Result<void> SealDay(const HeadSnapshot& batches) REQUIRES(seal_mutex_);
  void ForgetSealed(std::uint64_t position) REQUIRES(seal_mutex_);
  base::Result<DayFile> DayFileFor(std::int32_t day) REQUIRES(seal_mutex_);
  bool DeleteOldestDay(std::string_view why);

  const Options options_;
  const base::Clock& clock_;
  base::LossTable& losses_;

  // Self-synchronised.
  Head head_;
  BodyIndex body_index_;
  TraceIndexes indexes_;
  QueryWatch watch_;
  std::atomic<bool> is_sealing_ok_ = true;
  std::atomic<std::uint64_t> disk_bytes_ = 0;

  // Held shared while a connection is in use, exclusively while the instance or the set of attached
  // files is replaced: a failed commit can leave a DuckDB instance unusable.
  mutable std::shared_mutex instance_mutex_;
  std::unique_ptr<Database> database_;

  // Serialises sealing.
  base::Mutex seal_mutex_;
  RowFeed feed_ GUARDED_BY(seal_mutex_);
  std::unique_ptr<Connection> seal_connection_ GUARDED_BY(seal_mutex_);
  Sealed sealed_ GUARDED_BY(seal_mutex_);
  unsigned failed_seals_ GUARDED_BY(seal_mutex_) = 0;  // Since the last that succeeded.

  mutable base::Mutex mutex_;
  base::CondVar wake_;
  std::map<std::int32_t, DayFile> days_ GUARDED_BY(mutex_);
  std::uint64_t deleted_position_ GUARDED_BY(mutex_) = 0;  // See store_directory.h.
  bool stopping_ GUARDED_BY(mutex_) = false;

  std::jthread thread_;
};

// What `sightline check` found in a store directory: nothing, or a sentence per problem.
struct StoreReport {
  std::uint64_t day_files = 0;
  std::uint64_t spans = 0;
  std::uint64_t logs = 0;
  std::uint64_t bodies = 0;
  std::uint64_t sealed_position = 0;
  std::vector<std::string> problems;
};

base::Result<StoreReport> CheckStore(const std::filesystem::path& directory);

}  // namespace sightline::store::embedded
