// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/embedded/conditions.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/fact_tables.h"
#include "store/embedded/newest_first.h"
#include "store/embedded/reading.h"

// Lists of steps, out of facts: those of live state, of the cut that waits to be sealed, and of
// days. A newer version of a run takes back the facts of the older one, so a step is listed when
// its fact was given more often than it was taken back. A fact that moves from memory to a day
// while both are read is seen twice, never not at all, and listed once. Of several versions of a
// step that are left, as names beyond the limit of a day make them, the newest is listed.

namespace sightline::store::embedded {
namespace {

using model::Fact;
using query::StepOrder;

// In the order in which rows are read. What is added up is stored times the sign.
constexpr std::array<std::int64_t Fact::*, 8> kNumbers = {
    &Fact::start_ns,          &Fact::duration_ns,        &Fact::input_tokens,
    &Fact::cache_read_tokens, &Fact::cache_write_tokens, &Fact::output_tokens,
    &Fact::reasoning_tokens,  &Fact::cost_picodollars};
constexpr std::size_t kUnsigned = 2;  // So many of them are stored as they are.

constexpr std::string_view kColumns =
    "start_ns, duration_ns, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,"
    " reasoning_tokens, cost_picodollars, workflow, agent, name, model, service, error_type,"
    " session, user_id, version, environment, tags, prompts, kind, status, model_calls,"
    " unpriced_calls, failed, sign, trace_id, span_id, first_token_ns";

constexpr std::string_view kHasKnownCost = "(unpriced_calls = 0 OR cost_picodollars > 0)";
constexpr std::string_view kTokens =
    "least(input_tokens::HUGEINT + output_tokens, 9223372036854775807)";

// A row of kColumns, from column `first` on; texts are numbers of its day.
Fact FactOf(const Chunk& chunk, std::uint64_t row, std::uint64_t first) {
  Fact fact;
  std::uint64_t column = first;
  for (std::int64_t Fact::* number : kNumbers) {
    fact.*number = chunk.at<std::int64_t>(column++, row);
  }
  for (std::uint32_t Fact::* text : model::kFactTexts) {
    fact.*text = chunk.at<std::uint32_t>(column++, row);
  }
  fact.kind = chunk.at<std::uint8_t>(column++, row);
  fact.status = chunk.at<std::uint8_t>(column++, row);
  const std::int64_t model_calls = chunk.at<std::int64_t>(column++, row);
  const std::int64_t unpriced_calls = chunk.at<std::int64_t>(column++, row);
  fact.has_failed = chunk.at<std::int8_t>(column++, row) != 0;
  fact.sign = chunk.at<std::int8_t>(column++, row);
  for (std::size_t i = kUnsigned; i < kNumbers.size(); ++i) {
    fact.*kNumbers[i] *= fact.sign;
  }
  fact.model_calls = static_cast<std::uint32_t>(model_calls * fact.sign);
  fact.unpriced_calls = static_cast<std::uint32_t>(unpriced_calls * fact.sign);
  FromUhugeint(chunk.at<duckdb_uhugeint>(column++, row),
               reinterpret_cast<char*>(fact.trace_id.bytes.data()));
  fact.span_id = model::SpanId::FromNumber(chunk.at<std::uint64_t>(column++, row));
  fact.time_to_first_token_ns = chunk.at<std::int64_t>(column, row);
  return fact;
}

// What query::StepSort::KeyOf computes, of a row with sign 1.
std::string SortKey(const query::StepSort& sort) {
  switch (sort.by) {
    case StepOrder::kStart:
      return "start_ns";
    case StepOrder::kDuration:
      return "duration_ns";
    case StepOrder::kCost:
      return fmt::format(
          "(CASE WHEN {} THEN cost_picodollars ELSE {} END)", kHasKnownCost,
          sort.is_ascending ? std::numeric_limits<std::int64_t>::max() : std::int64_t{-1});
    case StepOrder::kFirstToken:
      return sort.is_ascending ? fmt::format(
                                     "(CASE WHEN first_token_ns < 0 THEN {} ELSE "
                                     "first_token_ns END)",
                                     std::numeric_limits<std::int64_t>::max())
                               : "first_token_ns";
    case StepOrder::kTokens:
      break;
  }
  return std::string(kTokens);
}

// The times of the query and query::IsPast; FactConditions says the rest.
Conditions ConditionsOf(const query::StepQuery& query) {
  Conditions conditions;
  conditions.Add("sign = 1");
  conditions.Add(fmt::format("kind <> {}", Fact::kRun));
  conditions.AddNumber("start_ns >= ?", query.steps.start_time_ns);
  conditions.AddNumber("start_ns < ?", query.steps.end_time_ns);
  if (query.cursor) {
    const char past = query.sort.is_ascending ? '>' : '<';
    const std::string key = SortKey(query.sort);
    conditions.AddNumber(
        fmt::format("({0} {1} ? OR ({0} = ? AND (trace_id {1} ? OR (trace_id = ? AND span_id {1} "
                    "{2}::UBIGINT))))",
                    key, past, query.cursor->span_id.number()),
        query.cursor->key);
    conditions.AddParam(Param::Integer(query.cursor->key));
    conditions.AddParam(Param::Id(query.cursor->trace_id.view()));
    conditions.AddParam(Param::Id(query.cursor->trace_id.view()));
  }
  return conditions;
}

struct StepId {
  model::TraceId trace_id;
  model::SpanId span_id;

  friend auto operator<=>(const StepId&, const StepId&) = default;
};

StepId IdOf(const Fact& fact) {
  return {.trace_id = fact.trace_id, .span_id = fact.span_id};
}

// A fact that matches, and how new it is: what is stored later has a higher number.
struct FoundStep {
  Fact fact;
  std::pair<std::int64_t, std::int64_t> version;  // Day and row.
};

// Two facts have the same one when they say the same, whatever their sign. Apart from the time to
// the first token, which facts of days of an older format do not say.
std::string IdentityOf(const model::FactTable& table, const Fact& fact) {
  std::string identity(fact.trace_id.view());
  identity += fact.span_id.view();
  for (std::int64_t Fact::* number : kNumbers) {
    identity.append(reinterpret_cast<const char*>(&(fact.*number)), sizeof(std::int64_t));
  }
  for (const std::uint32_t number : {fact.model_calls, fact.unpriced_calls}) {
    identity.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  for (const unsigned number : {unsigned{fact.kind}, unsigned{fact.status}}) {
    identity += static_cast<char>(number);
  }
  identity += fact.has_failed ? 'f' : '-';
  for (std::uint32_t Fact::* text : model::kFactTexts) {
    identity += table.TextOf(fact.*text);
    identity += '\0';
  }
  return identity;
}

}  // namespace

// One list query.
class EmbeddedStore::StepLister {
 public:
  StepLister(EmbeddedStore& store, const query::StepQuery& query, Deadline deadline)
      : store_(store), query_(query), deadline_(deadline) {}

  base::Result<StepPage> List() {
    // So many steps beyond a page are read at first, for those that were taken back.
    std::size_t spare = 32;
    for (;;) {
      wanted_ = query_.limit + 1 + spare;
      TRY(Gather());
      StepPage page = PageOf();
      if (page.has_more || !is_cut_) {
        return page;
      }
      spare *= 8;
    }
  }

 private:
  // The first `wanted_` facts that match, in order, and what is taken back of them.
  base::Result<void> Gather() {
    found_.clear();
    texts_ = model::FactTable();
    taken_back_.clear();
    is_cut_ = false;
    TakeFromMemory();
    const auto reading = TRY(store_.OpenReading(deadline_));
    Connection& connection = reading->connection();
    TRY(connection.Execute("BEGIN TRANSACTION READ ONLY"));
    const base::Result<void> taken = TakeFromDays(connection);
    static_cast<void>(connection.Execute("ROLLBACK"));  // Nothing was written.
    return taken;
  }

  void TakeFromMemory() {
    const std::shared_lock gathering(store_.cut_mutex_);
    RunSource* source = nullptr;
    std::shared_ptr<const model::LiveCut> cut;
    {
      base::MutexLock lock(store_.mutex_);
      source = store_.source_;
      cut = store_.cut_;
    }
    if (source != nullptr) {
      TakeTable(source->FactsInMemory());
    }
    if (cut != nullptr) {
      TakeTable(cut->facts);
    }
    KeepFirst();
  }

  void TakeTable(const model::FactTable& table) {
    for (const Fact& fact : table.facts) {
      if (!query::Matches(query_.steps, table, fact)) {
        continue;
      }
      if (fact.sign < 0) {
        ++taken_back_[IdentityOf(table, fact)];
      } else if (query::IsPast(query_, fact)) {
        const std::int64_t newest = std::numeric_limits<std::int64_t>::max();
        const auto text_of = [&](std::uint32_t number) { return table.TextOf(number); };
        found_.push_back({.fact = Renumbered(fact, text_of), .version = {newest, 0}});
      }
    }
  }

  // With the numbers that its texts have here.
  template <typename TextOf>
  Fact Renumbered(Fact fact, const TextOf& text_of) {
    for (std::uint32_t Fact::* text : model::kFactTexts) {
      fact.*text = texts_.NumberOf(text_of(fact.*text));
    }
    return fact;
  }

  void KeepFirst() {
    std::sort(found_.begin(), found_.end(), [&](const FoundStep& a, const FoundStep& b) {
      return query_.sort.Precedes(a.fact, b.fact);
    });
    if (found_.size() > wanted_) {
      found_.resize(wanted_);
      is_cut_ = true;
    }
  }

  // After memory: what has left it by then is in a day that this sees, also in one that was made
  // meanwhile.
  base::Result<void> TakeFromDays(Connection& connection) {
    std::vector<DayPtr> days;
    for (const DayPtr& day : TRY(store_.AllDays(deadline_))) {
      const TimeRange times = day->checkpoint().fact_times;
      if (times.first_ns <= times.last_ns && !IsOutside(times)) {
        days.push_back(day);
      }
    }
    std::sort(days.begin(), days.end(), [&](const DayPtr& a, const DayPtr& b) {
      return query_.sort.is_ascending
                 ? a->checkpoint().fact_times.first_ns < b->checkpoint().fact_times.first_ns
                 : a->checkpoint().fact_times.last_ns > b->checkpoint().fact_times.last_ns;
    });
    const auto filters = TRY(FactConditions(connection, query_.steps, days));
    for (std::size_t i = 0; i < days.size(); ++i) {
      if (found_.size() == wanted_ && IsBeyond(days[i]->checkpoint().fact_times)) {
        is_cut_ = true;
        break;
      }
      if (filters[i]) {
        TRY(TakeFromDay(connection, days[i], *filters[i]));
        KeepFirst();
      }
    }
    return FindTakenBack(connection, days);
  }

  bool IsOutside(const TimeRange& times) const {
    if (times.last_ns < query_.steps.start_time_ns || times.first_ns >= query_.steps.end_time_ns) {
      return true;
    }
    return query_.cursor && query_.sort.by == StepOrder::kStart &&
           (query_.sort.is_ascending ? times.last_ns < query_.cursor->key
                                     : times.first_ns > query_.cursor->key);
  }

  // Whether the day, and with it all later ones in order, has nothing that comes before the last
  // step that is kept.
  bool IsBeyond(const TimeRange& times) const {
    const std::int64_t last_ns = found_.back().fact.start_ns;
    return query_.sort.by == StepOrder::kStart &&
           (query_.sort.is_ascending ? last_ns < times.first_ns : last_ns > times.last_ns);
  }

  base::Result<void> TakeFromDay(Connection& connection, const DayPtr& day,
                                 const std::string& filter) {
    const bool is_newest_first = query_.sort.by == StepOrder::kStart && !query_.sort.is_ascending;
    const Checkpoint checkpoint = day->checkpoint();
    TimeRange asked = {.first_ns = query_.steps.start_time_ns, .last_ns = query_.steps.end_time_ns};
    asked.last_ns = query_.cursor ? std::min(asked.last_ns, query_.cursor->key) : asked.last_ns;
    NewestFirst newest_first(is_newest_first ? checkpoint.spans : 0, checkpoint.fact_times, asked,
                             wanted_);
    std::vector<FoundStep> steps = TRY(StepsFrom(connection, *day, filter, newest_first));
    while (steps.size() < wanted_ && newest_first.floor_ns()) {
      newest_first.Widen();
      steps = TRY(StepsFrom(connection, *day, filter, newest_first));
    }
    FactTexts texts;
    for (const FoundStep& step : steps) {
      WantTexts(day, step.fact, texts);
    }
    TRY(texts.Load(connection));
    const auto text_of = [&](std::uint32_t number) { return texts.TextOf(*day, number); };
    for (const FoundStep& step : steps) {
      found_.push_back({.fact = Renumbered(step.fact, text_of), .version = step.version});
    }
    is_cut_ = is_cut_ || steps.size() == wanted_;
    return {};
  }

  // With the numbers of texts that the day has.
  base::Result<std::vector<FoundStep>> StepsFrom(Connection& connection, const Day& day,
                                                 const std::string& filter,
                                                 const NewestFirst& newest_first) const {
    Conditions conditions = ConditionsOf(query_);
    if (const auto floor_ns = newest_first.floor_ns()) {
      conditions.AddNumber("start_ns >= ?", *floor_ns);
    }
    AmongRuns among = AmongRunsOf(query_.steps);
    among.params.insert(among.params.end(), conditions.params().begin(), conditions.params().end());
    QueryResult result = TRY(connection.Query(
        fmt::format(
            "{7}SELECT rowid, {0} FROM {1}.facts{2}{3} ORDER BY {4} {5}, trace_id {5}, span_id {5} "
            "LIMIT {6}",
            kColumns, day.database(), conditions.Where(), filter, SortKey(query_.sort),
            query_.sort.is_ascending ? "ASC" : "DESC", wanted_, among.with),
        among.params));
    std::vector<FoundStep> steps;
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        steps.push_back({.fact = FactOf(*chunk, row, 1),
                         .version = {day.number(), chunk->at<std::int64_t>(0, row)}});
      }
    }
    return steps;
  }

  static void WantTexts(const DayPtr& day, const Fact& fact, FactTexts& texts) {
    for (std::uint32_t Fact::* text : model::kFactTexts) {
      texts.Want(day, fact.*text);
    }
  }

  // Counts what days take back of the steps that were found.
  base::Result<void> FindTakenBack(Connection& connection, const std::vector<DayPtr>& days) {
    std::set<model::TraceId> runs;
    for (const FoundStep& step : found_) {
      runs.insert(step.fact.trace_id);
    }
    if (runs.empty() || days.empty()) {
      return {};
    }
    const std::vector<std::string_view> marks(runs.size(), "(?::UHUGEINT)");
    std::vector<Param> params;
    for (const model::TraceId& id : runs) {
      params.push_back(Param::Id(id.view()));
    }
    std::string statement;
    for (std::size_t i = 0; i < days.size(); ++i) {
      statement += fmt::format(
          "{}SELECT {}::BIGINT, {} FROM {}.facts WHERE sign = -1 AND kind <> {} AND trace_id IN "
          "(SELECT id FROM runs)",
          i == 0 ? "" : " UNION ALL ", i, kColumns, days[i]->database(), Fact::kRun);
    }
    QueryResult result = TRY(connection.Query(
        fmt::format("WITH runs(id) AS (VALUES {}) {}", fmt::join(marks, ", "), statement), params));
    std::vector<std::pair<DayPtr, Fact>> facts;
    FactTexts texts;
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        const DayPtr& day = days[static_cast<std::size_t>(chunk->at<std::int64_t>(0, row))];
        facts.emplace_back(day, FactOf(*chunk, row, 1));
        WantTexts(day, facts.back().second, texts);
      }
    }
    TRY(texts.Load(connection));
    for (const auto& [day, fact] : facts) {
      const auto text_of = [&, &of = *day](std::uint32_t number) {
        return texts.TextOf(of, number);
      };
      ++taken_back_[IdentityOf(texts_, Renumbered(fact, text_of))];
    }
    return {};
  }

  StepPage PageOf() {
    const std::map<StepId, const FoundStep*> newest = Newest();
    StepPage page;
    std::vector<Fact> facts;
    for (const FoundStep& step : found_) {
      const auto listed = newest.find(IdOf(step.fact));
      if (listed == newest.end() || listed->second != &step) {
        continue;
      }
      if (facts.size() == query_.limit) {
        page.has_more = true;
        break;
      }
      facts.push_back(step.fact);
    }
    page.steps = std::move(texts_);
    page.steps.facts = std::move(facts);
    return page;
  }

  // Of each step the newest fact that was not taken back.
  std::map<StepId, const FoundStep*> Newest() const {
    std::unordered_map<std::string, std::int64_t> given;
    for (const FoundStep& step : found_) {
      ++given[IdentityOf(texts_, step.fact)];
    }
    std::map<StepId, const FoundStep*> newest;
    for (const FoundStep& step : found_) {
      const std::string identity = IdentityOf(texts_, step.fact);
      const auto taken_back = taken_back_.find(identity);
      if (taken_back != taken_back_.end() && given[identity] <= taken_back->second) {
        continue;
      }
      const FoundStep*& known = newest[IdOf(step.fact)];
      known = known == nullptr || known->version < step.version ? &step : known;
    }
    return newest;
  }

  EmbeddedStore& store_;
  const query::StepQuery& query_;
  const Deadline deadline_;
  std::size_t wanted_ = 0;
  model::FactTable texts_;                                    // Of what was found; without facts.
  std::vector<FoundStep> found_;                              // In order; with sign 1.
  std::unordered_map<std::string, std::int64_t> taken_back_;  // How often, by identity.
  bool is_cut_ = false;  // There may be more that match than were found.
};

base::Result<StepPage> EmbeddedStore::ListSteps(const query::StepQuery& query, Deadline deadline) {
  return StepLister(*this, query, deadline).List();
}

}  // namespace sightline::store::embedded
