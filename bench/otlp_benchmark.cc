// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "otlp/decode.h"
#include "otlp/encode.h"
#include "otlp/json.h"
#include "otlp/request.h"
#include "otlp/value_json.h"

namespace sightline::otlp {
namespace {

constexpr std::size_t kSpansPerRequest = 256;

std::string Repeat(std::string_view text, std::size_t size) {
  std::string result;
  while (result.size() < size) {
    result.append(text);
  }
  result.resize(size);
  return result;
}

// A model call as current GenAI instrumentation sends it: about 1.9 KB.
SpanData MakeSpan(std::size_t index) {
  const std::string input =
      R"([{"role":"user","parts":[{"type":"text","content":")" +
      Repeat("What is the weather in Paris, and should I take an umbrella? ", 700) + R"("}]}])";
  const std::string output = R"([{"role":"assistant","parts":[{"type":"text","content":")" +
                             Repeat("Light rain is expected in the afternoon; take one. ", 250) +
                             R"("}],"finish_reason":"stop"}])";
  return {.trace_id = fmt::format("{:016}", index / 16),
          .span_id = fmt::format("{:08}", index),
          .parent_span_id = fmt::format("{:08}", index / 2),
          .name = "chat gpt-5-mini",
          .kind = 3,
          .start_ns = 1'700'000'000'000'000'000 + index,
          .end_ns = 1'700'000'001'000'000'000 + index,
          .attributes = {{"gen_ai.operation.name", "chat"},
                         {"gen_ai.provider.name", "openai"},
                         {"gen_ai.request.model", "gpt-5-mini"},
                         {"gen_ai.response.model", "gpt-5-mini-2026-01-01"},
                         {"gen_ai.response.id", "chatcmpl-9f8e7d6c5b4a39281706"},
                         {"gen_ai.request.temperature", 0.2},
                         {"gen_ai.request.max_tokens", 1024},
                         {"gen_ai.usage.input_tokens", 1234},
                         {"gen_ai.usage.output_tokens", 321},
                         {"gen_ai.usage.cache_read.input_tokens", 1024},
                         {"gen_ai.response.finish_reasons", AnyData::Array{"stop"}},
                         {"gen_ai.conversation.id", "conv_0123456789abcdef"},
                         {"gen_ai.agent.name", "planner"},
                         {"server.address", "api.openai.com"},
                         {"server.port", 443},
                         {"gen_ai.input.messages", input},
                         {"gen_ai.output.messages", output}},
          .flags = 0x101};
}

std::string MakeBody() {
  std::vector<SpanData> spans;
  for (std::size_t i = 0; i < kSpansPerRequest; ++i) {
    spans.push_back(MakeSpan(i));
  }
  return EncodeTraces({.attributes = {{"service.name", "planner"}, {"service.version", "1.2.3"}}},
                      {.name = "opentelemetry.instrumentation.openai", .version = "2.0"}, spans);
}

std::string_view JsonText(std::string& scratch, std::string_view text) {
  JsonMarks marks;
  scratch.clear();
  AppendJsonString(text, scratch, marks);
  return scratch;
}

// The same request as OTLP/JSON, as the JavaScript SDK sends it.
std::string MakeJsonBody() {
  std::string json = R"({"resourceSpans":[{"scopeSpans":[{"spans":[)";
  std::string scratch;
  for (std::size_t i = 0; i < kSpansPerRequest; ++i) {
    json.append(fmt::format(
        R"({}{{"traceId":"{:032x}","spanId":"{:016x}","name":"chat","kind":3,)"
        R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000001000000000",)"
        R"("attributes":[)",
        i == 0 ? "" : ",", i + 1, i + 1));
    const SpanData span = MakeSpan(i);
    for (const NamedValue& attribute : span.attributes) {
      json.append(fmt::format(R"({}{{"key":"{}","value":)",
                              &attribute == span.attributes.data() ? "" : ",", attribute.key));
      if (const auto* text = std::get_if<std::string>(&attribute.value.state())) {
        json.append(fmt::format(R"({{"stringValue":{}}}}})", JsonText(scratch, *text)));
      } else {
        json.append(R"({"intValue":"1024"}})");
      }
    }
    json.append("]}");
  }
  return json.append("]}]}]}");
}

void CountSpans(benchmark::State& state, const std::string& body) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSpansPerRequest));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
  state.counters["bytes_per_span"] =
      static_cast<double>(body.size()) / static_cast<double>(kSpansPerRequest);
}

void BM_DecodeTraces(benchmark::State& state) {
  const std::string body = MakeBody();
  Request request;
  for (auto _ : state) {
    const auto result = Decode(Signal::kTraces, body, request);
    benchmark::DoNotOptimize(result.has_value());
    benchmark::DoNotOptimize(request.spans.data());
  }
  CountSpans(state, body);
}

BENCHMARK(BM_DecodeTraces);

void BM_JsonToProtobuf(benchmark::State& state) {
  const std::string body = MakeJsonBody();
  for (auto _ : state) {
    const auto bytes = JsonToProtobuf(Signal::kTraces, body);
    benchmark::DoNotOptimize(bytes.has_value());
  }
  CountSpans(state, body);
}

BENCHMARK(BM_JsonToProtobuf);

void BM_AttributesToJson(benchmark::State& state) {
  const std::string body = MakeBody();
  Request request;
  const auto result = Decode(Signal::kTraces, body, request);
  benchmark::DoNotOptimize(result.has_value());
  std::string out;
  JsonMarks marks;
  for (auto _ : state) {
    out.clear();
    for (const Span& span : request.spans) {
      AppendJsonObject(request.Attributes(span.attributes), out, marks);
    }
    benchmark::DoNotOptimize(out.data());
  }
  CountSpans(state, body);
}

BENCHMARK(BM_AttributesToJson);

void BM_EncodeTraces(benchmark::State& state) {
  std::vector<SpanData> spans;
  for (std::size_t i = 0; i < kSpansPerRequest; ++i) {
    spans.push_back(MakeSpan(i));
  }
  std::string body;
  for (auto _ : state) {
    body = EncodeTraces({}, {}, spans);
    benchmark::DoNotOptimize(body.data());
  }
  CountSpans(state, body);
}

BENCHMARK(BM_EncodeTraces);

}  // namespace
}  // namespace sightline::otlp

BENCHMARK_MAIN();
