// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/head.h"

#include <utility>

#include "model/rope.h"

namespace sightline::store::embedded {
namespace {

std::uint64_t RowsOf(const model::Batch& batch) {
  return batch.spans.size() + batch.pending.size() + batch.logs.size() + batch.points.size();
}

std::uint64_t BytesOf(const model::Batch& batch) {
  return batch.encoded.capacity() + batch.arena.bytes() +
         (batch.spans.capacity() + batch.pending.capacity()) * sizeof(model::Span) +
         batch.logs.capacity() * sizeof(model::LogRecord) +
         batch.points.capacity() * sizeof(model::MetricPoint) +
         batch.bodies.capacity() * sizeof(model::Body);
}

}  // namespace

HeadBatch::HeadBatch(model::BatchPtr committed)
    : batch(std::move(committed)),
      parts(SummarizeParts(*batch)),
      bytes(BytesOf(*batch) + parts.capacity() * sizeof(TracePart)) {}

const std::vector<BodyUse>& HeadBatch::uses() const {
  std::call_once(uses_once_, [&] {
    const auto add = [&](const model::TraceId& trace_id, std::string_view content) {
      model::ForEachBodyId(content, [&](std::uint64_t id) {
        uses_.push_back({.body_id = static_cast<std::int64_t>(id), .trace_id = trace_id});
      });
    };
    for (const model::Span& span : batch->spans) {
      add(span.trace_id, span.content);
    }
    for (const model::Span& span : batch->pending) {
      add(span.trace_id, span.content);
    }
    for (const model::LogRecord& log : batch->logs) {
      add(log.trace_id, log.content);
    }
  });
  return uses_;
}

const std::vector<BodyText>& HeadBatch::texts() const {
  std::call_once(texts_once_, [&] {
    for (const model::Body& body : batch->bodies) {
      texts_.push_back({.id = static_cast<std::int64_t>(body.id), .bytes = body.bytes});
    }
  });
  return texts_;
}

void Head::Add(model::BatchPtr batch) {
  auto entry = std::make_shared<const HeadBatch>(std::move(batch));
  base::MutexLock lock(mutex_);
  size_.rows += RowsOf(*entry->batch);
  size_.bytes += entry->bytes;
  if (batches_.empty()) {
    size_.oldest_received_ns = entry->batch->received_ns;
  }
  for (const TracePart& part : entry->parts) {
    ++traces_.try_emplace(part.trace_id, Occurrence{.first_position = entry->batch->position})
          .first->second.batches;
  }
  batches_.push_back(std::move(entry));
  size_.batches = batches_.size();
}

void Head::DropUpTo(std::uint64_t position) {
  std::vector<HeadBatchPtr> dropped;  // Freed outside the lock.
  base::MutexLock lock(mutex_);
  while (!batches_.empty() && batches_.front()->batch->position <= position) {
    size_.rows -= RowsOf(*batches_.front()->batch);
    size_.bytes -= batches_.front()->bytes;
    for (const TracePart& part : batches_.front()->parts) {
      const auto trace = traces_.find(part.trace_id);
      if (--trace->second.batches == 0) {
        traces_.erase(trace);
      }
    }
    dropped.push_back(std::move(batches_.front()));
    batches_.pop_front();
  }
  size_.batches = batches_.size();
  size_.oldest_received_ns = batches_.empty() ? 0 : batches_.front()->batch->received_ns;
}

HeadSnapshot Head::Snapshot() const {
  base::MutexLock lock(mutex_);
  return {batches_.begin(), batches_.end()};
}

bool Head::Holds(const model::TraceId& trace_id, std::uint64_t position) const {
  base::MutexLock lock(mutex_);
  const auto trace = traces_.find(trace_id);
  return trace != traces_.end() && trace->second.first_position < position;
}

Head::Size Head::size() const {
  base::MutexLock lock(mutex_);
  return size_;
}

Head::Pin::Pin(Head& head, HeadSnapshot snapshot)
    : head_(head), snapshot_(std::make_shared<const HeadSnapshot>(std::move(snapshot))) {
  base::MutexLock lock(head_.mutex_);
  token_ = head_.next_token_++;
  head_.pins_.emplace(token_, snapshot_);
}

Head::Pin::~Pin() {
  base::MutexLock lock(head_.mutex_);
  head_.pins_.erase(token_);
}

std::shared_ptr<const HeadSnapshot> Head::Pinned(std::int64_t token) const {
  base::MutexLock lock(mutex_);
  const auto it = pins_.find(token);
  return it == pins_.end() ? nullptr : it->second;
}

HeadSnapshot Unsealed(const HeadSnapshot& snapshot, const SealedPositions& sealed) {
  HeadSnapshot unsealed;
  for (const HeadBatchPtr& entry : snapshot) {
    const auto it = sealed.find(entry->batch->day);
    if (it == sealed.end() || entry->batch->position > it->second) {
      unsealed.push_back(entry);
    }
  }
  return unsealed;
}

}  // namespace sightline::store::embedded
