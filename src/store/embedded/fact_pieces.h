// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/fact_query.h"
#include "store/embedded/day.h"
#include "store/embedded/fact_cache.h"
#include "store/embedded/fact_groups.h"
#include "store/embedded/fact_scan.h"

namespace sightline::store::embedded {

// A day, and what its checkpoint says of its facts.
//
// Thread: value.
struct DayAsOf {
  DayPtr day;
  std::int64_t cut_number = 0;
  TimeRange times;
};

// What days add to the answer of one query, in pieces: whole days, and of a day that the query cuts
// the part between whole hours, are kept from one call to the next; what is left of the first and
// the last hour is read each time. Of a day that grew since, only what is new is read. Whole days
// before the newest are also kept as one sum.
//
// Thread: confined. The query must outlive it.
class FactPieces {
 public:
  // `days` oldest first. Without a cache every day that may have facts of the query is read, with
  // times that its checkpoint may not know yet.
  FactPieces(const query::FactQuery& query, std::span<const DayAsOf> days, FactCache* cache);

  // What is to be read.
  void AppendTasks(std::vector<FactTask>& tasks) const;

  // Takes the answers of what AppendTasks asked, from `task` on, and keeps them; `rows` is how many
  // facts each day had. Returns the first task that is not of these.
  base::Result<std::vector<FactTask>::iterator> TakeAnswers(
      std::vector<FactTask>::iterator task, const std::map<std::int32_t, std::int64_t>& rows);

  base::Result<void> AddTo(FactGroups& answer) const;

 private:
  struct Piece {
    FactSpan span;
    std::string key;  // Under which it is kept; "" when it is not.
    std::int64_t cut_number = 0;
    bool is_settled = false;     // One of the whole days before the newest.
    FactCache::EntryPtr kept;    // What was there before, of an older cut.
    FactCache::EntryPtr answer;  // Null until it is read.
  };

  void AddPieces(const DayAsOf& as_of, bool is_newest);
  void AddPiece(const DayAsOf& as_of, std::int64_t start_ns, std::int64_t end_ns, bool is_kept);
  void FindSettled();

  const query::FactQuery& query_;
  FactCache* const cache_;
  const std::string name_;  // Of the query, apart from its times.
  std::vector<Piece> pieces_;
  std::string settled_name_;     // Of all settled pieces together; "" when there are few.
  FactCache::EntryPtr settled_;  // Their sum; null until it is made.
};

}  // namespace sightline::store::embedded
