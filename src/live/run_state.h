// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "live/run_snapshot.h"
#include "live/signs.h"
#include "live/text_table.h"
#include "model/rollup.h"
#include "model/run_rules.h"
#include "model/run_span.h"
#include "model/span.h"

namespace sightline::live {

// One run as far as its spans have come: what is known of each span, and what follows from that for
// lists, feeds and rollups. Everything that follows is derived again from the spans, by the rules
// that trace views use (model/run_rules.h), so that the order of arrival does not matter.
//
// Thread: confined to the live thread.
class RunState {
 public:
  explicit RunState(const model::TraceId& trace_id);

  // A span that has ended. Takes the place of its placeholder.
  void AddSpan(const model::Span& span);

  // A span that has started. False when its end is known already: nothing changes.
  bool AddPending(const model::Span& span);

  bool Knows(const model::SpanId& span_id) const { return index_.contains(span_id); }

  // A sign of life.
  void Seen(std::int64_t received_ns, std::uint64_t position);

  // Derives summary and contribution again. `is_recent`: the last sign of life is younger than the
  // idle limit. Cost: O(n log n) in the spans.
  void Refresh(bool is_recent);

  // As of the last Refresh.
  const RunSummary& summary() const { return summary_; }

  // What the run adds to rollups: its steps in the minutes in which they ended, the run itself in
  // the minutes in which it started and ended.
  const std::vector<model::RollupEntry>& contribution() const { return contribution_; }

  // What signs of trouble need to know of a span, as far as it is known. Texts live as long as the
  // state.
  StepFacts FactsOf(const model::SpanId& span_id) const;

  // The same of the run, as of the last Refresh.
  RunFacts Facts() const;

  // Agents that were seen in it.
  std::vector<std::string_view> agents() const;

  RunSnapshot Snapshot() const;

  const model::TraceId& trace_id() const { return summary_.trace_id; }

  std::size_t span_count() const { return facts_.size(); }

  std::int64_t received_ns() const { return received_ns_; }

  std::uint64_t position() const { return position_; }

 private:
  // The texts of one span, by number in texts_.
  struct Texts {
    std::uint32_t name = 0;
    std::uint32_t agent = 0;
    std::uint32_t model = 0;
    std::uint32_t service = 0;
    std::uint32_t workflow_id = 0;
    std::uint32_t workflow_name = 0;
    std::uint32_t run_id = 0;
    std::uint32_t error = 0;
  };

  Texts TextsOf(const model::Span& span);
  void Put(const model::Span& span);
  void Summarize();
  void Contribute();
  void ContributeStep(std::size_t row, std::uint32_t agent, bool counts_usage);
  void ContributeRun();
  model::RollupEntry& Entry(std::int64_t time_ns, std::uint32_t agent, std::uint32_t model,
                            std::uint32_t service);
  std::vector<std::uint32_t> AgentOfEach() const;

  TextTable texts_;
  std::vector<model::RunSpan> facts_;
  std::vector<Texts> span_texts_;  // Parallel to facts_.
  std::unordered_map<model::SpanId, std::uint32_t, model::SpanIdHasher> index_;
  std::int64_t received_ns_ = 0;
  std::uint64_t position_ = 0;

  // Derived.
  model::RunShape shape_;
  RunSummary summary_;
  std::vector<model::RollupEntry> contribution_;
  model::RunTotals totals_;
};

}  // namespace sightline::live
