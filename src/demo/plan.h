// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "demo/conversation.h"
#include "demo/failures.h"
#include "demo/language_models.h"
#include "otlp/encode.h"

namespace sightline::demo {

// What one simulated run does and when, before any dialect has put it into words. Times are
// nanoseconds since the Unix epoch; ids are raw bytes.

// What a step does, by kind. Texts that are only known at the end of a step are the ones named
// output, result, answer and the like.

struct WorkflowRun {
  std::string name;
  std::string input;
  std::string output;
};

struct AgentRun {
  std::string name;
  std::string id;
  std::string description;
  const LanguageModel* model = nullptr;
  std::string input;
  std::string output;
};

struct TaskRun {
  std::string name;
  std::string input;
  std::string output;
};

// Tokens as every simulated provider counts them: cached ones are part of the input, reasoning is
// part of the output.
struct TokenCounts {
  std::int64_t input = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t output = 0;
  std::int64_t reasoning = 0;
};

enum class FinishReason : std::uint8_t { kStop, kToolCall, kLength, kContentFilter };

struct ModelCall {
  const LanguageModel* model = nullptr;
  std::size_t conversation = 0;   // Index into RunPlan::conversations.
  std::size_t message_count = 0;  // The input: this many of its messages.
  bool is_streaming = false;
  double temperature = 0;
  std::int64_t max_tokens = 0;
  // Known at the end; the counts are zero for a call that failed.
  Message answer;
  FinishReason finish = FinishReason::kStop;
  TokenCounts tokens;
  std::int64_t first_token_ns = 0;  // After the start.
  std::string response_id;
};

struct ToolCall {
  ToolRequest request;
  std::string description;
  std::string result;
};

struct Document {
  std::string id;
  std::string source;
  std::string text;
  double score = 0;
};

struct Retrieval {
  std::string source;
  std::string query;
  std::vector<Document> documents;
};

struct EmbeddingCall {
  const LanguageModel* model = nullptr;
  std::string text;
  std::int64_t dimensions = 0;
  std::int64_t input_tokens = 0;
};

struct RerankCall {
  const LanguageModel* model = nullptr;
  std::string query;
  std::vector<Document> candidates;
  std::vector<Document> ranking;
  std::int64_t input_tokens = 0;
};

struct GuardrailCheck {
  std::string name;
  std::string input;
  bool is_triggered = false;
};

struct Handoff {
  std::string from_agent;
  std::string to_agent;
};

enum class HttpSide : std::uint8_t { kClient, kServer };

struct HttpExchange {
  HttpSide side = HttpSide::kClient;
  std::string method;
  std::string host;
  std::string path;
  std::string route;  // Server only.
  int status_code = 200;
};

using StepDetail = std::variant<WorkflowRun, AgentRun, TaskRun, ModelCall, ToolCall, Retrieval,
                                EmbeddingCall, RerankCall, GuardrailCheck, Handoff, HttpExchange>;

// The process a step runs in.
enum class StepHost : std::uint8_t {
  kAgentService,  // The one that runs the agent.
  kOrdersApi,     // A service that a tool calls.
};

struct Step {
  static constexpr std::size_t kNoParent = SIZE_MAX;

  std::string span_id;
  std::size_t parent = kNoParent;  // Index into RunPlan::steps, below this step's own.
  StepHost host = StepHost::kAgentService;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  StepDetail detail;
  std::optional<Failure> failure;
};

enum class ScenarioKind : std::uint8_t { kSupportAgent, kResearchCrew, kRagPipeline, kCodingAgent };

inline constexpr std::size_t kScenarioCount = 4;

// One run: a trace. Immutable once planned.
//
// Thread: value.
struct RunPlan {
  ScenarioKind scenario = ScenarioKind::kSupportAgent;
  std::string trace_id;
  std::string run_id;  // A UUID.
  std::string session_id;
  std::string user_id;
  std::vector<std::string> tags;
  std::vector<Conversation> conversations;
  std::vector<Step> steps;          // The root first; parents before children.
  std::vector<otlp::LogData> logs;  // In no order; without observed times.
  std::vector<FailureKind> failures;

  const Step* ParentOf(const Step& step) const {
    return step.parent == Step::kNoParent ? nullptr : &steps[step.parent];
  }

  // The nearest AgentRun at or above `step`; null when there is none.
  const AgentRun* AgentOf(const Step& step) const;
};

}  // namespace sightline::demo
