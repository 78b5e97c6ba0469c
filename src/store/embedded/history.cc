// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/rollup.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/reading.h"

// What a start reads: sums of days, and which runs went on.

namespace sightline::store::embedded {
namespace {

base::Result<void> ReadWorkflows(Connection& connection, const Day& day, DaySums& sums) {
  QueryResult result = TRY(connection.Query(fmt::format(
      "SELECT workflow_id, sum(completed)::BIGINT, sum(failed)::BIGINT, sum(cancelled)::BIGINT, "
      "sum(abandoned)::BIGINT, sum(completed_seconds), max(last_received_ns) FROM {}.workflows "
      "GROUP BY workflow_id",
      day.database())));
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const auto number = [&](std::uint64_t column) {
        return chunk->at<std::int64_t>(column, row);
      };
      sums.workflows.push_back({.workflow_id = std::string(chunk->text(0, row)),
                                .completed = number(1),
                                .failed = number(2),
                                .cancelled = number(3),
                                .abandoned = number(4),
                                .completed_seconds = chunk->at<double>(5, row),
                                .last_received_ns = number(6)});
    }
  }
  return {};
}

base::Result<void> ReadAgents(Connection& connection, const Day& day, DaySums& sums) {
  QueryResult result = TRY(connection.Query(fmt::format(
      "SELECT name, max(last_received_ns) FROM {}.agents GROUP BY name", day.database())));
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      sums.agents.push_back({.name = std::string(chunk->text(0, row)),
                             .last_received_ns = chunk->at<std::int64_t>(1, row)});
    }
  }
  return {};
}

base::Result<void> ReadRollups(Connection& connection, const Day& day, std::int64_t first_minute,
                               DaySums& sums) {
  QueryResult result = TRY(
      connection.Query(fmt::format("SELECT * FROM {}.rollups WHERE minute >= ?", day.database()),
                       {Param::Integer(first_minute)}));
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      model::RollupEntry entry;
      entry.minute = chunk->at<std::int64_t>(0, row);
      entry.key = {.workflow = std::string(chunk->text(1, row)),
                   .agent = std::string(chunk->text(2, row)),
                   .model = std::string(chunk->text(3, row)),
                   .service = std::string(chunk->text(4, row))};
      std::uint64_t column = 5;
      for (const model::RollupCountColumn& count : model::kRollupCountColumns) {
        entry.counts.*count.field = chunk->at<std::int64_t>(column++, row);
      }
      const auto steps = model::Sketch::Parse(chunk->text(column, row));
      const auto runs = model::Sketch::Parse(chunk->text(column + 1, row));
      if (!steps || !runs) {
        return base::Error(base::Code::kDataLoss, "a rollup is damaged");
      }
      entry.step_latency = *steps;
      entry.run_latency = *runs;
      sums.rollups.push_back(std::move(entry));
    }
  }
  return {};
}

using Positions = std::unordered_map<model::TraceId, std::uint64_t, model::TraceIdHasher>;

void Raise(Positions& positions, const model::TraceId& id, std::uint64_t position) {
  std::uint64_t& known = positions[id];
  known = std::max(known, position);
}

}  // namespace

base::Result<DaySums> EmbeddedStore::SumsOf(const Day& day, std::int64_t first_minute) {
  constexpr std::chrono::minutes kPatience{5};
  const auto reading = TRY(OpenReading(std::chrono::steady_clock::now() + kPatience));
  DaySums sums{.day = day.number(), .workflows = {}, .agents = {}, .rollups = {}};
  TRY(ReadWorkflows(reading->connection(), day, sums));
  TRY(ReadAgents(reading->connection(), day, sums));
  TRY(ReadRollups(reading->connection(), day, first_minute, sums));
  return sums;
}

// A run goes on when the newest of its rows are in no version of it. Both are looked for from the
// position on before which no open run was heard of last.
base::Result<std::vector<OpenRun>> EmbeddedStore::OpenRuns(Deadline deadline) {
  const std::vector<DayPtr> days = Days();
  std::uint64_t newest = 0;
  std::uint64_t open_position = 0;
  for (const DayPtr& day : days) {
    const Checkpoint checkpoint = day->checkpoint();
    if (checkpoint.position >= newest) {
      newest = checkpoint.position;
      open_position = std::max(open_position, checkpoint.open_position);
    }
  }
  Positions rows;
  Positions settled;
  const auto reading = TRY(OpenReading(deadline));
  for (const DayPtr& day : days) {
    if (day->checkpoint().position < open_position) {
      continue;
    }
    day->traces().ForEachSince(open_position, [&](const TracePlace& place) {
      Raise(rows, place.trace_id, place.position);
    });
    QueryResult result = TRY(reading->connection().Query(
        fmt::format("SELECT trace_id, position FROM {}.runs WHERE position >= ?", day->database()),
        {Param::Integer(static_cast<std::int64_t>(open_position))}));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        model::TraceId id;
        FromUhugeint(chunk->at<duckdb_uhugeint>(0, row), reinterpret_cast<char*>(id.bytes.data()));
        Raise(settled, id, static_cast<std::uint64_t>(chunk->at<std::int64_t>(1, row)));
      }
    }
  }
  std::vector<OpenRun> open;
  for (const auto& [id, position] : rows) {
    const auto found = settled.find(id);
    const std::uint64_t settled_position = found == settled.end() ? 0 : found->second;
    if (position > settled_position) {
      open.push_back(
          {.trace_id = id, .last_position = position, .settled_position = settled_position});
    }
  }
  for (OpenRun& run : open) {
    if (run.settled_position != 0) {
      continue;
    }
    // Rows from before may have settled long ago.
    for (const DayPtr& day : days) {
      const std::vector<TracePlace> places = day->traces().Find(run.trace_id);
      const bool is_older = std::any_of(places.begin(), places.end(), [&](const TracePlace& place) {
        return place.position < open_position;
      });
      if (!is_older) {
        continue;
      }
      const auto position = TRY(reading->connection().QueryIntegers(
          fmt::format("SELECT max(position) FROM {}.runs WHERE trace_id = ?", day->database()),
          {Param::Id(run.trace_id.view())}));
      run.settled_position =
          std::max(run.settled_position, static_cast<std::uint64_t>(position[0]));
    }
  }
  return open;
}

}  // namespace sightline::store::embedded
