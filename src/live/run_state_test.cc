// SPDX-License-Identifier: Apache-2.0
#include "live/run_state.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

using enum model::SpanKind;
using ::testing::ElementsAre;

void Put(RunState& run, const SpanBuilder& builder) {
  if (builder.span().has_mark(model::Mark::kPlaceholder)) {
    run.AddPending(builder.span());
  } else {
    run.AddSpan(builder.span());
  }
}

// "running, workflow shop/llm, 1 step, 0 failed, 1 open"
std::string Describe(const RunState& run) {
  const RunSummary& summary = run.summary();
  return fmt::format("{}, {}, {} steps, {} failed, {} open", model::RunStatusName(summary.status),
                     summary.workflow_id, summary.step_count, summary.failed_steps,
                     summary.open_steps);
}

struct StateCase {
  std::string_view name;
  std::vector<SpanBuilder> spans;
  bool is_recent;
  std::string_view want;
};

TEST(RunStateTest, DerivesTheStateFromWhateverHasCome) {
  const std::vector<StateCase> cases = {
      {"a child before its root",
       {SpanBuilder(1, 2, 1, kLlm)},
       true,
       "running, shop/llm, 1 steps, 0 failed, 0 open"},
      {"a child whose root never came",
       {SpanBuilder(1, 2, 1, kLlm)},
       false,
       "abandoned, shop/llm, 1 steps, 0 failed, 0 open"},
      {"the root after its child",
       {SpanBuilder(1, 2, 1, kLlm), SpanBuilder(1, 1, 0, kAgent).Agent("triage")},
       true,
       "completed, triage, 2 steps, 0 failed, 0 open"},
      {"a root that has started",
       {SpanBuilder(1, 1, 0, kAgent).Agent("triage").Pending()},
       true,
       "running, triage, 0 steps, 0 failed, 1 open"},
      {"a root that has started and fell silent",
       {SpanBuilder(1, 1, 0, kAgent).Agent("triage").Pending()},
       false,
       "abandoned, triage, 0 steps, 0 failed, 0 open"},
      {"a step below a root that has started",
       {SpanBuilder(1, 1, 0, kAgent).Agent("triage").Pending(),
        SpanBuilder(1, 2, 1, kTool).Pending(), SpanBuilder(1, 3, 1, kLlm)},
       true,
       "running, triage, 1 steps, 0 failed, 2 open"},
      {"an end replaces its start",
       {SpanBuilder(1, 1, 0, kAgent).Pending(), SpanBuilder(1, 1, 0, kAgent)},
       true,
       "completed, shop/agent, 1 steps, 0 failed, 0 open"},
      {"a start after its end is ignored",
       {SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 1, 0, kAgent).Pending()},
       true,
       "completed, shop/agent, 1 steps, 0 failed, 0 open"},
      {"a failed root",
       {SpanBuilder(1, 1, 0, kAgent).Failed("Timeout")},
       true,
       "failed, shop/agent, 1 steps, 1 failed, 0 open"},
      {"a cancelled root",
       {SpanBuilder(1, 1, 0, kAgent).Failed("CancelledError")},
       true,
       "cancelled, shop/agent, 1 steps, 1 failed, 0 open"},
      {"a failed step does not fail the run",
       {SpanBuilder(1, 2, 1, kTool).Failed("Timeout"), SpanBuilder(1, 1, 0, kAgent)},
       true,
       "completed, shop/agent, 2 steps, 1 failed, 0 open"},
      {"the same span twice is one step",
       {SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 1, 0, kAgent)},
       true,
       "completed, shop/agent, 1 steps, 0 failed, 0 open"},
      {"an http span is no step",
       {SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 2, 1, kHttp)},
       true,
       "completed, shop/agent, 1 steps, 0 failed, 0 open"},
  };
  for (const StateCase& c : cases) {
    RunState run(TraceNumber(1));
    for (const SpanBuilder& span : c.spans) {
      Put(run, span);
    }
    run.Refresh(c.is_recent);
    EXPECT_EQ(Describe(run), c.want) << c.name;
  }
}

// Sums of a contribution, in words.
std::string Sums(const std::vector<model::RollupEntry>& entries) {
  model::RollupSums sums;
  for (const model::RollupEntry& entry : entries) {
    sums.counts += entry.counts;
    sums.step_latency.Merge(entry.step_latency);
    sums.run_latency.Merge(entry.run_latency);
  }
  return fmt::format("started {} completed {} steps {} calls {} in {} out {} latencies {}+{}",
                     sums.counts.runs_started, sums.counts.runs_completed, sums.counts.steps,
                     sums.counts.model_calls, sums.counts.input_tokens, sums.counts.output_tokens,
                     sums.step_latency.count(), sums.run_latency.count());
}

TEST(RunStateTest, ContributesTheSameWhateverTheOrderOfArrival) {
  const std::vector<SpanBuilder> spans = {
      SpanBuilder(1, 1, 0, kAgent).Agent("triage").Lasting(0, 90).Pending(),
      SpanBuilder(1, 2, 1, kLlm).Tokens(10, 5).Lasting(1, 30),
      SpanBuilder(1, 3, 1, kTool).Lasting(30, 61),
      SpanBuilder(1, 4, 1, kLlm).Tokens(20, 5).Lasting(62, 80),
      SpanBuilder(1, 1, 0, kAgent).Agent("triage").Lasting(0, 90),
  };
  std::vector<std::size_t> order(spans.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    RunState run(TraceNumber(1));
    for (const std::size_t i : order) {
      Put(run, spans[i]);
      run.Refresh(true);
    }
    ASSERT_EQ(Sums(run.contribution()),
              "started 1 completed 1 steps 4 calls 2 in 30 out 10 latencies 4+1");
    // Every step belongs to the agent above it.
    for (const model::RollupEntry& entry : run.contribution()) {
      ASSERT_EQ(entry.key.agent, "triage");
      ASSERT_EQ(entry.key.workflow, "triage");
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(RunStateTest, CountsACallThatTwoSpansTellOnce) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Tokens(30, 10));
  Put(run, SpanBuilder(1, 2, 1, kLlm).Tokens(30, 10));
  Put(run, SpanBuilder(1, 3, 2, kLlm).Tokens(30, 10));
  run.Refresh(true);
  EXPECT_EQ(Sums(run.contribution()),
            "started 1 completed 1 steps 3 calls 1 in 30 out 10 latencies 3+1");
}

TEST(RunStateTest, CountsStepsInTheMinuteInWhichTheyEnd) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Lasting(0, 150));
  Put(run, SpanBuilder(1, 2, 1, kTool).Lasting(10, 20));
  Put(run, SpanBuilder(1, 3, 1, kTool).Lasting(50, 70));
  run.Refresh(true);
  std::vector<std::string> lines;
  for (const model::RollupEntry& entry : run.contribution()) {
    lines.push_back(fmt::format("{}: steps {} started {} completed {}",
                                entry.minute - kStartNs / kMinuteNs, entry.counts.steps,
                                entry.counts.runs_started, entry.counts.runs_completed));
  }
  std::sort(lines.begin(), lines.end());
  EXPECT_THAT(lines,
              ElementsAre("0: steps 1 started 1 completed 0", "1: steps 1 started 0 completed 0",
                          "2: steps 1 started 0 completed 1"));
}

// A run of as many agents, models and services as spans, which grows: no step looks at all others.
TEST(RunStateTest, TakesAsManyNamesAsSpans) {
  RunState run(TraceNumber(1));
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    names.push_back(fmt::format("agent-{}", i));
  }
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    run.AddSpan(SpanBuilder(1, 2, 1, kLlm).Span(i + 1).Agent(names[i]).Tokens(1, 1).span());
  }
  const auto began = std::chrono::steady_clock::now();
  run.Refresh(true);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  EXPECT_LT(took.count(), 5);
  EXPECT_EQ(run.contribution().size(), 50'001U);
  EXPECT_EQ(run.record()->agents.size(), model::RunRecord::kMaxNames);
  EXPECT_EQ(run.record()->agents[0], "agent-0");
}

TEST(RunStateTest, IsTheSameAfterPacking) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Agent("triage").Workflow("refunds").Run("run-7"));
  Put(run, SpanBuilder(1, 2, 1, kLlm).Tokens(10, 5).Tags(R"(["beta"])").Prompt("plan", "3"));
  Put(run, SpanBuilder(1, 3, 1, kTool).Failed("Timeout").Arguments(7).Pending());
  run.Refresh(true);
  RunState again = RunState::Unpack(TraceNumber(1), run.Pack());
  again.Refresh(true);
  EXPECT_EQ(Describe(again), Describe(run));
  EXPECT_EQ(Sums(again.contribution()), Sums(run.contribution()));
  EXPECT_EQ(again.record()->usage, run.record()->usage);
  EXPECT_EQ(again.record()->run_id, "run-7");
  EXPECT_EQ(again.record()->agents, run.record()->agents);
  EXPECT_THAT(again.record()->tags, ElementsAre("beta"));
  EXPECT_THAT(again.record()->prompt_versions, ElementsAre("plan@3"));
  EXPECT_EQ(again.Pack(), run.Pack());
}

TEST(RunStateTest, ForgetsTheTextsOfReplacedSpansWhenPacked) {
  RunState run(TraceNumber(1));
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) {
    names.push_back(std::string(500, 'x') + std::to_string(i));
  }
  for (int i = 0; i < 100; ++i) {
    run.AddSpan(SpanBuilder(1, 1, 0, kAgent)
                    .Agent(names[static_cast<std::size_t>(i)])
                    .Lasting(1, 2 + i)
                    .span());
  }
  EXPECT_LT(run.Pack().size(), 3'000U);
}

// Of two rows of a span that the rule does not tell apart, the same one is kept in any order.
TEST(RunStateTest, KeepsTheSameRowInAnyOrder) {
  const std::vector<SpanBuilder> spans = {
      SpanBuilder(1, 1, 0, kAgent).Agent("a"), SpanBuilder(1, 1, 0, kAgent).Agent("b"),
      SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 2, 0, kAgent).Agent("c").Lasting(1, 2)};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  std::string first;
  do {
    RunState run(TraceNumber(1));
    for (const std::size_t i : order) {
      run.AddSpan(spans[i].span());
    }
    run.Refresh(false);
    first = first.empty() ? Describe(run) : first;
    ASSERT_EQ(Describe(run), first);
  } while (std::next_permutation(order.begin(), order.end()));
}

// Which spans of too many are kept does not depend on the order either.
TEST(RunStateTest, KeepsTheSameSpansOfTooManyInAnyOrder) {
  const auto sums_of = [](std::uint32_t first_span) {
    RunState run(TraceNumber(1), 40);
    for (std::uint32_t i = 0; i < 100; ++i) {
      const std::uint32_t number = (first_span + i) % 100;
      run.AddSpan(SpanBuilder(1, 2, 1, kLlm).Span(number + 1).Tokens(number, 1).span());
    }
    run.AddSpan(SpanBuilder(1, 1, 0, kAgent).span());
    run.Refresh(false);
    EXPECT_EQ(run.span_count(), 40U);
    EXPECT_EQ(run.record()->status, model::RunStatus::kCompleted) << "roots stay";
    return Sums(run.contribution());
  };
  EXPECT_EQ(sums_of(0), sums_of(37));
  EXPECT_EQ(sums_of(0), sums_of(99));
}

TEST(RunStateTest, CutsTextsAtTheEndOfACharacter) {
  const std::string long_name = std::string(1022, 'x') + "\u20ac";
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Agent(long_name));
  run.Refresh(true);
  EXPECT_EQ(run.record()->agent, std::string(1022, 'x'));
}

TEST(RunStateTest, SaturatesWhatIsBeyondAllNumbers) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Between(INT64_MIN, INT64_MAX));
  Put(run, SpanBuilder(1, 2, 1, kLlm).Tokens(INT64_MAX, 1).Between(INT64_MAX, INT64_MIN));
  Put(run, SpanBuilder(1, 3, 1, kLlm).Tokens(INT64_MAX - 1, 1));
  run.Refresh(true);
  EXPECT_EQ(run.record()->usage.input_total, INT64_MAX);
  EXPECT_EQ(run.counted().counts.completed_ns, INT64_MAX);
}

TEST(RunStateTest, RecordsWhatListsNeed) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Agent("triage").Workflow("refunds").Failed("Timeout"));
  Put(run, SpanBuilder(1, 2, 1, kLlm).Agent("search").Tokens(10, 5));
  Put(run, SpanBuilder(1, 3, 1, kTool));
  run.Seen(kStartNs, 9);
  run.Refresh(true);
  const model::RunRecord& record = *run.record();
  EXPECT_EQ(record.position, 9U);
  EXPECT_EQ(record.received_ns, kStartNs);
  EXPECT_EQ(record.name, "agent");
  EXPECT_EQ(record.service, "shop");
  EXPECT_EQ(record.error_type, "Timeout");
  EXPECT_EQ(record.error_message, "it broke");
  EXPECT_THAT(record.agents, ElementsAre("triage", "search"));
  EXPECT_THAT(record.models, ElementsAre("m"));
  EXPECT_THAT(record.services, ElementsAre("shop"));
  EXPECT_EQ(record.span_count, 3U);
  EXPECT_EQ(record.error_count, 1U);
  EXPECT_EQ(record.model_calls, 1U);
  EXPECT_EQ(record.tool_calls, 1U);
  EXPECT_EQ(record.usage.input_total, 10);
}

TEST(RunStateTest, TakesVersionEnvironmentAndTagsOfItsRootFirst) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 2, 1, kTool).Version("crm-9", "eu").Tags(R"(["late","beta"])"));
  Put(run, SpanBuilder(1, 3, 1, kTool).Version("", "us"));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Version("2.1").Tags(R"(["beta","a \"b\""])").Lasting(5, 9));
  run.Refresh(true);
  EXPECT_EQ(run.record()->version, "2.1");
  EXPECT_EQ(run.record()->environment, "eu") << "the root has none";
  EXPECT_THAT(run.record()->tags, ElementsAre("beta", "a \"b\"", "late"));
}

TEST(RunStateTest, ListsPromptVersionsInOrderOfFirstUse) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Prompt("without version", ""));
  Put(run, SpanBuilder(1, 2, 1, kLlm).Prompt("plan", "3"));
  Put(run, SpanBuilder(1, 3, 1, kLlm).Prompt("", "0.1-beta"));
  Put(run, SpanBuilder(1, 4, 1, kLlm).Prompt("plan", "3"));
  run.Refresh(true);
  EXPECT_THAT(run.record()->prompt_versions, ElementsAre("plan@3", "0.1-beta"));
}

TEST(RunStateTest, OfLangChainTakesTheTagsOfTheRootOnly) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).SentBy(model::Dialect::kLangSmith).Tags(R"(["beta"])"));
  Put(run, SpanBuilder(1, 2, 1, kLlm).SentBy(model::Dialect::kLangSmith).Tags(R"(["seq:step:1"])"));
  run.Refresh(true);
  EXPECT_THAT(run.record()->tags, ElementsAre("beta"));
}

TEST(RunStateTest, BoundsTags) {
  std::vector<std::string> lists;
  for (int i = 0; i < 40; ++i) {
    lists.push_back(fmt::format(R"(["tag-{}"])", i));
  }
  lists.push_back(fmt::format(R"(["{}"])", std::string(500, 'x')));
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Tags(lists.back()).Lasting(0, 99));
  for (std::uint32_t i = 0; i < 40; ++i) {
    run.AddSpan(SpanBuilder(1, 2, 1, kLlm).Span(i + 2).Tags(lists[i]).span());
  }
  run.Refresh(true);
  EXPECT_EQ(run.record()->tags.size(), model::RunRecord::kMaxTags);
  EXPECT_EQ(run.record()->tags[0], std::string(model::RunRecord::kMaxTagBytes, 'x'));
}

// Version and tags of steps are those of the run, the prompt version is their own.
TEST(RunStateTest, AddsThemToItsFacts) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Version("2.1", "eu").Tags(R"(["beta"])"));
  Put(run, SpanBuilder(1, 2, 1, kLlm).Prompt("plan", "3"));
  run.Refresh(true);
  model::FactTable table;
  run.AppendFacts(1, table);
  std::vector<std::string> lines;
  for (const model::Fact& fact : table.facts) {
    lines.push_back(fmt::format("{} {} {} {}", table.TextOf(fact.version),
                                table.TextOf(fact.environment), table.TextOf(fact.tags),
                                table.TextOf(fact.prompts)));
  }
  EXPECT_THAT(lines, ElementsAre("2.1 eu \x1f"
                                 "beta\x1f ",
                                 "2.1 eu \x1f"
                                 "beta\x1f \x1fplan@3\x1f",
                                 "2.1 eu \x1f"
                                 "beta\x1f \x1fplan@3\x1f"));
}

TEST(RunStateTest, DescribesItsSteps) {
  RunState run(TraceNumber(1));
  Put(run, SpanBuilder(1, 1, 0, kAgent).Run("run-7").Pending());
  Put(run, SpanBuilder(1, 3, 1, kTool).Failed("Timeout"));
  Put(run, SpanBuilder(1, 2, 1, kHttp));
  run.Refresh(true);
  const RunSnapshot snapshot = run.Snapshot();
  EXPECT_EQ(snapshot.summary.execution_id, "run-7");
  std::vector<std::string> lines;
  for (const StepSnapshot& step : snapshot.steps) {
    lines.push_back(fmt::format("{} {} ended {} {}", model::SpanKindName(step.kind),
                                model::RunStatusName(step.status), step.end_ns != 0,
                                step.error_message));
  }
  EXPECT_THAT(lines, ElementsAre("agent running ended false ", "tool failed ended true it broke"));
}

}  // namespace
}  // namespace sightline::live
