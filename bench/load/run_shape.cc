// SPDX-License-Identifier: Apache-2.0
#include "load/run_shape.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "load/mix.h"

namespace sightline::load {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kStepNs = 800 * kMillisecond;
constexpr std::size_t kAgentTurns = 5;
constexpr std::size_t kStepSpans = 15;
constexpr std::size_t kHugeSpans = 10'000;
constexpr std::size_t kHugeStepsPerChat = 10;
constexpr std::size_t kFailingVariant = 5;

struct Agent {
  std::string_view name;
  std::string_view workflow;
  std::string_view provider;
  std::string_view model;
  std::string_view answered_model;
  std::string_view server;
  std::array<std::string_view, 3> tools;
};

constexpr std::array<Agent, 4> kAgents = {{
    {"support",
     "customer-support",
     "openai",
     "gpt-4.1",
     "gpt-4.1-2025-04-14",
     "api.openai.com",
     {"lookup_order", "refund_order", "search_faq"}},
    {"researcher",
     "market-research",
     "anthropic",
     "claude-sonnet-4-5",
     "claude-sonnet-4-5-20250929",
     "api.anthropic.com",
     {"web_search", "read_page", "take_note"}},
    {"coder",
     "code-review",
     "openai",
     "gpt-5-mini",
     "gpt-5-mini-2025-08-07",
     "api.openai.com",
     {"read_file", "run_tests", "apply_patch"}},
    {"analyst",
     "daily-report",
     "gcp.gemini",
     "gemini-2.5-flash",
     "gemini-2.5-flash",
     "generativelanguage.googleapis.com",
     {"run_query", "draw_chart", "send_mail"}},
}};

// Lengths of texts by shape, in bytes.
struct Lengths {
  std::uint32_t instructions = 200;
  std::uint32_t question = 200;
  std::uint32_t arguments = 60;
  std::uint32_t result = 800;
  std::uint32_t answer = 300;
};

Lengths LengthsOf(Shape shape) {
  switch (shape) {
    case Shape::kSteps:
    case Shape::kAgent:
    case Shape::kSingle:
    case Shape::kHuge:
      return {};
    case Shape::kLongAgent:
      return {.instructions = 1'200, .question = 600, .result = 6'600, .answer = 1'200};
    case Shape::kConversation:
      return {.instructions = 1'200, .question = 300, .answer = 500};
  }
  return {};
}

// Writes the spans of one run. Texts are numbered: the same number gives the same text.
class RunWriter {
 public:
  RunWriter(const ShapeOptions& options, std::uint32_t run, std::size_t variant, Places& places)
      : options_(options),
        lengths_(LengthsOf(options.shape)),
        run_(run),
        agent_number_(variant % kAgents.size()),
        agent_(kAgents[agent_number_]),
        fails_(variant % kVariants == kFailingVariant),
        root_(static_cast<std::uint32_t>(SpansPerRun(options) - 1)),
        places_(places) {}

  std::vector<otlp::SpanData> Write() {
    switch (options_.shape) {
      case Shape::kSteps:
        for (std::size_t i = 0; i < kStepSpans; ++i) {
          AddBareStep(i);
        }
        break;
      case Shape::kAgent:
      case Shape::kLongAgent:
        for (std::size_t turn = 0; turn < kAgentTurns; ++turn) {
          AddChat(turn);
          AddTool(turn);
          AddHttp(turn);
        }
        break;
      case Shape::kConversation:
        for (std::size_t turn = 0; turn < options_.turns; ++turn) {
          AddChat(turn);
        }
        break;
      case Shape::kSingle:
        break;
      case Shape::kHuge:
        for (std::size_t i = 0; i + 1 < kHugeSpans; ++i) {
          if (i % kHugeStepsPerChat == 0) {
            AddChat(i);
          } else {
            AddBareStep(i);
          }
        }
        break;
    }
    AddRoot();
    return std::move(spans_);
  }

 private:
  // Numbers of the texts of a run, three for each turn.
  enum TextNumber : std::uint32_t { kQuestion = 0, kArguments = 1, kResult = 2, kTexts = 3 };

  std::string Text(std::uint32_t number, std::size_t turn, std::uint32_t length) {
    // Texts differ in length, from a half to one and a half.
    const std::uint32_t item = number + static_cast<std::uint32_t>(turn) * kTexts;
    const std::uint64_t share = Mix(length, item) % 1024;
    const auto size = static_cast<std::uint32_t>(length / 2 + length * share / 1024);
    return places_.Mark({.kind = PlaceKind::kText, .run = run_, .item = item, .size = size});
  }

  std::string AgentText(std::uint32_t number, std::uint32_t length) {
    return places_.Mark({.kind = PlaceKind::kText,
                         .run = run_,
                         .item = number + static_cast<std::uint32_t>(agent_number_) * kTexts,
                         .size = length,
                         .owner = TextOwner::kAgent});
  }

  std::string Hex(std::uint32_t item, std::uint32_t size) {
    return places_.Mark({.kind = PlaceKind::kHex, .run = run_, .item = item, .size = size});
  }

  std::string SpanId(std::uint32_t span) {
    return places_.Mark({.kind = PlaceKind::kSpanId, .run = run_, .item = span});
  }

  std::string CallId(std::size_t turn) {
    return "call_" + Hex(static_cast<std::uint32_t>(100 + turn), 16);
  }

  std::string SessionId() { return "conv_" + Hex(1, 16); }

  std::string UserId() {
    return "user-" + places_.Mark({.kind = PlaceKind::kUserNumber, .run = run_});
  }

  otlp::SpanData Start(std::string name, std::uint32_t parent, std::int64_t start_ns,
                       std::int64_t end_ns) {
    const auto number = static_cast<std::uint32_t>(spans_.size());
    return {
        .trace_id = places_.Mark({.kind = PlaceKind::kTraceId, .run = run_, .size = 16}),
        .span_id = SpanId(number),
        .parent_span_id = number == root_ ? std::string() : SpanId(parent),
        .name = std::move(name),
        .start_ns =
            places_.MarkFixed64({.kind = PlaceKind::kTime, .run = run_, .offset_ns = start_ns}),
        .end_ns = places_.MarkFixed64({.kind = PlaceKind::kTime, .run = run_, .offset_ns = end_ns}),
        .flags = 0x101};
  }

  std::string Message(std::string_view role, const std::string& text) const {
    return fmt::format(R"({{"role":"{}","parts":[{{"type":"text","content":"{}"}}]}})", role, text);
  }

  // The history before the answer of a turn: the question, then either more questions and answers,
  // or tool calls and their results. Huge runs only repeat the question.
  std::string History(std::size_t turn) {
    std::string history = "[" + Message("user", Text(kQuestion, 0, lengths_.question));
    const std::size_t turns = options_.shape == Shape::kHuge ? 0 : turn;
    for (std::size_t i = 0; i < turns; ++i) {
      if (options_.shape == Shape::kConversation) {
        history += "," + Message("assistant", Text(kResult, i, lengths_.answer));
        history += "," + Message("user", Text(kQuestion, i + 1, lengths_.question));
        continue;
      }
      history += "," + ToolRequest(i);
      history += fmt::format(
          R"(,{{"role":"tool","parts":[{{"type":"tool_call_response","id":"{}","response":"{}"}}]}})",
          CallId(i), Text(kResult, i, lengths_.result));
    }
    return history + "]";
  }

  std::string ToolRequest(std::size_t turn) {
    return fmt::format(
        R"({{"role":"assistant","parts":[{{"type":"tool_call","id":"{}","name":"{}",)"
        R"("arguments":{{"query":"{}"}}}}]}})",
        CallId(turn), Tool(turn), Text(kArguments, turn, lengths_.arguments));
  }

  std::string Answer(std::size_t turn) {
    const std::string message =
        options_.shape == Shape::kConversation
            ? Message("assistant", Text(kResult, turn, lengths_.answer))
        : turn + 1 == kAgentTurns
            ? Message("assistant", Text(kQuestion, kAgentTurns, lengths_.answer))
            : ToolRequest(turn);
    return fmt::format(R"([{},"finish_reason":"stop"}}])",
                       std::string_view(message).substr(0, message.size() - 1));
  }

  std::string_view Tool(std::size_t turn) const { return agent_.tools[turn % agent_.tools.size()]; }

  // The spans of a turn follow each other; a model call takes three quarters of it.
  static std::int64_t TurnStart(std::size_t turn) {
    return static_cast<std::int64_t>(turn) * 4 * kStepNs;
  }

  void AddChat(std::size_t turn) {
    otlp::SpanData span = Start(fmt::format("chat {}", agent_.model), root_, TurnStart(turn),
                                TurnStart(turn) + 3 * kStepNs);
    span.kind = 3;
    const auto number = static_cast<std::uint32_t>(spans_.size());
    span.attributes = {
        {"gen_ai.operation.name", "chat"},
        {"gen_ai.provider.name", agent_.provider},
        {"gen_ai.request.model", agent_.model},
        {"gen_ai.response.model", agent_.answered_model},
        {"gen_ai.response.id", "chatcmpl-" + Hex(200 + number, 24)},
        {"gen_ai.response.finish_reasons", otlp::AnyData::Array{"stop"}},
        {"gen_ai.request.temperature", 0.2},
        {"gen_ai.request.top_p", 1.0},
        {"gen_ai.request.max_tokens", 1024},
        {"gen_ai.usage.input_tokens", 4096},
        {"gen_ai.usage.output_tokens", 512},
        {"gen_ai.usage.cache_read.input_tokens", 1024},
        {"gen_ai.agent.name", agent_.name},
        {"gen_ai.conversation.id", SessionId()},
        {"user.id", UserId()},
        {"server.address", agent_.server},
        {"server.port", 443},
        {"gen_ai.request.stream", true},
        {"gen_ai.response.time_to_first_chunk", 0.31},
        {"gen_ai.system_instructions",
         fmt::format(R"([{{"type":"text","content":"{}"}}])", AgentText(0, lengths_.instructions))},
        {"gen_ai.input.messages", History(turn)},
        {"gen_ai.output.messages", Answer(turn)},
        {"tenant", "acme"}};
    spans_.push_back(std::move(span));
  }

  void AddTool(std::size_t turn) {
    otlp::SpanData span = Start(fmt::format("execute_tool {}", Tool(turn)), root_,
                                TurnStart(turn) + 3 * kStepNs, TurnStart(turn + 1));
    span.attributes = {
        {"gen_ai.operation.name", "execute_tool"},
        {"gen_ai.tool.name", Tool(turn)},
        {"gen_ai.tool.call.id", CallId(turn)},
        {"gen_ai.tool.type", "function"},
        {"gen_ai.tool.description", "Looks up what the agent asks for"},
        {"gen_ai.agent.name", agent_.name},
        {"gen_ai.conversation.id", SessionId()},
        {"gen_ai.tool.call.arguments",
         fmt::format(R"({{"query":"{}"}})", Text(kArguments, turn, lengths_.arguments))},
        {"app.cache.hit", turn % 2 == 0},
        {"app.retry.count", 0},
        {"app.region", "eu-central-1"}};
    if (fails_ && turn + 1 == kAgentTurns) {
      span.status_code = 2;
      span.status_message = "upstream timed out after 30 s";
      span.attributes.push_back({"error.type", "TimeoutError"});
    } else {
      span.attributes.push_back({"gen_ai.tool.call.result", Text(kResult, turn, lengths_.result)});
    }
    spans_.push_back(std::move(span));
  }

  void AddHttp(std::size_t turn) {
    const auto number = static_cast<std::uint32_t>(spans_.size());
    otlp::SpanData span = Start("POST", number - 1, TurnStart(turn) + 3 * kStepNs + kMillisecond,
                                TurnStart(turn + 1) - kMillisecond);
    span.kind = 3;
    span.attributes = {{"http.request.method", "POST"},
                       {"url.full", "https://tools.internal.example/v1/" + std::string(Tool(turn)) +
                                        "?request=" + Hex(number, 16)},
                       {"server.address", "tools.internal.example"},
                       {"server.port", 443},
                       {"network.protocol.version", "1.1"},
                       {"http.response.status_code", 200}};
    spans_.push_back(std::move(span));
  }

  void AddBareStep(std::size_t step) {
    otlp::SpanData span = Start(fmt::format("execute_tool {}", Tool(step)), root_,
                                static_cast<std::int64_t>(step) * kStepNs,
                                static_cast<std::int64_t>(step + 1) * kStepNs);
    span.attributes = {{"gen_ai.operation.name", "execute_tool"},
                       {"gen_ai.tool.name", Tool(step)},
                       {"gen_ai.tool.call.id", CallId(step)},
                       {"gen_ai.agent.name", agent_.name}};
    spans_.push_back(std::move(span));
  }

  void AddRoot() {
    otlp::SpanData span =
        Start(fmt::format("invoke_agent {}", agent_.name), root_, 0, RunDurationNs(options_));
    span.attributes = {{"gen_ai.operation.name", "invoke_agent"},
                       {"gen_ai.provider.name", agent_.provider},
                       {"gen_ai.request.model", agent_.model},
                       {"gen_ai.agent.name", agent_.name},
                       {"gen_ai.workflow.name", agent_.workflow},
                       {"gen_ai.conversation.id", SessionId()},
                       {"user.id", UserId()}};
    if (options_.shape != Shape::kSteps && options_.shape != Shape::kSingle) {
      span.attributes.push_back(
          {"gen_ai.input.messages",
           "[" + Message("user", Text(kQuestion, 0, lengths_.question)) + "]"});
      span.attributes.push_back(
          {"gen_ai.output.messages",
           Answer(options_.shape == Shape::kConversation ? options_.turns - 1 : kAgentTurns - 1)});
    }
    if (fails_) {
      span.status_code = 2;
      span.status_message = "the run gave up";
      span.attributes.push_back({"error.type", "RunFailed"});
    }
    spans_.push_back(std::move(span));
  }

  const ShapeOptions options_;
  const Lengths lengths_;
  const std::uint32_t run_;
  const std::size_t agent_number_;
  const Agent& agent_;
  const bool fails_;
  const std::uint32_t root_;
  Places& places_;
  std::vector<otlp::SpanData> spans_;
};

}  // namespace

std::size_t SpansPerRun(const ShapeOptions& options) {
  switch (options.shape) {
    case Shape::kSteps:
      return kStepSpans + 1;
    case Shape::kAgent:
    case Shape::kLongAgent:
      return kAgentTurns * 3 + 1;
    case Shape::kConversation:
      return options.turns + 1;
    case Shape::kSingle:
      return 1;
    case Shape::kHuge:
      return kHugeSpans;
  }
  return 1;
}

std::int64_t RunDurationNs(const ShapeOptions& options) {
  return static_cast<std::int64_t>(SpansPerRun(options)) * 4 * kStepNs;
}

std::vector<otlp::SpanData> MakeRun(const ShapeOptions& options, std::uint32_t run,
                                    std::size_t variant, Places& places) {
  return RunWriter(options, run, variant, places).Write();
}

}  // namespace sightline::load
