// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "model/batch.h"
#include "model/columns.h"
#include "store/embedded/duck.h"
#include "store/embedded/trace_part.h"

namespace sightline::store::embedded {

// That a row of a trace refers to a body.
struct BodyUse {
  std::int64_t body_id = 0;
  model::TraceId trace_id;
};

// A body as SQL sees it.
struct BodyText {
  std::int64_t id = 0;
  std::string_view bytes;
};

// A committed batch that is not in a day file yet, with its trace parts.
//
// Thread: any (immutable; uses and texts are made on first demand).
class HeadBatch {
 public:
  explicit HeadBatch(model::BatchPtr committed);

  const model::BatchPtr batch;
  const std::vector<TracePart> parts;
  const std::uint64_t bytes;  // What it holds in memory, about.

  const std::vector<BodyUse>& uses() const;
  const std::vector<BodyText>& texts() const;

 private:
  mutable std::once_flag uses_once_;
  mutable std::vector<BodyUse> uses_;
  mutable std::once_flag texts_once_;
  mutable std::vector<BodyText> texts_;
};

using HeadBatchPtr = std::shared_ptr<const HeadBatch>;
using HeadSnapshot = std::vector<HeadBatchPtr>;

// Last sealed journal position by UTC day.
using SealedPositions = std::map<std::int32_t, std::uint64_t>;

// The batches that are durable in the journal but not sealed, in order of position. SQL reads them
// through the table functions head_spans(token), head_parts(token), head_bodies(token) and
// head_uses(token), where the token names a pinned snapshot, so that one statement sees head and
// day files as of one moment.
//
// Thread: any.
class Head {
 public:
  void Add(model::BatchPtr batch) EXCLUDES(mutex_);

  // Batches up to `position` are sealed: forget them. Snapshots keep what they hold.
  void DropUpTo(std::uint64_t position) EXCLUDES(mutex_);

  HeadSnapshot Snapshot() const EXCLUDES(mutex_);

  // True when a batch before `position` has spans of the trace.
  bool Holds(const model::TraceId& trace_id, std::uint64_t position) const EXCLUDES(mutex_);

  struct Size {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t batches = 0;
    std::int64_t oldest_received_ns = 0;  // 0 when empty.
  };

  Size size() const EXCLUDES(mutex_);

  // Keeps a snapshot readable from SQL under token() while it lives.
  class Pin {
   public:
    Pin(Head& head, HeadSnapshot snapshot);
    ~Pin();
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    std::int64_t token() const { return token_; }

    const HeadSnapshot& snapshot() const { return *snapshot_; }

   private:
    Head& head_;
    std::shared_ptr<const HeadSnapshot> snapshot_;
    std::int64_t token_;
  };

  // Makes the table functions known on an instance. The Head must outlive it.
  base::Result<void> RegisterFunctions(Connection& connection);

  // The snapshot behind a token; null when it is not pinned.
  std::shared_ptr<const HeadSnapshot> Pinned(std::int64_t token) const EXCLUDES(mutex_);

 private:
  mutable base::Mutex mutex_;
  std::deque<HeadBatchPtr> batches_ GUARDED_BY(mutex_);
  Size size_ GUARDED_BY(mutex_);

  // Where a trace first occurs, and in how many batches.
  struct Occurrence {
    std::uint64_t first_position = 0;
    std::uint32_t batches = 0;
  };

  std::unordered_map<model::TraceId, Occurrence, model::TraceIdHasher> traces_ GUARDED_BY(mutex_);
  std::unordered_map<std::int64_t, std::shared_ptr<const HeadSnapshot>> pins_ GUARDED_BY(mutex_);
  std::int64_t next_token_ GUARDED_BY(mutex_) = 1;
};

// The batches of a snapshot that no day file holds as of `sealed`.
HeadSnapshot Unsealed(const HeadSnapshot& snapshot, const SealedPositions& sealed);

inline constexpr auto kBodyUseColumns =
    std::tuple{model::Column{"body_id", [](auto& row) -> auto& { return row.body_id; }},
               model::Column{"trace_id", [](auto& row) -> auto& { return row.trace_id; }}};

inline constexpr auto kBodyTextColumns =
    std::tuple{model::Column{"id", [](auto& row) -> auto& { return row.id; }},
               model::Column{"bytes", [](auto& row) -> auto& { return row.bytes; }}};

}  // namespace sightline::store::embedded

namespace sightline::model {

template <>
constexpr const auto& ColumnsOf<store::embedded::BodyUse>() {
  return store::embedded::kBodyUseColumns;
}

template <>
constexpr const auto& ColumnsOf<store::embedded::BodyText>() {
  return store::embedded::kBodyTextColumns;
}

}  // namespace sightline::model
