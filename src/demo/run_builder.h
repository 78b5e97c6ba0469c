// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demo/plan.h"
#include "demo/random.h"
#include "demo/stories.h"

namespace sightline::demo {

// How a model call is to go.
struct ModelCallRequest {
  const LanguageModel* model = nullptr;
  std::size_t conversation = 0;
  Message answer;
  FinishReason finish = FinishReason::kStop;
  bool is_streaming = true;
  double temperature = 0.2;
  std::int64_t max_tokens = 4096;
};

// How a tool call is to go.
struct ToolCallRequest {
  ToolRequest request;
  std::string description;
  std::chrono::nanoseconds latency{0};  // Median.
  std::string result;
  std::optional<Failure> failure;
};

// Plans one run as a program with a clock would execute it: steps open and close, nested, while
// virtual time passes.
//
// Thread: confined. Borrows the random stream and the stories.
class RunBuilder {
 public:
  RunBuilder(ScenarioKind scenario, std::int64_t start_ns, Random& random, const Stories& stories);

  Random& random() { return random_; }

  RunPlan& plan() { return plan_; }

  std::int64_t now_ns() const { return now_ns_; }

  // Whether it has by now.
  bool HasBegun(Story story) const { return stories_.HasBegun(story, now_ns_); }

  void Pass(std::chrono::nanoseconds time) { now_ns_ += time.count(); }

  // Sets the clock back to where parallel work began, or forward to where it ended.
  void SetNow(std::int64_t now_ns) { now_ns_ = now_ns; }

  std::size_t AddConversation(Conversation conversation);

  Conversation& conversation(std::size_t index) { return plan_.conversations[index]; }

  void Append(std::size_t conversation, Message message);

  // Starts a step under the innermost open one.
  std::size_t Open(StepDetail detail, StepHost host = StepHost::kAgentService);

  // Ends the innermost open step, which must be `step`.
  void Close(std::size_t step);

  template <typename Detail>
  Detail& detail(std::size_t step) {
    return std::get<Detail>(plan_.steps[step].detail);
  }

  // Marks an open or closed step as failed and counts the failure.
  void Fail(std::size_t step, Failure failure);

  // Notes a failure that no step reports as an error.
  void Note(FailureKind kind) { plan_.failures.push_back(kind); }

  // A whole model call that succeeds; its answer joins the conversation. Reasoning models think.
  std::size_t CallModel(ModelCallRequest request);

  // A model call that fails after `latency`.
  std::size_t FailModel(const LanguageModel& model, std::size_t conversation, Failure failure,
                        std::chrono::nanoseconds latency);

  // A model call that fails with a rate limit, logged, and the wait before the next attempt.
  void WaitOutRateLimit(const LanguageModel& model, std::size_t conversation);

  // A whole tool call; its result or error text joins the conversation.
  std::size_t CallTool(std::size_t conversation, ToolCallRequest request);

  // The tool call's result, or its error, as the model sees it.
  void AnswerTool(std::size_t conversation, std::size_t step);

  // Ends all open steps: the user stopped the run.
  void Cancel();

  // Ends all open steps with an error that was not handled.
  void Abort(const Failure& failure);

  // A call id in the provider's form.
  ToolRequest MakeRequest(const LanguageModel& model, std::string_view tool, std::string arguments);

  // A log record of the agent's service now, under `step`.
  void Log(std::uint32_t severity, std::size_t step, std::string text,
           std::vector<otlp::NamedValue> attributes = {});

  // The failure of `step`, as an application logs exceptions.
  void LogFailure(std::size_t step);

  // A score for `step`, given `delay` after now.
  void Score(std::size_t step, std::string_view name, double value, std::string_view label,
             std::string_view explanation, std::chrono::nanoseconds delay);

  // Precondition: every step is closed.
  RunPlan Finish();

 private:
  // Sets reasoning and tokens of a call by what its conversation has been through.
  TokenCounts CountTokens(const ModelCall& call);

  void TakeModelTime(ModelCall& call);

  Random& random_;
  const Stories& stories_;
  std::int64_t now_ns_;
  RunPlan plan_;
  std::vector<std::size_t> open_;
  // How many input tokens each conversation has at its provider's cache.
  std::map<std::size_t, std::int64_t> cached_tokens_;
};

}  // namespace sightline::demo
