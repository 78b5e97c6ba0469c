// SPDX-License-Identifier: Apache-2.0
// A run is derived twice by the rules of live state (live/run_state.h): from its spans as they are
// priced, which gives what the store has counted of it, and as they are to be priced. What is
// between the two is the correction.
#include "repricing/run_pricing.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "live/run_state.h"
#include "model/rollup.h"
#include "pricing/span_price.h"

namespace sightline::repricing {
namespace {

using live::RunState;
using model::Span;
using store::Figure;
using store::FigureChange;
using store::SettledRun;

// By span; texts of rules belong to the book.
using Prices = boost::unordered_flat_map<model::SpanId, pricing::Priced, model::SpanIdHasher>;

Figure FigureOf(const Span& span) {
  return {.cost = span.cost, .status = span.cost_status, .rule = std::string(span.price_rule)};
}

// Of several rows of one span the one that counts; see RunState::Add.
bool Replaces(const Span& row, const Span& known) {
  return std::pair(row.end_ns, row.usage.total) >= std::pair(known.end_ns, known.usage.total);
}

// The row of each span whose price the book gives.
boost::unordered_flat_map<model::SpanId, const Span*, model::SpanIdHasher> PricedSpans(
    const SettledRun& run) {
  boost::unordered_flat_map<model::SpanId, const Span*, model::SpanIdHasher> spans;
  for (const Span& span : run.rows->spans) {
    if (!pricing::IsPricedByBook(span)) {
      continue;
    }
    const auto [known, is_new] = spans.try_emplace(span.span_id, &span);
    if (!is_new && Replaces(span, *known->second)) {
      known->second = &span;
    }
  }
  return spans;
}

// `priced` has an entry for each span that gets another cost.
RunState Derive(const SettledRun& run, const Prices& priced, std::size_t max_spans) {
  RunState state(run.trace_id, max_spans);
  for (const Span& span : run.rows->spans) {
    const auto price = priced.find(span.span_id);
    if (price == priced.end() || !pricing::IsPricedByBook(span)) {
      state.Add(span);
      continue;
    }
    Span other = span;
    other.cost = price->second.cost;
    other.cost_status = price->second.status;
    other.price_rule = price->second.rule_id;
    state.Add(other);
  }
  state.Seen(run.received_ns, run.position);
  state.Refresh(false);
  return state;
}

// The facts of a table that differ from those of another one, place by place: both are of the same
// spans. All of them when they do not fit.
model::FactTable WithoutEqual(const model::FactTable& table, const model::FactTable& other) {
  model::FactTable rest(table);
  if (table.facts.size() != other.facts.size()) {
    return rest;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < table.facts.size(); ++i) {
    const model::Fact& a = table.facts[i];
    const model::Fact& b = other.facts[i];
    const bool is_equal = a.cost_picodollars == b.cost_picodollars &&
                          a.unpriced_calls == b.unpriced_calls && a.model_calls == b.model_calls &&
                          a.input_tokens == b.input_tokens && a.output_tokens == b.output_tokens &&
                          a.start_ns == b.start_ns && a.kind == b.kind;
    if (!is_equal) {
      rest.facts[kept++] = a;
    }
  }
  rest.facts.resize(kept);
  return rest;
}

// Sums of rollup deltas of several runs.
class Rollups {
 public:
  void Add(const std::vector<model::RollupEntry>& before,
           const std::vector<model::RollupEntry>& after) {
    for (const model::RollupEntry& entry : before) {
      CellOf(entry) -= SumsOf(entry);
    }
    for (const model::RollupEntry& entry : after) {
      CellOf(entry) += SumsOf(entry);
    }
  }

  std::vector<model::RollupEntry> Take() {
    std::vector<model::RollupEntry> entries;
    for (auto& [key, sums] : cells_) {
      if (!sums.is_zero()) {
        const auto& [minute, workflow, agent, model, service] = key;
        entries.push_back(
            {.minute = minute,
             .key = {.workflow = workflow, .agent = agent, .model = model, .service = service},
             .counts = sums.counts,
             .step_latency = std::move(sums.step_latency),
             .run_latency = std::move(sums.run_latency)});
      }
    }
    return entries;
  }

 private:
  using Key = std::tuple<std::int64_t, std::string, std::string, std::string, std::string>;

  static model::RollupSums SumsOf(const model::RollupEntry& entry) {
    return {entry.counts, entry.step_latency, entry.run_latency};
  }

  model::RollupSums& CellOf(const model::RollupEntry& entry) {
    return cells_[{entry.minute, entry.key.workflow, entry.key.agent, entry.key.model,
                   entry.key.service}];
  }

  std::map<Key, model::RollupSums> cells_;
};

// The figures that change, and what the changed spans are priced at.
std::vector<FigureChange> ChangesOf(const SettledRun& run, const pricing::PriceBook& book,
                                    Prices& prices) {
  std::vector<FigureChange> changes;
  for (const auto& [span_id, span] : PricedSpans(run)) {
    const pricing::Priced priced = pricing::PriceSpan(book, *span);
    if (priced.cost == span->cost && priced.status == span->cost_status) {
      continue;
    }
    prices.emplace(span_id, priced);
    changes.push_back(
        {.span_id = span_id,
         .old = FigureOf(*span),
         .now = {
             .cost = priced.cost, .status = priced.status, .rule = std::string(priced.rule_id)}});
  }
  std::ranges::sort(changes, {}, &FigureChange::span_id);
  return changes;
}

}  // namespace

Repriced PriceRuns(std::span<const SettledRun> runs, const pricing::PriceBook& book,
                   std::size_t max_spans) {
  Repriced repriced;
  Rollups rollups;
  for (const SettledRun& run : runs) {
    ++repriced.difference.runs;
    Prices prices;
    std::vector<FigureChange> changes = ChangesOf(run, book, prices);
    const RunState before = Derive(run, {}, max_spans);
    model::FactTable old_facts;
    before.AppendFacts(1, old_facts);
    if (changes.empty()) {
      repriced.difference.AddSteps(old_facts, old_facts);
      continue;
    }
    ++repriced.difference.changed_runs;
    const RunState after = Derive(run, prices, max_spans);
    model::FactTable new_facts;
    after.AppendFacts(1, new_facts);
    repriced.difference.AddSteps(old_facts, new_facts);
    repriced.correction.facts.Append(WithoutEqual(old_facts, new_facts), -1);
    repriced.correction.facts.Append(WithoutEqual(new_facts, old_facts), 1);
    rollups.Add(before.contribution(), after.contribution());
    changes.push_back(
        {.span_id = {},
         .old = {.cost = before.record()->cost, .status = before.record()->cost_status, .rule = {}},
         .now = {.cost = after.record()->cost, .status = after.record()->cost_status, .rule = {}}});
    repriced.correction.runs.push_back(
        {.trace_id = run.trace_id, .position = run.position, .changes = std::move(changes)});
  }
  repriced.correction.rollups = rollups.Take();
  return repriced;
}

}  // namespace sightline::repricing
