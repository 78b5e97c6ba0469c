// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "model/rope.h"
#include "store/embedded/day_file.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/store_directory.h"

// `sightline check` for day files: what one part of a file says about another must be true.

namespace sightline::store::embedded {
namespace {

struct Invariant {
  std::string_view sentence;
  std::string_view sql;  // {0} is the database; gives the number of violations.
};

constexpr Invariant kInvariants[] = {
    {"span sequence numbers are not contiguous",
     "SELECT abs(count(*) - (coalesce(max(seq), -1) + 1))::BIGINT FROM {0}.spans WHERE seq >= 0"},
    {"log sequence numbers are not contiguous",
     "SELECT abs(count(*) - (coalesce(max(seq), -1) + 1))::BIGINT FROM {0}.logs WHERE seq >= 0"},
    {"span sequence numbers repeat",
     "SELECT (count(*) - count(DISTINCT seq))::BIGINT FROM {0}.spans WHERE seq >= 0"},
    {"trace parts and spans disagree about the spans of a trace",
     "SELECT count(*)::BIGINT FROM (SELECT trace_id, count(*) AS n FROM {0}.spans WHERE seq "
     ">= 0 GROUP BY 1) s FULL JOIN (SELECT trace_id, sum(span_count) AS n FROM {0}.trace_parts "
     "WHERE span_count > 0 "
     "GROUP BY 1) p USING (trace_id) WHERE s.n IS DISTINCT FROM p.n"},
    {"trace parts point at rows of another trace",
     "SELECT count(*)::BIGINT FROM {0}.trace_parts p JOIN {0}.spans s ON s.seq = p.first_row WHERE "
     "p.span_count > 0 AND s.trace_id <> p.trace_id"},
    {"log parts point at rows of another trace",
     "SELECT count(*)::BIGINT FROM {0}.log_parts p JOIN {0}.logs l ON l.seq = p.first_row WHERE "
     "l.trace_id <> p.trace_id"},
    {"pending parts point at rows of another trace",
     "SELECT count(*)::BIGINT FROM {0}.pending_parts p JOIN {0}.pending_spans s ON s.seq = "
     "p.first_row WHERE s.trace_id <> p.trace_id"},
    {"pending parts and pending spans disagree about a trace",
     "SELECT count(*)::BIGINT FROM (SELECT trace_id, count(*) AS n FROM {0}.pending_spans WHERE "
     "seq >= 0 GROUP BY 1) s FULL JOIN (SELECT trace_id, sum(row_count) AS n FROM "
     "{0}.pending_parts GROUP BY 1) p "
     "USING (trace_id) WHERE s.n IS DISTINCT FROM p.n"},
    {"seals do not add up to the spans",
     "SELECT abs((SELECT count(*) FROM {0}.spans WHERE seq >= 0) - (SELECT coalesce(sum(spans), 0) "
     "FROM "
     "{0}.seals))::BIGINT"},
    {"seal positions repeat",
     "SELECT (count(*) - count(DISTINCT position))::BIGINT FROM {0}.seals"},
    {"body ids repeat",
     "SELECT (count(*) - count(DISTINCT id))::BIGINT FROM {0}.bodies WHERE id > 0"},
    {"bodies that rows refer to are missing",
     "SELECT count(*)::BIGINT FROM (SELECT DISTINCT body_id FROM {0}.body_uses) u ANTI JOIN "
     "{0}.bodies b ON b.id = u.body_id"},
};

// Every body id inside the content column is listed in body_uses and stored.
base::Result<std::uint64_t> CountDanglingBodies(Connection& connection, const DayFile& file) {
  std::unordered_set<std::uint64_t> stored;
  {
    QueryResult ids = TRY(connection.Query(fmt::format("SELECT id FROM {}.bodies", file.database)));
    while (const auto chunk = ids.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        stored.insert(static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row)));
      }
    }
  }
  std::uint64_t dangling = 0;
  for (const char* table : {"spans", "pending_spans", "logs"}) {
    QueryResult rows = TRY(connection.Query(fmt::format(
        "SELECT content FROM {}.{} WHERE octet_length(content) > 0", file.database, table)));
    while (const auto chunk = rows.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        const std::string_view content = chunk->text(0, row);
        dangling += model::ParseRopes(content).has_value() ? 0U : 1U;
        model::ForEachBodyId(content,
                             [&](std::uint64_t id) { dangling += stored.contains(id) ? 0U : 1U; });
      }
    }
  }
  return dangling;
}

base::Result<void> CheckDay(Connection& connection, const DayFile& file, StoreReport& report) {
  const std::string name = file.path.filename().string();
  for (const Invariant& invariant : kInvariants) {
    const auto violations =
        TRY(connection.QueryIntegers(fmt::format(fmt::runtime(invariant.sql), file.database)));
    if (violations[0] != 0) {
      report.problems.push_back(
          fmt::format("{}: {} ({})", name, invariant.sentence, violations[0]));
    }
  }
  const std::uint64_t dangling = TRY(CountDanglingBodies(connection, file));
  if (dangling != 0) {
    report.problems.push_back(
        fmt::format("{}: references to message bodies are broken ({})", name, dangling));
  }
  const auto counts = TRY(connection.QueryIntegers(
      fmt::format("SELECT (SELECT count(*) FROM {0}.spans WHERE seq >= 0)::BIGINT, (SELECT "
                  "count(*) FROM {0}.logs WHERE seq >= 0)::BIGINT, (SELECT count(*) FROM "
                  "{0}.bodies WHERE id > 0)::BIGINT",
                  file.database)));
  report.spans += static_cast<std::uint64_t>(counts[0]);
  report.logs += static_cast<std::uint64_t>(counts[1]);
  report.bodies += static_cast<std::uint64_t>(counts[2]);
  return {};
}

}  // namespace

base::Result<StoreReport> CheckStore(const std::filesystem::path& directory) {
  TRY(CheckFormat(directory));
  StoreReport report{.sealed_position = TRY(ReadDeletedPosition(directory))};
  const auto database = TRY(Database::Open({.memory_bytes = std::uint64_t{1} << 30U}));
  const auto connection = TRY(database->Connect());
  for (const std::int32_t day : ListDays(directory)) {
    ++report.day_files;
    const auto file = AttachDay(*connection, directory, day);
    if (!file.has_value()) {
      report.problems.push_back(file.error().message());
      continue;
    }
    report.sealed_position = std::max(report.sealed_position, file->sealed_position);
    if (auto checked = CheckDay(*connection, *file, report); !checked.has_value()) {
      report.problems.push_back(
          fmt::format("{}: {}", file->path.filename().string(), checked.error().message()));
    }
  }
  return report;
}

}  // namespace sightline::store::embedded
