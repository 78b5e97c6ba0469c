// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/batch.h"
#include "model/ids.h"

namespace sightline::live {

// What live state asks of durable storage: runs that it does not hold in memory.
//
// Thread: any.
class History {
 public:
  virtual ~History() = default;

  // False when nothing of the trace came before the batch at `position`. Memory only: called for
  // each new trace.
  virtual bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const = 0;

  // All spans of a trace, placeholders included, without large texts.
  virtual base::Result<model::BatchPtr> Load(const model::TraceId& trace_id) = 0;

  // Batches up to it are in day files.
  virtual std::uint64_t sealed_position() const = 0;
};

}  // namespace sightline::live
