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
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "base/result.h"
#include "ingest/batch_builder.h"
#include "ingest/byte_budget.h"
#include "ingest/recent_rows.h"
#include "ingest/row_room.h"
#include "ingest/unmapped_keys.h"
#include "ingest/waiting_queue.h"
#include "journal/journal.h"
#include "model/batch.h"
#include "model/encoded_batch.h"
#include "otlp/decode.h"
#include "otlp/response.h"
#include "store/store.h"

namespace sightline::ingest {

// One export request on its way in. Move only.
struct Job {
  otlp::Signal signal = otlp::Signal::kTraces;
  otlp::Encoding encoding = otlp::Encoding::kProtobuf;
  std::string content_encoding;  // As in HTTP; "" for none.
  std::string body;
  ByteBudget::Charge charge;
  // Of the body after decompression, when there was no room for it yet.
  std::size_t missing_bytes = 0;
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
    std::size_t max_queued_jobs = 8192;  // As many as senders may wait at once.
    // How long a request waits for room before it is refused.
    std::chrono::nanoseconds patience = std::chrono::seconds(1);
    // Rows that are not durable yet; above it the workers wait.
    std::size_t max_row_bytes = std::size_t{64} << 20U;
    std::size_t max_decompressed_bytes = std::size_t{64} << 20U;
    // Larger requests are stored in such portions, one after the other. Should the disk fill up in
    // between, the sender sends all of it again: RecentRows knows what is stored.
    otlp::Decoder::Portion portion;
    RowEncoder::Limits limits;
  };

  struct Parts {
    const normalize::Normalizer& normalizer;
    const pricing::CurrentPrices& prices;
    journal::Journal& journal;
    store::SpanStore& store;
    RecentRows& recent;
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

  // Takes the job over. It waits while there is no room, then is answered with a retryable refusal.
  void Submit(Job job);

  // For what does not come as OTLP: makes a batch durable and visible. `done` as in Job::answer.
  // Nothing refers to `batch` once it has returned. Waits while too many rows are on their way.
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
  class Reply;

  void Run();
  void Process(WaitingQueue<Job>::Taken taken);
  void Append(std::shared_ptr<model::Batch> batch, std::shared_ptr<model::EncodedBatch> encoded,
              std::vector<RecentRows::Fingerprint> fingerprints,
              std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done);
  base::Result<std::string> PlainBody(Job& job) EXCLUDES(large_json_mutex_);
  base::Result<std::string> ToProtobuf(otlp::Signal signal, std::string_view json) const;
  void AppendPortions(otlp::Decoder& decoder, std::size_t bytes, std::string body,
                      otlp::Request& request, const std::shared_ptr<Reply>& reply);
  void Append(BatchBuilder::Built built, const std::shared_ptr<Reply>& reply);
  bool WaitForRoom() const;
  void PushBack(Job& job, std::string_view why) const;

  const Options options_;
  const Parts parts_;
  const BatchBuilder builder_;
  base::Mutex large_json_mutex_;
  RowRoom rows_;
  WaitingQueue<Job> queue_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> spans_ = 0;
  std::atomic<std::uint64_t> logs_ = 0;
  std::atomic<std::uint64_t> points_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace sightline::ingest
