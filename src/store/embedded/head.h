// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/mutex.h"
#include "model/encoded_batch.h"

namespace sightline::store::embedded {

// Batches in order of position.
using HeadSnapshot = std::vector<model::EncodedBatchPtr>;

// The batches that are durable in the journal but not sealed, as they were encoded.
//
// Thread: any.
class Head {
 public:
  void Add(model::EncodedBatchPtr batch) EXCLUDES(mutex_);

  // Batches up to `position` are sealed: forget them. Snapshots keep what they hold.
  void DropUpTo(std::uint64_t position) EXCLUDES(mutex_);

  HeadSnapshot Snapshot() const EXCLUDES(mutex_);

  // True when a batch before `position` has rows of the trace.
  bool Holds(const model::TraceId& trace_id, std::uint64_t position) const EXCLUDES(mutex_);

  struct Size {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;  // What it holds in memory, about.
    std::uint64_t batches = 0;
    std::int64_t oldest_received_ns = 0;  // 0 when empty.
  };

  Size size() const EXCLUDES(mutex_);

 private:
  // Where a trace first occurs, and in how many blocks.
  struct Occurrence {
    std::uint64_t first_position = 0;
    std::uint32_t blocks = 0;
  };

  mutable base::Mutex mutex_;
  std::deque<model::EncodedBatchPtr> batches_ GUARDED_BY(mutex_);
  Size size_ GUARDED_BY(mutex_);
  boost::unordered_flat_map<model::TraceId, Occurrence, model::TraceIdHasher> traces_
      GUARDED_BY(mutex_);
};

// What a batch holds in memory, about.
std::uint64_t BytesOf(const model::EncodedBatch& batch);

}  // namespace sightline::store::embedded
