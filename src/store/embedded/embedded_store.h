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
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/fair_shared_mutex.h"
#include "base/file_copier.h"
#include "base/loss.h"
#include "base/lru_cache.h"
#include "base/mutex.h"
#include "base/result.h"
#include "store/embedded/body_index.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"
#include "store/embedded/fact_cache.h"
#include "store/embedded/head.h"
#include "store/embedded/query_watch.h"
#include "store/embedded/read_gate.h"
#include "store/embedded/seal.h"
#include "store/price_store.h"
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

// What a copy of the store holds.
//
// Thread: value.
struct StoreBackup {
  std::uint64_t days = 0;
  // Folders of days that could not be opened, or were put aside: they are not in the copy.
  std::vector<std::string> left_out;
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
class EmbeddedStore final : public SpanStore, public PriceStore {
 public:
  struct Options {
    std::filesystem::path directory;
    // The head is sealed when one of these is reached.
    std::uint64_t seal_rows = 32'768;
    std::uint64_t seal_bytes = std::uint64_t{48} << 20U;
    std::chrono::nanoseconds seal_age = std::chrono::seconds(10);
    // Above this the store has no room: senders are pushed back until sealing catches up.
    std::uint64_t max_head_bytes = std::uint64_t{96} << 20U;
    std::uint64_t query_memory_bytes = std::uint64_t{128} << 20U;
    std::uint64_t fact_cache_bytes = std::uint64_t{12} << 20U;  // Sums of days that are kept.
    std::uint64_t run_cache_bytes = std::uint64_t{4} << 20U;    // Pages of runs of days, likewise.
    std::uint64_t body_index_bytes = std::uint64_t{32} << 20U;
    // A search that may stop does so after so many traces or after so long.
    std::size_t search_traces = 10'000;
    std::chrono::nanoseconds search_time = std::chrono::seconds(5);
    ReadGate::Options reads;  // Rows of runs that are being read.
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

  // Writes a copy of the directory, as of one point in time after the call, to `target`, which must
  // be empty or missing: with every batch up to `position`, sealed. Sealing waits while the tables
  // of a day are being copied, nothing else does. What is in `target` after an error is no store.
  // Errors: those of sealing and copying; kUnavailable or kDeadlineExceeded at the deadline, which
  // is for what is waited for, not for the copying.
  base::Result<StoreBackup> BackUp(const std::filesystem::path& target, std::uint64_t position,
                                   base::FileCopier& copier, Deadline deadline)
      EXCLUDES(seal_mutex_, mutex_);

  // Deletes what retention says, as of the clock. Runs by itself about once a minute.
  void EnforceRetention() EXCLUDES(mutex_);

  // What a sender may repeat because it got no answer: the spans of the newest frames, about 8 MB
  // of them, ended or not, the oldest first, and the newest 50,000 metric points. Their texts hold
  // as long as the call.
  base::Result<void> VisitNewestRows(const std::function<void(const model::Batch&)>& visit,
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
  base::Result<StepPage> ListSteps(const query::StepQuery& query, Deadline deadline) override;
  base::Result<SeriesPage> ListSeries(const query::MetricQuery& query, Deadline deadline) override;
  base::Result<SeriesPage> FetchPoints(const query::MetricQuery& query, Deadline deadline) override;
  base::Result<std::vector<FactAnswer>> SumFacts(std::span<const query::FactQuery> queries,
                                                 Deadline deadline) override;
  StoreStats stats() const override;

  base::Result<std::vector<std::int32_t>> DaysWithRuns(std::int64_t start_ns, std::int64_t end_ns,
                                                       Until deadline) const override;
  base::Result<RunsOfDay> SettledRuns(std::int32_t day, std::int64_t start_ns, std::int64_t end_ns,
                                      const model::TraceId& after, std::size_t limit,
                                      Until deadline) override;
  base::Result<std::vector<SettledRun>> ReadSettled(std::int32_t day,
                                                    std::span<const model::TraceId> ids,
                                                    Until deadline) override;
  base::Result<void> Correct(std::int32_t day, std::span<const model::TraceId> ids,
                             const MakeCorrection& correct, Until deadline) override
      EXCLUDES(seal_mutex_, mutex_);
  base::Result<std::optional<CorrectionProgress>> ProgressOf(std::int32_t day,
                                                             const std::string& job,
                                                             Until deadline) override;
  base::Result<std::vector<OldFigure>> OldFigures(const model::TraceId& trace_id,
                                                  const model::SpanId& span_id,
                                                  Until deadline) override;

 private:
  class DayCopies;
  class Reading;
  class FactReader;
  class LogLister;
  class RunLister;
  class StepLister;
  class SeriesReader;
  class TextSearch;
  struct TraceRead;

  // What a search has found.
  struct FoundTraces {
    std::vector<model::TraceId> ids;
    TextSearched searched;
  };

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
  void OpenAtStart(std::int32_t day) EXCLUDES(mutex_, seal_mutex_);
  void NoteMissing(std::int32_t day, const base::Error& error) EXCLUDES(mutex_);
  base::Result<DayPtr> OpenToWrite(std::int32_t day) REQUIRES(seal_mutex_);
  bool Try(std::string_view what, const std::function<void()>& work) EXCLUDES(mutex_);
  DayPtr OpenForHistory(std::int32_t day);
  void ReadHistory(std::int64_t first_minute, const std::function<void(const DaySums&)>& visit);
  base::Result<DaySums> SumsOf(const Day& day, std::int64_t first_minute);

  // Oldest first.
  std::vector<DayPtr> Days() const EXCLUDES(mutex_);
  base::Result<std::vector<DayPtr>> AllDays(Deadline deadline) const EXCLUDES(mutex_);
  base::Result<std::unique_ptr<Reading>> OpenReading(Deadline deadline);
  base::Result<void> ReadTrace(TraceRead& read, Deadline deadline);
  base::Result<Rows> ReadSpansBefore(const model::TraceId& trace_id, std::uint64_t position,
                                     Deadline deadline);

  // A row of a trace that came from frames, and the position of its batch.
  struct FramedSpan {
    std::size_t row = 0;
    std::uint64_t position = 0;
  };

  base::Result<void> ApplyCorrections(const Day& day, const model::TraceId& trace_id,
                                      std::span<const FramedSpan> framed, model::Batch& rows,
                                      Deadline deadline);
  base::Result<DayPtr> FindDay(std::int32_t day, Deadline deadline) const EXCLUDES(mutex_);
  base::Result<void> VisitNewestPoints(const Day& day,
                                       const std::function<void(const model::Batch&)>& visit,
                                       Deadline deadline);
  // Stored traces whose names or bodies hold the text. With `stop_at` the search may end early.
  base::Result<FoundTraces> FindText(std::string_view text, std::optional<Deadline> stop_at,
                                     Deadline deadline);

  // A day that could not be opened.
  struct MissingDay {
    unsigned tries = 0;
    std::chrono::steady_clock::time_point due;  // Of the next one.
  };

  void Run();
  bool IsSealDue() const;
  base::Result<void> SealSome() EXCLUDES(seal_mutex_);
  base::Result<void> SealUpTo(std::uint64_t position, Deadline deadline) EXCLUDES(seal_mutex_);
  bool HasDay(std::int32_t number) const EXCLUDES(mutex_);
  base::Result<std::vector<std::string>> FoldersWithout(
      const std::vector<std::int32_t>& days) const;
  std::shared_ptr<const model::LiveCut> CutToSeal() REQUIRES(seal_mutex_);
  base::Result<void> SealPart(HeadSnapshot batches, bool is_last) REQUIRES(seal_mutex_);
  base::Result<DayPtr> DayFor(const HeadSnapshot& batches) REQUIRES(seal_mutex_);
  HeadSnapshot NextBatches(std::uint64_t up_to) const;
  bool IsolateOrRetry(const HeadSnapshot& batches, const base::Error& error) REQUIRES(seal_mutex_);
  void Quarantine(const model::EncodedBatch& batch, const base::Error& error) REQUIRES(seal_mutex_);
  void ForgetSealed(std::uint64_t position) REQUIRES(seal_mutex_);
  void SettleDays(const Day& sealed) REQUIRES(seal_mutex_);
  void OpenMissingDays() EXCLUDES(mutex_, seal_mutex_);
  bool DeleteOldestDay(std::string_view why) EXCLUDES(mutex_);
  void DropRetiredDays() EXCLUDES(mutex_);

  const Options options_;
  const base::Clock& clock_;
  base::LossTable& losses_;
  base::Disk& disk_;

  // Self-synchronised.
  Head head_;
  std::unique_ptr<BodyIndex> body_index_;
  QueryWatch watch_;
  const ReadGate read_gate_;
  FactCache fact_cache_;
  // Runs of one day that a statement selected, by day, cut and statement: a list that is shown is
  // asked for again and again, and where few runs match, every day is read for it.
  base::LruCache<std::vector<model::RunRecord>> run_cache_;
  std::atomic<bool> is_sealing_ok_ = true;
  std::atomic<std::uint64_t> disk_bytes_ = 0;
  std::atomic<bool> is_stopping_history_ = false;

  // Held shared while a connection is in use, alone while the instance is replaced: a failed commit
  // can leave a DuckDB instance unusable.
  mutable base::FairSharedMutex instance_mutex_;
  std::unique_ptr<Database> database_;

  // Held shared while runs are gathered from the source and from cut_, exclusively while they move.
  mutable std::shared_mutex cut_mutex_;

  // Held shared while live state loads what came of a run before, exclusively while figures of
  // settled runs are replaced.
  std::shared_mutex load_mutex_;

  // Serialises sealing.
  base::Mutex seal_mutex_;
  Sealer sealer_ GUARDED_BY(seal_mutex_);
  std::unique_ptr<Connection> seal_connection_ GUARDED_BY(seal_mutex_);
  // Databases of days that were sealed and may have tables in memory only; the last is the newest.
  std::vector<std::string> unsettled_days_ GUARDED_BY(seal_mutex_);
  Sealed sealed_ GUARDED_BY(seal_mutex_);
  unsigned failed_seals_ GUARDED_BY(seal_mutex_) = 0;  // Since the last that succeeded.
  unsigned failed_opens_ GUARDED_BY(seal_mutex_) = 0;  // Of the day to write to, the same.

  mutable base::Mutex mutex_;
  base::CondVar wake_;
  mutable base::CondVar history_loaded_;
  std::map<std::int32_t, DayPtr> days_ GUARDED_BY(mutex_);
  bool is_history_loaded_ GUARDED_BY(mutex_) = false;
  // They may be opened later.
  std::map<std::int32_t, MissingDay> missing_days_ GUARDED_BY(mutex_);
  // Days that retention has deleted and that reads still use; they go with the last of these.
  std::vector<DayPtr> retired_days_ GUARDED_BY(mutex_);
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
