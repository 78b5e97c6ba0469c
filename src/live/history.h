// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

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

  // False when no batch before `position` has anything of the trace; true is not certain. Memory
  // only: called for each trace that is new to live state, under its lock.
  virtual bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const = 0;

  // All spans of the trace, placeholders included, that came in batches before `position`, and
  // nothing of later ones; in any order, in `spans`, without large texts. No spans when there are
  // none. Called on the loader thread of live state, without locks; may take seconds.
  virtual base::Result<model::BatchPtr> Load(const model::TraceId& trace_id,
                                             std::uint64_t position) = 0;
};

}  // namespace sightline::live
