// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "store/embedded/conditions.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/name_grams.h"
#include "store/embedded/reading.h"
#include "store/embedded/run_text.h"
#include "store/embedded/search_pattern.h"
#include "store/embedded/text_grams.h"

// Text search: first the names of runs, then every body once, wherever it is used, but for days and
// frames whose grams say that the text is not there. The newest come first. A body belongs to the
// trace that brought it and to those that refer to it.

namespace sightline::store::embedded {
namespace {

using Ids = std::unordered_set<std::uint64_t>;
using Traces = std::unordered_set<model::TraceId, model::TraceIdHasher>;

// So many ids are part of a statement; for more, all uses of bodies are looked at.
constexpr std::size_t kMaxIdsInStatement = 2000;

RE2::Options PatternOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(std::int64_t{16} << 20U);
  return options;
}

base::Result<std::vector<std::uint64_t>> OffsetsIn(Connection& connection, const Day& day,
                                                   std::string_view table) {
  QueryResult result =
      TRY(connection.Query(fmt::format("SELECT frame_offset FROM {}.{}", day.database(), table)));
  std::vector<std::uint64_t> offsets;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      offsets.push_back(static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row)));
    }
  }
  return offsets;
}

}  // namespace

// One search.
class EmbeddedStore::TextSearch {
 public:
  TextSearch(EmbeddedStore& store, std::string_view text, std::optional<Deadline> stop_at,
             Deadline deadline)
      : store_(store),
        text_(text),
        names_(text),
        pattern_(SearchPattern(text), PatternOptions()),
        grams_(text),
        stop_at_(stop_at),
        deadline_(deadline) {}

  base::Result<FoundTraces> Find() {
    if (!pattern_.ok() || !names_.is_ok()) {
      return base::Error(base::Code::kInvalidArgument,
                         "cannot search for this text: it is too long");
    }
    std::vector<DayPtr> days = TRY(store_.AllDays(deadline_));
    std::reverse(days.begin(), days.end());
    TRY(FindNames(days));
    TRY(FindBodies(std::move(days)));
    traces_.insert(named_.begin(), named_.end());
    return FoundTraces{.ids = {traces_.begin(), traces_.end()}, .searched = searched_};
  }

 private:
  // Of the newest day, which still grows, grams of names would not be true for long.
  base::Result<void> FindNames(const std::vector<DayPtr>& days) {
    for (const DayPtr& day : days) {
      const bool is_newest = day == days.front();
      if (!is_newest && MayStop(named_)) {
        StopIn(day->number() + 1);
        return {};
      }
      if (is_newest || TRY(NameGramsOf(*day))->MayHold(text_)) {
        TRY(FindNamesIn(*day));
      }
    }
    return {};
  }

  base::Result<std::shared_ptr<const NameGrams>> NameGramsOf(Day& day) {
    const std::int64_t cut_number = day.checkpoint().cut_number;
    if (auto known = day.name_grams(cut_number)) {
      return known;
    }
    const auto reading = TRY(store_.OpenReading(deadline_));
    QueryResult result = TRY(reading->connection().Query(
        fmt::format("SELECT {} FROM {}.runs", RunText::Columns(), day.database())));
    const auto grams = std::make_shared<NameGrams>();
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        grams->Add(chunk->text(0, row));
      }
    }
    day.SetNameGrams(grams, cut_number);
    return std::shared_ptr<const NameGrams>(grams);
  }

  base::Result<void> FindNamesIn(const Day& day) {
    const auto reading = TRY(store_.OpenReading(deadline_));
    QueryResult result = TRY(reading->connection().Query(
        fmt::format("SELECT trace_id FROM {}.runs WHERE {}", day.database(), names_.Condition())));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        model::TraceId id;
        FromUhugeint(chunk->at<duckdb_uhugeint>(0, row), reinterpret_cast<char*>(id.bytes.data()));
        named_.insert(id);
      }
    }
    return {};
  }

  base::Result<void> FindBodies(std::vector<DayPtr> days) {
    const HeadSnapshot head = store_.head_.Snapshot();
    for (const model::EncodedBatchPtr& batch : head) {
      for (const model::Body& body : batch->bodies()) {
        Look(body);
      }
    }
    std::size_t looked_at = 0;
    bool has_stopped = false;
    while (looked_at < days.size() && !has_stopped) {
      has_stopped = !TRY(LookInto(*days[looked_at]));
      ++looked_at;
    }
    days.resize(looked_at);
    return FollowUses(head, days);
  }

  void Look(const model::Body& body) {
    if (RE2::PartialMatch(re2::StringPiece(body.bytes.data(), body.bytes.size()), pattern_)) {
      hits_.insert(body.id);
      traces_.insert(body.owner);
    }
  }

  bool MayStop(const Traces& found) const {
    return stop_at_ && (found.size() >= store_.options_.search_traces ||
                        std::chrono::steady_clock::now() >= *stop_at_);
  }

  void StopIn(std::int32_t day) {
    searched_.last_day = searched_.is_complete ? day : std::max(searched_.last_day, day);
    searched_.is_complete = false;
  }

  // False where the search stops.
  base::Result<bool> LookInto(Day& day) {
    const std::vector<std::uint64_t> frames = TRY(FramesToRead(day));
    for (const std::uint64_t offset : frames) {
      if (MayStop(traces_)) {
        StopIn(day.number());
        return false;
      }
      if (std::chrono::steady_clock::now() >= deadline_) {
        return base::Error(base::Code::kDeadlineExceeded, "the search took too long");
      }
      ++searched_.parts_read;
      const Frame frame = TRY(day.frames().Read(offset));
      TRY(ForEachBody(frame.bytes, [&](const model::Body& body) {
        Look(body);
        return true;
      }));
    }
    return true;
  }

  // The day's frames of bodies that may have the text, the newest first.
  base::Result<std::vector<std::uint64_t>> FramesToRead(Day& day) {
    std::vector<std::uint64_t> frames;
    std::vector<std::uint64_t> gram_frames;
    {
      const auto reading = TRY(store_.OpenReading(deadline_));
      frames = TRY(OffsetsIn(reading->connection(), day, "body_frames"));
      if (!grams_.is_empty()) {
        gram_frames = TRY(OffsetsIn(reading->connection(), day, "gram_frames"));
      }
    }
    searched_.parts += frames.size();
    Ids without;
    for (const std::uint64_t offset : gram_frames) {
      const base::Result<Frame> frame = day.frames().Read(offset);
      if (!frame.has_value() || frame->kind != FrameKind::kGrams) {
        continue;  // Damaged, as a check of the store tells: what it is about is read.
      }
      TRY(ForEachGrams(frame->bytes, [&](const StoredGrams& grams) {
        if (!grams_.MayBeIn(grams.bitmap)) {
          without.insert(grams.body_frame_offset);
        }
      }));
    }
    std::erase_if(frames, [&](std::uint64_t offset) { return without.contains(offset); });
    std::sort(frames.begin(), frames.end(), std::greater<>());
    return frames;
  }

  void Use(const model::BodyUse& use) {
    if (hits_.contains(use.id)) {
      traces_.insert(use.trace_id);
    }
  }

  // Traces that refer to bodies that were found.
  base::Result<void> FollowUses(const HeadSnapshot& head, const std::vector<DayPtr>& days) {
    if (hits_.empty()) {
      return {};
    }
    for (const model::EncodedBatchPtr& batch : head) {
      for (const model::BodyUse& use : batch->uses()) {
        Use(use);
      }
    }
    Conditions conditions;
    if (hits_.size() <= kMaxIdsInStatement) {
      conditions.AddAnyOf("body_id", hits_, "?", [](std::uint64_t id) {
        return Param::Integer(static_cast<std::int64_t>(id));
      });
    }
    const auto reading = TRY(store_.OpenReading(deadline_));
    for (const DayPtr& day : days) {
      QueryResult result = TRY(
          reading->connection().Query(fmt::format("SELECT body_id, trace_id FROM {}.body_uses{}",
                                                  day->database(), conditions.Where()),
                                      conditions.params()));
      while (const auto chunk = result.Next()) {
        for (std::uint64_t row = 0; row < chunk->size(); ++row) {
          model::BodyUse use{.id = static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row)),
                             .trace_id = {}};
          FromUhugeint(chunk->at<duckdb_uhugeint>(1, row),
                       reinterpret_cast<char*>(use.trace_id.bytes.data()));
          Use(use);
        }
      }
    }
    return {};
  }

  EmbeddedStore& store_;
  const std::string_view text_;
  const RunText names_;
  const RE2 pattern_;
  const SoughtGrams grams_;
  const std::optional<Deadline> stop_at_;
  const Deadline deadline_;
  Traces named_;  // Found by their names.
  Ids hits_;
  Traces traces_;
  TextSearched searched_;
};

base::Result<EmbeddedStore::FoundTraces> EmbeddedStore::FindText(std::string_view text,
                                                                 std::optional<Deadline> stop_at,
                                                                 Deadline deadline) {
  return TextSearch(*this, text, stop_at, deadline).Find();
}

}  // namespace sightline::store::embedded
