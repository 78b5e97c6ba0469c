// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_state.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/json_scan.h"
#include "model/rope.h"

namespace sightline::ingest {
namespace {

using TraceIds = std::unordered_set<model::TraceId, model::TraceIdHasher>;

bool IsOfEvents(const model::Span& span) {
  return span.dialect == model::Dialect::kLifecycle && span.has_mark(model::Mark::kDerivedIds);
}

}  // namespace

std::vector<std::uint64_t> BodiesOfStarts(const model::Batch& rows) {
  std::vector<std::uint64_t> ids;
  for (const auto* spans : {&rows.pending, &rows.spans}) {
    for (const model::Span& span : *spans) {
      if (IsOfEvents(span) && span.has_mark(model::Mark::kPlaceholder)) {
        model::ForEachBodyId(span.content, [&](std::uint64_t id) { ids.push_back(id); });
      }
    }
  }
  return ids;
}

std::vector<model::TraceId> LifecycleState::UnknownRuns(
    std::span<const LifecycleEvent> events) const {
  base::MutexLock lock(mutex_);
  return FindUnknown(events);
}

std::vector<model::TraceId> LifecycleState::FindUnknown(
    std::span<const LifecycleEvent> events) const {
  TraceIds seen;
  std::vector<model::TraceId> unknown;
  for (const LifecycleEvent& event : events) {
    if (!seen.insert(event.trace_id).second) {
      continue;
    }
    const auto run = runs_.find(event.trace_id);
    if (run == runs_.end() || !run->second.is_loaded) {
      unknown.push_back(event.trace_id);
    }
  }
  return unknown;
}

std::optional<LifecycleState::Transaction> LifecycleState::Begin(
    std::span<const LifecycleEvent> events, std::span<const LoadedRun> loaded) {
  Starts starts(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (IsStart(events[i].type)) {
      starts[i] = std::make_shared<const LifecycleStart>(MakeStart(events[i]));
    }
  }
  base::MutexLock lock(mutex_);
  for (const LoadedRun& run : loaded) {
    if (run.rows != nullptr) {
      RestoreRows(*run.rows, run.bodies);
    }
    Touch(run.trace_id).is_loaded = true;
  }
  // A run may have been forgotten since UnknownRuns was asked.
  const bool is_refused = !FindUnknown(events).empty() ||
                          std::any_of(events.begin(), events.end(),
                                      [&](const LifecycleEvent& event)
                                          REQUIRES(mutex_) { return RepeatsInFlight(event); });
  if (is_refused) {
    Forget();
    return std::nullopt;
  }
  Transaction transaction{.id = ++last_transaction_, .decisions = {}};
  transaction.decisions.resize(events.size());
  for (const bool is_start_turn : {true, false}) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (IsStart(events[i].type) == is_start_turn) {
        transaction.decisions[i] = Decide(events[i], starts[i], transaction);
      }
    }
  }
  Forget();
  return transaction;
}

bool LifecycleState::RepeatsInFlight(const LifecycleEvent& event) const {
  const auto run = runs_.find(event.trace_id);
  if (run == runs_.end()) {
    return false;
  }
  const auto found = run->second.items.find(event.item_id);
  if (found == run->second.items.end()) {
    return false;
  }
  const Item& item = found->second;
  if (IsStart(event.type) && item.has_start) {
    return item.start_transaction != 0;
  }
  return item.is_finished && item.finish_transaction != 0;
}

LifecycleState::Run& LifecycleState::Touch(const model::TraceId& id) {
  const auto [it, is_new] = runs_.try_emplace(id);
  Run& run = it->second;
  if (is_new) {
    run.place = by_age_.insert(by_age_.end(), id);
  } else {
    by_age_.splice(by_age_.end(), by_age_, run.place);
  }
  return run;
}

LifecycleState::Item& LifecycleState::ItemOf(Run& run, const model::SpanId& id) {
  const auto [it, is_new] = run.items.try_emplace(id);
  items_ += is_new ? 1U : 0U;
  return it->second;
}

EventDecision LifecycleState::Decide(const LifecycleEvent& event,
                                     const std::shared_ptr<const LifecycleStart>& start,
                                     Transaction& transaction) {
  Run& run = Touch(event.trace_id);
  if (transaction.runs.insert(event.trace_id).second) {
    ++run.transactions;
  }
  if (IsOfRun(event.type)) {
    NameWorkflow(run, event.workflow_id, event.workflow_name);
  }
  EventDecision decision{.workflow = run.workflow};
  if (event.type == EventType::kLlmCall && !event.step_id.empty()) {
    const auto step = run.items.find(event.step_span_id);
    decision.is_step_known = step != run.items.end();
    decision.start = decision.is_step_known ? step->second.start : nullptr;
  }
  Item& item = ItemOf(run, event.item_id);
  if (IsStart(event.type)) {
    if (item.has_start || item.is_finished) {
      decision.verdict = item.has_start ? EventVerdict::kRepeated : EventVerdict::kTooLate;
      return decision;
    }
    item.has_start = true;
    item.start_transaction = transaction.id;
    SetStart(item, start);
  } else {
    if (item.is_finished) {
      decision.verdict =
          item.outcome == event.outcome ? EventVerdict::kRepeated : EventVerdict::kContradicted;
      return decision;
    }
    item.is_finished = true;
    item.finish_transaction = transaction.id;
    item.outcome = event.outcome;
    if (IsFinish(event.type)) {
      decision.start = item.start;
    }
  }
  transaction.items.emplace_back(event.trace_id, event.item_id);
  return decision;
}

void LifecycleState::End(const Transaction& transaction, Ending ending) {
  base::MutexLock lock(mutex_);
  for (const auto& [trace_id, item_id] : transaction.items) {
    EndItem(runs_.at(trace_id), item_id, transaction.id, ending);
  }
  for (const model::TraceId& id : transaction.runs) {
    --runs_.at(id).transactions;
  }
  Forget();
}

void LifecycleState::EndItem(Run& run, const model::SpanId& id, std::uint64_t transaction,
                             Ending ending) {
  const auto found = run.items.find(id);
  if (found == run.items.end()) {
    return;  // Start and finish were in one request that failed: gone with the first of them.
  }
  Item& item = found->second;
  if (item.start_transaction == transaction) {
    item.start_transaction = 0;
    if (ending == Ending::kFailed) {
      item.has_start = false;
      SetStart(item, nullptr);
    }
  }
  if (item.finish_transaction == transaction) {
    item.finish_transaction = 0;
    item.is_finished = ending == Ending::kDurable;
    if (item.is_finished) {
      SetStart(item, nullptr);
    }
  }
  if (!item.has_start && !item.is_finished) {
    run.items.erase(found);
    --items_;
  }
}

void LifecycleState::SetStart(Item& item, std::shared_ptr<const LifecycleStart> start) {
  bytes_ -= item.start == nullptr ? 0 : item.start->bytes();
  bytes_ += start == nullptr ? 0 : start->bytes();
  item.start = std::move(start);
}

void LifecycleState::Restore(const model::Batch& batch) {
  BodyTexts bodies;
  const std::vector<std::uint64_t> wanted = BodiesOfStarts(batch);
  const std::unordered_set<std::uint64_t> ids(wanted.begin(), wanted.end());
  for (const model::Body& body : batch.bodies) {
    if (ids.contains(body.id)) {
      bodies.emplace(body.id, body.bytes);
    }
  }
  base::MutexLock lock(mutex_);
  RestoreRows(batch, bodies);
  Forget();
}

void LifecycleState::RestoreRows(const model::Batch& rows, const BodyTexts& bodies) {
  // The store gives placeholders among the spans, the journal beside them.
  for (const auto* spans : {&rows.pending, &rows.spans}) {
    for (const model::Span& span : *spans) {
      if (!IsOfEvents(span)) {
        continue;
      }
      if (span.has_mark(model::Mark::kPlaceholder)) {
        RestoreStart(span, bodies);
      } else {
        RestoreFinish(span);
      }
    }
  }
  for (const model::LogRecord& log : rows.logs) {
    if (log.scope == kLifecycleScope) {
      RestoreLog(log);
    }
  }
}

void LifecycleState::NameWorkflow(Run& run, std::string_view id, std::string_view name) {
  if (run.workflow == nullptr || run.workflow->is_empty()) {
    run.workflow = std::make_shared<const WorkflowNames>(
        WorkflowNames{.id = std::string(id), .name = std::string(name)});
  }
}

void LifecycleState::RestoreStart(const model::Span& span, const BodyTexts& bodies) {
  Run& run = Touch(span.trace_id);
  if (span.is_root()) {
    NameWorkflow(run, span.workflow_id, span.workflow_name);
  }
  Item& item = ItemOf(run, span.span_id);
  if (item.is_finished || item.start_transaction != 0) {
    return;
  }
  // Taken again even if it is known: the journal may have lacked a body that the store has.
  item.has_start = true;
  SetStart(item, std::make_shared<const LifecycleStart>(MakeStart(span, bodies)));
}

void LifecycleState::RestoreFinish(const model::Span& span) {
  Run& run = Touch(span.trace_id);
  if (span.is_root()) {
    NameWorkflow(run, span.workflow_id, span.workflow_name);
  }
  Item& item = ItemOf(run, span.span_id);
  if (item.finish_transaction != 0) {
    return;
  }
  item.has_start = true;
  item.is_finished = true;
  item.outcome = model::OutcomeOf(span);
  SetStart(item, nullptr);
}

void LifecycleState::RestoreLog(const model::LogRecord& log) {
  base::ForEachJsonMember(
      log.attributes, [&](const std::string& key, std::string_view raw) REQUIRES(mutex_) {
        if (key != kEventIdKey) {
          return;
        }
        if (const auto id = model::SpanId::FromHex(base::UnescapeJsonString(raw))) {
          ItemOf(Touch(log.trace_id), *id).is_finished = true;
        }
      });
}

void LifecycleState::Forget() {
  const auto is_over = [&]() REQUIRES(mutex_) {
    return items_ + runs_.size() > options_.max_items || bytes_ > options_.max_bytes;
  };
  for (auto at = by_age_.begin(); at != by_age_.end() && is_over();) {
    const auto run = runs_.find(*at);
    CHECK(run != runs_.end());
    if (run->second.transactions != 0) {
      ++at;
      continue;
    }
    for (auto& [id, item] : run->second.items) {
      SetStart(item, nullptr);
    }
    items_ -= run->second.items.size();
    runs_.erase(run);
    at = by_age_.erase(at);
    losses_.Count(base::Loss::kEventRunForgotten);
  }
}

LifecycleState::Size LifecycleState::size() const {
  base::MutexLock lock(mutex_);
  return {.runs = runs_.size(), .items = items_, .bytes = bytes_};
}

}  // namespace sightline::ingest
