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

#include "demo/rag_texts.h"
#include "demo/random.h"
#include "demo/run_builder.h"
#include "demo/scenario.h"
#include "demo/stories.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// What one reader asks, one run for each question.
struct Session {
  std::string id;
  const Customer* reader = nullptr;
  const RagThread* thread = nullptr;
  const LanguageModel* model = nullptr;
  std::size_t next_turn = 0;
  Conversation conversation;
  std::int64_t free_ns = 0;  // When its last run has ended.
};

constexpr std::int64_t kSessionIdleNs = nanoseconds(std::chrono::minutes(15)).count();

Document MakeDocument(const Passage& passage, double score) {
  return {.id = std::string(passage.id),
          .source = std::string(passage.source),
          .text = std::string(passage.text),
          .score = score};
}

class RagRun {
 public:
  RagRun(Session& session, std::int64_t start_ns, Random& random, const Stories& stories)
      : session_(session),
        turn_(session.thread->turns[session.next_turn]),
        random_(random),
        builder_(ScenarioKind::kRagPipeline, start_ns, random, stories) {}

  RunPlan Plan();

 private:
  bool Retrieve();
  void Search();
  void Rerank();
  bool Generate();
  bool FailsToGenerate(std::size_t conversation);

  Session& session_;
  const RagTurn& turn_;
  Random& random_;
  RunBuilder builder_;
  std::vector<Document> documents_;
  std::string answer_;
};

RunPlan RagRun::Plan() {
  RunPlan& plan = builder_.plan();
  plan.session_id = session_.id;
  plan.user_id = session_.reader->id;
  plan.tags = {"docs", std::string(session_.thread->language)};
  const std::size_t root = builder_.Open(
      WorkflowRun{.name = "docs_answers", .input = std::string(turn_.question), .output = {}});
  builder_.Pass(random_.LogNormal(milliseconds(4), 0.5));
  const bool is_complete = Retrieve() && Generate();
  if (is_complete) {
    builder_.detail<WorkflowRun>(root).output = answer_;
    if (random_.Chance(0.2)) {
      const double relevance = documents_.empty() ? 0.2 : 0.55 + 0.45 * random_.Uniform();
      builder_.Score(root, "answer_relevance", relevance,
                     relevance > 0.5 ? "relevant" : "irrelevant",
                     documents_.empty() ? "no passage was retrieved" : "answers the question",
                     random_.LogNormal(seconds(3), 0.4));
    }
    builder_.Close(root);
    ++session_.next_turn;
  } else {
    session_.next_turn = session_.thread->turns.size();
  }
  session_.free_ns = builder_.now_ns();
  return builder_.Finish();
}

// False when the run has been aborted.
bool RagRun::Retrieve() {
  const std::size_t task = builder_.Open(
      TaskRun{.name = "retrieve", .input = std::string(turn_.question), .output = {}});
  const std::size_t embedding =
      builder_.Open(EmbeddingCall{.model = &kSmallEmbedding,
                                  .text = std::string(turn_.question),
                                  .dimensions = 1536,
                                  .input_tokens = EstimateTokens(turn_.question)});
  if (random_.Chance(0.02)) {
    builder_.Pass(random_.LogNormal(milliseconds(300), 0.4));
    const Failure failure = RateLimited(kSmallEmbedding, random_);
    builder_.Fail(embedding, failure);
    builder_.Abort(failure);
    return false;
  }
  builder_.Pass(random_.LogNormal(milliseconds(120), 0.35));
  builder_.Close(embedding);
  Search();
  std::vector<std::string> ids;
  for (const Document& document : documents_) {
    ids.push_back(document.id);
  }
  builder_.detail<TaskRun>(task).output = fmt::format("{}", fmt::join(ids, ", "));
  builder_.Close(task);
  return true;
}

void RagRun::Search() {
  // Now and then the index answers nothing although there is something to find.
  if (!turn_.best_passage.empty() && !random_.Chance(0.03)) {
    for (const Passage& passage : AllRagTexts().passages) {
      const bool is_best = passage.id == turn_.best_passage;
      if (is_best || random_.Chance(0.3)) {
        documents_.push_back(MakeDocument(
            passage, is_best ? 0.74 + 0.1 * random_.Uniform() : 0.4 + 0.3 * random_.Uniform()));
      }
    }
    std::ranges::sort(documents_, std::ranges::greater(), &Document::score);
    documents_.resize(std::min<std::size_t>(documents_.size(), 8));
  }
  const std::size_t search = builder_.Open(Retrieval{
      .source = "quillstone-docs", .query = std::string(turn_.question), .documents = documents_});
  builder_.Pass(random_.LogNormal(milliseconds(35), 0.5));
  builder_.Close(search);
  if (documents_.empty()) {
    builder_.Note(FailureKind::kEmptyRetrieval);
    builder_.Log(13, search, "no passage above the threshold of 0.35",
                 {{"retrieval.collection", "quillstone-docs"}});
    return;
  }
  Rerank();
}

void RagRun::Rerank() {
  RerankCall call{.model = &kReranker,
                  .query = std::string(turn_.question),
                  .candidates = documents_,
                  .ranking = documents_,
                  .input_tokens = EstimateTokens(turn_.question)};
  for (Document& document : call.ranking) {
    call.input_tokens += EstimateTokens(document.text);
    document.score = document.id == turn_.best_passage ? 0.9 + 0.09 * random_.Uniform()
                                                       : 0.6 * random_.Uniform();
  }
  std::ranges::sort(call.ranking, std::ranges::greater(), &Document::score);
  call.ranking.resize(std::min<std::size_t>(call.ranking.size(), 3));
  documents_ = call.ranking;
  const std::size_t step = builder_.Open(std::move(call));
  const int factor = builder_.HasBegun(Story::kSlowReranking) ? kSlowRerankingFactor : 1;
  builder_.Pass(random_.LogNormal(factor * milliseconds(210), 0.4));
  builder_.Close(step);
}

// What can go wrong for good before the first token. True when the run has been aborted.
bool RagRun::FailsToGenerate(std::size_t conversation) {
  std::optional<Failure> failure;
  nanoseconds latency = random_.LogNormal(milliseconds(250), 0.4);
  const double chance = random_.Uniform();
  if (chance < 0.012) {
    failure = PromptRefused(*session_.model);
  } else if (chance < 0.025) {
    failure = ModelTimeout(*session_.model, random_);
    latency = seconds(30);
  } else if (chance < 0.04) {
    // Three attempts, all refused.
    builder_.WaitOutRateLimit(*session_.model, conversation);
    builder_.WaitOutRateLimit(*session_.model, conversation);
    failure = RateLimited(*session_.model, random_);
  }
  if (!failure.has_value()) {
    return false;
  }
  builder_.FailModel(*session_.model, conversation, *failure, latency);
  builder_.Abort(*failure);
  return true;
}

bool RagRun::Generate() {
  std::string prompt = "Passages:\n";
  for (const Document& document : documents_) {
    prompt += fmt::format("[{}] {}\n\n", document.source, document.text);
  }
  if (documents_.empty()) {
    prompt += "(none)\n\n";
  }
  prompt += fmt::format("Question: {}", turn_.question);
  session_.conversation.messages.push_back(UserMessage(std::move(prompt)));
  const std::size_t conversation = builder_.AddConversation(session_.conversation);
  if (FailsToGenerate(conversation)) {
    return false;
  }
  if (random_.Chance(0.04)) {
    builder_.WaitOutRateLimit(*session_.model, conversation);
  }
  answer_ = documents_.empty() ? AllRagTexts().nothing_found : turn_.answer;
  FinishReason finish = FinishReason::kStop;
  if (random_.Chance(0.012)) {
    answer_ = "I'm not able to";
    finish = FinishReason::kContentFilter;
    builder_.Note(FailureKind::kContentFilter);
  }
  builder_.CallModel({.model = session_.model,
                      .conversation = conversation,
                      .answer = AssistantMessage(answer_),
                      .finish = finish,
                      .temperature = 0.1,
                      .max_tokens = 1024});
  session_.conversation = builder_.conversation(conversation);
  return true;
}

class RagPipeline final : public Scenario {
 public:
  explicit RagPipeline(const Stories& stories) : stories_(stories) {}

  RunPlan Plan(std::int64_t start_ns, Random& random) override {
    std::erase_if(sessions_, [&](const Session& session) {
      return session.next_turn >= session.thread->turns.size() ||
             session.free_ns + kSessionIdleNs < start_ns;
    });
    return RagRun(PickSession(start_ns, random), start_ns, random, stories_).Plan();
  }

 private:
  Session& PickSession(std::int64_t start_ns, Random& random) {
    constexpr std::int64_t kReadingNs = nanoseconds(seconds(10)).count();
    constexpr auto kModels =
        std::to_array<const LanguageModel*>({&kMistralLarge, &kGpt4o, &kGeminiFlash});
    std::vector<Session*> ready;
    for (Session& session : sessions_) {
      if (session.free_ns + kReadingNs < start_ns) {
        ready.push_back(&session);
      }
    }
    if (!ready.empty() && random.Chance(0.5)) {
      return *ready[random.Index(ready.size())];
    }
    Session session;
    session.id = fmt::format("docs-{}", random.Uuid());
    session.reader = &PickCustomer(random);
    session.thread = &random.Pick(AllRagTexts().threads);
    session.model = random.Pick(kModels);
    session.conversation.instructions = AllRagTexts().instructions;
    sessions_.push_back(std::move(session));
    return sessions_.back();
  }

  const Stories stories_;
  std::vector<Session> sessions_;
};

}  // namespace

std::unique_ptr<Scenario> MakeRagPipeline(const Stories& stories) {
  return std::make_unique<RagPipeline>(stories);
}

}  // namespace sightline::demo
