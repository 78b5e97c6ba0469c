// SPDX-License-Identifier: Apache-2.0
#include "ingest/pipeline.h"

#include <cstddef>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
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

void CountRefusal(base::LossTable& losses, const base::Error& error) {
  losses.Count(error.code() == base::Code::kResourceExhausted ? base::Loss::kRequestTooLarge
               : error.code() == base::Code::kUnimplemented   ? base::Loss::kRequestUnsupported
                                                              : base::Loss::kRequestMalformed);
}

// Releases the bytes before answering, so that the sender's next request is not refused because of
// this one.
void Refuse(Job& job, const base::Error& error, std::optional<std::chrono::seconds> retry_after) {
  job.charge.Release();
  job.answer(error, retry_after);
}

}  // namespace

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
      queue_(options.max_queued_jobs) {
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

std::optional<Refusal> Pipeline::Overload() const {
  if (!parts_.store.has_room()) {
    parts_.losses.Count(base::Loss::kRequestPushedBack);
    return Refusal{.error = base::Error(base::Code::kResourceExhausted,
                                        "cannot take the request now: the store is catching up"),
                   .retry_after = kRetryAfter};
  }
  return std::nullopt;
}

void Pipeline::Submit(Job job) {
  if (const auto refusal = Overload()) {
    Refuse(job, refusal->error, refusal->retry_after);
    return;
  }
  if (!queue_.TryPush(std::move(job))) {
    parts_.losses.Count(base::Loss::kRequestPushedBack);
    Refuse(
        job,
        base::Error(base::Code::kResourceExhausted, "cannot take the request now: queue is full"),
        kRetryAfter);
  }
}

void Pipeline::Run() {
  while (auto job = queue_.Pop()) {
    Process(std::move(*job));
  }
}

// The request as protobuf bytes.
base::Result<std::string> Pipeline::PlainBody(Job& job) {
  std::string body = std::move(job.body);
  if (!job.content_encoding.empty()) {
    body = TRY(net::Decompress(job.content_encoding, body, options_.max_decompressed_bytes));
    if (!job.charge.Grow(body.size())) {
      return base::Error(base::Code::kUnavailable,
                         "cannot take the request now: too many bytes in flight");
    }
  }
  bytes_.fetch_add(body.size(), std::memory_order_relaxed);
  if (job.encoding == otlp::Encoding::kJson) {
    otlp::JsonNotes notes;
    auto protobuf = otlp::JsonToProtobuf(job.signal, body, &notes);
    parts_.losses.Count(base::Loss::kTextRepaired, notes.is_repaired ? 1 : 0);
    parts_.losses.Count(base::Loss::kRequestKeyUnknown, notes.unknown_keys);
    body = TRY(std::move(protobuf));
  }
  return body;
}

void Pipeline::Process(Job job) {
  requests_.fetch_add(1, std::memory_order_relaxed);
  base::Result<std::string> body = PlainBody(job);
  if (!body.has_value()) {
    if (body.error().code() == base::Code::kUnavailable) {
      parts_.losses.Count(base::Loss::kRequestPushedBack);
      Refuse(job, base::Error(base::Code::kResourceExhausted, body.error().message()), kRetryAfter);
    } else {
      CountRefusal(parts_.losses, body.error());
      Refuse(job, body.error(), std::nullopt);
    }
    return;
  }
  static thread_local otlp::Request request;
  if (const auto decoded = otlp::Decode(job.signal, *body, request); !decoded.has_value()) {
    CountRefusal(parts_.losses, decoded.error());
    Refuse(job, decoded.error(), std::nullopt);
    return;
  }
  BatchBuilder::Built built = builder_.Build(request, parts_.clock.NowNs());
  otlp::PartialSuccess partial{.rejected = built.rejected};
  if (built.rejected > 0) {
    partial.error_message = fmt::format(
        "{} rejected: trace and span ids must be 16 and 8 bytes and not all zero", built.rejected);
  }
  // Rows refer to the request's bytes. A moved string keeps its memory when it is not short.
  body->reserve(kLeastMovedBytes);
  built.batch->source = std::move(*body);
  std::shared_ptr<model::EncodedBatch> encoded = model::EncodedBatch::Encode(*built.batch);
  Append(std::move(built.batch), std::move(encoded), std::move(built.fingerprints),
         [partial = std::move(partial), answer = std::move(job.answer),
          charge = std::make_shared<ByteBudget::Charge>(std::move(job.charge))](
             const base::Result<void>& committed, std::optional<std::chrono::seconds> retry_after) {
           charge->Release();
           if (committed.has_value()) {
             answer(partial, std::nullopt);
           } else {
             answer(committed.error(), retry_after);
           }
         });
}

void Pipeline::Commit(
    const model::Batch& batch,
    std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done) {
  std::shared_ptr<model::EncodedBatch> encoded = model::EncodedBatch::Encode(batch);
  base::Result<std::shared_ptr<model::Batch>> own = model::EncodedBatch::Decode(encoded);
  CHECK(own.has_value());
  std::vector<RecentSpans::Fingerprint> fingerprints;
  for (const model::Span& span : (*own)->spans) {
    fingerprints.push_back(RecentSpans::FingerprintOf(span));
  }
  Append(std::move(*own), std::move(encoded), std::move(fingerprints), std::move(done));
}

void Pipeline::Append(
    std::shared_ptr<model::Batch> batch, std::shared_ptr<model::EncodedBatch> encoded,
    std::vector<RecentSpans::Fingerprint> fingerprints,
    std::function<void(base::Result<void>, std::optional<std::chrono::seconds>)> done) {
  if (batch->empty()) {
    done({}, std::nullopt);
    return;
  }
  const std::string_view record = encoded->record();
  parts_.journal.Append(record, [this, batch = std::move(batch), encoded = std::move(encoded),
                                 fingerprints = std::move(fingerprints), done = std::move(done)](
                                    const base::Result<std::uint64_t>& position) {
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
