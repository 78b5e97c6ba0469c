// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/loss.h"
#include "base/result.h"
#include "ingest/batch_builder.h"
#include "ingest/byte_budget.h"
#include "ingest/recent_spans.h"
#include "ingest/unmapped_keys.h"
#include "journal/journal.h"
#include "model/batch.h"
#include "model/encoded_batch.h"
#include "otlp/decode.h"
#include "otlp/response.h"
#include "store/store.h"

namespace sightline::ingest {

// Why a request failed. With `retry_after` the same request may succeed later: kResourceExhausted
// means pushed back, kUnavailable that nothing can be stored now. Without it a retry is pointless.
struct Refusal {
  base::Error error;
  std::optional<std::chrono::seconds> retry_after;  // Set: the same request may succeed later.
};

// One export request on its way in. Move only.
struct Job {
  otlp::Signal signal = otlp::Signal::kTraces;
  otlp::Encoding encoding = otlp::Encoding::kProtobuf;
  std::string content_encoding;  // As in HTTP; "" for none.
  std::string body;
  ByteBudget::Charge charge;
  // Called once, on any thread: durable and visible, or why not.
  std::function<void(base::Result<otlp::PartialSuccess>, std::optional<std::chrono::seconds>)>
      answer;
};

// From bytes to durable rows: decompress, decode, normalise and price on worker threads, then the
// journal, then the store and the listeners, then the answer.
//
// It does not read sockets and knows neither HTTP nor gRPC.
//
// Thread: any. Owns its worker threads.
class Pipeline {
 public:
  struct Options {
    unsigned threads = 2;
    std::size_t max_queued_jobs = 1024;
    std::size_t max_decompressed_bytes = std::size_t{64} << 20U;
    RowEncoder::Limits limits;
  };

  struct Parts {
    const normalize::Normalizer& normalizer;
    const pricing::CurrentPrices& prices;
    journal::Journal& journal;
    store::SpanStore& store;
    RecentSpans& recent;
    const base::Clock& clock;
    base::LossTable& losses;
    // Called in order of position, on the journal's thread, when a batch is durable and in the
    // store: must be quick.
    std::function<void(const model::BatchPtr&)> on_commit;
    UnmappedKeys* unmapped = nullptr;  // Null: keys that no rule knows are not counted.
  };

  Pipeline(const Options& options, const Parts& parts);

  // Stops as Stop() does.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Takes the job over or answers it at once with a retryable refusal.
  void Submit(Job job);

  // For what does not come as OTLP: makes a batch durable and visible. `done` as in Job::answer.
  // Nothing refers to `batch` once it has returned.
  void Commit(const model::Batch& batch,
              std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done);

  // Finishes what was taken over. No Submit afterwards. Idempotent.
  void Stop();

  struct Stats {
    std::uint64_t requests = 0;
    std::uint64_t spans = 0;
    std::uint64_t logs = 0;
    std::uint64_t points = 0;
    std::uint64_t bytes = 0;  // Of requests, decompressed.
  };

  Stats stats() const;

 private:
  void Run();
  void Process(Job job);
  void Append(std::shared_ptr<model::Batch> batch, std::shared_ptr<model::EncodedBatch> encoded,
              std::vector<RecentSpans::Fingerprint> fingerprints,
              std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done);
  base::Result<std::string> PlainBody(Job& job);
  std::optional<Refusal> Overload() const;

  const Options options_;
  const Parts parts_;
  const BatchBuilder builder_;
  base::BoundedQueue<Job> queue_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> spans_ = 0;
  std::atomic<std::uint64_t> logs_ = 0;
  std::atomic<std::uint64_t> points_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace sightline::ingest
