// SPDX-License-Identifier: Apache-2.0
// For tests only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "live/history.h"
#include "live/run_state.h"
#include "model/batch.h"
#include "model/ids.h"

namespace sightline::live {

// Remembers every batch, as a store does.
//
// Thread: any.
class RememberedHistory : public History {
 public:
  void Commit(const model::BatchPtr& batch) {
    base::MutexLock lock(mutex_);
    batches_.push_back(batch);
    for (const auto* spans : {&batch->spans, &batch->pending}) {
      for (const model::Span& span : *spans) {
        rows_[span.trace_id].emplace_back(batch->position, span);
      }
    }
  }

  bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const override {
    base::MutexLock lock(mutex_);
    const auto rows = rows_.find(trace_id);
    return rows != rows_.end() && rows->second.front().first < position;
  }

  // Newest rows first: their order must not matter.
  base::Result<model::BatchPtr> Load(const model::TraceId& trace_id,
                                     std::uint64_t position) override {
    if (on_load) {
      on_load(trace_id);
    }
    base::MutexLock lock(mutex_);
    ++loads_;
    if (fails_) {
      return base::Error(base::Code::kUnavailable, "the disk is away");
    }
    auto batch = std::make_shared<model::Batch>();
    batch->spans = RowsBefore(trace_id, position);
    std::reverse(batch->spans.begin(), batch->spans.end());
    return model::BatchPtr(std::move(batch));
  }

  std::vector<model::Span> Rows(const model::TraceId& trace_id, std::uint64_t before) const {
    base::MutexLock lock(mutex_);
    return RowsBefore(trace_id, before);
  }

  // The last position with something of the trace before `before`; 0: none.
  std::uint64_t LastPosition(const model::TraceId& trace_id, std::uint64_t before) const {
    base::MutexLock lock(mutex_);
    std::uint64_t last = 0;
    for (const auto& [position, span] : rows_.at(trace_id)) {
      last = position < before ? position : last;
    }
    return last;
  }

  std::vector<model::TraceId> Traces() const {
    base::MutexLock lock(mutex_);
    std::vector<model::TraceId> traces;
    for (const auto& [trace_id, rows] : rows_) {
      traces.push_back(trace_id);
    }
    return traces;
  }

  std::vector<model::BatchPtr> batches() const {
    base::MutexLock lock(mutex_);
    return batches_;
  }

  void SetFails(bool fails) {
    base::MutexLock lock(mutex_);
    fails_ = fails;
  }

  int loads() const {
    base::MutexLock lock(mutex_);
    return loads_;
  }

  // Called at the beginning of each load. To be set before the first.
  std::function<void(const model::TraceId&)> on_load;

 private:
  std::vector<model::Span> RowsBefore(const model::TraceId& trace_id, std::uint64_t before) const
      REQUIRES(mutex_) {
    std::vector<model::Span> spans;
    const auto rows = rows_.find(trace_id);
    if (rows != rows_.end()) {
      for (const auto& [position, span] : rows->second) {
        if (position < before) {
          spans.push_back(span);
        }
      }
    }
    return spans;
  }

  mutable base::Mutex mutex_;
  std::map<model::TraceId, std::vector<std::pair<std::uint64_t, model::Span>>> rows_
      GUARDED_BY(mutex_);
  std::vector<model::BatchPtr> batches_ GUARDED_BY(mutex_);
  bool fails_ GUARDED_BY(mutex_) = false;
  int loads_ GUARDED_BY(mutex_) = 0;
};

// The state of a run from `spans`, as it is when it has settled.
inline RunState SettledState(const model::TraceId& trace_id,
                             const std::vector<model::Span>& spans) {
  RunState state(trace_id);
  for (const model::Span& span : spans) {
    state.Add(span);
  }
  state.Refresh(false);
  return state;
}

}  // namespace sightline::live
