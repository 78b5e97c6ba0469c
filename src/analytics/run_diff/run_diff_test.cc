// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/run_diff.h"

#include <algorithm>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// A run of steps one after the other, each named by a word such as "B" in the expectations. Steps
// are "llm" with the word as name, its lower-case form as input and output, unless changed.
class RunBuilder {
 public:
  RunBuilder() { steps_.push_back({.kind = "workflow", .name = "run", .end_ns = 1'000'000}); }

  RunBuilder& Steps(std::string_view words, std::size_t parent = 0) {
    for (const char word : words) {
      Add(word, parent);
    }
    return *this;
  }

  std::size_t Add(char word, std::size_t parent = 0) {
    texts_.emplace_back(1, word);
    const std::int64_t start = static_cast<std::int64_t>(steps_.size()) * 100;
    steps_.push_back({.parent = parent,
                      .kind = "llm",
                      .name = "chat",
                      .start_ns = start,
                      .end_ns = start + 100,
                      .input = Keep(fmt::format("question {}", word)),
                      .output = Keep(fmt::format("answer {}", word))});
    return steps_.size() - 1;
  }

  ComparedStep& operator[](std::size_t i) { return steps_[i]; }

  std::string_view Keep(std::string text) {
    texts_.push_back(std::move(text));
    return texts_.back();
  }

  const std::vector<ComparedStep>& steps() const { return steps_; }

 private:
  std::vector<ComparedStep> steps_;
  std::list<std::string> texts_;
};

std::string Show(const RunDiff& diff) {
  constexpr std::string_view kNames[] = {"removed", "added",   "moved",
                                         "renamed", "changed", "retried"};
  std::string text;
  for (const StepEdit& edit : diff.edits) {
    text += text.empty() ? "" : ", ";
    text += kNames[static_cast<std::size_t>(edit.kind)];
    text += edit.a == StepEdit::kNone ? "" : fmt::format(" {}", edit.a);
    text += edit.b == StepEdit::kNone ? "" : fmt::format(">{}", edit.b);
    text += edit.input_differs ? " input" : "";
    text += edit.output_differs ? " output" : "";
    text += edit.status_differs ? " status" : "";
    for (const std::size_t attempt : edit.attempts) {
      text += fmt::format(" !{}", attempt);
    }
  }
  return text;
}

std::string Diff(const RunBuilder& a, const RunBuilder& b) {
  return Show(DiffRuns(a.steps(), b.steps()));
}

struct OrderCase {
  std::string_view name;
  std::string_view a;  // Each letter is a step with a content of its own; the first is step 1.
  std::string_view b;
  std::string_view edits;
};

constexpr OrderCase kOrderCases[] = {
    {"Alike", "ABCD", "ABCD", ""},
    {"Removed", "ABCD", "ABD", "removed 3"},
    {"RemovedLast", "ABCD", "ABC", "removed 4"},
    {"Added", "ABD", "ABCD", "added>3"},
    {"AddedToNothing", "", "A", "added>1"},
    {"MovedToTheFront", "ABCDE", "EABCD", "moved 5>1"},
    {"MovedToTheEnd", "ABCDE", "BCDEA", "moved 1>5"},
    {"Swapped", "AB", "BA", "moved 1>2"},
    {"OneOfEqualSteps", "AAA", "AA", "removed 3"},
    {"OtherContentAtItsPlace", "ABC", "AXC", "changed 2>2 input output"},
    {"OneMoreBetweenEqualOnes", "ABC", "BCD", "removed 1, added>3"},
};

TEST(RunDiffTest, FindsStepsThatWereRemovedAddedOrMoved) {
  for (const OrderCase& test : kOrderCases) {
    EXPECT_EQ(Diff(RunBuilder().Steps(test.a), RunBuilder().Steps(test.b)), test.edits)
        << test.name;
  }
}

TEST(RunDiffTest, ListsOnlyTheTopOfWhatWasRemoved) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("AB");
  b.Steps("A");
  a.Steps("XYZ", 2);
  EXPECT_EQ(Diff(a, b), "removed 2");
}

TEST(RunDiffTest, SaysWhichFieldsChanged) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABC");
  b.Steps("ABC");
  b[2].output = "Error: 503";
  b[2].has_failed = true;
  EXPECT_EQ(Diff(a, b), "changed 2>2 output status");
}

TEST(RunDiffTest, TakesEqualContentUnderAnotherNameAsRenamed) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABC");
  b.Steps("ABC");
  b[2].name = "chat-v2";
  EXPECT_EQ(Diff(a, b), "renamed 2>2");
}

TEST(RunDiffTest, PairsStepsByWhatIsBelowThem) {
  // Agents of one name without content; the second lost a step and the third is new.
  RunBuilder a;
  RunBuilder b;
  const auto agent = [](RunBuilder& run, std::string_view words) {
    const std::size_t top = run.Add(' ');
    run[top].kind = "agent";
    run[top].name = "worker";
    run[top].input = "";
    run[top].output = "";
    run.Steps(words, top);
    return top;
  };
  agent(a, "ABC");   // 1 to 4
  agent(a, "DEFG");  // 5 to 9
  agent(b, "ABC");   // 1 to 4
  agent(b, "UVW");   // 5 to 8
  agent(b, "DFG");   // 9 to 12
  EXPECT_EQ(Diff(a, b), "added>5, removed 7");
}

TEST(RunDiffTest, TakesFailedAttemptsBeforeAStepAsRetries) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABC");
  b.Steps("ABBBC");
  for (const std::size_t attempt : {2U, 3U}) {
    b[attempt].has_failed = true;
    b[attempt].output = "429";
  }
  EXPECT_EQ(Diff(a, b), "retried 2>4 !2 !3");
  const RunDiff diff = DiffRuns(a.steps(), b.steps());
  EXPECT_EQ(FirstDivergence(diff), (StepPair{2, 2}));
}

TEST(RunDiffTest, TakesAttemptsWithAnotherInputAsAdded) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABC");
  b.Steps("AXBC");
  b[2].has_failed = true;
  EXPECT_EQ(Diff(a, b), "added>2");
}

TEST(RunDiffTest, OrderOfOverlappingStepsIsNoEdit) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABCD");
  b.Steps("DABC");
  EXPECT_EQ(Diff(a, b), "moved 4>1");
  for (std::size_t i = 1; i <= 4; ++i) {
    a[i].end_ns = 1000;
  }
  EXPECT_EQ(Diff(a, b), "moved 4>1");
  for (std::size_t i = 1; i <= 4; ++i) {
    b[i].end_ns = 1000;
  }
  EXPECT_EQ(Diff(a, b), "");
}

TEST(RunDiffTest, FindsEqualStepsUnderAnotherParent) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("AB").Steps("XYZ", 1).Steps("UVW", 2);
  b.Steps("AB").Steps("XY", 1).Steps("UVWZ", 2);
  EXPECT_EQ(Diff(a, b), "moved 5>8");
}

TEST(RunDiffTest, PairsStepsWithoutContentByName) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABCD");
  b.Steps("ABC");
  const auto names = {"plan", "search", "read", "answer"};
  for (std::size_t i = 1; const std::string_view name : names) {
    a[i].name = name;
    a[i].input = a[i].output = "";
    ++i;
  }
  for (std::size_t i = 1; const std::string_view name : {"plan", "read", "answer"}) {
    b[i].name = name;
    b[i].input = b[i].output = "";
    ++i;
  }
  EXPECT_EQ(Diff(a, b), "removed 2");
}

TEST(RunDiffTest, ComparesSingleRootsWhateverTheyAreCalled) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("AB");
  b.Steps("AB");
  b[0].name = "other";
  EXPECT_EQ(Diff(a, b), "renamed 0>0");
}

TEST(RunDiffTest, EditsComeInReadingOrder) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABCDEFGH");
  b.Steps("ACDXEFG");
  b[6].output = "other";
  // B would be before C; the last one after all.
  EXPECT_EQ(Diff(a, b), "removed 2, added>4, changed 6>6 output, removed 8");
  const RunDiff diff = DiffRuns(a.steps(), b.steps());
  EXPECT_EQ(FirstDivergence(diff), (StepPair{2, StepEdit::kNone}));
}

TEST(RunDiffTest, ListsEveryStepOnceInReadingOrder) {
  RunBuilder a;
  RunBuilder b;
  a.Steps("ABCDE");
  b.Steps("EACXD");
  constexpr std::size_t kNone = StepEdit::kNone;
  // E was moved to the front, B removed, X added.
  EXPECT_EQ(
      DiffRuns(a.steps(), b.steps()).rows,
      (std::vector<StepPair>{{0, 0}, {5, 1}, {1, 2}, {2, kNone}, {3, 3}, {kNone, 4}, {4, 5}}));
}

TEST(RunDiffTest, HasNoDivergenceWhenRunsAreAlike) {
  const RunDiff diff = DiffRuns(RunBuilder().Steps("AB").steps(), RunBuilder().Steps("AB").steps());
  EXPECT_EQ(FirstDivergence(diff), (StepPair{StepEdit::kNone, StepEdit::kNone}));
  EXPECT_EQ(diff.pairs, (std::vector<StepPair>{{0, 0}, {1, 1}, {2, 2}}));
}

TEST(RunDiffTest, LeavesOutCirclesOfParents) {
  RunBuilder a;
  a.Steps("ABC");
  a[2].parent = 3;
  a[3].parent = 2;
  EXPECT_EQ(Diff(a, RunBuilder().Steps("A")), "");
  EXPECT_EQ(Show(DiffRuns({}, {})), "");
}

TEST(RunDiffTest, BoundsTheWorkForManySiblings) {
  // 3,000 times 3,000 siblings, of which every other one is equal and the rest differ.
  RunBuilder a;
  RunBuilder b;
  for (std::size_t i = 1; i <= 3000; ++i) {
    a.Add('A');
    b.Add('A');
    const auto step = static_cast<unsigned>(i);
    a[i].output = a.Keep(fmt::format("answer {}", step));
    b[i].output = b.Keep(fmt::format("answer {}", i % 2 == 0 ? step : step + 10'000));
  }
  const RunDiff diff = DiffRuns(a.steps(), b.steps());
  EXPECT_EQ(diff.pairs.size(), 3001U);
  EXPECT_EQ(diff.edits.size(), 1500U);
  EXPECT_FALSE(diff.is_approximate);
}

TEST(RunDiffTest, SaysWhenItIsApproximate) {
  RunBuilder a;
  RunBuilder b;
  for (std::size_t i = 1; i <= 2500; ++i) {
    a.Add('A');
    b.Add('A');
    a[i].output = a.Keep(fmt::format("answer {}", i));
    b[i].output = b.Keep(fmt::format("other {}", i));
  }
  const RunDiff diff = DiffRuns(a.steps(), b.steps());
  EXPECT_TRUE(diff.is_approximate);
  EXPECT_EQ(diff.pairs.size(), 2501U);
}

}  // namespace
}  // namespace sightline::analytics
