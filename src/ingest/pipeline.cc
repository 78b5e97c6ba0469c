// SPDX-License-Identifier: Apache-2.0
#include "ingest/pipeline.h"

#include <cstddef>
#include <exception>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "model/encoded_batch.h"
#include "net/body_codec.h"
#include "otlp/json.h"

namespace sightline::ingest {
namespace {

// How long senders are asked to wait when they are pushed back.
constexpr std::chrono::seconds kRetryAfter{1};

// More than a string holds within itself.
constexpr std::size_t kLeastMovedBytes = 64;

constexpr std::chrono::milliseconds kRoomPoll{5};

// The parser takes up to six times its text for a moment: larger ones are parsed one at a time.
constexpr std::size_t kLargeJsonBytes = std::size_t{4} << 20U;

// A thread keeps the memory of the requests that it decodes, up to this.
constexpr std::size_t kMaxKeptBytes = std::size_t{8} << 20U;

void CountRefusal(base::LossTable& losses, const base::Error& error) {
  losses.Count(error.code() == base::Code::kResourceExhausted ? base::Loss::kRequestTooLarge
               : error.code() == base::Code::kUnimplemented   ? base::Loss::kRequestUnsupported
                                                              : base::Loss::kRequestMalformed);
}

// Reads what is left, to nobody's use.
base::Result<void> CheckRest(otlp::Decoder decoder) {
  otlp::Request request;
  while (!decoder.is_done()) {
    TRY(decoder.Next(request));
  }
  return {};
}

// Releases the bytes before answering, so that the sender's next request is not refused because of
// this one.
void Refuse(Job& job, const base::Error& error, std::optional<std::chrono::seconds> retry_after) {
  job.charge.Release();
  job.answer(error, retry_after);
}

}  // namespace

// The answer to a request, which is given when the last of its portions is durable.
//
// Thread: any.
class Pipeline::Reply {
 public:
  explicit Reply(Job job) : job_(std::move(job)) {}

  // A portion, of which so many rows were rejected, is on its way.
  void Begin(std::int64_t rejected) EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    ++open_;
    rejected_ += rejected;
  }

  // What became of it; or, once, that there are no more portions.
  void End(const base::Result<void>& committed, std::optional<std::chrono::seconds> retry_after)
      EXCLUDES(mutex_) {
    {
      base::MutexLock lock(mutex_);
      if (!committed.has_value() && !error_) {
        error_ = committed.error();
        retry_after_ = retry_after;
      }
      if (--open_ > 0) {
        return;
      }
    }
    Answer();
  }

  bool has_failed() const EXCLUDES(mutex_) {
    base::MutexLock lock(mutex_);
    return error_.has_value();
  }

 private:
  // Nothing is open any more: no other thread is here.
  void Answer() NO_THREAD_SAFETY_ANALYSIS {
    if (error_) {
      Refuse(job_, *error_, retry_after_);
      return;
    }
    otlp::PartialSuccess partial{.rejected = rejected_};
    if (rejected_ > 0) {
      partial.error_message = fmt::format(
          "{} rejected: trace and span ids must be 16 and 8 bytes and not all zero", rejected_);
    }
    job_.charge.Release();
    job_.answer(std::move(partial), std::nullopt);
  }

  Job job_;
  mutable base::Mutex mutex_;
  int open_ GUARDED_BY(mutex_) = 1;  // For the one who makes portions.
  std::int64_t rejected_ GUARDED_BY(mutex_) = 0;
  std::optional<base::Error> error_ GUARDED_BY(mutex_);
  std::optional<std::chrono::seconds> retry_after_ GUARDED_BY(mutex_);
};

Pipeline::Pipeline(const Options& options, const Parts& parts)
    : options_(options),
      parts_(parts),
      builder_({.normalizer = parts.normalizer,
                .prices = parts.prices,
                .recent = parts.recent,
                .bodies = parts.store.bodies(),
                .losses = parts.losses,
                .limits = options.limits,
                .unmapped = parts.unmapped}),
      rows_(options.max_row_bytes),
      queue_(
          {.capacity = options.max_queued_jobs, .patience = options.patience}, parts.clock,
          [&store = parts.store] { return store.has_room(); },
          [](Job& job) { return job.charge.Grow(job.missing_bytes); }) {
  for (unsigned i = 0; i < options.threads; ++i) {
    threads_.emplace_back([this] {
      base::NameThread("ingest");
      Run();
    });
  }
}

Pipeline::~Pipeline() {
  Stop();
}

void Pipeline::Stop() {
  queue_.Close();
  threads_.clear();
}

void Pipeline::PushBack(Job& job, std::string_view why) const {
  parts_.losses.Count(base::Loss::kRequestPushedBack);
  Refuse(job,
         base::Error(base::Code::kResourceExhausted,
                     fmt::format("cannot take the request now: {}", why)),
         kRetryAfter);
}

void Pipeline::Submit(Job job) {
  if (!queue_.TryPush(std::move(job))) {
    PushBack(job, "too many requests wait");
  }
}

void Pipeline::Run() {
  while (auto taken = queue_.Pop()) {
    try {
      Process(std::move(*taken));
    } catch (const std::exception& exception) {
      parts_.losses.Count(base::Loss::kTaskFailed);  // What answers the sender has died unused.
      base::LogError("cannot process a request: {}", exception.what());
    }
  }
}

// The request as protobuf bytes. kUnavailable: there is no room for them, and the job is as it was
// but for missing_bytes.
base::Result<std::string> Pipeline::PlainBody(Job& job) {
  std::string body;
  if (job.content_encoding.empty()) {
    body = std::move(job.body);
  } else {
    body = TRY(net::Decompress(job.content_encoding, job.body, options_.max_decompressed_bytes));
    if (job.missing_bytes == 0 && !job.charge.Grow(body.size())) {
      job.missing_bytes = body.size();
      return base::Error(base::Code::kUnavailable, "too many bytes in flight");
    }
    job.body = std::string();
  }
  bytes_.fetch_add(body.size(), std::memory_order_relaxed);
  if (job.encoding != otlp::Encoding::kJson) {
    return body;
  }
  if (body.size() < kLargeJsonBytes) {
    return ToProtobuf(job.signal, body);
  }
  base::MutexLock lock(large_json_mutex_);
  return ToProtobuf(job.signal, body);
}

base::Result<std::string> Pipeline::ToProtobuf(otlp::Signal signal, std::string_view json) const {
  otlp::JsonNotes notes;
  auto protobuf = otlp::JsonToProtobuf(signal, json, &notes);
  parts_.losses.Count(base::Loss::kTextRepaired, notes.is_repaired ? 1 : 0);
  parts_.losses.Count(base::Loss::kRequestKeyUnknown, notes.unknown_keys);
  return protobuf;
}

void Pipeline::Process(WaitingQueue<Job>::Taken taken) {
  Job& job = taken.item;
  if (taken.is_too_late) {
    PushBack(job, job.missing_bytes > 0 ? "too many bytes in flight" : "the store is catching up");
    return;
  }
  base::Result<std::string> body = PlainBody(job);
  if (!body.has_value() && body.error().code() == base::Code::kUnavailable) {
    queue_.PutBack(std::move(taken));
    return;
  }
  requests_.fetch_add(1, std::memory_order_relaxed);
  if (!body.has_value()) {
    CountRefusal(parts_.losses, body.error());
    Refuse(job, body.error(), std::nullopt);
    return;
  }
  otlp::Decoder decoder(job.signal, *body, options_.portion);
  static thread_local otlp::Request request;
  base::Result<std::size_t> decoded = decoder.Next(request);
  if (decoded.has_value() && !decoder.is_done()) {
    // All of it must be good before a part of it is stored.
    if (const auto rest = CheckRest(decoder); !rest.has_value()) {
      decoded = rest.error();
    }
  }
  if (!decoded.has_value()) {
    CountRefusal(parts_.losses, decoded.error());
    Refuse(job, decoded.error(), std::nullopt);
    return;
  }
  const auto reply = std::make_shared<Reply>(std::move(job));
  if (decoder.is_done()) {
    BatchBuilder::Built built = builder_.Build(request, parts_.clock.NowNs());
    // Rows refer to the request's bytes. A moved string keeps its memory when it is not short.
    body->reserve(kLeastMovedBytes);
    built.batch->source = std::move(*body);
    Append(std::move(built), reply);
  } else {
    AppendPortions(decoder, *decoded, std::move(*body), request, reply);
  }
  reply->End({}, std::nullopt);
  if (otlp::HeldBytes(request) > kMaxKeptBytes) {
    request = otlp::Request();
  }
}

// `request` holds the first portion, which took `bytes` of the body.
void Pipeline::AppendPortions(otlp::Decoder& decoder, std::size_t bytes, std::string body,
                              otlp::Request& request, const std::shared_ptr<Reply>& reply) {
  const auto held = std::make_shared<const std::string>(std::move(body));
  while (true) {
    BatchBuilder::Built built = builder_.Build(request, parts_.clock.NowNs());
    built.batch->held.push_back(held);
    built.batch->held_bytes = bytes;
    Append(std::move(built), reply);
    if (decoder.is_done() || reply->has_failed()) {
      return;
    }
    if (!WaitForRoom()) {
      parts_.losses.Count(base::Loss::kRequestPushedBack);
      reply->Begin(0);
      reply->End(base::Error(base::Code::kResourceExhausted,
                             "cannot take the rest of the request now: the store is catching up"),
                 kRetryAfter);
      return;
    }
    const base::Result<std::size_t> decoded = decoder.Next(request);
    CHECK(decoded.has_value());  // It was read before.
    bytes = *decoded;
  }
}

// For what is in the middle of a request. Sealing makes room without this thread.
bool Pipeline::WaitForRoom() const {
  const auto deadline = std::chrono::steady_clock::now() + options_.patience;
  while (!parts_.store.has_room()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return false;
    }
    std::this_thread::sleep_for(kRoomPoll);
  }
  return true;
}

void Pipeline::Append(BatchBuilder::Built built, const std::shared_ptr<Reply>& reply) {
  reply->Begin(built.rejected);
  std::shared_ptr<model::EncodedBatch> encoded = model::EncodedBatch::Encode(*built.batch);
  Append(std::move(built.batch), std::move(encoded), std::move(built.fingerprints),
         [reply](const base::Result<void>& committed,
                 std::optional<std::chrono::seconds> retry_after) {
           reply->End(committed, retry_after);
         });
}

void Pipeline::Commit(
    const model::Batch& batch,
    std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done) {
  std::shared_ptr<model::EncodedBatch> encoded = model::EncodedBatch::Encode(batch);
  base::Result<std::shared_ptr<model::Batch>> own = model::EncodedBatch::Decode(encoded);
  CHECK(own.has_value());
  std::vector<RecentRows::Fingerprint> fingerprints = RecentRows::FingerprintsOf(**own);
  Append(std::move(*own), std::move(encoded), std::move(fingerprints), std::move(done));
}

void Pipeline::Append(
    std::shared_ptr<model::Batch> batch, std::shared_ptr<model::EncodedBatch> encoded,
    std::vector<RecentRows::Fingerprint> fingerprints,
    std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done) {
  if (batch->empty()) {
    done({}, std::nullopt);
    return;
  }
  const std::string_view record = encoded->record();
  std::shared_ptr<const void> room = rows_.Take(batch->row_bytes() + record.size());
  parts_.journal.Append(record,
                        [this, batch = std::move(batch), encoded = std::move(encoded),
                         fingerprints = std::move(fingerprints), done = std::move(done),
                         room = std::move(room)](const base::Result<std::uint64_t>& position) {
                          if (!position.has_value()) {
                            parts_.losses.Count(base::Loss::kRequestStorageUnavailable);
                            done(position.error(), kRetryAfter);
                            return;
                          }
                          batch->position = *position;
                          encoded->position = *position;
                          parts_.recent.Insert(fingerprints);
                          spans_.fetch_add(batch->spans.size(), std::memory_order_relaxed);
                          logs_.fetch_add(batch->logs.size(), std::memory_order_relaxed);
                          points_.fetch_add(batch->points.size(), std::memory_order_relaxed);
                          parts_.store.Commit(encoded);
                          if (parts_.on_commit) {
                            parts_.on_commit(batch);
                          }
                          done({}, std::nullopt);
                        });
}

Pipeline::Stats Pipeline::stats() const {
  return {.requests = requests_.load(std::memory_order_relaxed),
          .spans = spans_.load(std::memory_order_relaxed),
          .logs = logs_.load(std::memory_order_relaxed),
          .points = points_.load(std::memory_order_relaxed),
          .bytes = bytes_.load(std::memory_order_relaxed)};
}

}  // namespace sightline::ingest
