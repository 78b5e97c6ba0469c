// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sightline::store::meta {

class Statement;

// One connection to a SQLite file: WAL, synced at every commit.
//
// Errors of all calls: kDataLoss when the file is damaged or no database, kUnavailable otherwise
// (disk full, file cannot be opened); messages do not name the file.
//
// Thread: one at a time.
class Database {
 public:
  // Creates the file if it is not there.
  static base::Result<Database> Open(const std::filesystem::path& file);

  // Without changing anything: the file must exist.
  static base::Result<Database> OpenReadOnly(const std::filesystem::path& file);

  Database(Database&& other) noexcept = default;
  Database& operator=(Database&& other) noexcept = default;
  ~Database() = default;

  // Statements without results, separated by semicolons.
  base::Result<void> Execute(const std::string& sql);

  base::Result<Statement> Prepare(std::string_view sql) const;

  // The one number that a statement gives.
  base::Result<std::int64_t> Number(std::string_view sql) const;

  // Empty when the file is whole, else what is wrong with it.
  base::Result<std::string> QuickCheck() const;

  // Of the last INSERT.
  std::int64_t last_row_id() const;
  // Rows of the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };

  explicit Database(sqlite3* connection) : connection_(connection) {}

  static base::Result<Database> OpenWith(const std::filesystem::path& file, int flags);

  std::unique_ptr<sqlite3, Close> connection_;
};

// A prepared statement with values bound in order from 1.
//
// Thread: that of its database, which must outlive it.
class Statement {
 public:
  Statement& Bind(int place, std::int64_t value);
  Statement& Bind(int place, double value);
  Statement& Bind(int place, std::string_view text);

  // True when there is a row to read.
  base::Result<bool> Step();

  // Runs it to its end and makes it ready to be bound again.
  base::Result<void> Run();

  std::int64_t Int(int column) const;
  double Real(int column) const;
  std::string Text(int column) const;

 private:
  friend class Database;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// All or nothing: what was not committed is undone when it dies.
//
// Thread: that of its database, which must outlive it.
class Transaction {
 public:
  static base::Result<Transaction> Begin(Database& database);

  Transaction(Transaction&& other) noexcept : database_(other.database_) {
    other.database_ = nullptr;
  }

  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  base::Result<void> Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;  // Null when it is over.
};

}  // namespace sightline::store::meta
