// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/arena.h"
#include "base/clock.h"
#include "base/loss.h"
#include "base/result.h"
#include "ingest/batch_builder.h"
#include "ingest/byte_budget.h"
#include "ingest/lifecycle_event.h"
#include "ingest/lifecycle_json.h"
#include "ingest/lifecycle_parse.h"
#include "ingest/lifecycle_state.h"
#include "ingest/pipeline.h"
#include "ingest/recent_rows.h"
#include "ingest/waiting_queue.h"
#include "normalize/normalizer.h"
#include "pricing/current_prices.h"
#include "store/store.h"

namespace sightline::ingest {

// One request of lifecycle events on its way in. Move only.
struct EventsRequest {
  EventFormat format = EventFormat::kJson;
  std::string content_encoding;  // As in HTTP; "" for none.
  std::string body;
  ByteBudget::Charge charge;
};

struct RejectedEvent {
  std::size_t index = 0;  // Of the item in the request, blank lines not counted.
  std::string detail;
};

// What became of the events of a request.
struct EventsOutcome {
  std::size_t accepted = 0;  // Durable, now or before.
  std::size_t repeated = 0;  // Of these, what was not stored because it came before.
  std::vector<RejectedEvent> rejected;
};

// From the bytes of lifecycle events to durable rows: decompress, parse, decide what is new, build
// a batch as if it had come as OTLP, and commit it.
//
// It does not know HTTP.
//
// Thread: any. Owns its worker threads. What it refers to must outlive it; callbacks may run on the
// journal's thread after Stop, so it must outlive the journal.
class LifecycleReceiver {
 public:
  struct Options {
    unsigned threads = 2;
    std::size_t max_queued_requests = 8192;  // As many as senders may wait at once.
    // How long a request waits for room before it is refused.
    std::chrono::nanoseconds patience = std::chrono::seconds(1);
    std::size_t max_decompressed_bytes = std::size_t{64} << 20U;
    std::size_t max_events = 10'000;       // In one request.
    std::chrono::seconds read_timeout{5};  // For the runs of a request that are not in memory.
    RowEncoder::Limits limits;
  };

  struct Parts {
    const normalize::Normalizer& normalizer;
    const pricing::CurrentPrices& prices;
    const RecentRows& recent;
    store::SpanStore& store;
    Pipeline& pipeline;
    LifecycleState& state;
    const base::Clock& clock;
    base::LossTable& losses;
  };

  // Called once, on any thread. An error with a time may succeed when it is sent again then: an
  // overload is kResourceExhausted. Without a time a retry is pointless.
  using Done =
      std::function<void(base::Result<EventsOutcome>, std::optional<std::chrono::seconds>)>;

  LifecycleReceiver(const Options& options, const Parts& parts);

  // Takes the request over. It waits while there is no room, then is answered with a retryable
  // refusal.
  void Submit(EventsRequest request, Done done);

  // Finishes what was taken over. No Submit afterwards. Idempotent.
  void Stop();

  // Stops as Stop() does.
  ~LifecycleReceiver();
  LifecycleReceiver(const LifecycleReceiver&) = delete;
  LifecycleReceiver& operator=(const LifecycleReceiver&) = delete;

 private:
  struct Job;

  using JobPtr = std::unique_ptr<Job>;
  using JobQueue = WaitingQueue<JobPtr>;

  void Run();
  void Process(JobQueue::Taken taken);
  void PushBack(Job& job, std::string_view why) const;
  base::Result<void> Unpack(Job& job) const;
  base::Result<void> Parse(Job& job) const;
  base::Result<std::vector<LoadedRun>> LoadRuns(std::span<const LifecycleEvent> events) const;
  void Commit(Job& job, LifecycleState::Transaction transaction);
  void CountVerdicts(std::span<const EventDecision> decisions, EventsOutcome& outcome) const;

  const Options options_;
  const Parts parts_;
  const BatchBuilder builder_;
  JobQueue queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace sightline::ingest
