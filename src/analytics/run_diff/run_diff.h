// SPDX-License-Identifier: Apache-2.0
// What changed between two runs of the same work. From the roots down, the children of two steps
// that are the same are aligned (AlignSiblings); what is left over on both sides and equal was
// moved. Times, durations, tokens and ids are not compared: they differ in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analytics/run_diff/compared_step.h"

namespace sightline::analytics {

enum class EditKind : std::uint8_t {
  kRemoved,  // With all below it.
  kAdded,    // With all below it.
  kMoved,    // Equal, at another place. Not: another order of steps that overlap in both runs.
  kRenamed,
  kChanged,  // Another input, output or status.
  kRetried,  // In b, failed attempts with its name and input come before it, with nothing between
             // them that a has there too.
};

// "removed", "added", "moved", "renamed", "changed", "retried".
std::string_view NameOf(EditKind kind);

// Thread: value.
struct StepEdit {
  static constexpr std::size_t kNone = ComparedStep::kNone;

  EditKind kind = EditKind::kChanged;
  std::size_t a = kNone;  // Index of the step in a; kNone for kAdded.
  std::size_t b = kNone;  // Likewise in b; kNone for kRemoved.
  bool input_differs = false;
  bool output_differs = false;
  bool status_differs = false;
  std::vector<std::size_t> attempts = {};  // Indices in b, in their order.

  friend bool operator==(const StepEdit&, const StepEdit&) = default;
};

// A step that both runs have; kNone where one of them lacks it.
struct StepPair {
  std::size_t a = StepEdit::kNone;
  std::size_t b = StepEdit::kNone;

  friend bool operator==(const StepPair&, const StepPair&) = default;
};

// Thread: value.
struct RunDiff {
  std::vector<StepPair> pairs;  // In reading order of a: by start, parents first.
  std::vector<StepEdit> edits;  // In reading order: the runs part at the first one.
  // Every step of both once, in reading order of b; what only a has stands where it would be.
  std::vector<StepPair> rows;
  bool is_approximate = false;  // Too many siblings to compare each with each.
};

// Cost: linear in the bytes of the texts, at most 1 million comparisons of steps for each pair of
// parents. Without recursion.
RunDiff DiffRuns(std::span<const ComparedStep> a, std::span<const ComparedStep> b);

// The step at which the runs part in each of them; kNone where it has none (a step was only added
// or removed), and in both when the runs are alike.
StepPair FirstDivergence(const RunDiff& diff);

}  // namespace sightline::analytics
