// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/step_likeness.h"

#include <cstdint>
#include <utility>

namespace sightline::analytics {
namespace {

constexpr double kSameContents = 0.6;
constexpr double kOtherStatus = 0.05;  // So that a success is taken for a success first.

// Equal content under another name is nearly certain, and an equal input alone is not: several
// agents may be given the same.
constexpr double kRenamed = 0.8;
constexpr double kRenamedAndChanged = 0.35;
constexpr double kLeastLikeContents = 0.75;

constexpr std::size_t kStepsBelow = 256;  // That are looked at; more do not make it surer.

}  // namespace

const StepLikeness::Sketches& StepLikeness::Get(const StepTree& tree, std::size_t step,
                                                Cache& cache) {
  std::optional<Sketches>& entry = cache[step];
  if (!entry.has_value()) {
    const StepTree::Node& node = tree.node(step);
    std::vector<std::uint64_t> below;
    for (std::size_t i = node.place + 1; i < node.after && below.size() < kStepsBelow; ++i) {
      below.push_back(tree.node(tree.order()[i]).own);
    }
    entry = Sketches{.input = SketchText(ComparableText(tree.step(step).input)),
                     .output = SketchText(ComparableText(tree.step(step).output)),
                     .below = SketchHashes(std::move(below))};
  }
  return *entry;
}

double StepLikeness::Of(std::size_t a, std::size_t b) {
  const StepTree::Node& x = a_.node(a);
  const StepTree::Node& y = b_.node(b);
  if (x.whole == y.whole) {
    return kEqual;
  }
  if (a_.step(a).kind != b_.step(b).kind) {
    return 0;
  }
  if (a_.step(a).name != b_.step(b).name) {
    return OfOtherName(a, b);
  }
  const double status = a_.step(a).has_failed == b_.step(b).has_failed ? 0 : kOtherStatus;
  return kSameName + kSameContents * OfContents(a, b) - status;
}

double StepLikeness::OfContents(std::size_t a, std::size_t b) {
  const StepTree::Node& x = a_.node(a);
  const StepTree::Node& y = b_.node(b);
  double sum = 0;
  int parts = 0;
  const auto add = [&](std::uint64_t one, std::uint64_t other, TextSketch Sketches::* sketch) {
    if (one == 0 && other == 0) {
      return;
    }
    ++parts;
    if (one == other) {
      sum += 1;
    } else if (one != 0 && other != 0) {
      sum += Likeness(Get(a_, a, a_sketches_).*sketch, Get(b_, b, b_sketches_).*sketch);
    }
  };
  add(x.input, y.input, &Sketches::input);
  add(x.output, y.output, &Sketches::output);
  add(x.children, y.children, &Sketches::below);
  return parts == 0 ? 1 : sum / parts;
}

double StepLikeness::OfOtherName(std::size_t a, std::size_t b) {
  const StepTree::Node& x = a_.node(a);
  const StepTree::Node& y = b_.node(b);
  const double contents = a_.HasContent(a) && b_.HasContent(b) ? OfContents(a, b) : 0;
  if (contents == 1) {
    return kRenamed;
  }
  if (x.input != 0 && x.input == y.input && contents >= kLeastLikeContents) {
    return kRenamedAndChanged;
  }
  return 0;
}

}  // namespace sightline::analytics
