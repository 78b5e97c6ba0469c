// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/duck.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <exception>
#include <thread>

#include <fmt/format.h>

namespace sightline::store::embedded {
namespace {

base::Error DuckError(const char* message) {
  const std::string_view text = message == nullptr ? "unknown DuckDB error" : message;
  if (text.starts_with("Out of Memory Error")) {
    // Behind the first line is advice for who writes the statements.
    return {base::Code::kUnavailable,
            fmt::format("out of memory for queries: {}", text.substr(0, text.find('\n')))};
  }
  const base::Code code = text.starts_with("INTERRUPT Error") ? base::Code::kDeadlineExceeded
                          : text.starts_with("IO Error")      ? base::Code::kUnavailable
                                                              : base::Code::kInternal;
  return {code, std::string(text)};
}

std::uint64_t BigEndian(const char* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return __builtin_bswap64(value);
}

// Owns a prepared statement.
struct Statement {
  duckdb_prepared_statement raw = nullptr;

  ~Statement() { duckdb_destroy_prepare(&raw); }
};

// Owns an execution that was begun.
struct Pending {
  duckdb_pending_result raw = nullptr;

  ~Pending() { duckdb_destroy_pending(&raw); }
};

// DuckDB's C API lets some exceptions through, such as those of a lack of file descriptors.
template <typename Call>
auto Guarded(const Call& call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& error) {
    return DuckError(error.what());
  }
}

base::Result<void> Prepare(duckdb_connection connection, const std::string& sql,
                           Statement& statement) {
  if (duckdb_prepare(connection, sql.c_str(), &statement.raw) != DuckDBSuccess) {
    return DuckError(duckdb_prepare_error(statement.raw));
  }
  return {};
}

// Works on the statement's tasks together with DuckDB's own threads until there are none. DuckDB's
// loop for this spins while another thread has the last task, which cost a tenth of all CPU time of
// ingest; this one sleeps. False when the statement has failed.
bool RunTasks(duckdb_pending_result pending) {
  constexpr std::chrono::microseconds kShortest{20};
  constexpr std::chrono::microseconds kLongest{200};
  std::chrono::microseconds pause = kShortest;
  while (true) {
    switch (duckdb_pending_execute_task(pending)) {
      case DUCKDB_PENDING_RESULT_NOT_READY:
        pause = kShortest;
        break;
      case DUCKDB_PENDING_NO_TASKS_AVAILABLE:
        std::this_thread::sleep_for(pause);
        pause = std::min(2 * pause, kLongest);
        break;
      case DUCKDB_PENDING_ERROR:
        return false;
      default:
        return true;
    }
  }
}

base::Result<QueryResult> Run(const Statement& statement) {
  Pending pending;
  if (duckdb_pending_prepared(statement.raw, &pending.raw) != DuckDBSuccess ||
      !RunTasks(pending.raw)) {
    return DuckError(duckdb_pending_error(pending.raw));
  }
  duckdb_result result{};
  if (duckdb_execute_pending(pending.raw, &result) != DuckDBSuccess) {
    base::Error error = DuckError(duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return error;
  }
  return QueryResult(result);
}

}  // namespace

duckdb_uhugeint ToUhugeint(std::string_view bytes) {
  return {.lower = BigEndian(bytes.data() + 8), .upper = BigEndian(bytes.data())};
}

void FromUhugeint(duckdb_uhugeint value, char* bytes) {
  const std::uint64_t upper = __builtin_bswap64(value.upper);
  const std::uint64_t lower = __builtin_bswap64(value.lower);
  std::memcpy(bytes, &upper, sizeof upper);
  std::memcpy(bytes + sizeof upper, &lower, sizeof lower);
}

std::string_view TextAt(const void* data, std::uint64_t row) {
  const duckdb_string_t& text = static_cast<const duckdb_string_t*>(data)[row];
  if (duckdb_string_is_inlined(text)) {
    return {text.value.inlined.inlined, text.value.inlined.length};
  }
  return {text.value.pointer.ptr, text.value.pointer.length};
}

void PutText(void* data, std::uint64_t row, std::string_view text) {
  duckdb_string_t& place = static_cast<duckdb_string_t*>(data)[row];
  if (text.size() <= sizeof place.value.inlined.inlined) {
    place = {};  // What follows a short text is compared as well.
    place.value.inlined.length = static_cast<std::uint32_t>(text.size());
    text.copy(place.value.inlined.inlined, text.size());
    return;
  }
  place.value.pointer.length = static_cast<std::uint32_t>(text.size());
  std::memcpy(place.value.pointer.prefix, text.data(), sizeof place.value.pointer.prefix);
  place.value.pointer.ptr = const_cast<char*>(text.data());  // DuckDB only reads it.
}

Chunk::~Chunk() {
  if (chunk_ != nullptr) {
    duckdb_destroy_data_chunk(&chunk_);
  }
}

std::uint64_t Chunk::size() const {
  return duckdb_data_chunk_get_size(chunk_);
}

const void* Chunk::column(std::uint64_t index) const {
  return duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, index));
}

bool Chunk::is_null(std::uint64_t index, std::uint64_t row) const {
  std::uint64_t* validity = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk_, index));
  return validity != nullptr && !duckdb_validity_row_is_valid(validity, row);
}

QueryResult::~QueryResult() {
  duckdb_destroy_result(&result_);
}

std::optional<Chunk> QueryResult::Next() {
  // Results are materialised: nothing is left that could fail.
  duckdb_data_chunk chunk = duckdb_fetch_chunk(result_);
  if (chunk == nullptr) {
    return std::nullopt;
  }
  return Chunk(chunk);
}

Connection::~Connection() {
  duckdb_disconnect(&connection_);
}

base::Result<void> Connection::Execute(const std::string& sql) {
  return Guarded([&]() -> base::Result<void> {
    Statement statement;
    TRY(Prepare(connection_, sql, statement));
    TRY(Run(statement));
    return {};
  });
}

base::Result<QueryResult> Connection::Query(const std::string& sql,
                                            const std::vector<Param>& params) {
  return Guarded([&] { return QueryUnguarded(sql, params); });
}

base::Result<QueryResult> Connection::QueryUnguarded(const std::string& sql,
                                                     const std::vector<Param>& params) {
  Statement statement;
  TRY(Prepare(connection_, sql, statement));
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Param& param = params[i];
    duckdb_state bound = DuckDBError;
    switch (param.kind_) {
      case Param::Kind::kInteger:
        bound = duckdb_bind_int64(statement.raw, i + 1, param.integer_);
        break;
      case Param::Kind::kText:
        bound = duckdb_bind_varchar_length(statement.raw, i + 1, param.text_.data(),
                                           param.text_.size());
        break;
      case Param::Kind::kId:
        bound = duckdb_bind_uhugeint(statement.raw, i + 1, ToUhugeint(param.text_));
        break;
    }
    if (bound != DuckDBSuccess) {
      return base::Error(base::Code::kInvalidArgument, "cannot query: a value is not valid text");
    }
  }
  return Run(statement);
}

base::Result<std::vector<std::int64_t>> Connection::QueryIntegers(
    const std::string& sql, const std::vector<Param>& params) {
  QueryResult result = TRY(Query(sql, params));
  const std::optional<Chunk> chunk = result.Next();
  if (!chunk || chunk->size() == 0) {
    return base::Error(base::Code::kNotFound, "no row");
  }
  std::vector<std::int64_t> row(duckdb_data_chunk_get_column_count(chunk->raw()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = chunk->is_null(i, 0) ? 0 : chunk->at<std::int64_t>(i, 0);
  }
  return row;
}

base::Result<std::unique_ptr<Database>> Database::Open(const Options& options) {
  duckdb_config config = nullptr;
  duckdb_create_config(&config);
  const std::array<std::pair<const char*, std::string>, 11> settings = {{
      {"memory_limit", fmt::format("{}MiB", options.memory_bytes >> 20U)},
      {"threads", std::to_string(options.threads)},
      {"temp_directory", options.spill_directory.string()},
      // What waits for a checkpoint is held in memory, uncompressed and in whole blocks.
      {"checkpoint_threshold", "1MB"},
      // Row groups are not merged: that reads and writes again what has been written well.
      {"max_vacuum_tasks", "0"},
      // It puts row groups in the order of ORDER BY ... LIMIT, those that are being appended too. A
      // scan ends at the first row that came after it began, which then may be its first: it
      // answers nothing at all (DuckDB 1.5.6).
      {"disabled_optimizers", "row_group_pruner"},
      // Of new files. In blocks of 256 KB, the default, a day takes 6 % more.
      {"default_block_size", "65536"},
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"preserve_insertion_order", "true"},
      {"errors_as_json", "false"},
  }};
  for (const auto& [name, value] : settings) {
    duckdb_set_config(config, name, value.c_str());
  }
  duckdb_database database = nullptr;
  char* message = nullptr;
  bool ok = false;
  try {
    ok = duckdb_open_ext(nullptr, &database, config, &message) == DuckDBSuccess;
  } catch (const std::exception& error) {
    duckdb_destroy_config(&config);
    return DuckError(error.what());
  }
  duckdb_destroy_config(&config);
  if (!ok) {
    base::Error error(base::Code::kInternal,
                      fmt::format("cannot start DuckDB: {}", message == nullptr ? "" : message));
    duckdb_free(message);
    return error;
  }
  return std::unique_ptr<Database>(new Database(database));
}

Database::~Database() {
  duckdb_close(&database_);
}

base::Result<std::unique_ptr<Connection>> Database::Connect() {
  return Guarded([&]() -> base::Result<std::unique_ptr<Connection>> {
    duckdb_connection connection = nullptr;
    if (duckdb_connect(database_, &connection) != DuckDBSuccess) {
      return base::Error(base::Code::kInternal, "cannot connect to DuckDB");
    }
    return std::make_unique<Connection>(connection);
  });
}

}  // namespace sightline::store::embedded
