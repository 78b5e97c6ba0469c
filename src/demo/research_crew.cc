// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "demo/json_text.h"
#include "demo/random.h"
#include "demo/research_texts.h"
#include "demo/run_builder.h"
#include "demo/scenario.h"
#include "demo/stories.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::string Hits(std::span<const Source> sources, Random& random) {
  std::vector<std::string> hits;
  for (const Source& source : sources) {
    hits.push_back(fmt::format(R"({{"id":{},"title":{},"text":{},"score":{:.2f}}})",
                               Quote(source.id), Quote(source.title), Quote(source.text),
                               0.55 + 0.4 * random.Uniform()));
  }
  return fmt::format(R"({{"results":{}}})", JsonArray(hits));
}

// Host and path of "https://host/path".
std::pair<std::string, std::string> SplitUrl(std::string_view url) {
  url.remove_prefix(std::string_view("https://").size());
  const std::size_t slash = url.find('/');
  return {std::string(url.substr(0, slash)), std::string(url.substr(slash))};
}

// One run: planner, researcher and writer, one after the other.
class CrewRun {
 public:
  CrewRun(const ResearchTopic& topic, std::int64_t start_ns, Random& random, const Stories& stories)
      : topic_(topic),
        random_(random),
        builder_(ScenarioKind::kResearchCrew, start_ns, random, stories) {}

  RunPlan Plan(std::string session_id, std::string_view user_id);

 private:
  std::size_t OpenAgent(std::string_view name, const LanguageModel& model, std::string input);
  void HandOff(std::string_view from, std::string_view to);
  bool PlanParts();
  bool Research();
  bool ResearchPartOf(const ResearchPart& part, std::size_t conversation);
  void SearchLibrary(const ResearchPart& part, std::size_t conversation, ToolRequest request);
  void SearchWeb(const ResearchPart& part, std::size_t conversation, ToolRequest request);
  void GoRound(const ResearchPart& part, std::size_t conversation);
  void FetchPage(const Source& page, std::size_t conversation);
  bool WriteReport();
  bool IsCancelled(double probability);

  const ResearchTopic& topic_;
  Random& random_;
  RunBuilder builder_;
  std::string plan_text_;
  std::string findings_;
  std::string report_;
};

RunPlan CrewRun::Plan(std::string session_id, std::string_view user_id) {
  RunPlan& plan = builder_.plan();
  plan.session_id = std::move(session_id);
  plan.user_id = user_id;
  plan.tags = {"research", std::string(topic_.tag)};
  const std::size_t root = builder_.Open(
      WorkflowRun{.name = "research-crew", .input = std::string(topic_.question), .output = {}});
  builder_.Pass(random_.LogNormal(milliseconds(15), 0.5));
  if (PlanParts() && Research() && WriteReport()) {
    builder_.detail<WorkflowRun>(root).output = report_;
    if (random_.Chance(0.3)) {
      const double grounded = 0.6 + 0.4 * random_.Uniform();
      builder_.Score(root, "groundedness", grounded, grounded > 0.8 ? "grounded" : "partly",
                     "share of sentences with a source that supports them",
                     random_.LogNormal(seconds(4), 0.4));
    }
    builder_.Close(root);
  }
  return builder_.Finish();
}

std::size_t CrewRun::OpenAgent(std::string_view name, const LanguageModel& model,
                               std::string input) {
  return builder_.Open(AgentRun{.name = std::string(name),
                                .id = fmt::format("crew/{}", name),
                                .description = {},
                                .model = &model,
                                .input = std::move(input),
                                .output = {}});
}

void CrewRun::HandOff(std::string_view from, std::string_view to) {
  const std::size_t step =
      builder_.Open(Handoff{.from_agent = std::string(from), .to_agent = std::string(to)});
  builder_.Pass(random_.LogNormal(milliseconds(2), 0.4));
  builder_.Close(step);
}

// True when the user stopped the run here.
bool CrewRun::IsCancelled(double probability) {
  if (!random_.Chance(probability)) {
    return false;
  }
  builder_.Pass(random_.LogNormal(seconds(1), 0.5));
  builder_.Cancel();
  return true;
}

bool CrewRun::PlanParts() {
  const std::size_t agent = OpenAgent("planner", kGpt5Mini, std::string(topic_.question));
  const std::size_t conversation = builder_.AddConversation(
      {.instructions = std::string(AllResearchTexts().planner_instructions),
       .tools = {},
       .messages = {UserMessage(std::string(topic_.question))}});
  for (std::size_t i = 0; i < topic_.parts.size(); ++i) {
    plan_text_ += fmt::format("{}. {}\n", i + 1, topic_.parts[i].question);
  }
  Message answer = AssistantMessage(plan_text_);
  answer.reasoning = AllResearchTexts().planner_thought;
  if (random_.Chance(0.05)) {
    builder_.WaitOutRateLimit(kGpt5Mini, conversation);
  }
  builder_.CallModel({.model = &kGpt5Mini, .conversation = conversation, .answer = answer});
  HandOff("planner", "researcher");
  builder_.detail<AgentRun>(agent).output = plan_text_;
  builder_.Close(agent);
  return !IsCancelled(0.02);
}

bool CrewRun::Research() {
  const std::size_t agent = OpenAgent("researcher", kGeminiFlash, plan_text_);
  const std::size_t conversation = builder_.AddConversation(
      {.instructions = std::string(AllResearchTexts().researcher_instructions),
       .tools = AllResearchTexts().tools,
       .messages = {
           UserMessage(fmt::format("Question: {}\n\nPlan:\n{}", topic_.question, plan_text_))}});
  for (const ResearchPart& part : topic_.parts) {
    if (!ResearchPartOf(part, conversation)) {
      return false;
    }
  }
  if (builder_.HasBegun(Story::kSearchLoop) && random_.Chance(kLoopShare)) {
    GoRound(topic_.parts.back(), conversation);
  }
  builder_.CallModel({.model = &kGeminiFlash,
                      .conversation = conversation,
                      .answer = AssistantMessage(findings_)});
  HandOff("researcher", "writer");
  builder_.detail<AgentRun>(agent).output = findings_;
  builder_.Close(agent);
  return true;
}

bool CrewRun::ResearchPartOf(const ResearchPart& part, std::size_t conversation) {
  if (random_.Chance(0.02)) {
    const std::size_t call = builder_.FailModel(kGeminiFlash, conversation,
                                                ModelTimeout(kGeminiFlash, random_), seconds(30));
    builder_.Abort(*builder_.plan().steps[call].failure);
    return false;
  }
  Message answer = AssistantMessage(fmt::format("Looking into: {}", part.question));
  const std::string query = fmt::format(R"({{"query":{}}})", Quote(part.query));
  answer.tool_calls.push_back(builder_.MakeRequest(kGeminiFlash, "search_library", query));
  answer.tool_calls.push_back(builder_.MakeRequest(kGeminiFlash, "web_search", query));
  builder_.CallModel({.model = &kGeminiFlash, .conversation = conversation, .answer = answer});
  // Both searches run in parallel.
  const std::int64_t begin = builder_.now_ns();
  SearchLibrary(part, conversation, answer.tool_calls[0]);
  const std::int64_t library_end = builder_.now_ns();
  builder_.SetNow(begin);
  SearchWeb(part, conversation, answer.tool_calls[1]);
  builder_.SetNow(std::max(library_end, builder_.now_ns()));
  for (const Source& page : part.web) {
    if (random_.Chance(0.6)) {
      FetchPage(page, conversation);
    }
  }
  findings_ += fmt::format("- {}\n", part.finding);
  return !IsCancelled(0.02);
}

void CrewRun::SearchLibrary(const ResearchPart& part, std::size_t conversation,
                            ToolRequest request) {
  const std::size_t tool =
      builder_.Open(ToolCall{.request = std::move(request),
                             .description = std::string(AllResearchTexts().tools[0].description),
                             .result = Hits(part.library, random_)});
  const std::string query(part.query);
  const std::size_t embedding = builder_.Open(EmbeddingCall{.model = &kSmallEmbedding,
                                                            .text = query,
                                                            .dimensions = 1536,
                                                            .input_tokens = EstimateTokens(query)});
  builder_.Pass(random_.LogNormal(milliseconds(130), 0.35));
  builder_.Close(embedding);
  Retrieval retrieval{.source = "research-library", .query = query, .documents = {}};
  for (const Source& source : part.library) {
    retrieval.documents.push_back({.id = std::string(source.id),
                                   .source = std::string(source.title),
                                   .text = std::string(source.text),
                                   .score = 0.6 + 0.35 * random_.Uniform()});
  }
  if (retrieval.documents.empty()) {
    builder_.Note(FailureKind::kEmptyRetrieval);
  }
  const std::size_t search = builder_.Open(std::move(retrieval));
  builder_.Pass(random_.LogNormal(milliseconds(70), 0.4));
  builder_.Close(search);
  builder_.Close(tool);
  builder_.AnswerTool(conversation, tool);
}

void CrewRun::SearchWeb(const ResearchPart& part, std::size_t conversation, ToolRequest request) {
  std::optional<Failure> failure;
  if (random_.Chance(0.05)) {
    failure = ToolFailed(FailureKind::kToolException, "requests.exceptions.ConnectionError",
                         "search.example.net: connection reset by peer", "crew.tools.web_search");
  }
  builder_.CallTool(conversation,
                    {.request = std::move(request),
                     .description = std::string(AllResearchTexts().tools[1].description),
                     .latency = milliseconds(750),
                     .result = Hits(part.web, random_),
                     .failure = std::move(failure)});
}

// The researcher is not content with what it found, and asks for the same again and again.
void CrewRun::GoRound(const ResearchPart& part, std::size_t conversation) {
  builder_.Note(FailureKind::kToolLoop);
  const std::int64_t rounds = random_.Between(kMinLoopRounds, kMaxLoopRounds);
  for (std::int64_t i = 0; i < rounds; ++i) {
    Message answer = AssistantMessage("This does not settle it yet. Searching once more.");
    answer.tool_calls.push_back(builder_.MakeRequest(
        kGeminiFlash, "web_search", fmt::format(R"({{"query":{}}})", Quote(part.query))));
    builder_.CallModel({.model = &kGeminiFlash, .conversation = conversation, .answer = answer});
    SearchWeb(part, conversation, answer.tool_calls.front());
  }
}

void CrewRun::FetchPage(const Source& page, std::size_t conversation) {
  Message answer = AssistantMessage("");
  answer.tool_calls.push_back(builder_.MakeRequest(kGeminiFlash, "fetch_page",
                                                   fmt::format(R"({{"url":{}}})", Quote(page.id))));
  builder_.CallModel({.model = &kGeminiFlash, .conversation = conversation, .answer = answer});
  const auto [host, path] = SplitUrl(page.id);
  const bool does_time_out = random_.Chance(0.08);
  const std::size_t tool =
      builder_.Open(ToolCall{.request = answer.tool_calls.front(),
                             .description = std::string(AllResearchTexts().tools[2].description),
                             .result = fmt::format("# {}\n\n{}", page.title, page.text)});
  const std::size_t http = builder_.Open(HttpExchange{.side = HttpSide::kClient,
                                                      .method = "GET",
                                                      .host = host,
                                                      .path = path,
                                                      .route = {},
                                                      .status_code = does_time_out ? 504 : 200});
  builder_.Pass(
      random_.LogNormal(does_time_out ? nanoseconds(seconds(20)) : milliseconds(900), 0.3));
  if (does_time_out) {
    const Failure failure =
        ToolFailed(FailureKind::kTimeout, "requests.exceptions.ReadTimeout",
                   fmt::format("{}: read timed out after 20 s", host), "crew.tools.fetch_page");
    builder_.plan().steps[http].failure = failure;
    builder_.Fail(tool, failure);
    builder_.LogFailure(tool);
  }
  builder_.Close(http);
  builder_.Close(tool);
  builder_.AnswerTool(conversation, tool);
}

bool CrewRun::WriteReport() {
  const std::size_t agent = OpenAgent("writer", kClaudeSonnet, findings_);
  const std::size_t conversation = builder_.AddConversation(
      {.instructions = std::string(AllResearchTexts().writer_instructions),
       .tools = {},
       .messages = {
           UserMessage(fmt::format("Question: {}\n\nFindings:\n{}", topic_.question, findings_))}});
  report_ = topic_.report;
  const bool is_cut = random_.Chance(0.05);
  if (is_cut) {
    // The first attempt runs into the limit; the writer is told to go on.
    const std::size_t cut = report_.rfind("\n\n");
    builder_.Note(FailureKind::kMaxTokens);
    const std::string first = report_.substr(0, cut);
    builder_.CallModel({.model = &kClaudeSonnet,
                        .conversation = conversation,
                        .answer = AssistantMessage(first),
                        .finish = FinishReason::kLength,
                        .temperature = 0.7,
                        .max_tokens = EstimateTokens(first)});
    builder_.Append(conversation, UserMessage("Continue exactly where you stopped."));
    builder_.CallModel({.model = &kClaudeSonnet,
                        .conversation = conversation,
                        .answer = AssistantMessage(report_.substr(cut)),
                        .temperature = 0.7});
  } else {
    builder_.CallModel({.model = &kClaudeSonnet,
                        .conversation = conversation,
                        .answer = AssistantMessage(report_),
                        .temperature = 0.7});
  }
  builder_.detail<AgentRun>(agent).output = report_;
  builder_.Close(agent);
  return true;
}

class ResearchCrew final : public Scenario {
 public:
  explicit ResearchCrew(const Stories& stories) : stories_(stories) {}

  RunPlan Plan(std::int64_t start_ns, Random& random) override {
    const ResearchTopic& topic = random.Pick(AllResearchTexts().topics);
    CrewRun run(topic, start_ns, random, stories_);
    const bool is_same_project = !session_id_.empty() && random.Chance(0.5);
    if (!is_same_project) {
      session_id_ = fmt::format("project-{}", random.HexDigits(8));
      user_id_ = PickCustomer(random).id;
    }
    return run.Plan(session_id_, user_id_);
  }

 private:
  const Stories stories_;
  // The project that is worked on; its runs do not share a conversation.
  std::string session_id_;
  std::string_view user_id_;
};

}  // namespace

std::unique_ptr<Scenario> MakeResearchCrew(const Stories& stories) {
  return std::make_unique<ResearchCrew>(stories);
}

}  // namespace sightline::demo
