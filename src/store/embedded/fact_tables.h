// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "query/fact_query.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// What statements over the facts of several days share. A fact names its texts by numbers of its
// day, and each day has numbers of its own.

// A key of facts in their table.
struct FactKeyColumn {
  query::FactKey key;
  std::string_view column;
  bool is_text;  // A number in the day's texts.
};

const FactKeyColumn& FactColumnOf(query::FactKey key);

// The name of a value of a key that is not a text.
std::string FactNameOf(query::FactKey key, std::uint8_t number);

// For each of the days, the conditions of the filters of a query, apart from its times, each after
// " AND "; empty where nothing of the day can match. The day may occur again.
base::Result<std::vector<std::optional<std::string>>> FactConditions(Connection& connection,
                                                                     const query::FactQuery& query,
                                                                     std::span<const DayPtr> days);

// What a statement begins with and takes as first parameters when it has a condition of
// FactConditions for FactQuery::among_runs; empty without one.
struct AmongRuns {
  std::string with;
  std::vector<Param> params;
};

AmongRuns AmongRunsOf(const query::FactQuery& query);

// Looks up texts by number, those of all days in one statement.
//
// Thread: confined.
class FactTexts {
 public:
  // Of what Load looks up. 0 is "".
  void Want(const DayPtr& day, std::uint32_t number);

  base::Result<void> Load(Connection& connection);

  // "" when it is not known.
  std::string_view TextOf(const Day& day, std::uint32_t number) const;

 private:
  struct OfDay {
    DayPtr day;
    std::set<std::uint32_t> wanted;
    std::unordered_map<std::uint32_t, std::string> known;
  };

  std::map<std::int32_t, OfDay> days_;
};

}  // namespace sightline::store::embedded
