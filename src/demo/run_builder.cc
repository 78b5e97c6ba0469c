// SPDX-License-Identifier: Apache-2.0
#include "demo/run_builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Providers cache prompts from this size on, automatic ones in steps of kCacheStep.
constexpr std::int64_t kMinCachedTokens = 1024;
constexpr std::int64_t kCacheStep = 128;

nanoseconds Seconds(double seconds_count) {
  return nanoseconds(static_cast<std::int64_t>(seconds_count * 1e9));
}

std::uint32_t SeverityOf(const Failure& failure) {
  return failure.kind == FailureKind::kUserCancel ? 13 : 17;
}

std::string_view SeverityText(std::uint32_t severity) {
  if (severity >= 17) {
    return "ERROR";
  }
  return severity >= 13 ? "WARN" : "INFO";
}

}  // namespace

RunBuilder::RunBuilder(ScenarioKind scenario, std::int64_t start_ns, Random& random,
                       const Stories& stories)
    : random_(random), stories_(stories), now_ns_(start_ns) {
  plan_.scenario = scenario;
  plan_.trace_id = random_.Bytes(16);
  plan_.run_id = random_.Uuid();
}

std::size_t RunBuilder::AddConversation(Conversation conversation) {
  plan_.conversations.push_back(std::move(conversation));
  return plan_.conversations.size() - 1;
}

void RunBuilder::Append(std::size_t conversation, Message message) {
  plan_.conversations[conversation].messages.push_back(std::move(message));
}

std::size_t RunBuilder::Open(StepDetail detail, StepHost host) {
  Step step;
  step.span_id = random_.Bytes(8);
  step.parent = open_.empty() ? Step::kNoParent : open_.back();
  step.host = host;
  step.start_ns = now_ns_;
  step.detail = std::move(detail);
  plan_.steps.push_back(std::move(step));
  open_.push_back(plan_.steps.size() - 1);
  return open_.back();
}

void RunBuilder::Close(std::size_t step) {
  CHECK(!open_.empty() && open_.back() == step);
  open_.pop_back();
  plan_.steps[step].end_ns = now_ns_;
  // A step's own work after its last child.
  now_ns_ += random_.LogNormal(std::chrono::microseconds(400), 0.5).count();
}

void RunBuilder::Fail(std::size_t step, Failure failure) {
  plan_.failures.push_back(failure.kind);
  plan_.steps[step].failure = std::move(failure);
}

TokenCounts RunBuilder::CountTokens(const ModelCall& call) {
  const Conversation& conversation = plan_.conversations[call.conversation];
  TokenCounts tokens;
  tokens.input = EstimateInputTokens(conversation, call.message_count);
  tokens.reasoning = EstimateTokens(call.answer.reasoning);
  tokens.output = std::max<std::int64_t>(1, EstimateTokens(call.answer));
  std::int64_t& cached = cached_tokens_[call.conversation];
  if (call.model->cache == PromptCache::kNone || tokens.input < kMinCachedTokens) {
    return tokens;
  }
  if (call.model->cache == PromptCache::kExplicit) {
    if (call.model == &kClaudeSonnet && HasBegun(Story::kLostCache)) {
      cached = 0;  // The prompt begins differently each time, so all of it is written once more.
    }
    tokens.cache_read = cached;
    tokens.cache_write = tokens.input - cached;
    cached = tokens.input;
    return tokens;
  }
  tokens.cache_read = cached / kCacheStep * kCacheStep;
  cached = tokens.input;
  return tokens;
}

void RunBuilder::TakeModelTime(ModelCall& call) {
  const LanguageModel& model = *call.model;
  // A long prompt delays the first token; what is cached hardly does.
  const double read = static_cast<double>(call.tokens.input - call.tokens.cache_read) / 20'000.0;
  const nanoseconds first = random_.LogNormal(Seconds(model.first_token_seconds + read), 0.35);
  const double generate = static_cast<double>(call.tokens.output) / model.tokens_per_second;
  const nanoseconds rest = random_.LogNormal(Seconds(generate), 0.2);
  call.first_token_ns = first.count();
  Pass(first + rest);
}

std::size_t RunBuilder::CallModel(ModelCallRequest request) {
  ModelCall call;
  call.model = request.model;
  call.conversation = request.conversation;
  call.message_count = plan_.conversations[request.conversation].messages.size();
  call.is_streaming = request.is_streaming;
  call.temperature = request.temperature;
  call.max_tokens = request.max_tokens;
  call.answer = std::move(request.answer);
  call.finish = call.answer.tool_calls.empty() ? request.finish : FinishReason::kToolCall;
  call.response_id = MakeResponseId(*call.model, random_);
  call.tokens = CountTokens(call);
  const std::size_t step = Open(call);
  TakeModelTime(call);
  Append(call.conversation, call.answer);
  detail<ModelCall>(step) = std::move(call);
  Close(step);
  return step;
}

std::size_t RunBuilder::FailModel(const LanguageModel& model, std::size_t conversation,
                                  Failure failure, nanoseconds latency) {
  ModelCall call;
  call.model = &model;
  call.conversation = conversation;
  call.message_count = plan_.conversations[conversation].messages.size();
  call.is_streaming = true;
  call.temperature = 0.2;
  call.max_tokens = 4096;
  const std::size_t step = Open(std::move(call));
  Pass(latency);
  Fail(step, std::move(failure));
  Close(step);
  return step;
}

void RunBuilder::WaitOutRateLimit(const LanguageModel& model, std::size_t conversation) {
  const std::size_t step = FailModel(model, conversation, RateLimited(model, random_),
                                     random_.LogNormal(milliseconds(280), 0.4));
  const nanoseconds wait = random_.LogNormal(milliseconds(1400), 0.4);
  Log(13, step,
      fmt::format("{} answered 429, attempt 1 of 3, next in {:.2f} s", model.server,
                  static_cast<double>(wait.count()) / 1e9),
      {{"retry.attempt", 1}, {"gen_ai.request.model", model.name}});
  Pass(wait);
}

std::size_t RunBuilder::CallTool(std::size_t conversation, ToolCallRequest request) {
  ToolCall call;
  call.request = std::move(request.request);
  call.description = std::move(request.description);
  call.result = std::move(request.result);
  const std::size_t step = Open(std::move(call));
  Pass(random_.LogNormal(request.latency, 0.45));
  if (request.failure.has_value()) {
    Fail(step, std::move(*request.failure));
    LogFailure(step);
  }
  Close(step);
  AnswerTool(conversation, step);
  return step;
}

void RunBuilder::AnswerTool(std::size_t conversation, std::size_t step) {
  const ToolCall& call = detail<ToolCall>(step);
  const std::optional<Failure>& failure = plan_.steps[step].failure;
  std::string text = failure.has_value()
                         ? fmt::format("Error: {}: {}", failure->type, failure->message)
                         : call.result;
  Append(conversation, ToolMessage(call.request, std::move(text)));
}

void RunBuilder::Cancel() {
  Note(FailureKind::kUserCancel);
  Abort(CancelledByUser());
}

void RunBuilder::Abort(const Failure& failure) {
  while (!open_.empty()) {
    const std::size_t step = open_.back();
    plan_.steps[step].failure = failure;
    if (open_.size() == 1) {
      LogFailure(step);
    }
    Close(step);
  }
}

ToolRequest RunBuilder::MakeRequest(const LanguageModel& model, std::string_view tool,
                                    std::string arguments) {
  ToolRequest request;
  request.id = model.provider == "anthropic" ? "toolu_01" + random_.Letters(22)
                                             : "call_" + random_.Letters(24);
  request.name = tool;
  request.arguments = std::move(arguments);
  return request;
}

void RunBuilder::Log(std::uint32_t severity, std::size_t step, std::string text,
                     std::vector<otlp::NamedValue> attributes) {
  otlp::LogData log;
  log.time_ns = static_cast<std::uint64_t>(now_ns_);
  log.severity_number = severity;
  log.severity_text = SeverityText(severity);
  log.body = otlp::AnyData(std::move(text));
  log.attributes = std::move(attributes);
  log.trace_id = plan_.trace_id;
  log.span_id = plan_.steps[step].span_id;
  log.flags = 1;
  plan_.logs.push_back(std::move(log));
}

void RunBuilder::LogFailure(std::size_t step) {
  const Failure& failure = *plan_.steps[step].failure;
  Log(SeverityOf(failure), step, failure.message,
      {{"exception.type", failure.type},
       {"exception.message", failure.message},
       {"exception.stacktrace", failure.stacktrace},
       {"code.function.name", "run_step"}});
}

void RunBuilder::Score(std::size_t step, std::string_view name, double value,
                       std::string_view label, std::string_view explanation, nanoseconds delay) {
  otlp::LogData log;
  log.time_ns = static_cast<std::uint64_t>(now_ns_ + delay.count());
  log.severity_number = 9;
  log.severity_text = "INFO";
  log.event_name = "gen_ai.evaluation.result";
  log.attributes = {{"gen_ai.evaluation.name", name},
                    {"gen_ai.evaluation.score.value", value},
                    {"gen_ai.evaluation.score.label", label}};
  if (!explanation.empty()) {
    log.attributes.push_back({"gen_ai.evaluation.explanation", explanation});
  }
  if (const auto* call = std::get_if<ModelCall>(&plan_.steps[step].detail)) {
    log.attributes.push_back({"gen_ai.response.id", call->response_id});
  }
  log.trace_id = plan_.trace_id;
  log.span_id = plan_.steps[step].span_id;
  log.flags = 1;
  plan_.logs.push_back(std::move(log));
}

RunPlan RunBuilder::Finish() {
  CHECK(open_.empty());
  return std::move(plan_);
}

}  // namespace sightline::demo
