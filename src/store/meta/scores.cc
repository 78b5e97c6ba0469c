// SPDX-License-Identifier: Apache-2.0
#include "store/meta/scores.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kColumns =
    "id, trace_id, span_id, session_id, name, kind, number, text, comment, source, author, time_ns";

using Value = std::variant<std::int64_t, double, std::string>;

// Conditions of a statement with their values.
class Where {
 public:
  void Add(std::string condition) { conditions_.push_back(std::move(condition)); }

  void Add(std::string condition, Value value) {
    conditions_.push_back(std::move(condition));
    values_.push_back(std::move(value));
  }

  void AddText(std::string_view column, const std::optional<std::string>& text) {
    if (text) {
      Add(fmt::format("{} = ?", column), *text);
    }
  }

  void AddAnyOf(std::string_view column, const std::vector<std::string>& texts) {
    std::string marks;
    for (const std::string& text : texts) {
      marks += marks.empty() ? "?" : ", ?";
      values_.emplace_back(text);
    }
    Add(fmt::format("{} IN ({})", column, marks));
  }

  void AddValue(Value value) { values_.push_back(std::move(value)); }

  std::string text() const {
    return conditions_.empty() ? "" : fmt::format(" WHERE {}", fmt::join(conditions_, " AND "));
  }

  void Bind(Statement& statement) const {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      std::visit([&](const auto& value) { statement.Bind(static_cast<int>(i) + 1, value); },
                 values_[i]);
    }
  }

 private:
  std::vector<std::string> conditions_;
  std::vector<Value> values_;
};

Where WhereOf(const ScoreQuery& query) {
  Where where;
  if (!query.trace_ids.empty()) {
    where.AddAnyOf("trace_id", query.trace_ids);
    where.Add("trace_id <> ''");  // For the index, which has no others.
  }
  where.AddText("span_id", query.span_id);
  if (query.session_id) {
    where.AddText("session_id", query.session_id);
    where.Add("session_id <> ''");
  }
  where.AddText("name", query.name);
  where.AddText("source", query.source);
  where.AddText("author", query.author);
  if (query.text) {
    where.Add("text = ?", *query.text);
  }
  if (query.least || query.most) {
    where.Add(fmt::format("kind <> {}", static_cast<int>(ScoreKind::kCategory)));
  }
  if (query.least) {
    where.Add("number >= ?", *query.least);
  }
  if (query.most) {
    where.Add("number <= ?", *query.most);
  }
  if (query.start_ns) {
    where.Add("time_ns >= ?", *query.start_ns);
  }
  if (query.end_ns) {
    where.Add("time_ns < ?", *query.end_ns);
  }
  if (query.of_runs_only) {
    where.Add("trace_id <> '' AND span_id = ''");
  }
  if (query.after) {
    where.Add("(time_ns, id) < (?, ?)", query.after->time_ns);
    where.AddValue(query.after->id);
  }
  return where;
}

Score ScoreOf(const Statement& row) {
  return {.id = row.Text(0),
          .trace_id = row.Text(1),
          .span_id = row.Text(2),
          .session_id = row.Text(3),
          .name = row.Text(4),
          .kind = static_cast<ScoreKind>(row.Int(5)),
          .number = row.Real(6),
          .text = row.Text(7),
          .comment = row.Text(8),
          .source = row.Text(9),
          .author = row.Text(10),
          .time_ns = row.Int(11)};
}

// More than needed, so that the next ones find room. Answers how many.
Result<std::int64_t> ForgetOldest(Database& database, std::int64_t needed, std::int64_t most) {
  constexpr std::int64_t kPart = 100;  // A hundredth of all at once.
  Statement forget = TRY(
      database.Prepare("DELETE FROM scores WHERE id IN (SELECT id FROM scores WHERE id >= ? AND "
                       "id < ? ORDER BY time_ns LIMIT ?)"));
  std::string past(kTelemetryScoreId);
  ++past.back();
  forget.Bind(1, kTelemetryScoreId).Bind(2, past).Bind(3, std::max(needed, most / kPart));
  TRY(forget.Run());
  return database.changes();
}

}  // namespace

Result<std::int64_t> PutScores(Database& database, std::span<const Score> scores,
                               std::int64_t most) {
  Transaction transaction = TRY(Transaction::Begin(database));
  Statement insert = TRY(database.Prepare(fmt::format(
      "INSERT OR REPLACE INTO scores ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kColumns)));
  for (const Score& score : scores) {
    insert.Bind(1, score.id).Bind(2, score.trace_id).Bind(3, score.span_id);
    insert.Bind(4, score.session_id).Bind(5, score.name);
    insert.Bind(6, static_cast<std::int64_t>(score.kind)).Bind(7, score.number);
    insert.Bind(8, score.text).Bind(9, score.comment).Bind(10, score.source);
    insert.Bind(11, score.author).Bind(12, score.time_ns);
    TRY(insert.Run());
  }
  std::int64_t forgotten = 0;
  const std::int64_t excess = TRY(database.Number("SELECT count(*) FROM scores")) - most;
  if (excess > 0) {
    forgotten = TRY(ForgetOldest(database, excess, most));
    if (forgotten < excess) {
      return Error(Code::kResourceExhausted,
                   fmt::format("over {} scores: delete some first", most));
    }
  }
  TRY(transaction.Commit());
  return forgotten;
}

Result<std::vector<Score>> ReadScores(const Database& database, const ScoreQuery& query) {
  const Where where = WhereOf(query);
  Statement rows = TRY(database.Prepare(
      fmt::format("SELECT {} FROM scores{} ORDER BY time_ns DESC, id DESC LIMIT {}", kColumns,
                  where.text(), query.limit)));
  where.Bind(rows);
  std::vector<Score> scores;
  while (TRY(rows.Step())) {
    scores.push_back(ScoreOf(rows));
  }
  return scores;
}

Result<bool> DeleteScore(Database& database, std::string_view id) {
  Statement statement = TRY(database.Prepare("DELETE FROM scores WHERE id = ?"));
  statement.Bind(1, id);
  TRY(statement.Run());
  return database.changes() > 0;
}

}  // namespace sightline::store::meta
