// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <duckdb.h>

#include "base/arena.h"
#include "base/result.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// Where one row of an insert goes.
//
// Thread: confined.
class RowSlot {
 public:
  RowSlot(const std::vector<void*>& columns, std::uint64_t row, base::Arena& repaired)
      : columns_(columns), row_(row), repaired_(repaired) {}

  // The values of a column, and the place of this row among them.
  void* data(std::uint64_t column) const { return columns_[column]; }

  std::uint64_t row() const { return row_; }

  template <typename T>
  void Set(std::uint64_t column, T value) const {
    static_cast<T*>(columns_[column])[row_] = value;
  }

  // The text is not copied: it lives until the insert has returned. What is not UTF-8 is repaired:
  // DuckDB would refuse the whole insert.
  void SetText(std::uint64_t column, std::string_view text) const;

  // The same for a column of bytes.
  void SetBytes(std::uint64_t column, std::string_view bytes) const {
    PutText(columns_[column], row_, bytes);
  }

 private:
  const std::vector<void*>& columns_;
  std::uint64_t row_;
  base::Arena& repaired_;
};

// Inserts rows of ours into tables through a table function, from which DuckDB pulls them chunk by
// chunk straight into row groups. Its appender keeps up to 204,800 rows in a buffer of its own
// first, which costs a copy and more memory than a seal may take.
//
// Thread: confined, with its connection.
class RowFeed {
 public:
  // Makes the table function known on the connection's instance. The feed must outlive it.
  base::Result<void> Register(Connection& connection);

  // Fills row number `index` of an insert.
  using Fill = std::function<void(std::uint64_t index, const RowSlot& slot)>;

  // Inserts `count` rows with columns of `types` within the connection's transaction.
  base::Result<void> Insert(Connection& connection, const std::string& table,
                            const std::vector<duckdb_type>& types, std::uint64_t count,
                            const Fill& fill);

 private:
  static void Bind(duckdb_bind_info info);
  static void Init(duckdb_init_info info);
  static void Scan(duckdb_function_info info, duckdb_data_chunk output);

  // Of the insert that runs.
  const std::vector<duckdb_type>* types_ = nullptr;
  const Fill* fill_ = nullptr;
  std::uint64_t count_ = 0;
  std::uint64_t next_ = 0;
  std::unique_ptr<base::Arena> repaired_;
};

}  // namespace sightline::store::embedded
