// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/head.h"

#include <utility>

namespace sightline::store::embedded {

std::uint64_t BytesOf(const model::EncodedBatch& batch) {
  constexpr std::uint64_t kPerTrace = 64;  // In Head::traces_.
  return batch.record().size() + sizeof batch +
         batch.blocks().size() * (sizeof(model::RowBlock) + kPerTrace) +
         batch.bodies().size() * sizeof(model::Body) + batch.uses().size() * sizeof(model::BodyUse);
}

void Head::Add(model::EncodedBatchPtr batch) {
  base::MutexLock lock(mutex_);
  for (const model::RowBlock& block : batch->blocks()) {
    const auto [it, is_new] =
        traces_.try_emplace(block.trace_id, Occurrence{.first_position = batch->position});
    ++it->second.blocks;
  }
  if (batches_.empty()) {
    size_.oldest_received_ns = batch->received_ns();
  }
  size_.rows += batch->row_count();
  size_.bytes += BytesOf(*batch);
  ++size_.batches;
  batches_.push_back(std::move(batch));
}

void Head::DropUpTo(std::uint64_t position) {
  std::vector<model::EncodedBatchPtr> dropped;  // Freed without the lock.
  base::MutexLock lock(mutex_);
  while (!batches_.empty() && batches_.front()->position <= position) {
    model::EncodedBatchPtr batch = std::move(batches_.front());
    batches_.pop_front();
    size_.rows -= batch->row_count();
    size_.bytes -= BytesOf(*batch);
    --size_.batches;
    for (const model::RowBlock& block : batch->blocks()) {
      const auto it = traces_.find(block.trace_id);
      if (it != traces_.end() && --it->second.blocks == 0) {
        traces_.erase(it);
      }
    }
    dropped.push_back(std::move(batch));
  }
  size_.oldest_received_ns = batches_.empty() ? 0 : batches_.front()->received_ns();
}

HeadSnapshot Head::Snapshot() const {
  base::MutexLock lock(mutex_);
  return {batches_.begin(), batches_.end()};
}

bool Head::Holds(const model::TraceId& trace_id, std::uint64_t position) const {
  base::MutexLock lock(mutex_);
  const auto it = traces_.find(trace_id);
  return it != traces_.end() && it->second.first_position < position;
}

Head::Size Head::size() const {
  base::MutexLock lock(mutex_);
  return size_;
}

}  // namespace sightline::store::embedded
