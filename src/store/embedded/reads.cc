// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/embedded/embedded_store.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/read_gate.h"
#include "store/embedded/reading.h"

// Reads of rows and bodies: head, then frames. A batch is in the head until its frames can be
// found, so a read that looks at the head first misses nothing; blocks of batches that it has seen
// there are passed over in frames.

namespace sightline::store::embedded {

// One read of a trace.
struct EmbeddedStore::TraceRead {
  model::TraceId trace_id;
  std::uint64_t before_position = std::numeric_limits<std::uint64_t>::max();
  bool with_logs = true;
  // What it takes; null for live state, which reads one run at a time and must not miss any.
  std::shared_ptr<ReadGate::Charge> charge;
  std::shared_ptr<model::Batch> rows = std::make_shared<model::Batch>();
};

namespace {

constexpr std::uint64_t kNoPosition = std::numeric_limits<std::uint64_t>::max();

// Repeats come soon after what they repeat. Of the frame file, as it is compressed.
constexpr std::uint64_t kBytesOfNewestSpans = std::uint64_t{8} << 20U;

using Deadline = SpanStore::Deadline;

base::Result<void> CheckDeadline(Deadline deadline) {
  if (std::chrono::steady_clock::now() >= deadline) {
    return base::Error(base::Code::kDeadlineExceeded, "the query took too long");
  }
  return {};
}

std::uint64_t FirstPosition(const HeadSnapshot& head) {
  return head.empty() ? kNoPosition : head.front()->position;
}

// A row, and what is put together from it for an answer.
constexpr std::uint64_t kBytesOfRow = sizeof(model::Span) + 256;

// Pending spans go among the spans: they carry a mark.
base::Result<void> TakeBlock(const model::RowBlock& block, bool with_logs, ReadGate::Charge* charge,
                             Deadline deadline, model::Batch& rows) {
  if (block.kind == model::RowKind::kLogs && !with_logs) {
    return {};
  }
  if (charge != nullptr) {
    TRY(charge->Grow(block.bytes.size() + block.rows * kBytesOfRow, deadline));
  }
  TRY(model::DecodeBlock(block, rows));
  rows.spans.insert(rows.spans.end(), rows.pending.begin(), rows.pending.end());
  rows.pending.clear();
  return {};
}

void SortRows(model::Batch& rows) {
  std::sort(rows.spans.begin(), rows.spans.end(), [](const model::Span& a, const model::Span& b) {
    return a.start_ns != b.start_ns ? a.start_ns < b.start_ns : a.span_id < b.span_id;
  });
  std::stable_sort(
      rows.logs.begin(), rows.logs.end(),
      [](const model::LogRecord& a, const model::LogRecord& b) { return a.time_ns < b.time_ns; });
}

// Copies bodies that are missing, until none is.
class BodyTaker {
 public:
  explicit BodyTaker(std::span<const std::uint64_t> ids) : missing_(ids.begin(), ids.end()) {}

  void Take(const model::Body& body) {
    if (missing_.erase(body.id) != 0) {
      bodies_.emplace(body.id, body.bytes);
    }
  }

  const std::unordered_set<std::uint64_t>& missing() const { return missing_; }

  std::unordered_map<std::uint64_t, std::string> Result() { return std::move(bodies_); }

 private:
  std::unordered_set<std::uint64_t> missing_;
  std::unordered_map<std::uint64_t, std::string> bodies_;
};

base::Result<void> TakeBodiesOfDay(Day& day, Deadline deadline, BodyTaker& taker) {
  std::set<std::uint64_t> offsets;
  for (const std::uint64_t id : taker.missing()) {
    for (const std::uint64_t offset : day.bodies().Find(id)) {
      offsets.insert(offset);
    }
  }
  for (const std::uint64_t offset : offsets) {
    TRY(CheckDeadline(deadline));
    if (taker.missing().empty()) {
      break;
    }
    const Frame frame = TRY(day.frames().Read(offset));
    TRY(ForEachBody(frame.bytes, [&](const model::Body& body) {
      taker.Take(body);
      return !taker.missing().empty();
    }));
  }
  return {};
}

}  // namespace

base::Result<std::unique_ptr<EmbeddedStore::Reading>> EmbeddedStore::OpenReading(
    Deadline deadline) {
  return Reading::Open(*this, deadline);
}

base::Result<void> EmbeddedStore::ReadTrace(TraceRead& read, Deadline deadline) {
  model::Batch& rows = *read.rows;
  std::vector<FramedSpan> framed;
  std::vector<DayPtr> corrected;
  const HeadSnapshot head = head_.Snapshot();
  const std::uint64_t frames_before = std::min(FirstPosition(head), read.before_position);
  for (const DayPtr& day : TRY(AllDays(deadline))) {
    std::uint64_t last_offset = kNoPosition;
    for (const TracePlace& place : day->traces().Find(read.trace_id)) {
      if (place.frame_offset == last_offset) {
        continue;
      }
      last_offset = place.frame_offset;
      TRY(CheckDeadline(deadline));
      auto frame = std::make_shared<const Frame>(TRY(day->frames().Read(place.frame_offset)));
      base::Result<void> taken;
      TRY(ForEachBlock(frame->bytes, [&](const StoredBlock& stored) {
        if (stored.block.trace_id != read.trace_id || stored.position >= frames_before) {
          return true;
        }
        rows.received_ns = std::max(rows.received_ns, stored.received_ns);
        const std::size_t first = rows.spans.size();
        taken = TakeBlock(stored.block, read.with_logs, read.charge.get(), deadline, rows);
        for (std::size_t row = first; row < rows.spans.size(); ++row) {
          framed.push_back({.row = row, .position = stored.position});
        }
        return taken.has_value();
      }));
      TRY(std::move(taken));
      rows.held.push_back(std::move(frame));
    }
    if (last_offset != kNoPosition && day->has_corrections()) {
      corrected.push_back(day);
    }
  }
  // Once all frames are read: a correction is in the day of the newest version of its run.
  for (const DayPtr& day : corrected) {
    TRY(ApplyCorrections(*day, read.trace_id, framed, rows, deadline));
  }
  for (const model::EncodedBatchPtr& batch : head) {
    if (batch->position >= read.before_position) {
      break;
    }
    bool is_held = false;
    for (const model::RowBlock& block : batch->blocks()) {
      if (block.trace_id != read.trace_id) {
        continue;
      }
      rows.received_ns = std::max(rows.received_ns, batch->received_ns());
      TRY(TakeBlock(block, read.with_logs, read.charge.get(), deadline, rows));
      is_held = true;
    }
    if (is_held) {
      rows.held.push_back(batch);
    }
  }
  SortRows(rows);
  return {};
}

base::Result<Rows> EmbeddedStore::FetchTrace(const model::TraceId& trace_id, Deadline deadline) {
  TraceRead read{.trace_id = trace_id, .charge = read_gate_.Begin()};
  TRY(ReadTrace(read, deadline));
  read.rows->held.push_back(std::move(read.charge));  // Ends with the rows.
  return Rows(std::move(read.rows));
}

base::Result<Rows> EmbeddedStore::FetchSpansBefore(const model::TraceId& trace_id,
                                                   std::uint64_t position, Deadline deadline) {
  // What is loaded now is to be taken back later as it is counted now.
  const std::shared_lock loading(load_mutex_);
  return ReadSpansBefore(trace_id, position, deadline);
}

base::Result<Rows> EmbeddedStore::ReadSpansBefore(const model::TraceId& trace_id,
                                                  std::uint64_t position, Deadline deadline) {
  TraceRead read{.trace_id = trace_id, .before_position = position, .with_logs = false};
  TRY(ReadTrace(read, deadline));
  return Rows(std::move(read.rows));
}

base::Result<std::unordered_map<std::uint64_t, std::string>> EmbeddedStore::LoadBodies(
    std::span<const std::uint64_t> ids, Deadline deadline) {
  BodyTaker taker(ids);
  for (const model::EncodedBatchPtr& batch : head_.Snapshot()) {
    for (const model::Body& body : batch->bodies()) {
      taker.Take(body);
    }
  }
  const std::vector<DayPtr> days = Days();
  for (auto day = days.rbegin(); day != days.rend() && !taker.missing().empty(); ++day) {
    TRY(TakeBodiesOfDay(**day, deadline, taker));
  }
  return taker.Result();
}

base::Result<void> EmbeddedStore::VisitNewestRows(
    const std::function<void(const model::Batch&)>& visit, Deadline deadline) {
  const std::vector<DayPtr> days = Days();
  if (days.empty()) {
    return {};
  }
  TRY(VisitNewestPoints(*days.back(), visit, deadline));
  Day& day = *days.back();
  // Frames are found through the traces in them.
  constexpr std::uint64_t kPositions = 4096;
  const Checkpoint checkpoint = day.checkpoint();
  std::set<std::uint64_t> offsets;
  day.traces().ForEachSince(
      checkpoint.position > kPositions ? checkpoint.position - kPositions : 0,
      [&](const TracePlace& place) {
        if (place.frame_offset + kBytesOfNewestSpans >= checkpoint.frames_length) {
          offsets.insert(place.frame_offset);
        }
      });
  for (const std::uint64_t offset : offsets) {
    TRY(CheckDeadline(deadline));
    const Frame frame = TRY(day.frames().Read(offset));
    model::Batch rows;
    base::Result<void> taken;
    TRY(ForEachBlock(frame.bytes, [&](const StoredBlock& stored) {
      if (stored.block.kind != model::RowKind::kLogs) {
        taken = model::DecodeBlock(stored.block, rows);
      }
      return taken.has_value();
    }));
    TRY(std::move(taken));
    visit(rows);
  }
  return {};
}

}  // namespace sightline::store::embedded
