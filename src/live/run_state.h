// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "live/contribution.h"
#include "live/run_snapshot.h"
#include "live/signs.h"
#include "live/text_table.h"
#include "model/fact_table.h"
#include "model/rollup.h"
#include "model/run_record.h"
#include "model/run_rules.h"
#include "model/run_span.h"
#include "model/span.h"

namespace sightline::live {

using RecordPtr = std::shared_ptr<const model::RunRecord>;

// One run as far as its spans have come: what is known of each span, and what follows from that for
// lists, feeds and rollups. Everything that follows is derived again from the spans, by the rules
// that trace views use (model/run_rules.h). It depends on which spans came, never on their order:
// what the store has counted of a run is found out by deriving it again from the spans it holds.
//
// Thread: confined.
class RunState {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  // At most `max_spans` spans are held: roots, then those whose ids happen to come first.
  explicit RunState(const model::TraceId& trace_id, std::size_t max_spans = kNoLimit);

  enum class Added : std::uint8_t {
    kNew,
    kKnown,      // Of a span that was there; it may have changed.
    kAfterEnd,   // A start after the end: ignored.
    kOverLimit,  // It, or one that was there, is left out.
  };

  // A span that has ended, or one that has started and is marked as a placeholder. A span beats
  // its placeholder, and the latest end wins.
  Added Add(const model::Span& span);

  // So many spans are about to be added.
  void Reserve(std::size_t more);

  void AddSpan(const model::Span& span) { Add(span); }

  // False when its end is known already: nothing changes.
  bool AddPending(const model::Span& span) { return Add(span) != Added::kAfterEnd; }

  // Adds everything that `other`, a state of the same run, holds.
  void Absorb(const RunState& other);

  bool Knows(const model::SpanId& span_id) const { return FindRow(span_id) != kNone; }

  // A sign of life.
  void Seen(std::int64_t received_ns, std::uint64_t position);

  // Derives record and contribution again. `is_recent`: the last sign of life is younger than the
  // idle limit. Cost: O(n log n) in the spans.
  void Refresh(bool is_recent);

  // As of the last Refresh; null before.
  const RecordPtr& record() const { return record_; }

  // The same in short.
  RunSummary summary() const { return record_ == nullptr ? RunSummary{} : SummaryOf(*record_); }

  // What the run adds to totals and rollups: itself, its steps in the minutes in which they ended,
  // and the run in the minutes in which it started and ended.
  const Contribution& counted() const { return counted_; }

  const std::vector<model::RollupEntry>& contribution() const { return counted_.entries; }

  // What the run and its steps add to facts, with `sign` 1 or -1, as of the last Refresh.
  void AppendFacts(int sign, model::FactTable& table) const;

  // Takes it out, so that the next Refresh makes a new one.
  Contribution TakeCounted() { return std::exchange(counted_, {}); }

  // What signs of trouble need to know of a span, as far as it is known. Texts live as long as the
  // state.
  StepFacts FactsOf(const model::SpanId& span_id) const;

  // The same of each span.
  template <typename Visit>
  void ForEachStep(const Visit& visit) const {
    for (std::size_t row = 0; row < facts_.size(); ++row) {
      visit(FactsOfRow(row));
    }
  }

  // The same of the run, as of the last Refresh, which must have been.
  RunFacts Facts() const;

  RunSnapshot Snapshot() const;

  const model::TraceId& trace_id() const { return trace_id_; }

  std::size_t span_count() const { return facts_.size(); }

  // An estimate of the memory that it holds, without its record.
  std::size_t bytes() const;

  std::int64_t received_ns() const { return received_ns_; }

  std::uint64_t position() const { return position_; }

  // The spans as bytes, some 150 for a span, and back: runs that nothing comes of are kept like
  // this. What is derived is left out.
  std::string Pack() const;
  static RunState Unpack(const model::TraceId& trace_id, std::string_view packed,
                         std::size_t max_spans = kNoLimit);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // Up to so many rows are looked at one by one.
  static constexpr std::size_t kFewRows = 16;

  // The texts of one span, by number in texts_.
  struct Texts {
    std::uint32_t name = 0;
    std::uint32_t agent = 0;
    std::uint32_t model = 0;  // "provider/model" of a model call.
    std::uint32_t service = 0;
    std::uint32_t workflow_id = 0;
    std::uint32_t workflow_name = 0;
    std::uint32_t run_id = 0;
    std::uint32_t error = 0;
    std::uint32_t error_type = 0;
    std::uint32_t session = 0;
    std::uint32_t user = 0;
    std::uint32_t request_model = 0;
    std::uint32_t response_model = 0;
    std::uint32_t version = 0;
    std::uint32_t environment = 0;
    std::uint32_t tags = 0;     // A set (model/name_set.h).
    std::uint32_t prompts = 0;  // A set of one prompt version, or of none.
  };

  static constexpr std::size_t kTexts = sizeof(Texts) / sizeof(std::uint32_t);

  // What is known of one span.
  struct Row {
    model::RunSpan facts;
    std::array<std::string_view, kTexts> texts;  // As in Texts.
  };

  Row RowOf(std::size_t row) const;
  static bool Replaces(const Row& row, const Row& known);
  Added Put(const Row& row);
  Added PutOverLimit(const Row& row);
  void SetRow(std::size_t at, const Row& row);
  std::size_t FindRow(const model::SpanId& span_id) const;
  void IndexRows();
  static std::uint64_t RankOf(const model::RunSpan& span);

  void Summarize();
  void CountSpans(model::RunRecord& record) const;
  void NameAll(model::RunRecord& record) const;
  void Contribute();
  void ContributeStep(std::size_t row, std::uint32_t agent, bool counts_usage);
  void ContributeRun();
  struct EntryKey;
  class EntryIndex;
  model::RollupEntry& Entry(std::int64_t time_ns, std::uint32_t agent, std::uint32_t model,
                            std::uint32_t service);
  std::vector<std::uint32_t> AgentOfEach() const;
  StepFacts FactsOfRow(std::size_t row) const;

  model::TraceId trace_id_;
  std::size_t max_spans_;
  TextTable texts_;
  std::vector<model::RunSpan> facts_;
  std::vector<Texts> span_texts_;  // Parallel to facts_.
  // Rows by span; empty while there are few enough to look at each.
  boost::unordered_flat_map<model::SpanId, std::uint32_t, model::SpanIdHasher> index_;
  // Ranks and rows of a run that is over its limit, the last one first; else empty.
  std::priority_queue<std::pair<std::uint64_t, std::size_t>> by_rank_;
  std::int64_t received_ns_ = 0;
  std::uint64_t position_ = 0;

  // Derived.
  model::RunShape shape_;
  RecordPtr record_;
  Contribution counted_;
  model::RunTotals totals_;
  EntryIndex* entry_index_ = nullptr;  // During Contribute.
};

}  // namespace sightline::live
