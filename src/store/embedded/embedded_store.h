// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "base/result.h"
#include "store/embedded/body_index.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"
#include "store/embedded/head.h"
#include "store/embedded/query_watch.h"
#include "store/embedded/seal.h"
#include "store/store.h"

namespace sightline::store::embedded {

// What a day has to say at a start, when live state asks for what it does not hold.
//
// Thread: value.
struct DaySums {
  std::int32_t day = 0;
  std::vector<model::WorkflowDelta> workflows;  // Sums over the day, one for each workflow.
  std::vector<model::NameSeen> agents;
  std::vector<model::RollupEntry> rollups;  // Of the minutes that were asked for.
};

// A run that went on when the process before stopped.
//
// Thread: value.
struct OpenRun {
  model::TraceId trace_id;
  std::uint64_t last_position = 0;
  // Up to it the run had settled before, and is in the sums; 0 when it had not.
  std::uint64_t settled_position = 0;
};

// The store inside the server: an in-memory head of encoded batches over one folder per UTC day of
// arrival (day.h). Commit makes a batch visible; a thread of the store seals what live state has
// taken in, together with what has settled there, tells the journal what it no longer needs, and
// deletes days by retention.
//
// It does not write the journal and does not decide what is durable: what is committed here is.
// Nothing stops it for good: a batch that cannot be sealed is put into quarantine, a day that
// cannot be read is left out, both with a sentence in stats().problems.
//
// Thread: any.
class EmbeddedStore final : public SpanStore {
 public:
  struct Options {
    std::filesystem::path directory;
    // The head is sealed when one of these is reached.
    std::uint64_t seal_rows = 32'768;
    std::uint64_t seal_bytes = std::uint64_t{48} << 20U;
    std::chrono::nanoseconds seal_age = std::chrono::seconds(10);
    // Above this the store has no room: senders are pushed back until sealing catches up.
    std::uint64_t max_head_bytes = std::uint64_t{96} << 20U;
    std::uint64_t query_memory_bytes = std::uint64_t{144} << 20U;
    std::uint64_t body_index_bytes = std::uint64_t{32} << 20U;
    unsigned query_threads = 2;
    Sealer::Limits fact_texts;
    // Retention; 0 means no limit. Whole days are deleted, the newest never for its size.
    int retention_days = 0;
    std::uint64_t retention_bytes = 0;
  };

  // Called on the store's thread when every batch up to `position` is in a day folder.
  using Sealed = std::function<void(std::uint64_t position)>;

  // Opens the directory and its newest days; LoadHistory opens the others.
  // Errors: unreadable, or of another format.
  static base::Result<std::unique_ptr<EmbeddedStore>> Open(const Options& options,
                                                           const base::Clock& clock,
                                                           base::LossTable& losses,
                                                           base::Disk& disk);

  // Seals what the head holds if that succeeds at once; otherwise it stays in the journal.
  ~EmbeddedStore() override;
  EmbeddedStore(const EmbeddedStore&) = delete;
  EmbeddedStore& operator=(const EmbeddedStore&) = delete;

  // Where runs come from. Without one, nothing is listed and every batch may be sealed. Set before
  // StartSealing; must outlive it, or be set to null.
  void SetRunSource(RunSource* source) EXCLUDES(mutex_);

  // The last journal position that is in a day folder: replay what is after it, then StartSealing.
  std::uint64_t sealed_position() const override EXCLUDES(mutex_);
  void StartSealing(Sealed sealed);

  // False while older days are still to be opened.
  bool has_all_days() const EXCLUDES(mutex_);

  // Opens the days that Open did not, newest first, on a thread of its own, and tells `visit` of
  // every day, those that were open included, with rollups from `first_minute` on. Reads that need
  // all days wait for it. `done` is called at the end, on the same thread.
  void LoadHistory(std::int64_t first_minute, std::function<void(const DaySums&)> visit,
                   std::function<void()> done);

  // Stops the threads; the journal is not told of later seals. Idempotent.
  void StopSealing();

  // Seals everything that is committed and taken in now.
  base::Result<void> SealNow() EXCLUDES(seal_mutex_);

  // Deletes what retention says, as of the clock. Runs by itself about once a minute.
  void EnforceRetention() EXCLUDES(mutex_);

  // The spans of the newest frames, about 8 MB of them, the oldest first: those that a sender may
  // repeat when it got no answer. Their texts hold as long as the call.
  base::Result<void> VisitNewestSpans(const std::function<void(const model::Span&)>& visit,
                                      Deadline deadline);

  // Runs that went on as of the newest seal. For the start, before anything is committed.
  base::Result<std::vector<OpenRun>> OpenRuns(Deadline deadline);

  void Commit(model::EncodedBatchPtr batch) override;
  bool has_room() const override;

  BodyCatalog& bodies() override { return *body_index_; }

  base::Result<Rows> FetchTrace(const model::TraceId& trace_id, Deadline deadline) override;
  base::Result<Rows> FetchSpansBefore(const model::TraceId& trace_id, std::uint64_t position,
                                      Deadline deadline) override;
  base::Result<RunPage> ListRuns(const query::TraceQuery& query, Deadline deadline) override;
  base::Result<model::TraceId> FindRun(std::string_view run_id, Deadline deadline) override;
  bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const override;
  base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline deadline) override;
  base::Result<LogPage> ListLogs(const query::LogQuery& query, Deadline deadline) override;
  base::Result<SeriesPage> ListSeries(const query::MetricQuery& query, Deadline deadline) override;
  base::Result<SeriesPage> FetchPoints(const query::MetricQuery& query, Deadline deadline) override;
  base::Result<std::vector<FactAnswer>> SumFacts(std::span<const query::FactQuery> queries,
                                                 Deadline deadline) override;
  StoreStats stats() const override;

 private:
  class Reading;
  class FactReader;
  class LogLister;
  class RunLister;
  class SeriesReader;
  struct TraceRead;

  EmbeddedStore(const Options& options, const base::Clock& clock, base::LossTable& losses,
                base::Disk& disk);

  base::Result<void> OpenInstance();
  base::Result<void> ReopenInstance();
  base::Result<DayPtr> OpenDay(std::int32_t day);
  void AddDay(const DayPtr& day) EXCLUDES(mutex_);
  void ReadReruns(Connection& connection, const Day& day) EXCLUDES(mutex_);
  void NoteProblem(std::string problem) EXCLUDES(mutex_);
  std::vector<std::int32_t> DaysToOpenFirst() const;
  base::Result<void> OpenOlderDay(std::int32_t day);
  base::Result<DaySums> SumsOf(const Day& day, std::int64_t first_minute);

  // Oldest first.
  std::vector<DayPtr> Days() const EXCLUDES(mutex_);
  base::Result<std::vector<DayPtr>> AllDays(Deadline deadline) const EXCLUDES(mutex_);
  base::Result<std::unique_ptr<Reading>> OpenReading(Deadline deadline);
  base::Result<void> ReadTrace(TraceRead& read, Deadline deadline) const;
  base::Result<std::vector<std::int64_t>> BodyFramesOf(const Day& day, Deadline deadline);
  base::Result<std::vector<model::TraceId>> FindText(std::string_view text, Deadline deadline);

  void Run();
  bool IsSealDue() const;
  base::Result<void> SealSome() EXCLUDES(seal_mutex_);
  std::shared_ptr<const model::LiveCut> CutToSeal() REQUIRES(seal_mutex_);
  base::Result<void> SealPart(HeadSnapshot batches, bool is_last) REQUIRES(seal_mutex_);
  base::Result<DayPtr> DayFor(const HeadSnapshot& batches) REQUIRES(seal_mutex_);
  HeadSnapshot NextBatches(std::uint64_t up_to) const;
  bool IsolateOrRetry(const HeadSnapshot& batches, const base::Error& error) REQUIRES(seal_mutex_);
  void Quarantine(const model::EncodedBatch& batch, const base::Error& error) REQUIRES(seal_mutex_);
  void ForgetSealed(std::uint64_t position) REQUIRES(seal_mutex_);
  bool DeleteOldestDay(std::string_view why);

  const Options options_;
  const base::Clock& clock_;
  base::LossTable& losses_;
  base::Disk& disk_;

  // Self-synchronised.
  Head head_;
  std::unique_ptr<BodyIndex> body_index_;
  QueryWatch watch_;
  std::atomic<bool> is_sealing_ok_ = true;
  std::atomic<std::uint64_t> disk_bytes_ = 0;
  std::atomic<bool> is_stopping_history_ = false;

  // Held shared while a connection is in use, exclusively while the instance is replaced: a failed
  // commit can leave a DuckDB instance unusable.
  mutable std::shared_mutex instance_mutex_;
  std::unique_ptr<Database> database_;

  // Held shared while runs are gathered from the source and from cut_, exclusively while they move.
  mutable std::shared_mutex cut_mutex_;

  // Serialises sealing.
  base::Mutex seal_mutex_;
  Sealer sealer_ GUARDED_BY(seal_mutex_);
  std::unique_ptr<Connection> seal_connection_ GUARDED_BY(seal_mutex_);
  Sealed sealed_ GUARDED_BY(seal_mutex_);
  unsigned failed_seals_ GUARDED_BY(seal_mutex_) = 0;  // Since the last that succeeded.

  mutable base::Mutex mutex_;
  base::CondVar wake_;
  mutable base::CondVar history_loaded_;
  std::map<std::int32_t, DayPtr> days_ GUARDED_BY(mutex_);
  bool is_history_loaded_ GUARDED_BY(mutex_) = false;
  RunSource* source_ GUARDED_BY(mutex_) = nullptr;
  // Taken from the source and not sealed yet. Its runs are listed from here.
  std::shared_ptr<const model::LiveCut> cut_ GUARDED_BY(mutex_);
  std::int64_t cut_number_ GUARDED_BY(mutex_) = 0;  // Of the last cut that was taken.
  // The newest version of each run that has more than one.
  std::unordered_map<model::TraceId, std::uint64_t, model::TraceIdHasher> newest_versions_
      GUARDED_BY(mutex_);
  std::uint64_t deleted_position_ GUARDED_BY(mutex_) = 0;  // See store_directory.h.
  std::uint64_t quarantined_ GUARDED_BY(mutex_) = 0;
  std::vector<std::string> problems_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;

  std::jthread history_thread_;
  std::jthread thread_;
};

// What `sightline check` found in a store directory: nothing, or a sentence per problem.
struct StoreReport {
  std::uint64_t days = 0;
  std::uint64_t spans = 0;
  std::uint64_t logs = 0;
  std::uint64_t points = 0;
  std::uint64_t runs = 0;
  std::uint64_t bodies = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t sealed_position = 0;
  std::vector<std::string> problems;
};

// Changes nothing, and may be used on a directory that cannot be written.
base::Result<StoreReport> CheckStore(const std::filesystem::path& directory);

}  // namespace sightline::store::embedded
