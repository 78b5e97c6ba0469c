// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/loss.h"
#include "base/mutex.h"
#include "ingest/lifecycle_event.h"
#include "ingest/lifecycle_start.h"
#include "model/batch.h"
#include "model/ids.h"

namespace sightline::ingest {

// What is to be done with one event.
enum class EventVerdict : std::uint8_t {
  kStore,
  kRepeated,      // Accepted before.
  kContradicted,  // A finish that was accepted before with another status: the first one stands.
  kTooLate,       // A start whose finish was accepted before: the final span stands.
};

struct EventDecision {
  EventVerdict verdict = EventVerdict::kStore;
  // For a finish, the start; for an llm.call, the start of its step. Null: none is known.
  std::shared_ptr<const LifecycleStart> start;
  bool is_step_known = false;  // For an llm.call: its step was announced, so the call hangs there.
  std::shared_ptr<const WorkflowNames> workflow;  // Of the run; null when it was not announced.
};

// What the store holds of one run, and the bodies that its placeholders refer to. Null: nothing.
struct LoadedRun {
  model::TraceId trace_id;
  model::BatchPtr rows;
  BodyTexts bodies;
};

// Remembers which lifecycle events were accepted and what the starts said, so that a repeat is
// stored once and a finish finds its start. Starts and finishes are the same when execution, step
// and type are; of model calls and log lines a step may have many, so these are the same when they
// were sent in the same words.
//
// It is a cache of the store: a run that is not in memory, because it began before the last restart
// or was forgotten, is named by UnknownRuns, fetched by the owner and handed to Begin. Bounded by
// items and bytes: the run that was touched longest ago is forgotten as a whole.
//
// What a request changes counts for later requests at once, yet it is not durable until End. A
// request with an event that repeats one in flight therefore has no answer: Begin refuses it and it
// has to be sent again.
//
// Thread: any.
class LifecycleState {
 public:
  struct Options {
    std::size_t max_items = 167'772;  // Runs, steps, calls and log lines: kBytesPerItem each.
    std::size_t max_bytes = std::size_t{16} << 20U;  // Of what starts said.
  };

  static constexpr std::size_t kBytesPerItem = 100;  // About.

  // Half for items, half for texts.
  static constexpr Options WithinBytes(std::size_t bytes) {
    return {.max_items = bytes / 2 / kBytesPerItem, .max_bytes = bytes / 2};
  }

  LifecycleState(const Options& options, base::LossTable& losses)
      : options_(options), losses_(losses) {}

  // The runs of `events` whose past was not read from the store yet.
  std::vector<model::TraceId> UnknownRuns(std::span<const LifecycleEvent> events) const
      EXCLUDES(mutex_);

  // Takes in the rows of lifecycle events in a batch that the journal gives back after a crash.
  void Restore(const model::Batch& batch) EXCLUDES(mutex_);

  // The changes of one request until it is known whether they are durable.
  struct Transaction {
    std::uint64_t id = 0;
    std::unordered_set<model::TraceId, model::TraceIdHasher> runs;
    std::vector<std::pair<model::TraceId, model::SpanId>> items;
    std::vector<EventDecision> decisions;  // Parallel to the events.
  };

  // Decides about the events of one request. Starts are taken first, so that a request may list its
  // events in any order. `loaded` answers UnknownRuns. Empty when the request has to be sent again;
  // else End must follow.
  std::optional<Transaction> Begin(std::span<const LifecycleEvent> events,
                                   std::span<const LoadedRun> loaded) EXCLUDES(mutex_);

  enum class Ending { kDurable, kFailed };
  void End(const Transaction& transaction, Ending ending) EXCLUDES(mutex_);

  struct Size {
    std::size_t runs = 0;
    std::size_t items = 0;
    std::size_t bytes = 0;
  };

  Size size() const EXCLUDES(mutex_);

 private:
  // A run, a step, a model call or a log line. `start` is kept until the finish is durable.
  struct Item {
    std::shared_ptr<const LifecycleStart> start;
    std::uint64_t start_transaction = 0;   // 0: durable.
    std::uint64_t finish_transaction = 0;  // 0: durable.
    bool has_start = false;
    bool is_finished = false;
    model::Outcome outcome = model::Outcome::kCompleted;
  };

  struct Run {
    std::unordered_map<model::SpanId, Item, model::SpanIdHasher> items;
    std::shared_ptr<const WorkflowNames> workflow;
    std::size_t transactions = 0;               // In flight: the run must not be forgotten.
    bool is_loaded = false;                     // All that the store holds of it is here.
    std::list<model::TraceId>::iterator place;  // In by_age_.
  };

  using Starts = std::vector<std::shared_ptr<const LifecycleStart>>;

  std::vector<model::TraceId> FindUnknown(std::span<const LifecycleEvent> events) const
      REQUIRES(mutex_);
  bool RepeatsInFlight(const LifecycleEvent& event) const REQUIRES(mutex_);
  Run& Touch(const model::TraceId& id) REQUIRES(mutex_);
  Item& ItemOf(Run& run, const model::SpanId& id) REQUIRES(mutex_);
  EventDecision Decide(const LifecycleEvent& event,
                       const std::shared_ptr<const LifecycleStart>& start, Transaction& transaction)
      REQUIRES(mutex_);
  void EndItem(Run& run, const model::SpanId& id, std::uint64_t transaction, Ending ending)
      REQUIRES(mutex_);
  void SetStart(Item& item, std::shared_ptr<const LifecycleStart> start) REQUIRES(mutex_);
  void RestoreRows(const model::Batch& rows, const BodyTexts& bodies) REQUIRES(mutex_);
  static void NameWorkflow(Run& run, std::string_view id, std::string_view name);
  void RestoreStart(const model::Span& span, const BodyTexts& bodies) REQUIRES(mutex_);
  void RestoreFinish(const model::Span& span) REQUIRES(mutex_);
  void RestoreLog(const model::LogRecord& log) REQUIRES(mutex_);
  void Forget() REQUIRES(mutex_);

  const Options options_;
  base::LossTable& losses_;

  mutable base::Mutex mutex_;
  std::unordered_map<model::TraceId, Run, model::TraceIdHasher> runs_ GUARDED_BY(mutex_);
  std::list<model::TraceId> by_age_ GUARDED_BY(mutex_);  // The longest untouched first.
  std::size_t items_ GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t last_transaction_ GUARDED_BY(mutex_) = 0;
};

// The ids of bodies that the placeholders of lifecycle events refer to.
std::vector<std::uint64_t> BodiesOfStarts(const model::Batch& rows);

}  // namespace sightline::ingest
