// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analytics/run_diff/compared_step.h"

namespace sightline::analytics {

// The steps of one run with what tells them from each other: hashes of what they say, with the
// values that differ in every run taken out (ComparableText).
//
// Thread: value. Views the steps it was made from.
class StepTree {
 public:
  static constexpr std::size_t kNone = ComparedStep::kNone;

  struct Node {
    std::uint64_t input = 0;     // Hash of the comparable text; 0: empty.
    std::uint64_t output = 0;    // Likewise.
    std::uint64_t own = 0;       // Kind, name, status, input and output.
    std::uint64_t children = 0;  // Everything below it, in order; 0: nothing.
    std::uint64_t whole = 0;     // `own` and `children`.
    std::size_t place = kNone;   // In reading order: by start, parents first. kNone: not reached.
    std::size_t after = 0;       // The place after everything below it.
    std::size_t position = 0;    // Among its siblings.
  };

  // Parents that are no index, or the step itself, are taken as missing. Steps in a circle of
  // parents are not reached from any root and are left out. Cost: linear in the bytes of the texts,
  // and O(n log n) in the steps; without recursion.
  explicit StepTree(std::span<const ComparedStep> steps);

  const ComparedStep& step(std::size_t i) const { return steps_[i]; }

  const Node& node(std::size_t i) const { return nodes_[i]; }

  std::span<const std::size_t> roots() const { return roots_; }

  // By start, then index.
  std::span<const std::size_t> children(std::size_t i) const { return children_[i]; }

  // The children of its parent, or the roots; the step itself included.
  std::span<const std::size_t> siblings(std::size_t i) const {
    const std::size_t parent = steps_[i].parent;
    return HasParent(i) ? children_[parent] : roots_;
  }

  bool HasParent(std::size_t i) const {
    return steps_[i].parent < steps_.size() && steps_[i].parent != i;
  }

  // Every step that is reached, in reading order.
  std::span<const std::size_t> order() const { return order_; }

  std::size_t size() const { return nodes_.size(); }

  // Whether the step can be told from another by more than its name.
  bool HasContent(std::size_t i) const;

 private:
  void Order();
  void Hash();

  std::span<const ComparedStep> steps_;
  std::vector<Node> nodes_;
  std::vector<std::size_t> roots_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> order_;
};

}  // namespace sightline::analytics
