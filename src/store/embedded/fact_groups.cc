// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_groups.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/kinds.h"
#include "model/run_status.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;

// Groups that one answer may have; more would be no answer.
constexpr std::size_t kMaxGroups = 200'000;

struct KeyColumn {
  FactKey key;
  std::string_view column;
  bool is_text;  // A number in the day's texts.
};

constexpr std::array<KeyColumn, query::kFactKeys> kKeyColumns = {{
    {FactKey::kWorkflow, "workflow", true},
    {FactKey::kAgent, "agent", true},
    {FactKey::kName, "name", true},
    {FactKey::kModel, "model", true},
    {FactKey::kService, "service", true},
    {FactKey::kErrorType, "error_type", true},
    {FactKey::kSession, "session", true},
    {FactKey::kUser, "user_id", true},
    {FactKey::kKind, "kind", false},
    {FactKey::kStatus, "status", false},
}};

const KeyColumn& ColumnOf(FactKey key) {
  return kKeyColumns[static_cast<std::size_t>(key)];
}

// The number of a name of a kind or status; empty when there is none.
std::optional<std::int64_t> NumberOf(FactKey key, const std::string& name) {
  if (key == FactKey::kKind) {
    const auto kind = model::ParseSpanKind(name);
    return kind ? std::optional<std::int64_t>(static_cast<std::int64_t>(*kind)) : std::nullopt;
  }
  const auto status = model::ParseRunStatus(name);
  return status ? std::optional<std::int64_t>(static_cast<std::int64_t>(*status)) : std::nullopt;
}

std::string NameOf(FactKey key, std::uint8_t number) {
  if (key == FactKey::kStatus) {
    return std::string(model::RunStatusName(static_cast<model::RunStatus>(number)));
  }
  return std::string(number == model::Fact::kRun
                         ? "run"
                         : model::SpanKindName(static_cast<model::SpanKind>(number)));
}

}  // namespace

base::Result<void> FactGroups::AddTable(const model::FactTable& table) {
  for (const model::Fact& fact : table.facts) {
    if (!query::Matches(query_, table, fact)) {
      continue;
    }
    std::vector<std::string> keys;
    keys.reserve(query_.by.size());
    for (const FactKey key : query_.by) {
      keys.emplace_back(query::KeyOf(table, fact, key));
    }
    query::FactGroup& group = *TRY(GroupOf(std::move(keys), query::TimeOf(query_, fact.start_ns)));
    group.sums.Add(fact);
    group.AddTimes(fact.start_ns, fact.start_ns);
    if (query_.with_latency) {
      group.latency.AddBucket(model::Sketch::BucketOf(fact.duration_ns), fact.sign);
    }
  }
  return {};
}

base::Result<query::FactGroup*> FactGroups::GroupOf(std::vector<std::string> keys,
                                                    std::int64_t time_ns) {
  const auto [place, is_new] = groups_.try_emplace({std::move(keys), time_ns});
  if (is_new && groups_.size() > kMaxGroups) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("more than {} groups: ask for a shorter time or fewer keys", kMaxGroups));
  }
  return &place->second;
}

Conditions FactGroups::ConditionsOf(const Day& day) const {
  Conditions conditions;
  conditions.Add(fmt::format("kind {} {}", query_.of_runs ? "=" : "<>",
                             static_cast<unsigned>(model::Fact::kRun)));
  conditions.AddNumber("start_ns >= ?", query_.start_time_ns);
  conditions.AddNumber("start_ns < ?", query_.end_time_ns);
  for (const KeyColumn& column : kKeyColumns) {
    const std::optional<std::string>& wanted = query_.filter(column.key);
    if (!wanted) {
      continue;
    }
    if (!column.is_text) {
      // 254 is no kind and no status.
      conditions.AddNumber(fmt::format("{} = ?", column.column),
                           NumberOf(column.key, *wanted).value_or(254));
    } else if (wanted->empty()) {
      conditions.Add(fmt::format("{} = 0", column.column));
    } else {
      conditions.AddText(fmt::format("{} = (SELECT min(id) FROM {}.texts WHERE text = ?)",
                                     column.column, day.database()),
                         *wanted);
    }
  }
  return conditions;
}

// The columns that make a group: keys, then time.
std::string FactGroups::GroupColumns() const {
  std::string columns;
  for (const FactKey key : query_.by) {
    columns += fmt::format("{}, ", ColumnOf(key).column);
  }
  if (query_.bucket_ns == 0) {
    return columns + "0::BIGINT AS bucket_time";
  }
  // query::TimeOf, in SQL.
  const std::string since = fmt::format("(greatest(least(start_ns, {0}), -{0}) - {1})",
                                        query::kMostTimeNs, query_.bucket_offset_ns);
  return columns + fmt::format("({0} - (({0} % {1}) + {1}) % {1} + {2}) AS bucket_time", since,
                               query_.bucket_ns, query_.bucket_offset_ns);
}

base::Result<void> FactGroups::AddDay(Connection& connection, const Day& day) {
  const Conditions conditions = ConditionsOf(day);
  const std::size_t keys = query_.by.size();
  std::string sums;
  for (const std::string_view column :
       {"sign", "failed", "model_calls", "unpriced_calls", "input_tokens", "cache_read_tokens",
        "cache_write_tokens", "output_tokens", "reasoning_tokens", "cost_picodollars"}) {
    // Saturates as sums in memory do.
    sums += fmt::format(", greatest(least(sum({}), {}), -{})::BIGINT", column,
                        std::numeric_limits<std::int64_t>::max(),
                        std::numeric_limits<std::int64_t>::max());
  }
  QueryResult result = TRY(connection.Query(
      fmt::format("SELECT {}{}, sum(sign * (duration_ns / 1e9)), min(start_ns), max(start_ns) "
                  "FROM {}.facts{} GROUP BY ALL "
                  "HAVING count(*) > 0",
                  GroupColumns(), sums, day.database(), conditions.Where()),
      conditions.params()));
  TextCache texts;
  while (const auto chunk = result.Next()) {
    TRY(LoadTexts(connection, day, *chunk, texts));
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      query::FactGroup& group =
          *TRY(GroupOf(KeysOf(*chunk, row, texts), chunk->at<std::int64_t>(keys, row)));
      query::FactSums part;
      std::size_t column = keys + 1;
      for (std::int64_t query::FactSums::* field :
           {&query::FactSums::count, &query::FactSums::failed, &query::FactSums::model_calls,
            &query::FactSums::unpriced_calls, &query::FactSums::input_tokens,
            &query::FactSums::cache_read_tokens, &query::FactSums::cache_write_tokens,
            &query::FactSums::output_tokens, &query::FactSums::reasoning_tokens,
            &query::FactSums::cost_picodollars}) {
        part.*field = chunk->at<std::int64_t>(column++, row);
      }
      part.duration_seconds = chunk->at<double>(column, row);
      group.sums.Add(part);
      group.AddTimes(chunk->at<std::int64_t>(column + 1, row),
                     chunk->at<std::int64_t>(column + 2, row));
    }
  }
  return query_.with_latency ? AddLatency(connection, day, conditions, texts)
                             : base::Result<void>();
}

base::Result<void> FactGroups::AddLatency(Connection& connection, const Day& day,
                                          const Conditions& conditions, TextCache& texts) {
  const std::size_t keys = query_.by.size();
  QueryResult result = TRY(connection.Query(
      fmt::format("SELECT {}, duration_bucket, sum(sign::BIGINT)::BIGINT FROM {}.facts{} "
                  "GROUP BY ALL",
                  GroupColumns(), day.database(), conditions.Where()),
      conditions.params()));
  while (const auto chunk = result.Next()) {
    TRY(LoadTexts(connection, day, *chunk, texts));
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      query::FactGroup& group =
          *TRY(GroupOf(KeysOf(*chunk, row, texts), chunk->at<std::int64_t>(keys, row)));
      const auto bucket = chunk->at<std::uint16_t>(keys + 1, row);
      const auto count = chunk->at<std::int64_t>(keys + 2, row);
      if (count != 0 && bucket < model::Sketch::kMaxBuckets) {
        group.latency.AddBucket(bucket, count);
      }
    }
  }
  return {};
}

std::vector<std::string> FactGroups::KeysOf(const Chunk& chunk, std::uint64_t row,
                                            const TextCache& texts) const {
  std::vector<std::string> keys;
  keys.reserve(query_.by.size());
  for (std::size_t i = 0; i < query_.by.size(); ++i) {
    if (!ColumnOf(query_.by[i]).is_text) {
      keys.push_back(NameOf(query_.by[i], chunk.at<std::uint8_t>(i, row)));
      continue;
    }
    const auto text = texts.find(chunk.at<std::uint32_t>(i, row));
    keys.push_back(text == texts.end() ? std::string() : text->second);
  }
  return keys;
}

// The texts of the numbers in a chunk that are not known yet.
base::Result<void> FactGroups::LoadTexts(Connection& connection, const Day& day, const Chunk& chunk,
                                         TextCache& texts) {
  std::vector<std::uint32_t> missing;
  for (std::size_t i = 0; i < query_.by.size(); ++i) {
    for (std::uint64_t row = 0; ColumnOf(query_.by[i]).is_text && row < chunk.size(); ++row) {
      const auto number = chunk.at<std::uint32_t>(i, row);
      if (number != 0 && texts.try_emplace(number).second) {
        missing.push_back(number);
      }
    }
  }
  if (missing.empty()) {
    return {};
  }
  Conditions conditions;
  conditions.AddAnyOf("id", missing, "?", [](std::uint32_t id) { return Param::Integer(id); });
  QueryResult result = TRY(connection.Query(
      fmt::format("SELECT id, text FROM {}.texts{}", day.database(), conditions.Where()),
      conditions.params()));
  while (const auto found = result.Next()) {
    for (std::uint64_t row = 0; row < found->size(); ++row) {
      texts[found->at<std::uint32_t>(0, row)] = std::string(found->text(1, row));
    }
  }
  return {};
}

std::vector<query::FactGroup> FactGroups::Take() {
  std::vector<query::FactGroup> groups;
  groups.reserve(groups_.size());
  for (auto& [key, group] : groups_) {
    if (group.sums.count <= 0) {
      continue;  // What was there has been replaced.
    }
    group.keys = key.first;
    group.time_ns = key.second;
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace sightline::store::embedded
