// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/embedded/embedded_store.h"
#include "store/embedded/fact_groups.h"
#include "store/embedded/fact_pieces.h"
#include "store/embedded/fact_scan.h"
#include "store/embedded/reading.h"

// Sums over facts: those of live state, of the cut that waits to be sealed, and of days. A fact is
// in one of the three and moves from the first to the last; sums that were gathered while some
// moved are gathered again.
//
// What days add is kept (fact_cache.h). Facts of a day as of one cut never change, so that all
// answers of one call are of the cut that the checkpoint of each day names; a day whose table says
// another cut was written to at that moment, and all is gathered again.

namespace sightline::store::embedded {

// Queries that are answered as of one moment.
class EmbeddedStore::FactReader {
 public:
  FactReader(EmbeddedStore& store, std::span<const query::FactQuery> queries, Deadline deadline)
      : store_(store), answers_(queries.begin(), queries.end()), deadline_(deadline) {}

  base::Result<std::vector<FactAnswer>> Read() {
    constexpr int kTries = 3;
    for (int i = 0; i < kTries; ++i) {
      {
        const std::shared_lock gathering(store_.cut_mutex_);
        TRY(AddMemory());
      }
      if (TRY(AddDays(Keeping::kAllowed))) {
        return Take();
      }
    }
    // While it is held no further cut is taken.
    const std::shared_lock gathering(store_.cut_mutex_);
    TRY(AddMemory());
    if (!TRY(AddDays(Keeping::kNone))) {
      return base::Error(base::Code::kUnavailable, "cannot sum up: runs are being stored");
    }
    return Take();
  }

 private:
  // Whether what is kept may be used. Without it every day says itself which cut it is of.
  enum class Keeping : std::uint8_t { kAllowed, kNone };

  base::Result<void> AddMemory() {
    for (FactGroups& answer : answers_) {
      answer.Clear();
    }
    RunSource* source = nullptr;
    {
      base::MutexLock lock(store_.mutex_);
      source = store_.source_;
      cut_ = store_.cut_;
      last_cut_ = store_.cut_number_;
    }
    return source == nullptr ? base::Result<void>() : AddTable(source->FactsInMemory());
  }

  base::Result<void> AddTable(const model::FactTable& table) {
    for (FactGroups& answer : answers_) {
      TRY(answer.AddTable(table));
    }
    return {};
  }

  // False when a cut was stored meanwhile, so that what was gathered does not fit together.
  base::Result<bool> AddDays(Keeping keeping) {
    std::vector<DayAsOf> days;
    for (DayPtr& day : TRY(store_.AllDays(deadline_))) {
      const Checkpoint checkpoint = day->checkpoint();
      days.push_back({.day = std::move(day),
                      .cut_number = checkpoint.cut_number,
                      .times = checkpoint.fact_times});
    }
    std::vector<FactPieces> pieces;
    pieces.reserve(answers_.size());
    for (const FactGroups& answer : answers_) {
      pieces.emplace_back(answer.query(), days,
                          keeping == Keeping::kAllowed ? &store_.fact_cache_ : nullptr);
    }
    if (!TRY(Scan(pieces, days, keeping))) {
      return false;
    }
    std::int64_t stored_cut = 0;
    for (const DayAsOf& day : days) {
      stored_cut = std::max(stored_cut, day.cut_number);
    }
    if (stored_cut > last_cut_) {
      return false;
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      TRY(pieces[i].AddTo(answers_[i]));
    }
    if (cut_ != nullptr && cut_->number > stored_cut) {
      TRY(AddTable(cut_->facts));
    }
    return true;
  }

  // Reads from tables what is not kept. False when a table is of another cut than was expected.
  base::Result<bool> Scan(std::vector<FactPieces>& pieces, std::vector<DayAsOf>& days,
                          Keeping keeping) {
    std::vector<FactTask> tasks;
    for (FactPieces& some : pieces) {
      some.AppendTasks(tasks);
    }
    if (tasks.empty()) {
      return true;
    }
    const auto reading = TRY(store_.OpenReading(deadline_));
    Connection& connection = reading->connection();
    TRY(connection.Execute("BEGIN TRANSACTION READ ONLY"));
    const base::Result<bool> scanned = ScanWithin(connection, tasks, days, keeping);
    static_cast<void>(connection.Execute("ROLLBACK"));  // Nothing was written.
    if (!TRY(scanned)) {
      return false;
    }
    auto task = tasks.begin();
    for (FactPieces& some : pieces) {
      task = TRY(some.TakeAnswers(task, rows_));
    }
    return true;
  }

  base::Result<bool> ScanWithin(Connection& connection, std::vector<FactTask>& tasks,
                                std::vector<DayAsOf>& days, Keeping keeping) {
    TRY(ReadVersions(connection, tasks));
    for (DayAsOf& day : days) {
      const auto read = cuts_.find(day.day->number());
      if (read == cuts_.end() || read->second == day.cut_number) {
        continue;
      }
      if (keeping == Keeping::kAllowed) {
        return false;
      }
      day.cut_number = read->second;
    }
    TRY(FactScan(connection).Answer(tasks));
    return true;
  }

  // The newest cut in each day that is read, and how many facts it has.
  base::Result<void> ReadVersions(Connection& connection, const std::vector<FactTask>& tasks) {
    cuts_.clear();
    rows_.clear();
    std::string statement;
    for (const FactTask& task : tasks) {
      const Day& day = *task.span.day;
      if (cuts_.try_emplace(day.number()).second) {
        statement += fmt::format(
            "{}SELECT {}::BIGINT, (SELECT max(cut_number) FROM "
            "{}.checkpoints), (SELECT max(rowid) + 1 FROM {}.facts)",
            statement.empty() ? "" : " UNION ALL ", day.number(), day.database(), day.database());
      }
    }
    QueryResult result = TRY(connection.Query(statement));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        const auto day = static_cast<std::int32_t>(chunk->at<std::int64_t>(0, row));
        const auto value = [&](std::uint64_t column) {
          return chunk->is_null(column, row) ? 0 : chunk->at<std::int64_t>(column, row);
        };
        cuts_[day] = value(1);
        rows_[day] = value(2);
      }
    }
    return {};
  }

  base::Result<std::vector<FactAnswer>> Take() {
    std::vector<FactAnswer> answers;
    answers.reserve(answers_.size());
    for (FactGroups& answer : answers_) {
      answers.push_back(TRY(answer.Take()));
    }
    return answers;
  }

  EmbeddedStore& store_;
  std::vector<FactGroups> answers_;
  const Deadline deadline_;
  std::shared_ptr<const model::LiveCut> cut_;  // That waits to be stored.
  std::int64_t last_cut_ = 0;
  // By day, of those that are read.
  std::map<std::int32_t, std::int64_t> cuts_;
  std::map<std::int32_t, std::int64_t> rows_;
};

base::Result<std::vector<FactAnswer>> EmbeddedStore::SumFacts(
    std::span<const query::FactQuery> queries, Deadline deadline) {
  return FactReader(*this, queries, deadline).Read();
}

}  // namespace sightline::store::embedded
