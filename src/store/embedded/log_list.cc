// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/arena.h"
#include "model/columns.h"
#include "model/rope.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/reading.h"
#include "store/embedded/search_pattern.h"

// Lists of log records. Frames say from when to when their records are; they are read newest first,
// and no more of them than the page needs.

namespace sightline::store::embedded {
namespace {

struct LogFramePlace {
  Day* day = nullptr;
  std::uint64_t offset = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
};

query::LogCursor PlaceOf(const model::LogRecord& log) {
  return {.time_ns = log.time_ns, .key = model::LogKey(log)};
}

// Records that were found, with texts of their own.
class FoundLog {
 public:
  FoundLog(const query::LogCursor& place, const model::LogRecord& log) : place_(place), log_(log) {
    model::ForEachColumn<model::LogRecord>([&](std::size_t, const auto& column) {
      auto& field = column.get(log_);
      if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, std::string_view>) {
        field = arena_->Copy(field);
      }
    });
  }

  const query::LogCursor& place() const { return place_; }

  const model::LogRecord& log() const { return log_; }

  std::shared_ptr<const void> memory() const { return arena_; }

 private:
  query::LogCursor place_;
  model::LogRecord log_;
  std::shared_ptr<base::Arena> arena_ = std::make_shared<base::Arena>();
};

struct IsListedBefore {
  bool operator()(const FoundLog& a, const FoundLog& b) const {
    return query::IsLogListedBefore(a.place(), b.place());
  }
};

// Whether a text occurs in a record: in what is small enough to be part of it, or in a body.
class TextFilter {
 public:
  explicit TextFilter(const std::string& text)
      : is_given_(!text.empty()), pattern_(SearchPattern(text), RE2::Quiet) {}

  bool is_ok() const { return pattern_.ok(); }

  base::Result<bool> Matches(SpanStore& store, const model::LogRecord& log,
                             SpanStore::Deadline deadline) const {
    if (!is_given_ || Occurs(log.body) || Occurs(log.attributes) || Occurs(log.event_name)) {
      return true;
    }
    std::vector<std::uint64_t> ids;
    model::ForEachBodyId(log.content, [&](std::uint64_t id) { ids.push_back(id); });
    if (ids.empty()) {
      return false;
    }
    const auto bodies = store.LoadBodies(ids, deadline);
    if (!bodies.has_value()) {
      return bodies.error();
    }
    return std::any_of(bodies->begin(), bodies->end(),
                       [&](const auto& body) { return Occurs(body.second); });
  }

 private:
  bool Occurs(std::string_view text) const {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern_);
  }

  const bool is_given_;
  const RE2 pattern_;
};

}  // namespace

// One list query.
class EmbeddedStore::LogLister {
 public:
  LogLister(EmbeddedStore& store, const query::LogQuery& query, Deadline deadline)
      : store_(store), query_(query), deadline_(deadline), text_(query.text) {}

  base::Result<LogPage> List() {
    if (!text_.is_ok()) {
      return base::Error(base::Code::kInvalidArgument,
                         "cannot search for this text: it is too long");
    }
    const HeadSnapshot head = store_.head_.Snapshot();
    for (const model::EncodedBatchPtr& batch : head) {
      for (const model::RowBlock& block : batch->blocks()) {
        TRY(TakeBlock(block));
      }
    }
    if (!head.empty()) {
      sealed_before_ = head.front()->position;
    }
    TRY(TakeFromDays());
    return Page();
  }

 private:
  base::Result<void> TakeBlock(const model::RowBlock& block) {
    if (block.kind != model::RowKind::kLogs ||
        (query_.trace_id && *query_.trace_id != block.trace_id)) {
      return {};
    }
    model::Batch rows;
    TRY(model::DecodeBlock(block, rows));
    for (const model::LogRecord& log : rows.logs) {
      TRY(TakeLog(log));
    }
    return {};
  }

  base::Result<void> TakeLog(const model::LogRecord& log) {
    if (!query::Matches(query_, log)) {
      return {};
    }
    const query::LogCursor place = PlaceOf(log);
    if (!query::IsPast(query_.cursor, place) || !IsOnPage(place) ||
        !TRY(text_.Matches(store_, log, deadline_))) {
      return {};
    }
    found_.insert(FoundLog(place, log));
    if (found_.size() > query_.limit + 1) {
      found_.erase(std::prev(found_.end()));
    }
    return {};
  }

  // The page and one more: whether there is more.
  bool IsOnPage(const query::LogCursor& place) const {
    return found_.size() <= query_.limit ||
           query::IsLogListedBefore(place, std::prev(found_.end())->place());
  }

  // Whether a record of such times can be on the page.
  bool IsNeeded(std::int64_t first_ns, std::int64_t last_ns) const {
    return first_ns <= last_ns && (!query_.start_time_ns || last_ns >= *query_.start_time_ns) &&
           (!query_.end_time_ns || first_ns < *query_.end_time_ns) &&
           (!query_.cursor || first_ns <= query_.cursor->time_ns) &&
           (found_.size() <= query_.limit || last_ns >= std::prev(found_.end())->place().time_ns);
  }

  base::Result<void> TakeFromDays() {
    std::vector<DayPtr> days = TRY(store_.AllDays(deadline_));
    std::sort(days.begin(), days.end(), [](const DayPtr& a, const DayPtr& b) {
      return a->checkpoint().log_times.last_ns > b->checkpoint().log_times.last_ns;
    });
    for (const DayPtr& day : days) {
      const TimeRange times = day->checkpoint().log_times;
      if (!IsNeeded(times.first_ns, times.last_ns)) {
        continue;
      }
      for (const LogFramePlace& place : TRY(PlacesOf(*day))) {
        if (IsNeeded(place.first_ns, place.last_ns)) {
          TRY(TakeFrame(place));
        }
      }
    }
    return {};
  }

  base::Result<std::vector<LogFramePlace>> PlacesOf(Day& day) {
    std::vector<LogFramePlace> places;
    if (query_.trace_id) {
      // Times of a frame with spans are not known here.
      for (const TracePlace& place : day.traces().Find(*query_.trace_id)) {
        if (places.empty() || places.back().offset != place.frame_offset) {
          places.push_back({.day = &day,
                            .offset = place.frame_offset,
                            .first_ns = std::numeric_limits<std::int64_t>::min(),
                            .last_ns = std::numeric_limits<std::int64_t>::max()});
        }
      }
      return places;
    }
    const auto reading = TRY(store_.OpenReading(deadline_));
    QueryResult result = TRY(reading->connection().Query(
        fmt::format("SELECT frame_offset, min_time_ns, max_time_ns FROM {}.log_frames "
                    "ORDER BY max_time_ns DESC, frame_offset DESC",
                    day.database())));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        places.push_back({.day = &day,
                          .offset = static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row)),
                          .first_ns = chunk->at<std::int64_t>(1, row),
                          .last_ns = chunk->at<std::int64_t>(2, row)});
      }
    }
    return places;
  }

  base::Result<void> TakeFrame(const LogFramePlace& place) {
    if (std::chrono::steady_clock::now() >= deadline_) {
      return base::Error(base::Code::kDeadlineExceeded, "the query took too long");
    }
    const Frame frame = TRY(place.day->frames().Read(place.offset));
    base::Result<void> taken;
    TRY(ForEachBlock(frame.bytes, [&](const StoredBlock& stored) {
      if (stored.position < sealed_before_) {
        taken = TakeBlock(stored.block);
      }
      return taken.has_value();
    }));
    return taken;
  }

  LogPage Page() const {
    auto rows = std::make_shared<model::Batch>();
    LogPage page{.rows = nullptr, .has_more = found_.size() > query_.limit};
    for (const FoundLog& found : found_) {
      if (rows->logs.size() == query_.limit) {
        break;
      }
      rows->logs.push_back(found.log());
      rows->held.push_back(found.memory());
    }
    page.rows = std::move(rows);
    return page;
  }

  EmbeddedStore& store_;
  const query::LogQuery& query_;
  const Deadline deadline_;
  const TextFilter text_;
  // Blocks from this position on were seen in the head.
  std::uint64_t sealed_before_ = std::numeric_limits<std::uint64_t>::max();
  std::set<FoundLog, IsListedBefore> found_;
};

base::Result<LogPage> EmbeddedStore::ListLogs(const query::LogQuery& query, Deadline deadline) {
  return LogLister(*this, query, deadline).List();
}

}  // namespace sightline::store::embedded
