// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/fact_table.h"
#include "query/fact_query.h"

namespace sightline::store::embedded {

// The sums of one query while they are gathered, from facts in memory and from sums of days. Beyond
// `most` groups, what has other keys is added up as query::kMoreNames, by time alone.
//
// Thread: confined. `query` must outlive it. Errors of all: kInvalidArgument when the answer has
// too many steps of time.
class FactGroups {
 public:
  static constexpr std::size_t kMostGroups = 200'000;

  explicit FactGroups(const query::FactQuery& query, std::size_t most = kMostGroups)
      : query_(query), most_(most) {}

  const query::FactQuery& query() const { return query_; }

  void Clear();

  base::Result<void> AddTable(const model::FactTable& table);

  // Adds groups whose keys are those of the query.
  base::Result<void> Add(std::span<const query::FactGroup> groups);

  // All groups in no order, those that cancel out to nothing as well; they are gone from here.
  std::vector<query::FactGroup> TakeAll();

  // The groups with anything in them, by keys and time; they are gone from here. What has several
  // values of a key is in the group of each.
  base::Result<std::vector<query::FactGroup>> Take();

 private:
  base::Result<query::FactGroup*> GroupOf(std::span<const std::string_view> keys,
                                          std::int64_t time_ns);

  // Replaces groups of sets by groups of what they hold.
  base::Result<void> SplitSets();
  base::Result<void> AddWithout(query::FactGroup& group, std::size_t key);

  const query::FactQuery& query_;
  const std::size_t most_;
  std::vector<query::FactGroup> groups_;
  // By keys and time, as one text.
  std::unordered_map<std::string, std::size_t> places_;
  std::string place_;  // For GroupOf, to reuse its memory; likewise.
  std::vector<std::string_view> keys_;
};

}  // namespace sightline::store::embedded
