// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>
#include <fmt/format.h>

#include "model/run_bytes.h"
#include "store/embedded/conditions.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/newest_first.h"
#include "store/embedded/reading.h"
#include "store/embedded/rows.h"
#include "store/embedded/run_conditions.h"
#include "store/embedded/run_row.h"
#include "store/embedded/run_text.h"

// Lists of runs. A run is listed from where its newest version is: live state, else the cut that
// waits to be sealed, else the day with the highest position. In order of start, no more days are
// read than the page needs; in any other order all that the times of the query allow.

namespace sightline::store::embedded {
namespace {

using RunsPtr = std::shared_ptr<const std::vector<model::RunRecord>>;
using TraceIdSet = boost::unordered_flat_set<model::TraceId, model::TraceIdHasher>;

// Rows that are read beyond a page, for those that turn out to have a newer version.
constexpr std::size_t kSpareRows = 32;

// So many ids are part of a statement; more are looked up row by row.
constexpr std::size_t kMaxIdsInStatement = 2000;

auto InOrder(const query::RunSort& sort) {
  return
      [sort](const model::RunRecord& a, const model::RunRecord& b) { return sort.Precedes(a, b); };
}

bool HasFilters(const query::TraceQuery& query) {
  return query.workflow_id || query.execution_id || query.status || query.agent ||
         query.session_id || query.user_id || query.model || query.service || query.version ||
         query.environment || query.tag || query.prompt_version || query.has_error ||
         !query.text.empty() || query.start_time_ns || query.end_time_ns ||
         !query.amounts.is_empty();
}

}  // namespace

// One list query.
class EmbeddedStore::RunLister {
 public:
  RunLister(EmbeddedStore& store, const query::TraceQuery& query, Deadline deadline)
      : store_(store), query_(query), deadline_(deadline) {}

  base::Result<RunPage> List() {
    if (!query_.text.empty()) {
      TRY(FindByText());
    }
    constexpr int kTries = 3;
    for (int i = 0; i < kTries; ++i) {
      const std::int64_t cut = LastStoredCut();
      Clear();
      TRY(store_.AllDays(deadline_));  // Those that are not open yet would not be counted.
      TakeFromMemory();
      TRY(TakeFromDays());
      if (!has_passed_over_ || LastStoredCut() == cut) {
        break;
      }
    }
    std::sort(runs_.begin(), runs_.end(), InOrder(query_.sort));
    RunPage page;
    page.has_more = runs_.size() > query_.limit;
    if (page.has_more) {
      runs_.resize(query_.limit);
    }
    TRY(FillTotal(page));
    page.runs = std::move(runs_);
    page.searched = searched_;
    return page;
  }

 private:
  void Clear() {
    in_memory_.clear();
    on_disk_.clear();
    runs_not_on_disk_ = runs_on_disk_ = matches_in_memory_ = 0;
    days_.clear();
    runs_.clear();
    has_passed_over_ = false;
  }

  std::int64_t LastStoredCut() const {
    std::int64_t last = 0;
    for (const DayPtr& day : store_.Days()) {
      last = std::max(last, day->checkpoint().cut_number);
    }
    return last;
  }

  bool IsWanted(const model::RunRecord& run) const {
    const bool has_text =
        !found_ || found_->contains(run.trace_id) || (names_ && names_->OccursIn(run));
    return has_text && query::Matches(query_, run);
  }

  base::Result<void> FindByText() {
    names_.emplace(query_.text);
    if (!names_->is_ok()) {
      return base::Error(base::Code::kInvalidArgument,
                         "cannot search for this text: it is too long");
    }
    std::optional<Deadline> stop_at;
    if (query_.may_stop_search) {
      stop_at = std::chrono::steady_clock::now() + store_.options_.search_time;
    }
    const FoundTraces found = TRY(store_.FindText(query_.text, stop_at, deadline_));
    searched_ = found.searched;
    found_.emplace(found.ids.begin(), found.ids.end());
    if (const auto id = model::TraceId::FromHex(query_.text)) {
      found_->insert(*id);
    }
    return {};
  }

  // Each run is seen in the order in which it moves, so that none is missed.
  void TakeFromMemory() {
    std::shared_ptr<const model::LiveCut> cut;
    RunSource* source = nullptr;
    bool is_stored = false;  // The cut, if not yet dropped.
    std::shared_lock gathering(store_.cut_mutex_);
    {
      base::MutexLock lock(store_.mutex_);
      source = store_.source_;
      cut = store_.cut_;
      for (const auto& [number, day] : store_.days_) {
        const Checkpoint checkpoint = day->checkpoint();
        runs_on_disk_ += checkpoint.runs;
        is_stored = is_stored || (cut != nullptr && checkpoint.cut_number == cut->number);
      }
    }
    bool is_on_disk = false;
    const auto take = [&](const model::RunRecord& run) {
      if (in_memory_.insert(run.trace_id).second) {
        runs_not_on_disk_ += run.is_newer_version || is_on_disk ? 0U : 1U;
        if (IsWanted(run)) {
          ++matches_in_memory_;
          if (query::IsPast(query_, run)) {
            Keep(run);
          }
        }
      }
      return true;
    };
    if (source != nullptr) {
      source->VisitRuns(take);
    }
    if (cut != nullptr) {
      is_on_disk = is_stored;
      std::for_each(cut->settled.rbegin(), cut->settled.rend(), take);
    }
    KeepFirst();
  }

  // Of very many runs few are on the page, and a record is dear to copy. The runs are a heap with
  // the last one in front.
  void Keep(const model::RunRecord& run) {
    const auto in_order = InOrder(query_.sort);
    if (runs_.size() > query_.limit) {
      if (!in_order(run, runs_.front())) {
        return;
      }
      std::pop_heap(runs_.begin(), runs_.end(), in_order);
      runs_.back() = run;
    } else {
      runs_.push_back(run);
    }
    std::push_heap(runs_.begin(), runs_.end(), in_order);
  }

  // The page and one more: whether there is more.
  void KeepFirst() {
    const std::size_t wanted = query_.limit + 1;
    if (runs_.size() > wanted) {
      std::partial_sort(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(wanted),
                        runs_.end(), InOrder(query_.sort));
      runs_.resize(wanted);
    } else {
      std::sort(runs_.begin(), runs_.end(), InOrder(query_.sort));
    }
  }

  base::Result<void> TakeFromDays() {
    if (query_.status == model::RunStatus::kRunning) {
      return {};  // On disk nothing is.
    }
    days_ = TRY(store_.AllDays(deadline_));
    std::sort(days_.begin(), days_.end(), [&](const DayPtr& a, const DayPtr& b) {
      return query_.sort.is_ascending ? a->checkpoint().min_start_ns < b->checkpoint().min_start_ns
                                      : a->checkpoint().max_start_ns > b->checkpoint().max_start_ns;
    });
    const auto reading = TRY(store_.OpenReading(deadline_));
    for (const DayPtr& day : days_) {
      const Checkpoint checkpoint = day->checkpoint();
      const bool is_empty = checkpoint.max_start_ns < checkpoint.min_start_ns;
      if (is_empty || IsOutside(checkpoint)) {
        continue;
      }
      if (runs_.size() > query_.limit && IsBeyond(checkpoint)) {
        break;
      }
      TRY(TakeFromDay(reading->connection(), *day));
      KeepFirst();
    }
    return {};
  }

  bool IsOutside(const Checkpoint& checkpoint) const {
    return (query_.start_time_ns && checkpoint.max_start_ns < *query_.start_time_ns) ||
           (query_.end_time_ns && checkpoint.min_start_ns >= *query_.end_time_ns) ||
           (query_.cursor && query_.sort.by == query::RunOrder::kStart &&
            (query_.sort.is_ascending ? checkpoint.max_start_ns < query_.cursor->key
                                      : checkpoint.min_start_ns > query_.cursor->key));
  }

  // Whether the day, and with it all later ones in order, has nothing that comes before the last
  // run of a full page.
  bool IsBeyond(const Checkpoint& checkpoint) const {
    const std::int64_t last_ns = runs_.back().start_ns;
    return query_.sort.by == query::RunOrder::kStart &&
           (query_.sort.is_ascending ? last_ns < checkpoint.min_start_ns
                                     : last_ns > checkpoint.max_start_ns);
  }

  bool IsNewestFirst() const {
    return query_.sort.by == query::RunOrder::kStart && !query_.sort.is_ascending;
  }

  base::Result<void> TakeFromDay(Connection& connection, const Day& day) {
    std::optional<query::TraceCursor> cursor = query_.cursor;
    const std::size_t limit = query_.limit + 1 + kSpareRows;
    const auto back_from = [&] {
      const Checkpoint checkpoint = day.checkpoint();
      TimeRange asked = {.first_ns = query_.start_time_ns.value_or(checkpoint.min_start_ns),
                         .last_ns = query_.end_time_ns.value_or(checkpoint.max_start_ns)};
      asked.last_ns = cursor ? std::min(asked.last_ns, cursor->key) : asked.last_ns;
      return NewestFirst(IsNewestFirst() ? checkpoint.runs : 0,
                         {.first_ns = checkpoint.min_start_ns, .last_ns = checkpoint.max_start_ns},
                         asked, limit);
    };
    NewestFirst newest_first = back_from();
    std::size_t taken = 0;
    while (taken <= query_.limit) {
      Conditions conditions = RunConditions(query_);
      if (const auto floor_ns = newest_first.floor_ns()) {
        conditions.AddNumber("start_ns >= ?", *floor_ns);
      }
      if (cursor) {
        AddRunCursor(query_.sort, *cursor, conditions);
      }
      if (found_ && found_->size() <= kMaxIdsInStatement) {
        if (found_->empty()) {
          return {};
        }
        conditions.AddAnyOf("trace_id", *found_, "?",
                            [](const model::TraceId& id) { return Param::Id(id.view()); });
      }
      const RunsPtr runs = TRY(Select(
          connection, day,
          fmt::format("{0} ORDER BY {1} {2}, trace_id {2} LIMIT {3}", conditions.Where(),
                      RunSortKey(query_.sort), query_.sort.is_ascending ? "ASC" : "DESC", limit),
          conditions.params()));
      if (runs->size() < limit && newest_first.floor_ns()) {
        newest_first.Widen();
        continue;
      }
      for (const model::RunRecord& run : *runs) {
        taken += TakeStored(run) ? 1U : 0U;
      }
      if (runs->size() < limit) {
        return {};
      }
      cursor = query::CursorAfter(query_.sort, runs->back());
      newest_first = back_from();
    }
    return {};
  }

  // The runs of a day as of its last cut, kept for the next who asks.
  base::Result<RunsPtr> Select(Connection& connection, const Day& day, const std::string& which,
                               const std::vector<Param>& params) {
    // A cut that is stored from here on may be in the runs; nobody asks for this one then.
    std::string key = fmt::format("{}#{}{}", day.number(), day.checkpoint().cut_number, which);
    for (const Param& param : params) {
      param.AppendTo(key);
    }
    const bool is_kept = !found_;  // Their ids may be all of the statement.
    if (RunsPtr kept = is_kept ? store_.run_cache_.Find(key) : nullptr) {
      return kept;
    }
    QueryResult result = TRY(connection.Query(
        fmt::format("SELECT {} FROM {}.runs{}", SelectList<RunRow>(), day.database(), which),
        params));
    std::vector<RunRow> rows;
    base::Arena arena;
    while (const auto chunk = result.Next()) {
      ReadRows(*chunk, arena, rows);
    }
    auto runs = std::make_shared<std::vector<model::RunRecord>>();
    runs->reserve(rows.size());
    std::size_t bytes = 0;
    for (const RunRow& row : rows) {
      bytes += model::BytesOf(runs->emplace_back(RecordOf(row)));
    }
    if (is_kept) {
      store_.run_cache_.Put(key, runs, bytes);
    }
    return RunsPtr(std::move(runs));
  }

  bool IsNewest(const model::TraceId& id, std::uint64_t position) const {
    if (in_memory_.contains(id)) {
      return false;
    }
    base::MutexLock lock(store_.mutex_);
    const auto newer = store_.newest_versions_.find(id);
    return newer == store_.newest_versions_.end() || newer->second <= position;
  }

  bool TakeStored(const model::RunRecord& run) {
    const bool is_newest = IsNewest(run.trace_id, run.position);
    // Its newer version may have been stored after memory and its day were looked at.
    has_passed_over_ = has_passed_over_ || (!is_newest && !in_memory_.contains(run.trace_id));
    if (!is_newest || (found_ && !found_->contains(run.trace_id)) ||
        !on_disk_.insert(run.trace_id).second) {
      return false;
    }
    runs_.push_back(run);
    return true;
  }

  base::Result<void> FillTotal(RunPage& page) {
    if (!query_.cursor && !page.has_more) {
      page.total = runs_.size();
      page.is_total_exact = true;
    } else if (!HasFilters(query_)) {
      page.total = runs_not_on_disk_ + runs_on_disk_;
      page.is_total_exact = true;
    } else if (query_.counts_exactly) {
      page.total = TRY(CountAll());
      page.is_total_exact = true;
    } else {
      page.total = runs_.size() + (page.has_more ? 1U : 0U);
    }
    page.is_total_exact = page.is_total_exact && (!searched_ || searched_->is_complete);
    return {};
  }

  base::Result<std::uint64_t> CountAll() {
    std::uint64_t total = matches_in_memory_;
    TraceIdSet counted;
    const auto reading = TRY(store_.OpenReading(deadline_));
    for (const DayPtr& day : days_) {
      const Conditions conditions = RunConditions(query_);
      QueryResult result =
          TRY(reading->connection().Query(fmt::format("SELECT trace_id, position FROM {}.runs{}",
                                                      day->database(), conditions.Where()),
                                          conditions.params()));
      while (const auto chunk = result.Next()) {
        for (std::uint64_t row = 0; row < chunk->size(); ++row) {
          model::TraceId id;
          FromUhugeint(chunk->at<duckdb_uhugeint>(0, row),
                       reinterpret_cast<char*>(id.bytes.data()));
          const auto position = static_cast<std::uint64_t>(chunk->at<std::int64_t>(1, row));
          total += IsNewest(id, position) && (!found_ || found_->contains(id)) ? 1U : 0U;
        }
      }
    }
    return total;
  }

  EmbeddedStore& store_;
  const query::TraceQuery& query_;
  const Deadline deadline_;
  std::optional<TextSearched> searched_;
  std::optional<TraceIdSet> found_;  // Set: only these, and in memory those with such names.
  std::optional<RunText> names_;
  TraceIdSet in_memory_;  // Whatever the filters say.
  TraceIdSet on_disk_;
  // Both as of one moment: of a cut that is being sealed the runs are in one of them.
  std::uint64_t runs_not_on_disk_ = 0;
  std::uint64_t runs_on_disk_ = 0;
  std::uint64_t matches_in_memory_ = 0;
  std::vector<DayPtr> days_;
  std::vector<model::RunRecord> runs_;
  bool has_passed_over_ = false;  // A version for one that is newer and was not in memory.
};

base::Result<RunPage> EmbeddedStore::ListRuns(const query::TraceQuery& query, Deadline deadline) {
  return RunLister(*this, query, deadline).List();
}

base::Result<model::TraceId> EmbeddedStore::FindRun(std::string_view run_id, Deadline deadline) {
  const RunPage page = TRY(ListRuns({.execution_id = std::string(run_id), .limit = 1}, deadline));
  if (page.runs.empty()) {
    return base::Error(base::Code::kNotFound, fmt::format("run {} is not known", run_id));
  }
  return page.runs.front().trace_id;
}

}  // namespace sightline::store::embedded
