// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "store/embedded/embedded_store.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/reading.h"
#include "store/embedded/search_pattern.h"

// Text search: every body is looked at once, wherever it is used. A body belongs to the trace that
// brought it and to those that refer to it.

namespace sightline::store::embedded {
namespace {

using Ids = std::unordered_set<std::uint64_t>;
using Traces = std::unordered_set<model::TraceId, model::TraceIdHasher>;

// Gathers the traces of bodies that match.
class TextSearch {
 public:
  explicit TextSearch(std::string_view text) : pattern_(SearchPattern(text), Options()) {}

  bool is_ok() const { return pattern_.ok(); }

  void Look(const model::Body& body) {
    if (RE2::PartialMatch(re2::StringPiece(body.bytes.data(), body.bytes.size()), pattern_)) {
      hits_.insert(body.id);
      traces_.insert(body.owner);
    }
  }

  void Use(const model::BodyUse& use) {
    if (hits_.contains(use.id)) {
      traces_.insert(use.trace_id);
    }
  }

  bool has_hits() const { return !hits_.empty(); }

  std::vector<model::TraceId> traces() const { return {traces_.begin(), traces_.end()}; }

 private:
  static RE2::Options Options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(std::int64_t{16} << 20U);
    return options;
  }

  RE2 pattern_;
  Ids hits_;
  Traces traces_;
};

}  // namespace

base::Result<std::vector<std::int64_t>> EmbeddedStore::BodyFramesOf(const Day& day,
                                                                    Deadline deadline) {
  const auto reading = TRY(OpenReading(deadline));
  QueryResult result = TRY(reading->connection().Query(fmt::format(
      "SELECT frame_offset FROM {}.body_frames ORDER BY frame_offset", day.database())));
  std::vector<std::int64_t> offsets;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      offsets.push_back(chunk->at<std::int64_t>(0, row));
    }
  }
  return offsets;
}

base::Result<std::vector<model::TraceId>> EmbeddedStore::FindText(std::string_view text,
                                                                  Deadline deadline) {
  TextSearch search(text);
  if (!search.is_ok()) {
    return base::Error(base::Code::kInvalidArgument, "cannot search for this text: it is too long");
  }
  const HeadSnapshot head = head_.Snapshot();
  for (const model::EncodedBatchPtr& batch : head) {
    for (const model::Body& body : batch->bodies()) {
      search.Look(body);
    }
  }
  const std::vector<DayPtr> days = TRY(AllDays(deadline));
  for (const DayPtr& day : days) {
    for (const std::int64_t offset : TRY(BodyFramesOf(*day, deadline))) {
      if (std::chrono::steady_clock::now() >= deadline) {
        return base::Error(base::Code::kDeadlineExceeded, "the search took too long");
      }
      const Frame frame = TRY(day->frames().Read(static_cast<std::uint64_t>(offset)));
      TRY(ForEachBody(frame.bytes, [&](const model::Body& body) {
        search.Look(body);
        return true;
      }));
    }
  }
  if (search.has_hits()) {
    for (const model::EncodedBatchPtr& batch : head) {
      for (const model::BodyUse& use : batch->uses()) {
        search.Use(use);
      }
    }
    const auto reading = TRY(OpenReading(deadline));
    for (const DayPtr& day : days) {
      QueryResult result = TRY(reading->connection().Query(
          fmt::format("SELECT body_id, trace_id FROM {}.body_uses", day->database())));
      while (const auto chunk = result.Next()) {
        for (std::uint64_t row = 0; row < chunk->size(); ++row) {
          model::BodyUse use{.id = static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row)),
                             .trace_id = {}};
          FromUhugeint(chunk->at<duckdb_uhugeint>(1, row),
                       reinterpret_cast<char*>(use.trace_id.bytes.data()));
          search.Use(use);
        }
      }
    }
  }
  return search.traces();
}

}  // namespace sightline::store::embedded
