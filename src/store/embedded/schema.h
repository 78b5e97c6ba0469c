// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <duckdb.h>

namespace sightline::store::embedded {

// The tables of a day's database. What needs whole rows is in the day's frames (frame_file.h); here
// is what is listed, filtered and added up.
//
// checkpoints  what is valid as of a seal: one row each, the newest counts
// runs         runs that settled (run_row.h)
// rollups      what settled runs add to each minute, workflow, agent, model and service
// workflows    what settled runs add to the counts of each workflow
// agents       names of agents and when something of them came last
// body_frames  where bodies are in the frame file, by range of ids
// gram_frames  which frames of the frame file hold grams of bodies (text_grams.h)
// body_uses    which other traces refer to a body
// log_frames   where log records are in the frame file, by time
// series       what a metric point belongs to; a row may occur again
// points       metric points
// facts        what settled runs and their steps add to sums, and what is taken back of them
// texts        the texts that facts name by number
// corrections  figures of calls and runs that took the place of others; of several the last counts
// correction_jobs  how far a correction of many runs has come in this day

inline constexpr int kFormatVersion = 6;

// Days from this format on are brought up to date when they are opened. Format 5 added version,
// environment, tags and prompt versions of runs and facts, and grams; format 6 the time to the
// first token of facts.
inline constexpr int kOldestFormatVersion = 4;

// Statements that create the tables in the attached database.
std::vector<std::string> CreateStatements(const std::string& database);

// Statements that bring tables of an older format up to date. What is new of a row is empty.
std::vector<std::string> UpgradeStatements(const std::string& database, std::int64_t format);

// Rows per row group: what one seal writes, about.
inline constexpr int kRowGroupRows = 32'768;

// A column of a table.
struct ColumnInfo {
  std::string name;
  duckdb_type type;
};

// The columns of a table in order. Precondition: there is such a table.
const std::vector<ColumnInfo>& ColumnsOfTable(std::string_view table);

// Their types, as RowFeed wants them.
std::vector<duckdb_type> TypesOfTable(std::string_view table);

// All tables, by name.
std::vector<std::string> TableNames();

}  // namespace sightline::store::embedded
