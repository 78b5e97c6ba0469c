// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/schema.h"

#include <cstddef>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "model/rollup.h"
#include "store/embedded/rows.h"
#include "store/embedded/run_row.h"

namespace sightline::store::embedded {
namespace {

using Columns = std::vector<ColumnInfo>;

constexpr auto kBig = DUCKDB_TYPE_BIGINT;
constexpr auto kText = DUCKDB_TYPE_VARCHAR;

std::string_view TypeName(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_UHUGEINT:
      return "UHUGEINT";
    case DUCKDB_TYPE_UBIGINT:
      return "UBIGINT";
    case DUCKDB_TYPE_BIGINT:
      return "BIGINT";
    case DUCKDB_TYPE_UINTEGER:
      return "UINTEGER";
    case DUCKDB_TYPE_USMALLINT:
      return "USMALLINT";
    case DUCKDB_TYPE_UTINYINT:
      return "UTINYINT";
    case DUCKDB_TYPE_TINYINT:
      return "TINYINT";
    case DUCKDB_TYPE_BOOLEAN:
      return "BOOLEAN";
    case DUCKDB_TYPE_DOUBLE:
      return "DOUBLE";
    case DUCKDB_TYPE_BLOB:
      return "BLOB";
    default:
      return "VARCHAR";
  }
}

// Texts are the same in many rows. Declared, because letting DuckDB try every method costs more
// than writing.
std::string_view CompressionOf(duckdb_type type) {
  return type == kText ? " USING COMPRESSION dict_fsst" : "";
}

Columns RunTable() {
  Columns columns;
  const std::vector<duckdb_type> types = DuckTypes<RunRow>();
  model::ForEachColumn<RunRow>([&](std::size_t index, const auto& column) {
    columns.push_back({.name = std::string(column.name), .type = types[index]});
  });
  return columns;
}

Columns RollupTable() {
  Columns columns = {{"minute", kBig},
                     {"workflow", kText},
                     {"agent", kText},
                     {"model", kText},
                     {"service", kText}};
  for (const model::RollupCountColumn& count : model::kRollupCountColumns) {
    columns.push_back({.name = std::string(count.name), .type = kBig});
  }
  columns.push_back({.name = "step_latency", .type = DUCKDB_TYPE_BLOB});
  columns.push_back({.name = "run_latency", .type = DUCKDB_TYPE_BLOB});
  return columns;
}

Columns FactTable() {
  Columns columns = {{"start_ns", kBig}, {"duration_ns", kBig}};
  // What is added up is stored times the sign.
  for (const char* name : {"input_tokens", "cache_read_tokens", "cache_write_tokens",
                           "output_tokens", "reasoning_tokens", "cost_picodollars"}) {
    columns.push_back({.name = name, .type = kBig});
  }
  for (const char* name :
       {"workflow", "agent", "name", "model", "service", "error_type", "session", "user_id"}) {
    columns.push_back({.name = name, .type = DUCKDB_TYPE_UINTEGER});
  }
  columns.push_back({.name = "duration_bucket", .type = DUCKDB_TYPE_USMALLINT});
  for (const char* name : {"kind", "status"}) {
    columns.push_back({.name = name, .type = DUCKDB_TYPE_UTINYINT});
  }
  for (const char* name : {"model_calls", "unpriced_calls"}) {
    columns.push_back({.name = name, .type = kBig});
  }
  for (const char* name : {"sign", "failed"}) {
    columns.push_back({.name = name, .type = DUCKDB_TYPE_TINYINT});
  }
  columns.push_back({.name = "trace_id", .type = DUCKDB_TYPE_UHUGEINT});
  columns.push_back({.name = "span_id", .type = DUCKDB_TYPE_UBIGINT});
  for (const char* name : {"version", "environment", "tags", "prompts"}) {
    columns.push_back({.name = name, .type = DUCKDB_TYPE_UINTEGER});
  }
  columns.push_back({.name = "first_token_ns", .type = kBig});  // -1 when it is not known.
  return columns;
}

const std::map<std::string, Columns, std::less<>>& Tables() {
  static const std::map<std::string, Columns, std::less<>> kTables = {
      {"checkpoints",
       {{"position", kBig},
        {"sealed_ns", kBig},
        {"frames_length", kBig},
        {"open_position", kBig},
        {"next_body_id", kBig},
        {"spans", kBig},
        {"logs", kBig},
        {"points", kBig},
        {"cut_number", kBig}}},
      {"runs", RunTable()},
      {"rollups", RollupTable()},
      {"workflows",
       {{"workflow_id", kText},
        {"completed", kBig},
        {"failed", kBig},
        {"cancelled", kBig},
        {"abandoned", kBig},
        {"completed_seconds", DUCKDB_TYPE_DOUBLE},
        {"last_received_ns", kBig}}},
      {"agents", {{"name", kText}, {"last_received_ns", kBig}}},
      {"body_frames", {{"first_id", kBig}, {"last_id", kBig}, {"frame_offset", kBig}}},
      {"gram_frames", {{"frame_offset", kBig}}},
      {"body_uses", {{"body_id", kBig}, {"trace_id", DUCKDB_TYPE_UHUGEINT}}},
      {"log_frames",
       {{"frame_offset", kBig}, {"min_time_ns", kBig}, {"max_time_ns", kBig}, {"log_rows", kBig}}},
      {"series",
       {{"series", DUCKDB_TYPE_UBIGINT},
        {"name", kText},
        {"unit", kText},
        {"type", DUCKDB_TYPE_UTINYINT},
        {"temporality", DUCKDB_TYPE_UTINYINT},
        {"is_monotonic", DUCKDB_TYPE_BOOLEAN},
        {"service", kText},
        {"service_instance", kText},
        {"scope", kText},
        {"attributes", kText},
        {"resource_attributes", kText}}},
      {"points",
       {{"series", DUCKDB_TYPE_UBIGINT},
        {"time_ns", kBig},
        {"start_ns", kBig},
        {"value", DUCKDB_TYPE_DOUBLE},
        {"count", kBig},
        {"buckets", kText}}},
      {"corrections",
       {{"trace_id", DUCKDB_TYPE_UHUGEINT},
        {"span_id", DUCKDB_TYPE_UBIGINT},
        {"position", kBig},
        {"cost_picodollars", kBig},
        {"cost_status", DUCKDB_TYPE_UTINYINT},
        {"price_rule", kText},
        {"old_cost_picodollars", kBig},
        {"old_cost_status", DUCKDB_TYPE_UTINYINT},
        {"old_price_rule", kText},
        {"replaced_ns", kBig},
        {"cut_number", kBig}}},
      {"correction_jobs",
       {{"job", kText}, {"last_trace", DUCKDB_TYPE_UHUGEINT}, {"document", kText}}},
      {"facts", FactTable()},
      {"texts", {{"id", DUCKDB_TYPE_UINTEGER}, {"text", kText}}},
  };
  return kTables;
}

}  // namespace

const std::vector<ColumnInfo>& ColumnsOfTable(std::string_view table) {
  const auto found = Tables().find(table);
  CHECK(found != Tables().end());
  return found->second;
}

std::vector<duckdb_type> TypesOfTable(std::string_view table) {
  std::vector<duckdb_type> types;
  for (const ColumnInfo& column : ColumnsOfTable(table)) {
    types.push_back(column.type);
  }
  return types;
}

std::vector<std::string> TableNames() {
  std::vector<std::string> names;
  for (const auto& [name, columns] : Tables()) {
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> CreateStatements(const std::string& database) {
  std::vector<std::string> statements;
  for (const auto& [table, columns] : Tables()) {
    std::string list;
    for (const ColumnInfo& column : columns) {
      list += fmt::format("{}\"{}\" {}{}", list.empty() ? "" : ", ", column.name,
                          TypeName(column.type), CompressionOf(column.type));
    }
    statements.push_back(fmt::format("CREATE TABLE {}.{} ({})", database, table, list));
  }
  statements.push_back(fmt::format("CREATE TABLE {}.format (version BIGINT)", database));
  statements.push_back(fmt::format("INSERT INTO {}.format VALUES ({})", database, kFormatVersion));
  return statements;
}

std::vector<std::string> UpgradeStatements(const std::string& database, std::int64_t format) {
  std::vector<std::string> statements;
  if (format < 5) {
    for (const char* name : {"version", "environment", "tags", "prompt_versions"}) {
      statements.push_back(
          fmt::format("ALTER TABLE {}.runs ADD COLUMN {} VARCHAR DEFAULT ''", database, name));
    }
    for (const char* name : {"version", "environment", "tags", "prompts"}) {
      statements.push_back(
          fmt::format("ALTER TABLE {}.facts ADD COLUMN {} UINTEGER DEFAULT 0", database, name));
    }
    statements.push_back(
        fmt::format("CREATE TABLE {}.gram_frames (frame_offset BIGINT)", database));
  }
  statements.push_back(
      fmt::format("ALTER TABLE {}.facts ADD COLUMN first_token_ns BIGINT DEFAULT -1", database));
  statements.push_back(fmt::format("UPDATE {}.format SET version = {}", database, kFormatVersion));
  return statements;
}

}  // namespace sightline::store::embedded
