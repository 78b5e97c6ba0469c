// SPDX-License-Identifier: Apache-2.0
// How fast requests become model spans: 256 spans of about 1.9 KB with 25 attributes each, in the
// mix of an agent run (half model calls, half tools and steps).
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/arena.h"
#include "model/span.h"
#include "normalize/normalizer.h"
#include "otlp/decode.h"
#include "otlp/encode.h"

namespace sightline {
namespace {

constexpr std::int64_t kNow = 1'773'136'800'000'000'000;
constexpr std::size_t kSpans = 256;

std::string Id(std::size_t size, std::size_t number) {
  std::string id(size, '\x5A');
  id[0] = static_cast<char>(number);
  id[1] = static_cast<char>(number >> 8U);
  return id;
}

std::string Text(std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text.append("The customer asks about the refund of order 4711. ");
  }
  text.resize(size);
  return text;
}

std::vector<otlp::NamedValue> GenAiAttributes() {
  return {{"gen_ai.operation.name", "chat"},
          {"gen_ai.provider.name", "openai"},
          {"gen_ai.request.model", "gpt-4.1"},
          {"gen_ai.response.model", "gpt-4.1-2025-04-14"},
          {"gen_ai.response.id", "chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l"},
          {"gen_ai.response.finish_reasons", otlp::AnyData(otlp::AnyData::Array{"stop"})},
          {"gen_ai.request.temperature", 0.2},
          {"gen_ai.request.top_p", 1.0},
          {"gen_ai.request.max_tokens", 1024},
          {"gen_ai.usage.input_tokens", 1800},
          {"gen_ai.usage.output_tokens", 240},
          {"gen_ai.usage.cache_read.input_tokens", 1024},
          {"gen_ai.usage.reasoning.output_tokens", 64},
          {"gen_ai.agent.name", "support"},
          {"gen_ai.agent.id", "agent-17"},
          {"gen_ai.conversation.id", "conv_5j66UpCpwteGg4YSxUnt7lPY"},
          {"user.id", "user-4711"},
          {"server.address", "api.openai.com"},
          {"server.port", 443},
          {"gen_ai.response.time_to_first_chunk", 0.31},
          {"gen_ai.request.stream", true},
          {"gen_ai.system_instructions", Text(200)},
          {"gen_ai.input.messages", Text(600)},
          {"gen_ai.output.messages", Text(200)},
          {"tenant", "acme"}};
}

std::vector<otlp::NamedValue> OpenInferenceAttributes() {
  return {{"openinference.span.kind", "LLM"},
          {"llm.model_name", "gpt-4.1"},
          {"llm.provider", "openai"},
          {"llm.system", "openai"},
          {"llm.token_count.prompt", 1800},
          {"llm.token_count.completion", 240},
          {"llm.token_count.total", 2040},
          {"llm.token_count.prompt_details.cache_read", 1024},
          {"llm.invocation_parameters", R"({"temperature":0.2})"},
          {"session.id", "conv_5j66UpCpwteGg4YSxUnt7lPY"},
          {"user.id", "user-4711"},
          {"metadata", R"({"langgraph_node":"agent"})"},
          {"input.value", Text(400)},
          {"input.mime_type", "text/plain"},
          {"output.value", Text(200)},
          {"output.mime_type", "text/plain"},
          {"llm.input_messages.0.message.role", "system"},
          {"llm.input_messages.0.message.content", Text(150)},
          {"llm.input_messages.1.message.role", "user"},
          {"llm.input_messages.1.message.content", Text(150)},
          {"llm.output_messages.0.message.role", "assistant"},
          {"llm.output_messages.0.message.content", Text(200)},
          {"llm.tools.0.tool.json_schema", Text(150)},
          {"llm.finish_reason", "stop"},
          {"tenant", "acme"}};
}

std::vector<otlp::NamedValue> ToolAttributes() {
  std::vector<otlp::NamedValue> attributes = {{"gen_ai.operation.name", "execute_tool"},
                                              {"gen_ai.tool.name", "lookup_order"},
                                              {"gen_ai.tool.call.id", "call_VSPygqKTWdrhaFErN"},
                                              {"gen_ai.tool.type", "function"},
                                              {"gen_ai.tool.call.arguments", Text(400)},
                                              {"gen_ai.tool.call.result", Text(600)},
                                              {"gen_ai.agent.name", "support"},
                                              {"gen_ai.conversation.id", "conv_5j66UpCpwteGg4YSx"}};
  for (int i = 0; i < 17; ++i) {
    attributes.push_back({"app.attribute.number_" + std::to_string(i), "value"});
  }
  return attributes;
}

std::string MakeBody(const std::vector<std::vector<otlp::NamedValue>>& kinds) {
  std::vector<otlp::SpanData> spans;
  for (std::size_t i = 0; i < kSpans; ++i) {
    spans.push_back({.trace_id = Id(16, i / 16),
                     .span_id = Id(8, i + 1),
                     .parent_span_id = i % 16 == 0 ? std::string() : Id(8, i),
                     .name = "span of the benchmark",
                     .start_ns = static_cast<std::uint64_t>(kNow) + i,
                     .end_ns = static_cast<std::uint64_t>(kNow) + 1'000'000 + i,
                     .attributes = kinds[i % kinds.size()]});
  }
  return otlp::EncodeTraces({.attributes = {{"service.name", "support-agent"},
                                            {"service.version", "1.2.3"},
                                            {"deployment.environment.name", "prod"}}},
                            {.name = "bench", .version = "1"}, spans);
}

enum class Work { kNormalize, kDecodeAndNormalize };

void Run(benchmark::State& state, const std::string& body, Work work) {
  const normalize::Normalizer normalizer;
  otlp::Request request;
  if (!otlp::Decode(otlp::Signal::kTraces, body, request).has_value()) {
    state.SkipWithError("cannot decode");
    return;
  }
  std::size_t spans = 0;
  for (auto _ : state) {
    if (work == Work::kDecodeAndNormalize &&
        !otlp::Decode(otlp::Signal::kTraces, body, request).has_value()) {
      state.SkipWithError("cannot decode");
      return;
    }
    base::Arena arena;
    auto context = normalizer.Prepare(request, arena, kNow, nullptr);
    for (std::size_t i = 0; i < request.spans.size(); ++i) {
      model::Span span;
      benchmark::DoNotOptimize(normalizer.NormalizeSpan(context, i, span));
      benchmark::DoNotOptimize(span);
    }
    spans += request.spans.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(spans));
  state.counters["bytes_per_span"] = static_cast<double>(body.size()) / kSpans;
}

void BM_NormalizeGenAi(benchmark::State& state) {
  Run(state, MakeBody({GenAiAttributes()}), Work::kNormalize);
}

void BM_NormalizeOpenInference(benchmark::State& state) {
  Run(state, MakeBody({OpenInferenceAttributes()}), Work::kNormalize);
}

void BM_NormalizeToolsWithUnknownKeys(benchmark::State& state) {
  Run(state, MakeBody({ToolAttributes()}), Work::kNormalize);
}

void BM_DecodeAndNormalizeMix(benchmark::State& state) {
  Run(state,
      MakeBody({GenAiAttributes(), ToolAttributes(), OpenInferenceAttributes(), ToolAttributes()}),
      Work::kDecodeAndNormalize);
}

BENCHMARK(BM_NormalizeGenAi);
BENCHMARK(BM_NormalizeOpenInference);
BENCHMARK(BM_NormalizeToolsWithUnknownKeys);
BENCHMARK(BM_DecodeAndNormalizeMix);

}  // namespace
}  // namespace sightline

BENCHMARK_MAIN();
