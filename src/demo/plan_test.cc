// SPDX-License-Identifier: Apache-2.0
#include "demo/plan.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "demo/json_text.h"
#include "demo/random.h"
#include "demo/scenario.h"
#include "demo/simulator.h"
#include "demo/stories.h"
#include "otlp/value_json.h"

// Properties that every planned run has, over many seeds and all scenarios.
namespace sightline::demo {
namespace {

constexpr std::int64_t kStartNs = 1'760'000'000'000'000'000;
constexpr std::int64_t kGapNs = 15'000'000'000;

struct NamedScenario {
  const char* name;
  std::unique_ptr<Scenario> (*make)(const Stories& stories);
  int seeds;
  int runs;  // Of each seed.
};

constexpr auto kScenarios = std::to_array<NamedScenario>({
    {"support", &MakeSupportAgent, 8, 150},
    {"research", &MakeResearchCrew, 8, 60},
    {"rag", &MakeRagPipeline, 8, 150},
    {"coding", &MakeCodingAgent, 8, 30},
});

// Plans many runs of every scenario and shows each to `check`.
void ForEachRun(const std::function<void(const RunPlan&)>& check) {
  // Half of the seeds with all stories.
  const std::array<Stories, 2> stories = {Stories(), Stories::InHistory(0, {})};
  for (const NamedScenario& scenario : kScenarios) {
    for (int seed = 0; seed < scenario.seeds; ++seed) {
      const std::unique_ptr<Scenario> planner =
          scenario.make(stories[static_cast<std::size_t>(seed) % 2]);
      for (int i = 0; i < scenario.runs; ++i) {
        SCOPED_TRACE(std::string(scenario.name) + " seed " + std::to_string(seed) + " run " +
                     std::to_string(i));
        Random random(MixSeeds(static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(i)));
        check(planner->Plan(kStartNs + i * kGapNs, random));
        if (testing::Test::HasFailure()) {
          return;
        }
      }
    }
  }
}

bool IsZero(const std::string& id) {
  return id.find_first_not_of('\0') == std::string::npos;
}

TEST(PlanTest, IdsAreUniqueAndNotZero) {
  std::set<std::string> traces;
  ForEachRun([&](const RunPlan& run) {
    ASSERT_EQ(run.trace_id.size(), 16U);
    ASSERT_FALSE(IsZero(run.trace_id));
    std::set<std::string> spans;
    for (const Step& step : run.steps) {
      ASSERT_EQ(step.span_id.size(), 8U);
      ASSERT_FALSE(IsZero(step.span_id));
      ASSERT_TRUE(spans.insert(step.span_id).second);
    }
    ASSERT_FALSE(run.session_id.empty());
    ASSERT_FALSE(run.user_id.empty());
  });
}

TEST(PlanTest, StepsLieWithinTheirParentsAndEndAfterTheyStart) {
  ForEachRun([](const RunPlan& run) {
    ASSERT_FALSE(run.steps.empty());
    for (std::size_t i = 0; i < run.steps.size(); ++i) {
      const Step& step = run.steps[i];
      ASSERT_LE(step.start_ns, step.end_ns);
      ASSERT_GE(step.start_ns, kStartNs);
      if (i == 0) {
        ASSERT_EQ(step.parent, Step::kNoParent);
        continue;
      }
      ASSERT_LT(step.parent, i);  // One root, parents first.
      const Step& parent = run.steps[step.parent];
      ASSERT_GE(step.start_ns, parent.start_ns);
      ASSERT_LE(step.end_ns, parent.end_ns);
    }
  });
}

TEST(PlanTest, TokensFollowFromTheTexts) {
  ForEachRun([](const RunPlan& run) {
    for (const Step& step : run.steps) {
      const auto* call = std::get_if<ModelCall>(&step.detail);
      if (call == nullptr) {
        continue;
      }
      ASSERT_LT(call->conversation, run.conversations.size());
      const Conversation& conversation = run.conversations[call->conversation];
      ASSERT_LE(call->message_count, conversation.messages.size());
      if (step.failure.has_value()) {
        ASSERT_EQ(call->tokens.input + call->tokens.output, 0);
        ASSERT_TRUE(call->response_id.empty());
        continue;
      }
      const TokenCounts& tokens = call->tokens;
      ASSERT_EQ(tokens.input, EstimateInputTokens(conversation, call->message_count));
      ASSERT_GT(tokens.output, 0);
      ASSERT_GE(tokens.output, EstimateTokens(call->answer.text));
      ASSERT_LE(tokens.cache_read + tokens.cache_write, tokens.input);
      ASSERT_LE(tokens.reasoning, tokens.output);
      ASSERT_LE(tokens.input, call->model->context_tokens);
      ASSERT_LE(tokens.output, call->max_tokens + tokens.reasoning);
      ASSERT_LE(call->first_token_ns, step.end_ns - step.start_ns);
      ASSERT_FALSE(call->response_id.empty());
    }
  });
}

TEST(PlanTest, EachAnswerJoinsItsConversation) {
  ForEachRun([](const RunPlan& run) {
    for (const Step& step : run.steps) {
      const auto* call = std::get_if<ModelCall>(&step.detail);
      if (call == nullptr || step.failure.has_value()) {
        continue;
      }
      const auto& messages = run.conversations[call->conversation].messages;
      ASSERT_LT(call->message_count, messages.size());
      ASSERT_EQ(messages[call->message_count].role, Role::kAssistant);
      ASSERT_EQ(messages[call->message_count].text, call->answer.text);
    }
  });
}

TEST(PlanTest, ToolResultsAnswerCallsThatAModelMade) {
  ForEachRun([](const RunPlan& run) {
    for (const Conversation& conversation : run.conversations) {
      std::set<std::string> asked;
      for (const Message& message : conversation.messages) {
        for (const ToolRequest& request : message.tool_calls) {
          ASSERT_TRUE(asked.insert(request.id).second);
        }
        if (message.role == Role::kTool) {
          ASSERT_TRUE(asked.contains(message.tool_call_id));
          ASSERT_FALSE(message.text.empty());
        }
      }
    }
  });
}

// Arguments and structured results of the stock are real JSON, also after names in other scripts
// have been filled in.
TEST(PlanTest, ToolArgumentsAreJson) {
  ForEachRun([](const RunPlan& run) {
    for (const Step& step : run.steps) {
      const auto* call = std::get_if<ToolCall>(&step.detail);
      if (call == nullptr) {
        continue;
      }
      ASSERT_TRUE(otlp::JsonToValue(call->request.arguments).has_value())
          << call->request.arguments;
      if (call->result.starts_with('{')) {
        ASSERT_TRUE(otlp::JsonToValue(call->result).has_value()) << call->result;
      }
    }
  });
}

TEST(PlanTest, NoPlaceholderIsLeftInWhatPeopleRead) {
  constexpr auto kNames =
      std::to_array<const char*>({"{name}", "{order}", "{item}", "{amount}", "{city}", "{carrier}",
                                  "{tracking}", "{date}", "{file}"});
  ForEachRun([&](const RunPlan& run) {
    for (const Conversation& conversation : run.conversations) {
      for (const Message& message : conversation.messages) {
        for (const char* name : kNames) {
          ASSERT_EQ(message.text.find(name), std::string::npos) << message.text;
        }
      }
    }
  });
}

bool IsPrefix(const std::vector<Message>& shorter, const std::vector<Message>& longer) {
  if (shorter.size() > longer.size()) {
    return false;
  }
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    if (shorter[i].text != longer[i].text || shorter[i].role != longer[i].role) {
      return false;
    }
  }
  return true;
}

TEST(PlanTest, ASessionsNextRunRemembersTheConversation) {
  for (const auto make : {&MakeSupportAgent, &MakeRagPipeline}) {
    const std::unique_ptr<Scenario> planner = make({});
    std::map<std::string, std::pair<std::string, std::vector<Message>>> sessions;
    int continued = 0;
    for (int i = 0; i < 400; ++i) {
      Random random(MixSeeds(5, static_cast<std::uint64_t>(i)));
      const RunPlan run = planner->Plan(kStartNs + i * kGapNs, random);
      if (run.conversations.empty()) {
        continue;  // It failed before the first model call.
      }
      auto& [user, messages] = sessions[run.session_id];
      continued += user.empty() ? 0 : 1;
      ASSERT_TRUE(user.empty() || user == run.user_id);
      ASSERT_TRUE(IsPrefix(messages, run.conversations.front().messages));
      user = run.user_id;
      messages = run.conversations.front().messages;
    }
    EXPECT_GT(continued, 100);
    EXPECT_GT(sessions.size(), 100U);
  }
}

TEST(PlanTest, UsersComeBackInOtherSessions) {
  std::map<std::string, std::set<std::string>> sessions_of_user;
  ForEachRun([&](const RunPlan& run) { sessions_of_user[run.user_id].insert(run.session_id); });
  EXPECT_GT(sessions_of_user.size(), 15U);
  for (const auto& [user, sessions] : sessions_of_user) {
    EXPECT_GT(sessions.size(), 1U) << user;
  }
}

TEST(PlanTest, CodingRunsAreLongAndTheirCacheGrows) {
  const std::unique_ptr<Scenario> planner = MakeCodingAgent({});
  int long_runs = 0;
  for (int i = 0; i < 40; ++i) {
    Random random(MixSeeds(9, static_cast<std::uint64_t>(i)));
    const RunPlan run = planner->Plan(kStartNs, random);
    int calls = 0;
    std::int64_t cached = 0;
    std::size_t conversation = 0;
    for (const Step& step : run.steps) {
      const auto* call = std::get_if<ModelCall>(&step.detail);
      if (call == nullptr || step.failure.has_value()) {
        continue;
      }
      ++calls;
      if (call->conversation != conversation) {  // Compacted.
        conversation = call->conversation;
        cached = 0;
      }
      ASSERT_GE(call->tokens.cache_read, cached);
      cached = call->tokens.cache_read;
    }
    EXPECT_LE(calls, 75);
    EXPECT_GE(calls, 8);  // Cancelled ones are half as long.
    long_runs += calls >= 20 ? 1 : 0;
  }
  EXPECT_GE(long_runs, 25);
}

TEST(PlanTest, LoopsRepeatTheSameCallWithTheSameArguments) {
  const std::unique_ptr<Scenario> planner = MakeCodingAgent({});
  for (int i = 0; i < 100; ++i) {
    Random random(MixSeeds(10, static_cast<std::uint64_t>(i)));
    const RunPlan run = planner->Plan(kStartNs, random);
    if (std::ranges::find(run.failures, FailureKind::kToolLoop) == run.failures.end()) {
      continue;
    }
    int repeated = 0;
    int most = 0;
    std::string last;
    for (const Step& step : run.steps) {
      if (const auto* call = std::get_if<ToolCall>(&step.detail)) {
        const std::string key = call->request.name + call->request.arguments;
        repeated = key == last ? repeated + 1 : 1;
        most = std::max(most, repeated);
        last = key;
      }
    }
    EXPECT_GE(most, 4);
    return;
  }
  FAIL() << "no loop in 100 runs";
}

TEST(PlanTest, EveryKindOfFailureOccursInTwoThousandRuns) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto weights = SimulatorOptions().weights;
    std::array<std::unique_ptr<Scenario>, kScenarioCount> planners;
    std::ranges::transform(kScenarios, planners.begin(),
                           [](const NamedScenario& scenario) { return scenario.make({}); });
    std::set<FailureKind> seen;
    for (int i = 0; i < 2000; ++i) {
      Random random(MixSeeds(seed, static_cast<std::uint64_t>(i)));
      const RunPlan run =
          planners[random.Weighted(weights)]->Plan(kStartNs + i * kGapNs / 7, random);
      seen.insert(run.failures.begin(), run.failures.end());
    }
    for (const FailureKind kind : kAllFailureKinds) {
      EXPECT_TRUE(seen.contains(kind)) << "seed " << seed << ": " << FailureName(kind);
    }
  }
}

TEST(PlanTest, FailedStepsExplainThemselves) {
  ForEachRun([](const RunPlan& run) {
    for (const Step& step : run.steps) {
      if (step.failure.has_value()) {
        ASSERT_FALSE(step.failure->type.empty());
        ASSERT_FALSE(step.failure->error_type.empty());
        ASSERT_FALSE(step.failure->message.empty());
        ASSERT_NE(step.failure->stacktrace.find("Traceback"), std::string::npos);
      }
    }
  });
}

}  // namespace
}  // namespace sightline::demo
