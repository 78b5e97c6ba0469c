// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/list_sql.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/outcome.h"
#include "store/embedded/search_pattern.h"
#include "store/embedded/trace_part.h"

namespace sightline::store::embedded {
namespace {

// The best root's value of a column: highest rank first, then the earliest.
std::string OfRoot(std::string_view column) {
  return fmt::format(
      "arg_max({}, root_rank::HUGEINT * 100000000000000000000 - root_start_ns::HUGEINT)", column);
}

// The status of a run as text; `now` and the limit are numbers of ours.
std::string StatusExpression(std::int64_t now_ns, std::int64_t idle_limit_ns) {
  return fmt::format(
      "CASE WHEN max(root_rank) > 0 THEN CASE {} WHEN {} THEN 'failed' WHEN {} THEN 'cancelled' "
      "ELSE 'completed' END WHEN max(received_ns) >= {} THEN 'running' ELSE 'abandoned' END",
      OfRoot("root_outcome"), static_cast<int>(model::Outcome::kFailed),
      static_cast<int>(model::Outcome::kCancelled), now_ns - idle_limit_ns);
}

// Collects the HAVING conditions of a list with their parameters.
class Conditions {
 public:
  void Add(std::string condition) { conditions_.push_back(std::move(condition)); }

  void AddText(std::string condition, std::string_view value) {
    Add(std::move(condition));
    params_.push_back(Param::Text(value));
  }

  void AddTexts(std::string condition, std::initializer_list<std::string_view> values) {
    Add(std::move(condition));
    for (const std::string_view value : values) {
      params_.push_back(Param::Text(value));
    }
  }

  // Some member of a set column equals `value`.
  void AddMember(std::string_view column, std::string_view value) {
    AddText(fmt::format("bool_or(contains({}, ?))", column),
            fmt::format("{}{}{}", kSetSeparator, value, kSetSeparator));
  }

  void AddNumber(std::string condition, std::int64_t value) {
    Add(std::move(condition));
    params_.push_back(Param::Integer(value));
  }

  std::string Having() const {
    return conditions_.empty() ? "" : fmt::format(" HAVING {}", fmt::join(conditions_, " AND "));
  }

  std::vector<Param> TakeParams() { return std::move(params_); }

 private:
  std::vector<std::string> conditions_;
  std::vector<Param> params_;
};

Conditions ConditionsOf(const query::TraceQuery& query) {
  Conditions conditions;
  if (query.workflow_id) {
    conditions.AddText(OfRoot("workflow_id") + " = ?", *query.workflow_id);
  }
  if (query.execution_id) {
    // A run id may look like a trace id; a trace id may be in capitals.
    const auto id = model::TraceId::FromHex(*query.execution_id);
    conditions.AddTexts(
        "(max(run_id) = ? OR printf('%016x%016x', (trace_id >> 64)::UBIGINT, (trace_id & "
        "18446744073709551615::UHUGEINT)::UBIGINT) = ?)",
        {*query.execution_id, id ? id->ToHex() : ""});
  }
  if (query.status) {
    conditions.AddText(StatusExpression(query.now_ns, query.idle_limit_ns) + " = ?",
                       model::RunStatusName(*query.status));
  }
  if (query.session_id) {
    conditions.AddText("max(session_id) = ?", *query.session_id);
  }
  if (query.user_id) {
    conditions.AddText("max(user_id) = ?", *query.user_id);
  }
  if (query.agent) {
    conditions.AddMember("agents", *query.agent);
  }
  if (query.model) {
    conditions.AddMember("models", *query.model);
  }
  if (query.service) {
    conditions.AddMember("services", *query.service);
  }
  if (query.has_error) {
    conditions.Add(*query.has_error ? "sum(error_count) > 0" : "sum(error_count) = 0");
  }
  if (query.min_duration_ns) {
    conditions.AddNumber("max(end_ns)::HUGEINT - min(start_ns) >= ?", *query.min_duration_ns);
  }
  if (query.max_duration_ns) {
    conditions.AddNumber("max(end_ns)::HUGEINT - min(start_ns) <= ?", *query.max_duration_ns);
  }
  if (query.start_time_ns) {
    conditions.AddNumber("min(start_ns) >= ?", *query.start_time_ns);
  }
  if (query.end_time_ns) {
    conditions.AddNumber("min(start_ns) < ?", *query.end_time_ns);
  }
  return conditions;
}

// Traces in which some body contains the text. The pattern is part of the statement: as a parameter
// it would be compiled for every row.
std::string TextFilter(const query::TraceQuery& query, const Sources& sources) {
  const std::string pattern = SearchPattern(query.text);
  std::vector<std::string> hits;
  std::vector<std::string> uses;
  const auto add = [&](const std::string& bodies, const std::string& uses_table) {
    hits.push_back(fmt::format("SELECT id FROM {} WHERE id > 0 AND regexp_matches(bytes, '{}')",
                               bodies, pattern));
    uses.push_back(fmt::format("SELECT trace_id, body_id FROM {}", uses_table));
  };
  for (const std::string& database : sources.databases) {
    add(database + ".bodies", database + ".body_uses");
  }
  add(fmt::format("head_bodies({})", sources.head_token),
      fmt::format("head_uses({})", sources.head_token));
  return fmt::format(
      "WITH hits AS (SELECT DISTINCT id FROM ({})), found AS (SELECT DISTINCT trace_id FROM ({}) "
      "WHERE body_id IN (SELECT id FROM hits)) ",
      fmt::join(hits, " UNION ALL "), fmt::join(uses, " UNION ALL "));
}

}  // namespace

std::string PartsOf(const Sources& sources, const std::string& columns) {
  std::string sql = "(";
  for (const std::string& database : sources.databases) {
    sql += fmt::format("SELECT {} FROM {}.trace_parts UNION ALL ", columns, database);
  }
  return sql + fmt::format("SELECT {} FROM head_parts({}))", columns, sources.head_token);
}

Statement ListStatement(const query::TraceQuery& query, const Sources& sources) {
  Statement statement;
  std::string filter;
  if (!query.text.empty()) {
    statement.sql = TextFilter(query, sources);
    filter = " WHERE trace_id IN (SELECT trace_id FROM found)";
  }
  Conditions conditions = ConditionsOf(query);
  const std::string having = conditions.Having();
  for (Param& param : conditions.TakeParams()) {
    statement.params.push_back(std::move(param));
  }
  std::string page;
  if (query.cursor) {
    page = " WHERE (start_ns < ? OR (start_ns = ? AND trace_id < ?))";
    statement.params.push_back(Param::Integer(query.cursor->start_ns));
    statement.params.push_back(Param::Integer(query.cursor->start_ns));
    statement.params.push_back(Param::Id(query.cursor->trace_id.view()));
  }
  statement.sql += fmt::format(
      "SELECT trace_id, start_ns, total, received_ns FROM (SELECT trace_id, start_ns, received_ns, "
      "(count(*) OVER ())::BIGINT AS total FROM (SELECT trace_id, min(start_ns) AS start_ns, "
      "max(received_ns) AS received_ns FROM {} AS parts{} GROUP BY trace_id{})){} ORDER BY "
      "start_ns DESC, trace_id DESC LIMIT {}",
      PartsOf(sources, "*"), filter, having, page, query.limit + 1);
  return statement;
}

Statement TotalsStatement(std::int64_t now_ns, std::int64_t idle_limit_ns, const Sources& sources) {
  const std::string runs = fmt::format(
      "SELECT {} AS status, min(start_ns) AS s, max(end_ns) AS e, {} AS workflow, "
      "max(received_ns) AS seen FROM {} AS parts GROUP BY trace_id",
      StatusExpression(now_ns, idle_limit_ns), OfRoot("workflow_id"),
      PartsOf(sources,
              "trace_id, root_rank, root_start_ns, root_outcome, workflow_id, start_ns, "
              "end_ns, received_ns"));
  return {.sql = fmt::format(
              "SELECT workflow, count(*) FILTER (status = 'running'), "
              "count(*) FILTER (status = 'completed'), count(*) FILTER (status = 'failed'), "
              "count(*) FILTER (status = 'cancelled'), count(*) FILTER (status = 'abandoned'), "
              "coalesce(sum(e::HUGEINT - s) FILTER (status = 'completed'), 0)::BIGINT, max(seen) "
              "FROM ({}) GROUP BY workflow",
              runs),
          .params = {}};
}

Statement AgentsStatement(const Sources& sources) {
  return {.sql = fmt::format(
              "SELECT agent, max(seen) FROM (SELECT unnest(string_split(trim(agents, chr(31)), "
              "chr(31))) AS agent, max(received_ns) AS seen FROM {} AS parts WHERE agents <> '' "
              "GROUP BY agents) GROUP BY agent",
              PartsOf(sources, "agents, received_ns")),
          .params = {}};
}

}  // namespace sightline::store::embedded
