// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <duckdb.h>

namespace sightline::store::embedded {

// The tables of a day file. Columns come from model/columns.h; the store adds the leading ones.
//
//   spans         seq, received_ns, then the span columns; clustered by trace within a seal
//   pending_spans like spans: started, and not ended when they were sealed
//   logs          seq, received_ns, then the log columns; clustered by trace within a seal
//   metric_points received_ns, then the metric columns
//   bodies        id, hash, bytes: every body that rows of this file refer to
//   body_uses     body_id, trace_id: which traces refer to a body, once per seal
//   trace_parts   one row per trace and seal, see trace_part.h
//   log_parts, pending_parts  trace_id, first_row, row_count: slices of `logs` and `pending_spans`
//                 per trace and seal
//   seals         position, sealed_ns, first_seq, spans: one row per seal; the journal position in
//                 the same transaction as the rows it covers
inline constexpr std::int64_t kFormatVersion = 1;

// Statements that create the tables in the attached database `database`.
std::vector<std::string> CreateStatements(const std::string& database);

// Column types in table order, for appending.
std::vector<duckdb_type> SpanTableTypes();
std::vector<duckdb_type> LogTableTypes();
std::vector<duckdb_type> MetricTableTypes();
std::vector<duckdb_type> PartTableTypes();

}  // namespace sightline::store::embedded
