// SPDX-License-Identifier: Apache-2.0
#include "store/meta/saved.h"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::int64_t kMostSaved = 1000;  // Of a kind: lists of them are not paged.

constexpr std::string_view kColumns = "id, name, document, version, created_ns, updated_ns";

std::string_view NameOf(SavedKind kind) {
  switch (kind) {
    case SavedKind::kView:
      return "view";
    case SavedKind::kDashboard:
      return "dashboard";
    case SavedKind::kRepricing:
      return "repricing";
  }
  return "";
}

SavedDocument DocumentOf(const Statement& row) {
  return {.id = row.Text(0),
          .name = row.Text(1),
          .document = row.Text(2),
          .version = row.Int(3),
          .created_ns = row.Int(4),
          .updated_ns = row.Int(5)};
}

}  // namespace

Result<std::vector<SavedDocument>> ReadSaved(const Database& database, SavedKind kind) {
  Statement rows = TRY(database.Prepare(
      fmt::format("SELECT {} FROM saved WHERE kind = ? ORDER BY name, id", kColumns)));
  rows.Bind(1, NameOf(kind));
  std::vector<SavedDocument> documents;
  while (TRY(rows.Step())) {
    documents.push_back(DocumentOf(rows));
  }
  return documents;
}

Result<std::optional<SavedDocument>> FindSaved(const Database& database, SavedKind kind,
                                               std::string_view id) {
  Statement row = TRY(
      database.Prepare(fmt::format("SELECT {} FROM saved WHERE kind = ? AND id = ?", kColumns)));
  row.Bind(1, NameOf(kind)).Bind(2, id);
  const bool is_there = TRY(row.Step());
  return is_there ? std::optional<SavedDocument>(DocumentOf(row)) : std::nullopt;
}

Result<void> AddSaved(Database& database, SavedKind kind, const SavedDocument& document) {
  Transaction transaction = TRY(Transaction::Begin(database));
  Statement count = TRY(database.Prepare("SELECT count(*) FROM saved WHERE kind = ?"));
  count.Bind(1, NameOf(kind));
  TRY(count.Step());
  if (count.Int(0) >= kMostSaved) {
    return Error(Code::kResourceExhausted,
                 fmt::format("there are {} {}s: delete some first", kMostSaved, NameOf(kind)));
  }
  Statement insert =
      TRY(database.Prepare("INSERT INTO saved (kind, id, name, document, version, created_ns, "
                           "updated_ns) VALUES (?, ?, ?, ?, 1, ?, ?)"));
  insert.Bind(1, NameOf(kind)).Bind(2, document.id).Bind(3, document.name);
  insert.Bind(4, document.document).Bind(5, document.created_ns).Bind(6, document.updated_ns);
  TRY(insert.Run());
  return transaction.Commit();
}

Result<SavedDocument> ReplaceSaved(Database& database, SavedKind kind,
                                   const SavedDocument& document) {
  Transaction transaction = TRY(Transaction::Begin(database));
  std::optional<SavedDocument> stored = TRY(FindSaved(database, kind, document.id));
  if (!stored) {
    return Error(Code::kNotFound, fmt::format("no {} '{}'", NameOf(kind), document.id));
  }
  if (document.version > 0 && document.version != stored->version) {
    return Error(Code::kFailedPrecondition,
                 fmt::format("the {} has been changed since: it has version {}, not {}",
                             NameOf(kind), stored->version, document.version));
  }
  stored->name = document.name;
  stored->document = document.document;
  stored->updated_ns = document.updated_ns;
  ++stored->version;
  Statement update =
      TRY(database.Prepare("UPDATE saved SET name = ?, document = ?, version = ?, updated_ns = ? "
                           "WHERE kind = ? AND id = ?"));
  update.Bind(1, stored->name).Bind(2, stored->document).Bind(3, stored->version);
  update.Bind(4, stored->updated_ns).Bind(5, NameOf(kind)).Bind(6, stored->id);
  TRY(update.Run());
  TRY(transaction.Commit());
  return std::move(*stored);
}

Result<bool> DeleteSaved(Database& database, SavedKind kind, std::string_view id) {
  Statement statement = TRY(database.Prepare("DELETE FROM saved WHERE kind = ? AND id = ?"));
  statement.Bind(1, NameOf(kind)).Bind(2, id);
  TRY(statement.Run());
  return database.changes() > 0;
}

}  // namespace sightline::store::meta
