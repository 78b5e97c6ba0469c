// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/schema.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

#include "model/columns.h"
#include "store/embedded/rows.h"
#include "store/embedded/trace_part.h"

namespace sightline::store::embedded {
namespace {

// Long and varied texts. Declared, because letting DuckDB try every method costs more than writing.
// Texts of the resource and the scope are long as well, but the same in many rows.
constexpr std::array<std::string_view, 9> kLongTexts = {
    "attributes",     "content", "events", "links",  "error_message",
    "status_message", "body",    "bytes",  "buckets"};

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
    case DUCKDB_TYPE_UTINYINT:
      return "UTINYINT";
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

std::string_view CompressionOf(std::string_view name, duckdb_type type) {
  if (std::find(kLongTexts.begin(), kLongTexts.end(), name) != kLongTexts.end()) {
    return " USING COMPRESSION zstd";
  }
  return type == DUCKDB_TYPE_VARCHAR ? " USING COMPRESSION dict_fsst" : "";
}

template <typename Row>
std::string CreateTable(const std::string& database, std::string_view table,
                        std::string_view leading) {
  std::string sql = fmt::format("CREATE TABLE {}.{} ({}", database, table, leading);
  const std::vector<duckdb_type> types = DuckTypes<Row>();
  model::ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    sql += fmt::format("{}\"{}\" {}{}", index == 0 && leading.empty() ? "" : ", ", column.name,
                       TypeName(types[index]), CompressionOf(column.name, types[index]));
  });
  return sql + ")";
}

template <typename Row>
std::vector<duckdb_type> WithLeading(std::size_t leading) {
  std::vector<duckdb_type> types = DuckTypes<Row>();
  types.insert(types.begin(), leading, DUCKDB_TYPE_BIGINT);
  return types;
}

}  // namespace

std::vector<std::string> CreateStatements(const std::string& database) {
  return {
      CreateTable<model::Span>(database, "spans", "seq BIGINT, received_ns BIGINT"),
      CreateTable<model::Span>(database, "pending_spans", "seq BIGINT, received_ns BIGINT"),
      CreateTable<model::LogRecord>(database, "logs", "seq BIGINT, received_ns BIGINT"),
      CreateTable<model::MetricPoint>(database, "metric_points", "received_ns BIGINT"),
      CreateTable<TracePart>(database, "trace_parts", ""),
      fmt::format("CREATE TABLE {}.bodies (id BIGINT, hash UHUGEINT, bytes VARCHAR USING "
                  "COMPRESSION zstd)",
                  database),
      fmt::format("CREATE TABLE {}.body_uses (body_id BIGINT, trace_id UHUGEINT)", database),
      fmt::format("CREATE TABLE {}.log_parts (trace_id UHUGEINT, first_row BIGINT, row_count "
                  "BIGINT)",
                  database),
      fmt::format("CREATE TABLE {}.pending_parts (trace_id UHUGEINT, first_row BIGINT, row_count "
                  "BIGINT)",
                  database),
      fmt::format("CREATE TABLE {}.seals (position BIGINT, sealed_ns BIGINT, first_seq BIGINT, "
                  "spans BIGINT)",
                  database),
      fmt::format("CREATE TABLE {}.format (version BIGINT)", database),
      fmt::format("INSERT INTO {}.format VALUES ({})", database, kFormatVersion),
  };
}

std::vector<duckdb_type> SpanTableTypes() {
  return WithLeading<model::Span>(2);
}

std::vector<duckdb_type> LogTableTypes() {
  return WithLeading<model::LogRecord>(2);
}

std::vector<duckdb_type> MetricTableTypes() {
  return WithLeading<model::MetricPoint>(1);
}

std::vector<duckdb_type> PartTableTypes() {
  return DuckTypes<TracePart>();
}

}  // namespace sightline::store::embedded
