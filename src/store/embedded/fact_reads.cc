// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/embedded/embedded_store.h"
#include "store/embedded/fact_groups.h"
#include "store/embedded/reading.h"

// Sums over facts: those of live state, of the cut that waits to be sealed, and of days. A fact is
// in one of the three and moves from the first to the last; sums that were gathered while some
// moved are gathered again.

namespace sightline::store::embedded {

// Queries that are answered as of one moment.
class EmbeddedStore::FactReader {
 public:
  FactReader(EmbeddedStore& store, std::span<const query::FactQuery> queries, Deadline deadline)
      : store_(store), answers_(queries.begin(), queries.end()), deadline_(deadline) {}

  base::Result<std::vector<FactAnswer>> Read() {
    constexpr int kTries = 3;
    const std::vector<DayPtr> days = TRY(store_.AllDays(deadline_));
    for (int i = 0; i < kTries; ++i) {
      {
        const std::shared_lock gathering(store_.cut_mutex_);
        TRY(AddMemory());
      }
      if (TRY(AddDays(days))) {
        return Take();
      }
    }
    // While it is held no further cut is taken.
    const std::shared_lock gathering(store_.cut_mutex_);
    TRY(AddMemory());
    const std::vector<DayPtr> all_days = TRY(store_.AllDays(deadline_));
    if (!TRY(AddDays(all_days))) {
      return base::Error(base::Code::kUnavailable, "cannot sum up: runs are being stored");
    }
    return Take();
  }

 private:
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

  // False when a cut was stored that was taken after what is in memory was gathered.
  base::Result<bool> AddDays(const std::vector<DayPtr>& days) {
    const auto reading = TRY(store_.OpenReading(deadline_));
    std::int64_t stored_cut = 0;
    for (const DayPtr& day : days) {
      stored_cut = std::max(stored_cut, TRY(AddDay(reading->connection(), *day)));
    }
    if (stored_cut > last_cut_) {
      return false;
    }
    if (cut_ != nullptr && cut_->number > stored_cut) {
      TRY(AddTable(cut_->facts));
    }
    return true;
  }

  // The number of the newest cut in the day.
  base::Result<std::int64_t> AddDay(Connection& connection, const Day& day) {
    TRY(connection.Execute("BEGIN TRANSACTION READ ONLY"));
    base::Result<std::int64_t> number = AddDayWithin(connection, day);
    static_cast<void>(connection.Execute("ROLLBACK"));  // Nothing was written.
    return number;
  }

  base::Result<std::int64_t> AddDayWithin(Connection& connection, const Day& day) {
    const auto number = TRY(connection.QueryIntegers(
        fmt::format("SELECT max(cut_number) FROM {}.checkpoints", day.database())));
    const Checkpoint checkpoint = day.checkpoint();
    const TimeRange& times = checkpoint.fact_times;
    // A cut that was stored just now may not be told of yet.
    const bool are_times_known = number[0] <= checkpoint.cut_number;
    for (FactGroups& answer : answers_) {
      const query::FactQuery& query = answer.query();
      if (!are_times_known ||
          (times.last_ns >= query.start_time_ns && times.first_ns < query.end_time_ns)) {
        TRY(answer.AddDay(connection, day));
      }
    }
    return number[0];
  }

  std::vector<FactAnswer> Take() {
    std::vector<FactAnswer> answers;
    answers.reserve(answers_.size());
    for (FactGroups& answer : answers_) {
      answers.push_back(answer.Take());
    }
    return answers;
  }

  EmbeddedStore& store_;
  std::vector<FactGroups> answers_;
  const Deadline deadline_;
  std::shared_ptr<const model::LiveCut> cut_;  // That waits to be stored.
  std::int64_t last_cut_ = 0;
};

base::Result<std::vector<FactAnswer>> EmbeddedStore::SumFacts(
    std::span<const query::FactQuery> queries, Deadline deadline) {
  return FactReader(*this, queries, deadline).Read();
}

}  // namespace sightline::store::embedded
