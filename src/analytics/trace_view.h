// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/run_rules.h"
#include "model/run_status.h"
#include "model/span.h"

namespace sightline::analytics {

// Spans that lie elsewhere, in an order of its own. A span is 900 bytes: a copy of each would
// double what a run of 300,000 takes while it is read.
//
// Thread: value. What it refers to must outlive it.
class SpanRefs {
 public:
  class Iterator {
   public:
    // NOLINTBEGIN(readability-identifier-naming): the names that the standard library asks for.
    using difference_type = std::ptrdiff_t;
    using value_type = model::Span;
    using reference = const model::Span&;
    using pointer = const model::Span*;
    using iterator_category = std::forward_iterator_tag;
    // NOLINTEND(readability-identifier-naming)

    Iterator() = default;

    explicit Iterator(const model::Span* const* at) : at_(at) {}

    reference operator*() const { return **at_; }

    pointer operator->() const { return *at_; }

    Iterator& operator++() {
      ++at_;
      return *this;
    }

    Iterator operator++(int) { return Iterator(at_++); }

    bool operator==(const Iterator&) const = default;

   private:
    const model::Span* const* at_ = nullptr;
  };

  std::size_t size() const { return refs_.size(); }

  bool empty() const { return refs_.empty(); }

  const model::Span& operator[](std::size_t i) const { return *refs_[i]; }

  Iterator begin() const { return Iterator(refs_.data()); }

  Iterator end() const { return Iterator(refs_.data() + refs_.size()); }

  void reserve(std::size_t count) { refs_.reserve(count); }

  void push_back(const model::Span& span) { refs_.push_back(&span); }

  void push_back(model::Span&&) = delete;

 private:
  std::vector<const model::Span*> refs_;
};

// What a list shows of a run.
struct TraceSummary {
  model::TraceId trace_id;
  std::string_view execution_id_text;  // The run id; "": the trace id is the execution id.
  std::string workflow_id;
  std::string_view workflow_name;
  std::string_view name;
  model::RunStatus status = model::RunStatus::kRunning;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // 0 while running.
  std::uint64_t span_count = 0;
  std::uint64_t error_count = 0;
  std::string_view agent;
  std::string_view session_id;
  std::string_view user_id;
  std::string_view service;
  std::string_view error_message;  // Of the root, when it failed.
  std::vector<std::string_view> models;
  // As model::RunRecord has them.
  std::string_view version;
  std::string_view environment;
  std::vector<std::string> tags;
  std::vector<std::string> prompt_versions;
  bool is_demo = false;
  model::RunTotals totals;
};

// One trace put together from its rows: without repeats, with parents resolved and usage counted
// once.
//
// Thread: value. Refers to the rows it was made from. Memory: about 60 bytes a span.
struct TraceView {
  static constexpr std::size_t kNone = model::RunShape::kNone;

  SpanRefs spans;                          // By start time.
  std::vector<std::size_t> parents;        // Index of the parent, or kNone.
  std::vector<model::ParentState> states;  // Parallel to spans.
  std::vector<bool> counts_usage;          // Its usage and cost are part of the totals.
  std::size_t root = kNone;                // The best root there is; kNone for no spans.
  std::uint64_t repeated_spans = 0;        // Rows dropped: the same span sent again.
  std::uint64_t covered_log_spans = 0;  // Rows dropped: log events of calls that spans tell better.
  TraceSummary summary;
};

struct AssembleOptions {
  std::int64_t now_ns = 0;
  std::int64_t last_received_ns = 0;  // When the last row came.
  std::int64_t idle_limit_ns = 0;     // Silence after which a run without an end is abandoned.
};

// The agent that each span is the work of: its own name or id, else that of the nearest span above
// it that has one; "" when there is none. Cost: O(n).
std::vector<std::string_view> AgentsOf(const TraceView& view);

// By the rules of model/run_rules.h. Rows may include pending spans, marked as placeholders.
// Precondition: the rows are of one trace. Cost: O(n log n).
TraceView AssembleTrace(std::span<const model::Span> rows, const AssembleOptions& options);

}  // namespace sightline::analytics
