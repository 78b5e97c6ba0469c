// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_scan.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/sketch.h"
#include "store/embedded/fact_groups.h"
#include "store/embedded/fact_tables.h"

// A statement reads
//
//   SELECT grouping(...), part, keys and times of all queries, sums
//   FROM (SELECT 0 AS part, ... FROM day_1.facts WHERE ... UNION ALL SELECT 1 AS part, ...)
//   GROUP BY GROUPING SETS ((part, keys and time of the first query), ...)
//
// so that each fact is read once. Numbers are written into the statement: with parameters of types
// that are not known it is planned twice. Texts from outside are looked up before and become
// numbers.

namespace sightline::store::embedded {
namespace {

using query::FactKey;

// By place in the result, after the columns that make groups.
constexpr std::array<std::pair<std::string_view, std::int64_t query::FactSums::*>, 10> kSums = {{
    {"sign", &query::FactSums::count},
    {"failed", &query::FactSums::failed},
    {"model_calls", &query::FactSums::model_calls},
    {"unpriced_calls", &query::FactSums::unpriced_calls},
    {"input_tokens", &query::FactSums::input_tokens},
    {"cache_read_tokens", &query::FactSums::cache_read_tokens},
    {"cache_write_tokens", &query::FactSums::cache_write_tokens},
    {"output_tokens", &query::FactSums::output_tokens},
    {"reasoning_tokens", &query::FactSums::reasoning_tokens},
    {"cost_picodollars", &query::FactSums::cost_picodollars},
}};

// query::TimeOf, in SQL.
std::string TimeExpression(std::int64_t bucket_ns, std::int64_t offset_ns) {
  const std::string since =
      fmt::format("(greatest(least(start_ns, {0}), -{0}) - ({1}))", query::kMostTimeNs, offset_ns);
  return fmt::format("({0} - (({0} % {1}) + {1}) % {1} + ({2}))", since, bucket_ns, offset_ns);
}

// A sum as DuckDB has it; saturates as sums in memory do.
std::int64_t Clamped(duckdb_hugeint sum) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (sum.upper == 0) {
    return sum.lower > static_cast<std::uint64_t>(kMost) ? kMost
                                                         : static_cast<std::int64_t>(sum.lower);
  }
  if (sum.upper == -1) {
    const auto low = static_cast<std::int64_t>(sum.lower);
    return low >= 0 ? -kMost : std::max(low, -kMost);
  }
  return sum.upper > 0 ? kMost : -kMost;
}

// Grouping sets times spans that one statement may have. DuckDB holds some 4 MiB of hash tables for
// each of them until the statement ends.
constexpr std::size_t kMostTables = 6;

// What is large, in SQL; see query::IsLarger.
std::string_view SizeOf(query::FactOrder order) {
  switch (order) {
    case query::FactOrder::kCost:
      return "sum(cost_picodollars)";
    case query::FactOrder::kNewest:
      return "max(start_ns)";
    case query::FactOrder::kCount:
      break;
  }
  return "sum(sign)";
}

// `keys` with a comma before each.
std::string LimitOf(const query::FactQuery& query, std::string_view keys) {
  return query.largest == 0 ? ""
                            : fmt::format(" ORDER BY {} DESC{} LIMIT {}", SizeOf(query.largest_by),
                                          keys, query.largest);
}

// What makes the groups of a query, as places among the columns of a statement.
struct GroupingSet {
  std::vector<FactKey> by;
  std::int64_t bucket_ns = 0;
  std::int64_t bucket_offset_ns = 0;
  bool is_latency = false;

  friend bool operator==(const GroupingSet&, const GroupingSet&) = default;
};

// Queries by the same keys share a set, whatever their order.
GroupingSet SetOf(const query::FactQuery& query, bool is_latency) {
  GroupingSet set{.by = query.by,
                  .bucket_ns = query.bucket_ns,
                  .bucket_offset_ns = query.bucket_ns == 0 ? 0 : query.bucket_offset_ns,
                  .is_latency = is_latency};
  std::sort(set.by.begin(), set.by.end());
  set.by.erase(std::unique(set.by.begin(), set.by.end()), set.by.end());
  return set;
}

}  // namespace

// Tasks whose facts are found by the same conditions.
struct FactScan::Scan {
  const query::FactQuery* query = nullptr;  // Whose filters these are.
  std::vector<FactSpan> spans;
  std::vector<FactTask*> tasks;
  std::vector<std::size_t> span_of;  // By task.
  // By span: the conditions of the filters; empty when nothing can match.
  std::vector<std::optional<std::string>> filters;

  std::vector<GroupingSet> sets;
  std::vector<std::string> columns;    // That make groups, each once.
  std::vector<std::uint64_t> set_ids;  // What grouping() says, by set.

  // Tasks by set and span, and in each where the group of some numbers is.
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> readers;
  std::vector<std::unordered_map<std::string, std::size_t>> places;

  bool HasFiltersOf(const query::FactQuery& other) const {
    return query->of_runs == other.of_runs && query->equals == other.equals &&
           query->amounts == other.amounts && query->among_runs == other.among_runs &&
           query->among == other.among;
  }

  std::vector<std::string> ColumnsOf(const GroupingSet& set) const {
    std::vector<std::string> names;
    for (const FactKey key : set.by) {
      names.emplace_back(FactColumnOf(key).column);
    }
    if (set.bucket_ns != 0) {
      names.push_back(TimeColumn(set));
    }
    if (set.is_latency) {
      names.emplace_back("duration_bucket");
    }
    return names;
  }

  // Steps of time are told apart by number.
  std::string TimeColumn(const GroupingSet& set) const {
    const auto place = std::find_if(sets.begin(), sets.end(), [&](const GroupingSet& other) {
      return other.bucket_ns == set.bucket_ns && other.bucket_offset_ns == set.bucket_offset_ns;
    });
    return fmt::format("time_{}", place - sets.begin());
  }

  std::size_t PlaceOf(std::string_view column) const {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) -
                                    columns.begin());
  }

  // Whether the statement stays small with the sets and the span of a task.
  bool HasRoomFor(const FactTask& task) const {
    // A limit is one of a whole statement.
    if (query->largest != 0 || task.query->largest != 0) {
      return tasks.empty();
    }
    std::size_t sets_then = sets.size();
    for (const bool is_latency : {false, true}) {
      const bool is_new =
          (!is_latency || task.query->with_latency) &&
          std::find(sets.begin(), sets.end(), SetOf(*task.query, is_latency)) == sets.end();
      sets_then += is_new ? 1U : 0U;
    }
    const bool is_known = std::find(spans.begin(), spans.end(), task.span) != spans.end();
    return sets_then * (spans.size() + (is_known ? 0U : 1U)) <= kMostTables;
  }

  void AddSetsOf(const query::FactQuery& asked) {
    AddSet(SetOf(asked, false));
    if (asked.with_latency) {
      AddSet(SetOf(asked, true));
    }
  }

  void AddSet(const GroupingSet& set) {
    if (std::find(sets.begin(), sets.end(), set) == sets.end()) {
      sets.push_back(set);
    }
  }

  std::size_t NumberOfSet(const GroupingSet& set) const {
    return static_cast<std::size_t>(std::find(sets.begin(), sets.end(), set) - sets.begin());
  }

  void MakeSets();

  void AddReader(std::size_t task, bool is_latency) {
    readers[{NumberOfSet(SetOf(*tasks[task]->query, is_latency)), span_of[task]}].push_back(task);
  }

  std::string Statement() const;
  std::size_t GroupOf(std::size_t task, const Chunk& chunk, std::uint64_t row,
                      std::vector<OpenText>& open_texts);
};

void FactScan::Scan::MakeSets() {
  places.resize(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (const bool is_latency : {false, true}) {
      if (!is_latency || tasks[i]->query->with_latency) {
        AddReader(i, is_latency);
      }
    }
  }
  for (const GroupingSet& set : sets) {
    for (const std::string& name : ColumnsOf(set)) {
      if (PlaceOf(name) == columns.size()) {
        columns.push_back(name);
      }
    }
  }
  for (const GroupingSet& set : sets) {
    std::uint64_t id = 0;
    const std::vector<std::string> own = ColumnsOf(set);
    for (const std::string& column : columns) {
      const bool is_own = std::find(own.begin(), own.end(), column) != own.end();
      id = id * 2 + (is_own ? 0U : 1U);
    }
    set_ids.push_back(id);
  }
}

std::string FactScan::Scan::Statement() const {
  std::string times;
  std::set<std::string> seen;
  for (const GroupingSet& set : sets) {
    if (set.bucket_ns != 0 && seen.insert(TimeColumn(set)).second) {
      times += fmt::format(", {} AS {}", TimeExpression(set.bucket_ns, set.bucket_offset_ns),
                           TimeColumn(set));
    }
  }
  std::string facts;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!filters[i]) {
      continue;
    }
    const FactSpan& span = spans[i];
    facts += facts.empty() ? "" : " UNION ALL ";
    facts += fmt::format("SELECT {} AS part, *{} FROM {}.facts WHERE kind {} {}{}", i, times,
                         span.day->database(), query->of_runs ? "=" : "<>",
                         static_cast<unsigned>(model::Fact::kRun), *filters[i]);
    if (span.first_row > 0) {
      facts += fmt::format(" AND rowid >= {}", span.first_row);
    }
    if (span.start_ns != std::numeric_limits<std::int64_t>::min()) {
      facts += fmt::format(" AND start_ns >= ({})", span.start_ns);
    }
    if (span.end_ns != std::numeric_limits<std::int64_t>::max()) {
      facts += fmt::format(" AND start_ns < ({})", span.end_ns);
    }
  }
  if (facts.empty()) {
    return {};
  }
  std::string groups;
  for (const GroupingSet& set : sets) {
    groups += groups.empty() ? "(part" : "), (part";
    for (const std::string& column : ColumnsOf(set)) {
      groups += ", " + column;
    }
  }
  // The largest are found by their size and counted; summing up all else of so many groups would
  // take several times as long.
  const bool is_whole = query->largest == 0;
  std::string sums;
  for (const auto& [column, field] : kSums) {
    const std::string sum = fmt::format("sum({})", column);
    const bool is_needed = is_whole || column == "sign" || sum == SizeOf(query->largest_by);
    sums += is_needed ? ", " + sum : ", 0::HUGEINT";
  }
  sums += is_whole ? ", sum(sign * (duration_ns / 1e9)), min(start_ns), max(start_ns)"
          : query->largest_by == query::FactOrder::kNewest
              ? ", 0::DOUBLE, max(start_ns), max(start_ns)"
              : ", 0::DOUBLE, 0::BIGINT, 0::BIGINT";
  const std::string list = columns.empty() ? "" : fmt::format(", {}", fmt::join(columns, ", "));
  return fmt::format(
      "SELECT {}, part{}{} FROM ({})"
      " GROUP BY GROUPING SETS ({})){}",
      columns.empty() ? "0::BIGINT" : fmt::format("grouping({})", fmt::join(columns, ", ")), list,
      sums, facts, groups, LimitOf(*query, list));
}

base::Result<void> FactScan::Answer(std::vector<FactTask>& tasks) {
  std::vector<Scan> scans;
  for (FactTask& task : tasks) {
    auto scan = std::find_if(scans.begin(), scans.end(), [&](const Scan& other) {
      return other.HasFiltersOf(*task.query) && other.HasRoomFor(task);
    });
    if (scan == scans.end()) {
      scan = scans.insert(scans.end(), Scan{.query = task.query});
    }
    const auto known = std::find(scan->spans.begin(), scan->spans.end(), task.span);
    scan->span_of.push_back(static_cast<std::size_t>(known - scan->spans.begin()));
    if (known == scan->spans.end()) {
      scan->spans.push_back(task.span);
    }
    scan->tasks.push_back(&task);
    scan->AddSetsOf(*task.query);
  }
  for (Scan& scan : scans) {
    TRY(Run(scan));
  }
  return FillTexts();
}

base::Result<void> FactScan::Run(Scan& scan) {
  scan.MakeSets();
  std::vector<DayPtr> days;
  for (const FactSpan& span : scan.spans) {
    days.push_back(span.day);
  }
  scan.filters = TRY(FactConditions(connection_, *scan.query, days));
  const std::string statement = scan.Statement();
  if (statement.empty()) {
    return {};
  }
  const AmongRuns among = AmongRunsOf(*scan.query);
  QueryResult result = TRY(connection_.Query(among.with + statement, among.params));
  while (const auto chunk = result.Next()) {
    ReadChunk(scan, *chunk);
  }
  return {};
}

// Where the columns that make groups begin in a row of the result.
constexpr std::uint64_t kFirstColumn = 2;

// The place of the group of a row among those of a task.
std::size_t FactScan::Scan::GroupOf(std::size_t task, const Chunk& chunk, std::uint64_t row,
                                    std::vector<OpenText>& open_texts) {
  const query::FactQuery& asked = *tasks[task]->query;
  const GroupingSet set = SetOf(asked, false);
  std::vector<std::uint32_t> numbers;
  for (const FactKey key : asked.by) {
    const FactKeyColumn& column = FactColumnOf(key);
    const std::uint64_t place = kFirstColumn + PlaceOf(column.column);
    numbers.push_back(column.is_text ? chunk.at<std::uint32_t>(place, row)
                                     : chunk.at<std::uint8_t>(place, row));
  }
  const std::int64_t time_ns =
      asked.bucket_ns == 0 ? 0
                           : chunk.at<std::int64_t>(kFirstColumn + PlaceOf(TimeColumn(set)), row);
  std::string name(reinterpret_cast<const char*>(numbers.data()),
                   numbers.size() * sizeof(std::uint32_t));
  name.append(reinterpret_cast<const char*>(&time_ns), sizeof time_ns);
  std::vector<query::FactGroup>& groups = tasks[task]->groups;
  auto known = places[task].find(name);
  const bool is_beyond =
      known == places[task].end() && groups.size() >= FactGroups::kMostGroups && !numbers.empty();
  if (is_beyond) {
    name.assign(reinterpret_cast<const char*>(&time_ns), sizeof time_ns);
    known = places[task].find(name);
  }
  if (known != places[task].end()) {
    return known->second;
  }
  known = places[task].emplace(std::move(name), groups.size()).first;
  query::FactGroup& group = groups.emplace_back();
  group.time_ns = time_ns;
  if (is_beyond) {
    group.keys.assign(numbers.size(), std::string(query::kMoreNames));
    return known->second;
  }
  group.keys.resize(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!FactColumnOf(asked.by[i]).is_text) {
      group.keys[i] = FactNameOf(asked.by[i], static_cast<std::uint8_t>(numbers[i]));
    } else if (numbers[i] != 0) {
      open_texts.push_back(
          {.task = tasks[task], .group = known->second, .key = i, .number = numbers[i]});
    }
  }
  return known->second;
}

void FactScan::ReadChunk(Scan& scan, const Chunk& chunk) {
  const std::uint64_t first_sum = kFirstColumn + scan.columns.size();
  for (std::uint64_t row = 0; row < chunk.size(); ++row) {
    const auto id = static_cast<std::uint64_t>(chunk.at<std::int64_t>(0, row));
    const auto set = static_cast<std::size_t>(
        std::find(scan.set_ids.begin(), scan.set_ids.end(), id) - scan.set_ids.begin());
    const auto span = static_cast<std::size_t>(chunk.at<std::int32_t>(1, row));
    const auto readers = scan.readers.find({set, span});
    if (readers == scan.readers.end()) {
      continue;
    }
    for (const std::size_t task : readers->second) {
      const std::size_t place = scan.GroupOf(task, chunk, row, open_texts_);
      query::FactGroup& group = scan.tasks[task]->groups[place];
      if (scan.sets[set].is_latency) {
        const auto bucket =
            chunk.at<std::uint16_t>(kFirstColumn + scan.PlaceOf("duration_bucket"), row);
        const std::int64_t count = Clamped(chunk.at<duckdb_hugeint>(first_sum, row));
        if (count != 0 && bucket < model::Sketch::kMaxBuckets) {
          group.latency.AddBucket(bucket, count);
        }
        continue;
      }
      query::FactSums sums;
      std::uint64_t column = first_sum;
      for (const auto& [name, field] : kSums) {
        sums.*field = Clamped(chunk.at<duckdb_hugeint>(column++, row));
      }
      sums.duration_seconds = chunk.at<double>(column, row);
      group.sums.Add(sums);
      group.AddTimes(chunk.at<std::int64_t>(column + 1, row),
                     chunk.at<std::int64_t>(column + 2, row));
    }
  }
}

base::Result<void> FactScan::FillTexts() {
  FactTexts texts;
  for (const OpenText& open : open_texts_) {
    texts.Want(open.task->span.day, open.number);
  }
  TRY(texts.Load(connection_));
  for (const OpenText& open : open_texts_) {
    open.task->groups[open.group].keys[open.key] = texts.TextOf(*open.task->span.day, open.number);
  }
  open_texts_.clear();
  return {};
}

}  // namespace sightline::store::embedded
