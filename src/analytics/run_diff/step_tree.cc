// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/step_tree.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "analytics/run_diff/comparable_text.h"
#include "base/hash.h"

namespace sightline::analytics {
namespace {

template <std::size_t N>
std::uint64_t HashNumbers(const std::array<std::uint64_t, N>& numbers) {
  return base::HashBytes64(
      {reinterpret_cast<const char*>(numbers.data()), N * sizeof(std::uint64_t)});
}

std::uint64_t HashText(std::string_view text) {
  return text.empty() ? 0 : base::HashBytes64(ComparableText(text));
}

}  // namespace

StepTree::StepTree(std::span<const ComparedStep> steps)
    : steps_(steps), nodes_(steps.size()), children_(steps.size()) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    (HasParent(i) ? children_[steps[i].parent] : roots_).push_back(i);
  }
  Order();
  Hash();
}

void StepTree::Order() {
  const auto by_start = [this](std::size_t a, std::size_t b) {
    return steps_[a].start_ns < steps_[b].start_ns;
  };
  const auto arrange = [this, &by_start](std::vector<std::size_t>& siblings) {
    std::stable_sort(siblings.begin(), siblings.end(), by_start);
    for (std::size_t position = 0; position < siblings.size(); ++position) {
      nodes_[siblings[position]].position = position;
    }
  };
  arrange(roots_);
  std::vector<std::size_t> stack(roots_.rbegin(), roots_.rend());
  while (!stack.empty()) {
    const std::size_t i = stack.back();
    stack.pop_back();
    nodes_[i].place = order_.size();
    order_.push_back(i);
    arrange(children_[i]);
    stack.insert(stack.end(), children_[i].rbegin(), children_[i].rend());
  }
}

void StepTree::Hash() {
  for (auto i = order_.rbegin(); i != order_.rend(); ++i) {
    Node& node = nodes_[*i];
    const ComparedStep& step = steps_[*i];
    node.input = HashText(step.input);
    node.output = HashText(step.output);
    node.own = HashNumbers<5>({base::HashBytes64(step.kind), base::HashBytes64(step.name),
                               step.has_failed ? 1U : 0U, node.input, node.output});
    node.after = node.place + 1;
    for (const std::size_t child : children_[*i]) {
      node.children = HashNumbers<2>({node.children, nodes_[child].whole});
      node.after = nodes_[child].after;
    }
    node.whole = HashNumbers<2>({node.own, node.children});
  }
}

bool StepTree::HasContent(std::size_t i) const {
  const Node& node = nodes_[i];
  return node.input != 0 || node.output != 0 || node.children != 0;
}

}  // namespace sightline::analytics
