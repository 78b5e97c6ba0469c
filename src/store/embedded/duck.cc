// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/duck.h"

#include <array>
#include <cstddef>
#include <cstring>

#include <fmt/format.h>

namespace sightline::store::embedded {
namespace {

base::Error DuckError(duckdb_error_type type, const char* message) {
  const std::string_view text = message == nullptr ? "unknown DuckDB error" : message;
  const base::Code code = type == DUCKDB_ERROR_INTERRUPT       ? base::Code::kDeadlineExceeded
                          : type == DUCKDB_ERROR_IO            ? base::Code::kUnavailable
                          : type == DUCKDB_ERROR_OUT_OF_MEMORY ? base::Code::kResourceExhausted
                                                               : base::Code::kInternal;
  return base::Error(code, std::string(text));
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
  duckdb_result result{};
  const bool ok = duckdb_query(connection_, sql.c_str(), &result) == DuckDBSuccess;
  base::Result<void> answer;
  if (!ok) {
    answer = DuckError(duckdb_result_error_type(&result), duckdb_result_error(&result));
  }
  duckdb_destroy_result(&result);
  return answer;
}

base::Result<QueryResult> Connection::Query(const std::string& sql,
                                            const std::vector<Param>& params) {
  Statement statement;
  if (duckdb_prepare(connection_, sql.c_str(), &statement.raw) != DuckDBSuccess) {
    return DuckError(DUCKDB_ERROR_INVALID, duckdb_prepare_error(statement.raw));
  }
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Param& param = params[i];
    switch (param.kind_) {
      case Param::Kind::kInteger:
        duckdb_bind_int64(statement.raw, i + 1, param.integer_);
        break;
      case Param::Kind::kText:
        duckdb_bind_varchar_length(statement.raw, i + 1, param.text_.data(), param.text_.size());
        break;
      case Param::Kind::kId:
        duckdb_bind_uhugeint(statement.raw, i + 1, ToUhugeint(param.text_));
        break;
    }
  }
  duckdb_result result{};
  if (duckdb_execute_prepared(statement.raw, &result) != DuckDBSuccess) {
    base::Error error = DuckError(duckdb_result_error_type(&result), duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return error;
  }
  return QueryResult(result);
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
  const std::array<std::pair<const char*, std::string>, 7> settings = {{
      {"memory_limit", fmt::format("{}MiB", options.memory_bytes >> 20U)},
      {"threads", std::to_string(options.threads)},
      {"temp_directory", ""},
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
  const bool ok = duckdb_open_ext(nullptr, &database, config, &message) == DuckDBSuccess;
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
  duckdb_connection connection = nullptr;
  if (duckdb_connect(database_, &connection) != DuckDBSuccess) {
    return base::Error(base::Code::kInternal, "cannot connect to DuckDB");
  }
  return std::make_unique<Connection>(connection);
}

base::Result<std::unique_ptr<Appender>> Appender::Create(Connection& connection,
                                                         const std::string& database,
                                                         const std::string& table,
                                                         const std::vector<duckdb_type>& types) {
  std::unique_ptr<Appender> appender(new Appender());
  if (duckdb_appender_create_ext(connection.raw(), database.c_str(), "main", table.c_str(),
                                 &appender->appender_) != DuckDBSuccess) {
    return base::Error(
        base::Code::kInternal,
        fmt::format("cannot append to {}: {}", table, duckdb_appender_error(appender->appender_)));
  }
  std::vector<duckdb_logical_type> logical;
  logical.reserve(types.size());
  for (const duckdb_type type : types) {
    logical.push_back(duckdb_create_logical_type(type));
  }
  appender->chunk_ = duckdb_create_data_chunk(logical.data(), logical.size());
  for (duckdb_logical_type& type : logical) {
    duckdb_destroy_logical_type(&type);
  }
  appender->vectors_.resize(types.size());
  appender->data_.resize(types.size());
  appender->BindVectors();
  return appender;
}

Appender::~Appender() {
  if (chunk_ != nullptr) {
    duckdb_destroy_data_chunk(&chunk_);
  }
  if (appender_ != nullptr) {
    duckdb_appender_destroy(&appender_);
  }
}

void Appender::BindVectors() {
  for (std::size_t i = 0; i < vectors_.size(); ++i) {
    vectors_[i] = duckdb_data_chunk_get_vector(chunk_, i);
    data_[i] = duckdb_vector_get_data(vectors_[i]);
  }
}

base::Result<void> Appender::NextRow() {
  ++row_;
  return row_ == duckdb_vector_size() ? FlushChunk() : base::Result<void>();
}

base::Result<void> Appender::FlushChunk() {
  if (row_ == 0) {
    return {};
  }
  duckdb_data_chunk_set_size(chunk_, row_);
  if (duckdb_append_data_chunk(appender_, chunk_) != DuckDBSuccess) {
    return base::Error(base::Code::kInternal,
                       fmt::format("cannot append: {}", duckdb_appender_error(appender_)));
  }
  duckdb_data_chunk_reset(chunk_);
  BindVectors();
  row_ = 0;
  return {};
}

base::Result<void> Appender::Finish() {
  TRY(FlushChunk());
  if (duckdb_appender_close(appender_) != DuckDBSuccess) {
    return base::Error(base::Code::kUnavailable,
                       fmt::format("cannot append: {}", duckdb_appender_error(appender_)));
  }
  return {};
}

}  // namespace sightline::store::embedded
