// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/hash.h"
#include "model/log_record.h"
#include "model/metric_point.h"
#include "model/span.h"

namespace sightline::model {

// A text that is stored once and referred to by id; see model/rope.h.
struct Body {
  std::uint64_t id = 0;  // Unique in the data directory.
  base::Hash128 hash;    // With the key of the installation.
  TraceId owner;         // The trace that brought it.
  std::string_view bytes;
};

// A row of a trace refers to a body that another trace brought.
struct BodyUse {
  std::uint64_t id = 0;
  TraceId trace_id;

  friend bool operator==(const BodyUse&, const BodyUse&) = default;
};

// What one export request became. Built on the thread that received it, immutable afterwards, and
// shared as std::shared_ptr<const Batch> by live state and feeds. Journal and store hold the
// encoded form of it, see model/encoded_batch.h.
//
// Thread: confined to its builder, then any (immutable).
struct Batch {
  std::uint64_t position = 0;    // In the journal; orders batches. 0 until it is committed.
  std::int64_t received_ns = 0;  // Wall time of arrival.
  std::int32_t day = 0;          // UTC day of arrival (days since 1970): names the day folder.
  std::vector<Span> spans;
  // Spans that have started and not ended, under the id that the final span will have. Kept until
  // that comes, and never counted as spans.
  std::vector<Span> pending;
  std::vector<LogRecord> logs;
  std::vector<MetricPoint> points;
  std::vector<Body> bodies;  // Bodies that the store does not hold yet.
  std::vector<BodyUse> uses;

  // Memory that the views above point into.
  base::Arena arena;
  std::string source;                             // The request's bytes, or "".
  std::vector<std::shared_ptr<const void>> held;  // What else the views point into.
  std::size_t held_bytes = 0;  // Of a request that several batches hold: this one's part.

  bool empty() const { return spans.empty() && pending.empty() && logs.empty() && points.empty(); }

  // What its rows hold in memory, about, without the request's bytes.
  std::size_t row_bytes() const {
    return sizeof *this + (spans.capacity() + pending.capacity()) * sizeof(Span) +
           logs.capacity() * sizeof(LogRecord) + points.capacity() * sizeof(MetricPoint) +
           bodies.capacity() * sizeof(Body) + uses.capacity() * sizeof(BodyUse) + arena.bytes();
  }
};

using BatchPtr = std::shared_ptr<const Batch>;

}  // namespace sightline::model
