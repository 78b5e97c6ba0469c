// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "demo/coding_texts.h"
#include "demo/coding_tools.h"
#include "demo/json_text.h"
#include "demo/language_models.h"
#include "demo/random.h"
#include "demo/run_builder.h"
#include "demo/scenario.h"
#include "demo/stories.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Model calls of one run.
constexpr std::int64_t kMinTurns = 20;
constexpr std::int64_t kMaxTurns = 60;

// How a run leaves the rails, decided at its start.
enum class Fate : std::uint8_t { kSucceeds, kLoops, kOverflows, kIsCancelled };

class CodingRun {
 public:
  CodingRun(const CodingTask& task, std::int64_t start_ns, Random& random, const Stories& stories)
      : task_(task),
        random_(random),
        builder_(ScenarioKind::kCodingAgent, start_ns, random, stories) {}

  RunPlan Plan(std::string session_id, std::string_view user_id);

 private:
  static constexpr auto kFates = std::to_array<double>({0.6, 0.18, 0.12, 0.1});

  void Work();
  void TakeTurn();
  void Explore();
  void Edit();
  void RunTests();
  bool Call(std::string_view text, std::string_view tool, std::string arguments, std::string result,
            std::chrono::nanoseconds latency, std::optional<Failure> failure = std::nullopt);
  void GoRound();
  void DumpLog();
  bool MakeRoom();
  void Conclude();

  const CodingTask& task_;
  Random& random_;
  const LanguageModel* model_ = nullptr;
  RunBuilder builder_;
  Fate fate_ = Fate::kSucceeds;
  std::size_t agent_ = 0;
  std::size_t conversation_ = 0;
  std::size_t edits_done_ = 0;
  std::int64_t turns_ = 0;
  std::int64_t planned_turns_ = 0;
  std::int64_t turning_point_ = 0;  // The turn at which fate strikes.
  bool is_over_ = false;
};

RunPlan CodingRun::Plan(std::string session_id, std::string_view user_id) {
  RunPlan& plan = builder_.plan();
  plan.session_id = std::move(session_id);
  plan.user_id = user_id;
  plan.tags = {"coding", std::string(task_.repository)};
  fate_ = static_cast<Fate>(random_.Weighted(kFates));
  // Only the small model can be overrun.
  const bool is_small = random_.Chance(0.35) || fate_ == Fate::kOverflows;
  model_ = is_small ? &kTidewaterCoder : &kClaudeSonnet;
  // Short runs are more frequent than long ones.
  const double share = random_.Uniform();
  planned_turns_ = kMinTurns + static_cast<std::int64_t>(
                                   share * share * static_cast<double>(kMaxTurns - kMinTurns));
  turning_point_ = planned_turns_ / 2;
  agent_ = builder_.Open(AgentRun{.name = "coder",
                                  .id = "coder-v4",
                                  .description = "Changes code in a sandboxed checkout.",
                                  .model = model_,
                                  .input = std::string(task_.request),
                                  .output = {}});
  conversation_ =
      builder_.AddConversation({.instructions = std::string(AllCodingTexts().instructions),
                                .tools = AllCodingTexts().tools,
                                .messages = {UserMessage(fmt::format(
                                    "Repository: {}\n\n{}", task_.repository, task_.request))}});
  builder_.Pass(random_.LogNormal(milliseconds(60), 0.5));
  Work();
  if (!is_over_) {
    Conclude();
  }
  return builder_.Finish();
}

void CodingRun::Work() {
  while (turns_ < planned_turns_ && !is_over_) {
    if (turns_ == turning_point_ && fate_ == Fate::kLoops) {
      GoRound();
    }
    if (turns_ == turning_point_ && fate_ == Fate::kOverflows) {
      DumpLog();
    }
    if (turns_ >= turning_point_ && fate_ == Fate::kIsCancelled) {
      builder_.Pass(random_.LogNormal(seconds(2), 0.5));
      builder_.Cancel();
      is_over_ = true;
      return;
    }
    if (!is_over_) {
      TakeTurn();
    }
  }
}

void CodingRun::TakeTurn() {
  constexpr auto kEarly = std::to_array<double>({0.75, 0.05, 0.2});
  constexpr auto kLate = std::to_array<double>({0.4, 0.25, 0.35});
  switch (random_.Weighted(turns_ < planned_turns_ / 4 ? kEarly : kLate)) {
    case 0:
      Explore();
      break;
    case 1:
      Edit();
      break;
    default:
      RunTests();
  }
}

// One model call with one tool call. False when the run has ended.
bool CodingRun::Call(std::string_view text, std::string_view tool, std::string arguments,
                     std::string result, std::chrono::nanoseconds latency,
                     std::optional<Failure> failure) {
  if (!MakeRoom()) {
    return false;
  }
  if (random_.Chance(0.015)) {
    builder_.WaitOutRateLimit(*model_, conversation_);
  }
  Message answer = AssistantMessage(std::string(text));
  answer.tool_calls.push_back(builder_.MakeRequest(*model_, tool, std::move(arguments)));
  builder_.CallModel({.model = model_,
                      .conversation = conversation_,
                      .answer = answer,
                      .temperature = 0.0,
                      .max_tokens = 8192});
  builder_.CallTool(conversation_, {.request = std::move(answer.tool_calls.front()),
                                    .description = std::string(CodingTool(tool).description),
                                    .latency = latency,
                                    .result = std::move(result),
                                    .failure = std::move(failure)});
  ++turns_;
  return true;
}

void CodingRun::Explore() {
  const double choice = random_.Uniform();
  if (choice < 0.12) {
    Call("Let me get an overview.", "list_files", R"({"path":"."})", FileList(task_),
         milliseconds(40));
    return;
  }
  if (choice < 0.4) {
    const std::string_view symbol = random_.Pick(task_.symbols);
    Call(fmt::format("Where is `{}` used?", symbol), "search_code",
         fmt::format(R"({{"pattern":{}}})", Quote(symbol)), SearchResult(task_, symbol),
         milliseconds(120));
    return;
  }
  if (choice < 0.5) {
    Call("What has changed so far?", "shell", R"({"command":"git diff --stat"})",
         DiffStat(task_, edits_done_), milliseconds(70));
    return;
  }
  const CodeFile& file = random_.Pick(task_.files);
  const std::int64_t offset = random_.Between(1, 8);
  const std::int64_t limit = random_.Between(15, 60);
  Call(Fill(random_.Pick(AllCodingTexts().reading_thoughts), {{"file", file.path}}), "read_file",
       fmt::format(R"({{"path":{},"offset":{},"limit":{}}})", Quote(file.path), offset, limit),
       NumberedLines(file.text, offset, limit), milliseconds(25));
}

void CodingRun::Edit() {
  if (edits_done_ >= task_.edits.size()) {
    Explore();  // Reviews its work.
    return;
  }
  const CodeEdit& edit = task_.edits[edits_done_];
  const bool is_stale = random_.Chance(0.15);
  std::optional<Failure> failure;
  if (is_stale) {
    failure =
        ToolFailed(FailureKind::kInvalidToolArguments, "ValueError",
                   fmt::format("old_text occurs 0 times in {}; read the file again", edit.path),
                   "coder.tools.edit_file");
  }
  const bool went_on = Call(
      Fill(random_.Pick(AllCodingTexts().editing_thoughts), {{"file", edit.path}}), "edit_file",
      fmt::format(R"({{"path":{},"old_text":{},"new_text":{}}})", Quote(edit.path),
                  Quote(edit.old_text), Quote(edit.new_text)),
      fmt::format("Replaced 1 occurrence in {}.", edit.path), milliseconds(35), std::move(failure));
  if (went_on && !is_stale) {
    ++edits_done_;
  }
}

void CodingRun::RunTests() {
  const bool do_pass = edits_done_ >= task_.edits.size();
  std::optional<Failure> failure;
  if (random_.Chance(0.05)) {
    failure =
        ToolFailed(FailureKind::kTimeout, "subprocess.TimeoutExpired",
                   fmt::format("command '{}' timed out after 120 seconds", task_.test_command),
                   "coder.tools.run_tests");
  }
  const bool is_timeout = failure.has_value();
  Call(random_.Pick(AllCodingTexts().testing_thoughts), "run_tests",
       fmt::format(R"({{"command":{}}})", Quote(task_.test_command)),
       fmt::format("exit code {}\n{}", do_pass ? 0 : 1,
                   do_pass ? task_.passing_output : task_.failing_output),
       is_timeout ? seconds(60) : seconds(4), std::move(failure));
}

// The agent does the same thing again and again.
void CodingRun::GoRound() {
  builder_.Note(FailureKind::kToolLoop);
  const std::string command = fmt::format(R"({{"command":{}}})", Quote(task_.test_command));
  const std::int64_t rounds = random_.Between(4, 9);
  for (std::int64_t i = 0; i < rounds; ++i) {
    if (!Call("The change should have fixed this. Running the tests again.", "run_tests", command,
              fmt::format("exit code 1\n{}", task_.failing_output), seconds(4))) {
      return;
    }
  }
}

// One tool result that is far too long.
void CodingRun::DumpLog() {
  Call("The log of the last CI run may tell more.", "shell", R"({"command":"cat ci/last_run.log"})",
       CiLog(task_, builder_.now_ns(), random_), milliseconds(180));
}

// When the conversation is longer than the model can read: the call fails, and the agent goes on
// from a summary or gives up. False when the run has ended.
bool CodingRun::MakeRoom() {
  const Conversation& conversation = builder_.conversation(conversation_);
  const std::int64_t tokens = EstimateInputTokens(conversation, conversation.messages.size());
  if (tokens <= model_->context_tokens) {
    return true;
  }
  const Failure failure = ContextTooLong(*model_, tokens);
  builder_.FailModel(*model_, conversation_, failure, random_.LogNormal(milliseconds(350), 0.4));
  if (random_.Chance(0.4)) {
    builder_.Abort(failure);
    is_over_ = true;
    return false;
  }
  builder_.Log(13, agent_, "conversation compacted after a context length error",
               {{"conversation.tokens", tokens}});
  conversation_ = builder_.AddConversation(
      {.instructions = std::string(AllCodingTexts().instructions),
       .tools = AllCodingTexts().tools,
       .messages = {UserMessage(fmt::format(
           "Repository: {}\n\n{}\n\nSummary of the work so far: {} of {} edits are in place; the "
           "tests were run several times with `{}`. The CI log was too long to read at once.",
           task_.repository, task_.request, edits_done_, task_.edits.size(),
           task_.test_command))}});
  return true;
}

void CodingRun::Conclude() {
  if (!MakeRoom()) {
    return;
  }
  const bool is_done = edits_done_ >= task_.edits.size();
  std::string summary(is_done ? task_.summary
                              : "I could not finish this. The cause is narrowed down and part of "
                                "the change is in place, but the tests still fail. Could you tell "
                                "me whether I may change the public interface?");
  builder_.CallModel({.model = model_,
                      .conversation = conversation_,
                      .answer = AssistantMessage(summary),
                      .temperature = 0.0,
                      .max_tokens = 8192});
  builder_.detail<AgentRun>(agent_).output = summary;
  builder_.Score(agent_, "tests_pass", is_done ? 1.0 : 0.0, is_done ? "pass" : "fail",
                 "result of the test command after the run", random_.LogNormal(seconds(6), 0.3));
  builder_.Close(agent_);
}

class CodingAgent final : public Scenario {
 public:
  explicit CodingAgent(const Stories& stories) : stories_(stories) {}

  RunPlan Plan(std::int64_t start_ns, Random& random) override {
    const CodingTask& task = random.Pick(AllCodingTexts().tasks);
    return CodingRun(task, start_ns, random, stories_)
        .Plan(fmt::format("ses_{}", random.Letters(20)), PickCustomer(random).id);
  }

 private:
  const Stories stories_;
};

}  // namespace

std::unique_ptr<Scenario> MakeCodingAgent(const Stories& stories) {
  return std::make_unique<CodingAgent>(stories);
}

}  // namespace sightline::demo
