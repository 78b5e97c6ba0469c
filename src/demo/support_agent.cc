// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"
#include "demo/random.h"
#include "demo/run_builder.h"
#include "demo/scenario.h"
#include "demo/stories.h"
#include "demo/support_texts.h"
#include "demo/support_tools.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// A conversation with one customer, over several runs.
struct Session {
  std::string id;
  const Customer* customer = nullptr;
  const SupportTopic* topic = nullptr;
  const LanguageModel* model = nullptr;
  std::size_t next_turn = 0;
  Order order;
  Conversation conversation;
  std::int64_t free_ns = 0;  // When its last run has ended.
};

// Customers who have been quiet for this long start a new session.
constexpr std::int64_t kSessionIdleNs = nanoseconds(std::chrono::minutes(20)).count();

std::string FillFrom(std::string_view text, const Session& session) {
  const Order& order = session.order;
  return Fill(text, {{"name", session.customer->name},
                     {"order", order.id},
                     {"item", order.product->name},
                     {"amount", order.amount},
                     {"city", order.city},
                     {"carrier", order.carrier},
                     {"tracking", order.tracking},
                     {"date", order.date}});
}

// One run: one question of one session.
class SupportRun {
 public:
  SupportRun(Session& session, std::int64_t start_ns, Random& random, const Stories& stories)
      : session_(session),
        random_(random),
        builder_(ScenarioKind::kSupportAgent, start_ns, random, stories) {}

  RunPlan Plan();

 private:
  void Work();
  bool AskFor(std::span<const SupportAction> actions);
  std::vector<SupportAction> AskOnce(std::span<const SupportAction> actions, std::string_view text);
  void AskWithInvalidArguments(SupportAction action);
  std::string Thought();
  bool RunAction(SupportAction action, ToolRequest request);
  bool RunLookup(SupportAction action, ToolRequest request);
  ToolCallRequest MakeCall(SupportAction action, ToolRequest request);
  void Answer();
  void MaybeScore(std::size_t step);

  Session& session_;
  Random& random_;
  RunBuilder builder_;
  std::size_t conversation_ = 0;
  std::string answer_;
  bool is_over_ = false;          // All steps are closed.
  bool is_helpless_ = false;      // A tool failed twice.
  std::optional<Failure> fatal_;  // A tool failed in a way that nothing is expected to mend.
};

RunPlan SupportRun::Plan() {
  RunPlan& plan = builder_.plan();
  plan.session_id = session_.id;
  plan.user_id = session_.customer->id;
  plan.tags = {"support", std::string(session_.topic->tag), std::string(session_.topic->language)};
  const SupportTurn& turn = session_.topic->turns[session_.next_turn];
  const bool is_abuse = random_.Chance(0.03);
  const std::string question = FillFrom(
      is_abuse ? random_.Pick(AllSupportTexts().abusive_questions) : turn.question, session_);
  session_.conversation.messages.push_back(UserMessage(question));
  conversation_ = builder_.AddConversation(session_.conversation);

  const std::size_t agent =
      builder_.Open(AgentRun{.name = "marina-support",
                             .id = "asst_tidewater_support",
                             .description = "Answers customers of Tidewater Outfitters.",
                             .model = session_.model,
                             .input = question,
                             .output = {}});
  builder_.Pass(random_.LogNormal(milliseconds(6), 0.5));
  const std::size_t check = builder_.Open(
      GuardrailCheck{.name = "abuse-filter", .input = question, .is_triggered = is_abuse});
  builder_.Pass(random_.LogNormal(milliseconds(45), 0.4));
  builder_.Close(check);
  if (is_abuse) {
    builder_.Note(FailureKind::kContentFilter);
    builder_.Log(13, check, "guardrail abuse-filter refused the request");
    answer_ = AllSupportTexts().refusal;
    builder_.Append(conversation_, AssistantMessage(answer_));
  } else {
    Work();
  }
  if (!is_over_) {
    builder_.detail<AgentRun>(agent).output = answer_;
    MaybeScore(agent);
    builder_.Close(agent);
  }
  session_.conversation = builder_.conversation(conversation_);
  session_.next_turn += is_abuse ? 0 : 1;
  session_.free_ns = builder_.now_ns();
  return builder_.Finish();
}

void SupportRun::Work() {
  const SupportTurn& turn = session_.topic->turns[session_.next_turn];
  if (random_.Chance(0.04)) {
    builder_.WaitOutRateLimit(*session_.model, conversation_);
  }
  if (random_.Chance(0.012)) {
    const std::size_t call = builder_.FailModel(
        *session_.model, conversation_, ModelTimeout(*session_.model, random_), seconds(30));
    builder_.Abort(*builder_.plan().steps[call].failure);
    is_over_ = true;
    return;
  }
  if (!turn.actions.empty() && !AskFor(turn.actions)) {
    return;
  }
  Answer();
}

// The model asks for all tools at once or one after the other, and once more for what failed. False
// when the run is over.
bool SupportRun::AskFor(std::span<const SupportAction> actions) {
  const bool is_parallel = actions.size() > 1 && random_.Chance(0.4);
  const std::size_t at_once = is_parallel ? actions.size() : 1;
  for (std::size_t i = 0; i < actions.size(); i += at_once) {
    if (actions[i] == SupportAction::kRefund && random_.Chance(0.15)) {
      AskWithInvalidArguments(actions[i]);
    }
    const std::vector<SupportAction> failed =
        AskOnce(actions.subspan(i, at_once), i == 0 ? "" : "Let me check that for you.");
    if (random_.Chance(0.012)) {
      builder_.Pass(random_.LogNormal(milliseconds(800), 0.5));
      builder_.Cancel();
      is_over_ = true;
      return false;
    }
    if (fatal_.has_value()) {
      builder_.Abort(*fatal_);
      is_over_ = true;
      return false;
    }
    if (!failed.empty() && !AskOnce(failed, "That did not work, trying once more.").empty()) {
      is_helpless_ = true;
      return true;
    }
  }
  return true;
}

// One model call and the tools it asks for, in parallel. Returns those that failed.
std::vector<SupportAction> SupportRun::AskOnce(std::span<const SupportAction> actions,
                                               std::string_view text) {
  Message answer = AssistantMessage(std::string(text));
  answer.reasoning = Thought();
  for (const SupportAction action : actions) {
    answer.tool_calls.push_back(builder_.MakeRequest(
        *session_.model, ToolFor(action).name, SupportArguments(action, session_.order, random_)));
  }
  builder_.CallModel({.model = session_.model, .conversation = conversation_, .answer = answer});
  const std::int64_t begin = builder_.now_ns();
  std::int64_t end = begin;
  std::vector<SupportAction> failed;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    builder_.SetNow(begin);
    if (!RunAction(actions[i], answer.tool_calls[i])) {
      failed.push_back(actions[i]);
    }
    end = std::max(end, builder_.now_ns());
  }
  builder_.SetNow(end);
  return failed;
}

// The model first gets the arguments wrong and is told so.
void SupportRun::AskWithInvalidArguments(SupportAction action) {
  Message answer = AssistantMessage("");
  answer.tool_calls.push_back(builder_.MakeRequest(
      *session_.model, ToolFor(action).name,
      fmt::format(R"({{"order_id":"{}","amount":"{} EUR","reason":"unhappy"}})", session_.order.id,
                  session_.order.amount)));
  builder_.CallModel({.model = session_.model, .conversation = conversation_, .answer = answer});
  ToolCallRequest call = MakeCall(action, answer.tool_calls.front());
  call.latency = milliseconds(3);
  call.failure = ToolFailed(FailureKind::kInvalidToolArguments, "pydantic_core.ValidationError",
                            "2 validation errors for RefundRequest\namount\n  Input should be a "
                            "valid number, unable to parse string as a number\nreason\n  Input "
                            "should be 'damaged', 'late', 'wrong_item' or 'changed_mind'",
                            "tools.orders.refund_order");
  builder_.CallTool(conversation_, std::move(call));
}

// What a reasoning model thinks before it asks for tools; other models say nothing.
std::string SupportRun::Thought() {
  if (!session_.model->does_reasoning) {
    return {};
  }
  return std::string(random_.Pick(AllSupportTexts().thoughts));
}

ToolCallRequest SupportRun::MakeCall(SupportAction action, ToolRequest request) {
  return {.request = std::move(request),
          .description = std::string(ToolFor(action).description),
          .latency = SupportLatency(action),
          .result = SupportResult(action, session_.order, random_),
          .failure = std::nullopt};
}

// False when the tool failed.
bool SupportRun::RunAction(SupportAction action, ToolRequest request) {
  if (action == SupportAction::kLookUpOrder) {
    return RunLookup(action, std::move(request));
  }
  ToolCallRequest call = MakeCall(action, std::move(request));
  if (action == SupportAction::kTrackShipment && random_.Chance(0.12)) {
    call.latency = seconds(10);
    call.failure =
        ToolFailed(FailureKind::kTimeout, "httpx.ReadTimeout",
                   "carrier API did not answer within 10.0 s", "tools.shipping.track_shipment");
  }
  if (action == SupportAction::kRefund && random_.Chance(0.1)) {
    call.failure =
        ToolFailed(FailureKind::kToolException, "PaymentGatewayError",
                   "gateway returned 502 Bad Gateway for POST /v2/refunds (idempotency key kept)",
                   "tools.orders.refund_order");
  }
  const bool is_done = !call.failure.has_value();
  const std::size_t step = builder_.CallTool(conversation_, std::move(call));
  if (is_done && action == SupportAction::kRefund) {
    builder_.Log(9, step,
                 fmt::format("refund of {} EUR submitted for order {}", session_.order.amount,
                             session_.order.id),
                 {{"order.id", session_.order.id}, {"event.domain", "billing"}});
  }
  return is_done;
}

// A tool that calls a service: the trace goes on there.
bool SupportRun::RunLookup(SupportAction action, ToolRequest request) {
  ToolCallRequest call = MakeCall(action, std::move(request));
  const bool is_overloaded = random_.Chance(0.04);
  if (session_.customer->id == kLockedCustomerId && builder_.HasBegun(Story::kLockedCustomer)) {
    fatal_ = ToolFailed(FailureKind::kToolException, "CustomerRecordLocked",
                        "customer record is locked by migration 0042_split_addresses",
                        "tools.orders.lookup_order");
  }
  const bool does_fail = is_overloaded || fatal_.has_value();
  const std::string path = fmt::format("/v1/orders/{}", session_.order.id);
  const int failed_status = fatal_.has_value() ? 423 : 503;
  const int status = does_fail ? failed_status : 200;
  const std::size_t tool = builder_.Open(
      ToolCall{.request = call.request, .description = call.description, .result = call.result});
  builder_.Pass(random_.LogNormal(milliseconds(2), 0.4));
  const std::size_t client = builder_.Open(HttpExchange{.side = HttpSide::kClient,
                                                        .method = "GET",
                                                        .host = "orders.tidewater.internal",
                                                        .path = path,
                                                        .route = {},
                                                        .status_code = status});
  builder_.Pass(random_.LogNormal(milliseconds(3), 0.4));
  const std::size_t server = builder_.Open(HttpExchange{.side = HttpSide::kServer,
                                                        .method = "GET",
                                                        .host = "orders.tidewater.internal",
                                                        .path = path,
                                                        .route = "/v1/orders/{order_id}",
                                                        .status_code = status},
                                           StepHost::kOrdersApi);
  const bool does_wait = does_fail && !fatal_.has_value();
  builder_.Pass(random_.LogNormal(does_wait ? nanoseconds(seconds(2)) : call.latency, 0.45));
  if (does_fail) {
    const Failure failure = fatal_.value_or(
        ToolFailed(FailureKind::kToolException, "ServiceUnavailable",
                   "orders database: too many connections", "tools.orders.lookup_order"));
    builder_.plan().steps[server].failure = failure;
    builder_.plan().steps[client].failure = failure;
    builder_.Fail(tool, failure);
    builder_.LogFailure(tool);
  }
  builder_.Close(server);
  builder_.Pass(random_.LogNormal(milliseconds(2), 0.4));
  builder_.Close(client);
  builder_.Close(tool);
  builder_.AnswerTool(conversation_, tool);
  return !does_fail;
}

void SupportRun::Answer() {
  const SupportTurn& turn = session_.topic->turns[session_.next_turn];
  answer_ = is_helpless_ ? std::string(AllSupportTexts().apology) : FillFrom(turn.answer, session_);
  FinishReason finish = FinishReason::kStop;
  std::int64_t max_tokens = 4096;
  if (random_.Chance(0.02) && answer_.size() > 240) {
    // Cut at the limit, between two characters.
    std::size_t cut = 240;
    while ((static_cast<unsigned char>(answer_[cut]) & 0xC0U) == 0x80U) {
      --cut;
    }
    answer_.resize(cut);
    finish = FinishReason::kLength;
    max_tokens = EstimateTokens(answer_);
    builder_.Note(FailureKind::kMaxTokens);
  }
  Message message = AssistantMessage(answer_);
  builder_.CallModel({.model = session_.model,
                      .conversation = conversation_,
                      .answer = std::move(message),
                      .finish = finish,
                      .max_tokens = max_tokens});
}

void SupportRun::MaybeScore(std::size_t step) {
  if (!random_.Chance(0.25)) {
    return;
  }
  const bool is_happy = random_.Chance(0.8);
  builder_.Score(step, "user_feedback", is_happy ? 1.0 : 0.0,
                 is_happy ? "thumbs_up" : "thumbs_down", is_happy ? "" : "did not solve my problem",
                 random_.LogNormal(seconds(12), 0.6));
}

class SupportAgent final : public Scenario {
 public:
  explicit SupportAgent(const Stories& stories) : stories_(stories) {}

  RunPlan Plan(std::int64_t start_ns, Random& random) override {
    std::erase_if(sessions_, [&](const Session& session) {
      return session.next_turn >= session.topic->turns.size() ||
             session.free_ns + kSessionIdleNs < start_ns;
    });
    return SupportRun(PickSession(start_ns, random), start_ns, random, stories_).Plan();
  }

 private:
  // Every second run continues a conversation whose customer has had time to read.
  Session& PickSession(std::int64_t start_ns, Random& random) {
    constexpr std::int64_t kReadingNs = nanoseconds(seconds(8)).count();
    std::vector<Session*> ready;
    for (Session& session : sessions_) {
      if (session.free_ns + kReadingNs < start_ns) {
        ready.push_back(&session);
      }
    }
    if (!ready.empty() && random.Chance(0.55)) {
      return *ready[random.Index(ready.size())];
    }
    Session session;
    session.id = fmt::format("chat_{}", random.HexDigits(16));
    session.customer = &PickCustomer(random);
    session.topic = &random.Pick(AllSupportTexts().topics);
    session.model = random.Chance(0.7) ? &kGpt5Mini : &kGpt4o;
    session.order = MakeOrder(start_ns, random);
    session.order.customer_id = session.customer->id;
    session.order.topic = session.topic->tag;
    session.conversation.instructions = AllSupportTexts().instructions;
    session.conversation.tools = AllSupportTexts().tools;
    sessions_.push_back(std::move(session));
    return sessions_.back();
  }

  const Stories stories_;
  std::vector<Session> sessions_;
};

}  // namespace

std::unique_ptr<Scenario> MakeSupportAgent(const Stories& stories) {
  return std::make_unique<SupportAgent>(stories);
}

}  // namespace sightline::demo
