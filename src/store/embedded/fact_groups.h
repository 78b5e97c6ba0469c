// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/fact_table.h"
#include "query/fact_query.h"
#include "store/embedded/conditions.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// The sums of one query while facts are gathered for it, from tables in memory and from days.
//
// Thread: confined. `query` must outlive it. Errors of all: kInvalidArgument when the answer has
// too many groups; those of the connection.
class FactGroups {
 public:
  explicit FactGroups(const query::FactQuery& query) : query_(query) {}

  const query::FactQuery& query() const { return query_; }

  void Clear() { groups_.clear(); }

  base::Result<void> AddTable(const model::FactTable& table);

  // What the day's tables hold, within the transaction that is open.
  base::Result<void> AddDay(Connection& connection, const Day& day);

  // The groups with anything in them, by keys and time; they are gone from here.
  std::vector<query::FactGroup> Take();

 private:
  using Key = std::pair<std::vector<std::string>, std::int64_t>;
  using TextCache = std::map<std::uint32_t, std::string>;  // Of one day.

  base::Result<query::FactGroup*> GroupOf(std::vector<std::string> keys, std::int64_t time_ns);
  Conditions ConditionsOf(const Day& day) const;
  std::string GroupColumns() const;
  base::Result<void> AddLatency(Connection& connection, const Day& day,
                                const Conditions& conditions, TextCache& texts);
  std::vector<std::string> KeysOf(const Chunk& chunk, std::uint64_t row,
                                  const TextCache& texts) const;
  base::Result<void> LoadTexts(Connection& connection, const Day& day, const Chunk& chunk,
                               TextCache& texts);

  const query::FactQuery& query_;
  std::map<Key, query::FactGroup> groups_;
};

}  // namespace sightline::store::embedded
