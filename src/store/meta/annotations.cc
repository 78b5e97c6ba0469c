// SPDX-License-Identifier: Apache-2.0
#include "store/meta/annotations.h"

#include <cstddef>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kColumns = "id, trace_id, span_id, session_id, text, author, time_ns";

Annotation AnnotationOf(const Statement& row) {
  return {.id = row.Text(0),
          .trace_id = row.Text(1),
          .span_id = row.Text(2),
          .session_id = row.Text(3),
          .text = row.Text(4),
          .author = row.Text(5),
          .time_ns = row.Int(6)};
}

}  // namespace

Result<std::vector<Annotation>> ReadAnnotations(const Database& database,
                                                const AnnotationQuery& query) {
  std::vector<std::string> conditions;
  std::vector<std::string> values;
  const auto add = [&](std::string condition, const std::optional<std::string>& value) {
    if (value) {
      conditions.push_back(std::move(condition));
      values.push_back(*value);
    }
  };
  // The indexes of runs and sessions have no others, which the conditions must say.
  add("trace_id <> '' AND trace_id = ?", query.trace_id);
  add("span_id = ?", query.span_id);
  add("session_id <> '' AND session_id = ?", query.session_id);
  add("author = ?", query.author);
  if (query.after) {
    add(fmt::format("(time_ns, id) < ({}, ?)", query.after->time_ns), query.after->id);
  }
  Statement rows = TRY(database.Prepare(fmt::format(
      "SELECT {} FROM annotations{}{} ORDER BY time_ns DESC, id DESC LIMIT {}", kColumns,
      conditions.empty() ? "" : " WHERE ", fmt::join(conditions, " AND "), query.limit)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    rows.Bind(static_cast<int>(i) + 1, values[i]);
  }
  std::vector<Annotation> annotations;
  while (TRY(rows.Step())) {
    annotations.push_back(AnnotationOf(rows));
  }
  return annotations;
}

Result<void> AddAnnotation(Database& database, const Annotation& annotation, std::int64_t most) {
  Transaction transaction = TRY(Transaction::Begin(database));
  if (TRY(database.Number("SELECT count(*) FROM annotations")) >= most) {
    return Error(Code::kResourceExhausted,
                 fmt::format("there are {} annotations: delete some first", most));
  }
  Statement insert = TRY(database.Prepare(
      fmt::format("INSERT INTO annotations ({}) VALUES (?, ?, ?, ?, ?, ?, ?)", kColumns)));
  insert.Bind(1, annotation.id).Bind(2, annotation.trace_id).Bind(3, annotation.span_id);
  insert.Bind(4, annotation.session_id).Bind(5, annotation.text).Bind(6, annotation.author);
  insert.Bind(7, annotation.time_ns);
  TRY(insert.Run());
  return transaction.Commit();
}

Result<bool> DeleteAnnotation(Database& database, std::string_view id) {
  Statement statement = TRY(database.Prepare("DELETE FROM annotations WHERE id = ?"));
  statement.Bind(1, id);
  TRY(statement.Run());
  return database.changes() > 0;
}

}  // namespace sightline::store::meta
