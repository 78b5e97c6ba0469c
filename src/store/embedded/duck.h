// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <duckdb.h>
#include <fmt/format.h>

#include "base/result.h"

namespace sightline::store::embedded {

// RAII over DuckDB's C API; every failure is a Result. SQL texts are ours; values from outside are
// always bound as parameters.

// A prepared parameter.
//
// Thread: value.
class Param {
 public:
  static Param Integer(std::int64_t value) { return {Kind::kInteger, value, {}}; }

  static Param Text(std::string_view value) { return {Kind::kText, 0, std::string(value)}; }

  // A 16-byte id as the UHUGEINT of the same big-endian bytes.
  static Param Id(std::string_view bytes) { return {Kind::kId, 0, std::string(bytes)}; }

  // Appends what tells it from other parameters.
  void AppendTo(std::string& name) const {
    name += fmt::format("{}:{}:{}:", static_cast<unsigned>(kind_), integer_, text_.size());
    name += text_;
  }

 private:
  friend class Connection;
  enum class Kind : std::uint8_t { kInteger, kText, kId };

  Param(Kind kind, std::int64_t integer, std::string text)
      : kind_(kind), integer_(integer), text_(std::move(text)) {}

  Kind kind_;
  std::int64_t integer_;
  std::string text_;
};

// 16 big-endian bytes as DuckDB's UHUGEINT and back: the order of values is the order of bytes.
duckdb_uhugeint ToUhugeint(std::string_view bytes);
void FromUhugeint(duckdb_uhugeint value, char* bytes);

// A text in a column vector.
std::string_view TextAt(const void* data, std::uint64_t row);

// Makes it refer to a text of ours, which must outlive the vector's use. DuckDB's own setters copy
// the text and check that it is UTF-8, which ours is by then.
void PutText(void* data, std::uint64_t row, std::string_view text);

// One chunk of a result: up to 2048 rows.
//
// Thread: confined.
class Chunk {
 public:
  explicit Chunk(duckdb_data_chunk chunk) : chunk_(chunk) {}

  ~Chunk();

  Chunk(Chunk&& other) noexcept : chunk_(std::exchange(other.chunk_, nullptr)) {}

  Chunk& operator=(Chunk&&) = delete;
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  std::uint64_t size() const;

  // The values of a column; its type is the caller's business.
  const void* column(std::uint64_t index) const;

  template <typename T>
  T at(std::uint64_t index, std::uint64_t row) const {
    return static_cast<const T*>(column(index))[row];
  }

  std::string_view text(std::uint64_t index, std::uint64_t row) const {
    return TextAt(column(index), row);
  }

  bool is_null(std::uint64_t index, std::uint64_t row) const;

  duckdb_data_chunk raw() const { return chunk_; }

 private:
  duckdb_data_chunk chunk_;
};

// The rows of a query.
//
// Thread: confined.
class QueryResult {
 public:
  explicit QueryResult(duckdb_result result) : result_(result) {}

  ~QueryResult();

  QueryResult(QueryResult&& other) noexcept
      : result_(std::exchange(other.result_, duckdb_result{})) {}

  QueryResult& operator=(QueryResult&&) = delete;
  QueryResult(const QueryResult&) = delete;
  QueryResult& operator=(const QueryResult&) = delete;

  // The next chunk; empty at the end.
  std::optional<Chunk> Next();

 private:
  duckdb_result result_;
};

// A connection. Use one per thread at a time.
//
// Thread: confined, except Interrupt.
class Connection {
 public:
  explicit Connection(duckdb_connection connection) : connection_(connection) {}

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  base::Result<void> Execute(const std::string& sql);
  base::Result<QueryResult> Query(const std::string& sql, const std::vector<Param>& params = {});

  // Like Query for one row of integers; NULL is 0. kNotFound when there is no row.
  base::Result<std::vector<std::int64_t>> QueryIntegers(const std::string& sql,
                                                        const std::vector<Param>& params = {});

  // Stops what runs on this connection. Thread: any.
  void Interrupt() { duckdb_interrupt(connection_); }

  duckdb_connection raw() { return connection_; }

 private:
  base::Result<QueryResult> QueryUnguarded(const std::string& sql,
                                           const std::vector<Param>& params);

  duckdb_connection connection_;
};

// An in-memory DuckDB instance to which the databases of days are attached.
//
// Thread: any.
class Database {
 public:
  struct Options {
    std::uint64_t memory_bytes = std::uint64_t{256} << 20U;
    unsigned threads = 2;
    // Where queries that need more memory put what they work on; "" where they must fail instead.
    std::filesystem::path spill_directory;
  };

  static base::Result<std::unique_ptr<Database>> Open(const Options& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  base::Result<std::unique_ptr<Connection>> Connect();

 private:
  explicit Database(duckdb_database database) : database_(database) {}

  duckdb_database database_;
};

}  // namespace sightline::store::embedded
