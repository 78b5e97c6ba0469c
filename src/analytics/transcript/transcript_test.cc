// SPDX-License-Identifier: Apache-2.0
#include "analytics/transcript/transcript.h"

#include <deque>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using model::SpanKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Type = TranscriptEntry::Type;

constexpr std::size_t kNone = TraceView::kNone;

// Spans that take five nanoseconds each, given with their parents and starts.
class TranscriptTest : public ::testing::Test {
 protected:
  model::Span& Add(SpanKind kind, std::size_t parent, std::int64_t start_ns) {
    model::Span& span = spans_.emplace_back();
    span.kind = kind;
    span.start_ns = start_ns;
    span.end_ns = start_ns + 5;
    view_.spans.push_back(span);
    view_.parents.push_back(parent);
    if (parent == kNone && view_.root == kNone) {
      view_.root = view_.spans.size() - 1;
    }
    return span;
  }

  model::Span& AddAgent(std::string_view name, std::size_t parent, std::int64_t start_ns) {
    model::Span& span = Add(SpanKind::kAgent, parent, start_ns);
    span.agent_name = name;
    return span;
  }

  Transcript Make() { return MakeTranscript(view_); }

  std::deque<model::Span> spans_;  // Stay where they are.
  TraceView view_;
};

TEST_F(TranscriptTest, ToolsStandWithTheCallThatTheyCameOf) {
  AddAgent("coder", kNone, 0).end_ns = 100;
  Add(SpanKind::kLlm, 0, 10);
  Add(SpanKind::kTool, 0, 20);
  Add(SpanKind::kTool, 0, 21);
  Add(SpanKind::kLlm, 0, 30);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.agents.size(), 1U);
  EXPECT_EQ(transcript.agents[0].span, 0U);
  EXPECT_EQ(transcript.agents[0].calls, 2U);
  ASSERT_EQ(transcript.entries.size(), 2U);
  EXPECT_EQ(transcript.entries[0].span, 1U);
  EXPECT_EQ(transcript.entries[0].turn, 1U);
  EXPECT_EQ(transcript.entries[0].before, kNone);
  EXPECT_THAT(transcript.entries[0].tools, ElementsAre(2, 3));
  EXPECT_EQ(transcript.entries[1].span, 4U);
  EXPECT_EQ(transcript.entries[1].turn, 2U);
  EXPECT_EQ(transcript.entries[1].before, 1U);
  EXPECT_THAT(transcript.entries[1].tools, IsEmpty());
}

TEST_F(TranscriptTest, ToolsOfCallsBesideEachOtherCameOfTheOneThatEndedLast) {
  AddAgent("a", kNone, 0);
  Add(SpanKind::kLlm, 0, 10).end_ns = 20;
  Add(SpanKind::kLlm, 0, 12).end_ns = 50;
  Add(SpanKind::kTool, 0, 25);
  Add(SpanKind::kTool, 0, 55);
  const Transcript transcript = Make();
  EXPECT_THAT(transcript.entries[0].tools, ElementsAre(3));
  EXPECT_THAT(transcript.entries[1].tools, ElementsAre(4));
}

TEST_F(TranscriptTest, AToolInsideACallIsOfThatCall) {
  AddAgent("a", kNone, 0);
  Add(SpanKind::kLlm, 0, 10).end_ns = 40;
  Add(SpanKind::kLlm, 0, 11).end_ns = 12;
  Add(SpanKind::kTool, 1, 20);
  EXPECT_THAT(Make().entries[0].tools, ElementsAre(3));
}

TEST_F(TranscriptTest, AToolWithoutACallBeforeItStandsAlone) {
  Add(SpanKind::kWorkflow, kNone, 0);
  Add(SpanKind::kTool, 0, 1);
  Add(SpanKind::kLlm, 0, 10);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.entries.size(), 2U);
  EXPECT_EQ(transcript.entries[0].type, Type::kTool);
  EXPECT_EQ(transcript.entries[0].span, 1U);
  EXPECT_EQ(transcript.entries[1].type, Type::kCall);
}

TEST_F(TranscriptTest, FailedAttemptsStandWithTheCallThatRepeatsThem) {
  AddAgent("a", kNone, 0);
  Add(SpanKind::kLlm, 0, 10).has_error = true;
  Add(SpanKind::kLlm, 0, 20).has_error = true;
  Add(SpanKind::kLlm, 0, 30);
  Add(SpanKind::kLlm, 0, 40);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.entries.size(), 2U);
  EXPECT_EQ(transcript.entries[0].span, 3U);
  EXPECT_THAT(transcript.entries[0].attempts, ElementsAre(1, 2));
  EXPECT_EQ(transcript.entries[1].before, 3U);
  EXPECT_EQ(transcript.agents[0].calls, 2U);
}

TEST_F(TranscriptTest, AnotherModelIsNotARepetition) {
  AddAgent("a", kNone, 0);
  Add(SpanKind::kLlm, 0, 10).has_error = true;
  Add(SpanKind::kLlm, 0, 20).request_model = "small";
  EXPECT_EQ(Make().entries.size(), 2U);
}

TEST_F(TranscriptTest, AnAgentStartedByAToolOpensWhereTheToolStands) {
  AddAgent("lead", kNone, 0);
  Add(SpanKind::kLlm, 0, 10);
  Add(SpanKind::kTool, 0, 20).end_ns = 60;
  AddAgent("helper", 2, 21).end_ns = 50;
  Add(SpanKind::kLlm, 3, 30);
  Add(SpanKind::kLlm, 0, 70);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.agents.size(), 2U);
  EXPECT_EQ(transcript.agents[1].span, 3U);
  EXPECT_EQ(transcript.agents[1].parent, 0U);
  ASSERT_EQ(transcript.entries.size(), 3U);
  EXPECT_THAT(transcript.entries[0].opens, ElementsAre(1));
  EXPECT_EQ(transcript.entries[1].agent, 1U);
  EXPECT_EQ(transcript.entries[2].agent, 0U);
  EXPECT_EQ(transcript.entries[2].before, 1U) << "its history is that of its own calls";
}

TEST_F(TranscriptTest, AnAgentWithoutAToolIsAnEntryOfItsOwn) {
  Add(SpanKind::kWorkflow, kNone, 0);
  AddAgent("triage", 0, 10);
  AddAgent("refunds", 0, 20);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.agents.size(), 3U);
  ASSERT_EQ(transcript.entries.size(), 2U);
  EXPECT_EQ(transcript.entries[0].type, Type::kAgent);
  EXPECT_EQ(transcript.entries[0].agent, 0U);
  EXPECT_THAT(transcript.entries[1].opens, ElementsAre(2));
}

TEST_F(TranscriptTest, WrappersOfTheSameAgentAreTheSameAgent) {
  AddAgent("coder", kNone, 0);
  AddAgent("coder", 0, 1);
  Add(SpanKind::kLlm, 1, 10);
  const Transcript transcript = Make();
  EXPECT_EQ(transcript.agents.size(), 1U);
  EXPECT_EQ(transcript.entries[0].agent, 0U);
}

TEST_F(TranscriptTest, AnAgentThatCallsItselfByAToolIsAnother) {
  AddAgent("coder", kNone, 0);
  Add(SpanKind::kTool, 0, 1);
  AddAgent("coder", 1, 2);
  EXPECT_EQ(Make().agents.size(), 2U);
}

TEST_F(TranscriptTest, ACallInsideACallIsAPartOfIt) {
  AddAgent("a", kNone, 0);
  Add(SpanKind::kLlm, 0, 10);
  Add(SpanKind::kLlm, 1, 11);
  EXPECT_EQ(Make().entries.size(), 1U);
}

TEST_F(TranscriptTest, NotesStandForThemselvesUnlessAToolDoesThem) {
  AddAgent("a", kNone, 0);
  Add(SpanKind::kRetriever, 0, 10);
  Add(SpanKind::kTool, 0, 20);
  Add(SpanKind::kRetriever, 2, 21);
  Add(SpanKind::kHttp, 0, 30);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.entries.size(), 2U);
  EXPECT_EQ(transcript.entries[0].type, Type::kNote);
  EXPECT_EQ(transcript.entries[1].type, Type::kTool);
}

TEST_F(TranscriptTest, AChildThatBeginsBeforeItsParentIsStillInsideIt) {
  Add(SpanKind::kLlm, 1, 5);  // Its parent comes next.
  AddAgent("late", 2, 10);
  Add(SpanKind::kWorkflow, kNone, 20);
  const Transcript transcript = Make();
  ASSERT_EQ(transcript.agents.size(), 2U);
  ASSERT_EQ(transcript.entries.size(), 2U);
  EXPECT_EQ(transcript.entries[0].type, Type::kCall) << "by start";
  EXPECT_EQ(transcript.entries[0].agent, 1U);
}

TEST_F(TranscriptTest, TakesAChainOfManySpans) {
  constexpr std::size_t kSpans = 300'000;
  Add(SpanKind::kWorkflow, kNone, 0);
  for (std::size_t i = 1; i < kSpans; ++i) {
    Add(i % 2 == 0 ? SpanKind::kTool : SpanKind::kAgent, i - 1, static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(Make().agents.size(), 1 + kSpans / 2);
}

TEST_F(TranscriptTest, TakesManyToolsWithCallsOfTheirOwn) {
  constexpr std::size_t kTools = 50'000;
  AddAgent("a", kNone, 0);
  for (std::size_t i = 0; i < kTools; ++i) {
    Add(SpanKind::kTool, 0, static_cast<std::int64_t>(10 * i));
    Add(SpanKind::kLlm, view_.spans.size() - 1, static_cast<std::int64_t>(10 * i + 1));
  }
  EXPECT_EQ(Make().entries.size(), 2 * kTools);
}

}  // namespace
}  // namespace sightline::analytics
