// SPDX-License-Identifier: Apache-2.0
#include "store/meta/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

Error ErrorOf(sqlite3* connection, int code) {
  const int primary = code & 0xFF;
  const bool is_damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
  return {is_damaged ? Code::kDataLoss : Code::kUnavailable,
          connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection)};
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close(connection);
}

Result<Database> Database::OpenWith(const std::filesystem::path& file, int flags) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(connection);
  if (code != SQLITE_OK) {
    return ErrorOf(connection, code);
  }
  sqlite3_extended_result_codes(connection, 1);
  // The process is alone on its data directory; a reader from outside may hold a lock for a moment.
  sqlite3_busy_timeout(connection, 5000);
  return database;
}

Result<Database> Database::Open(const std::filesystem::path& file) {
  Database database = TRY(OpenWith(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  TRY(database.Execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"));
  return database;
}

Result<Database> Database::OpenReadOnly(const std::filesystem::path& file) {
  return OpenWith(file, SQLITE_OPEN_READONLY);
}

Result<void> Database::Execute(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return ErrorOf(connection_.get(), code);
  }
  return {};
}

Result<Statement> Database::Prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) {
    return ErrorOf(connection_.get(), code);
  }
  return Statement(statement);
}

Result<std::int64_t> Database::Number(std::string_view sql) const {
  Statement statement = TRY(Prepare(sql));
  if (!TRY(statement.Step())) {
    return Error(Code::kInternal, fmt::format("no result of {}", sql));
  }
  return statement.Int(0);
}

Result<std::string> Database::QuickCheck() const {
  Statement statement = TRY(Prepare("PRAGMA quick_check(1)"));
  const bool has_row = TRY(statement.Step());
  const std::string answer = has_row ? statement.Text(0) : "no answer";
  return answer == "ok" ? std::string() : answer;
}

std::int64_t Database::last_row_id() const {
  return sqlite3_last_insert_rowid(connection_.get());
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(connection_.get());
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::Bind(int place, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), place, value);
  return *this;
}

Statement& Statement::Bind(int place, double value) {
  sqlite3_bind_double(statement_.get(), place, value);
  return *this;
}

Statement& Statement::Bind(int place, std::string_view text) {
  // Null would be NULL and not "".
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), place, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    return ErrorOf(sqlite3_db_handle(statement_.get()), code);
  }
  return code == SQLITE_ROW;
}

Result<void> Statement::Run() {
  for (bool has_row = true; has_row;) {
    has_row = TRY(Step());
  }
  sqlite3_reset(statement_.get());
  return {};
}

std::int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::Real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return text == nullptr
             ? std::string()
             : std::string(
                   text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

Result<Transaction> Transaction::Begin(Database& database) {
  TRY(database.Execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) {
    (void)database_->Execute("ROLLBACK");
  }
}

Result<void> Transaction::Commit() {
  TRY(database_->Execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace sightline::store::meta
