// SPDX-License-Identifier: Apache-2.0
#include "demo/dialect.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace sightline::demo {
namespace {

constexpr std::uint32_t kStatusError = 2;

// The trace flags every SDK sends: sampled, and whether the parent is remote is known.
constexpr std::uint32_t kSpanFlags = 0x101;

}  // namespace

void Add(otlp::SpanData& span, std::string_view key, otlp::AnyData value) {
  span.attributes.push_back({std::string(key), std::move(value)});
}

otlp::SpanData MakeSpan(const RunPlan& run, const Step& step, std::string name, SpanRole role) {
  otlp::SpanData span;
  span.trace_id = run.trace_id;
  span.span_id = step.span_id;
  if (const Step* parent = run.ParentOf(step)) {
    span.parent_span_id = parent->span_id;
  }
  span.name = std::move(name);
  span.kind = static_cast<std::uint32_t>(role);
  span.start_ns = static_cast<std::uint64_t>(step.start_ns);
  span.end_ns = static_cast<std::uint64_t>(step.end_ns);
  span.flags = kSpanFlags;
  if (step.failure.has_value()) {
    const Failure& failure = *step.failure;
    span.status_code = kStatusError;
    span.status_message = failure.message;
    span.events.push_back({.time_ns = span.end_ns,
                           .name = "exception",
                           .attributes = {{"exception.type", failure.type},
                                          {"exception.message", failure.message},
                                          {"exception.stacktrace", failure.stacktrace},
                                          {"exception.escaped", "True"}}});
  }
  return span;
}

std::string DerivedSpanId(const Step& step) {
  std::string id = step.span_id;
  // Ids are random, so this meets another one as rarely as any two do; it is never all zero.
  id[0] = static_cast<char>(id[0] ^ 0x5A);
  id[7] = static_cast<char>(id[7] | 1);
  return id;
}

std::string_view FinishReasonName(FinishReason finish) {
  switch (finish) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kToolCall:
      return "tool_call";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kContentFilter:
      return "content_filter";
  }
  CHECK(false);
}

TokenCounts UsageUnder(const RunPlan& run, const Step& agent) {
  TokenCounts sum;
  for (const Step& step : run.steps) {
    const auto* call = std::get_if<ModelCall>(&step.detail);
    if (call != nullptr && run.ParentOf(step) == &agent) {
      sum.input += call->tokens.input;
      sum.cache_read += call->tokens.cache_read;
      sum.cache_write += call->tokens.cache_write;
      sum.output += call->tokens.output;
      sum.reasoning += call->tokens.reasoning;
    }
  }
  return sum;
}

std::string_view LastUserText(const Conversation& conversation, std::size_t message_count) {
  for (std::size_t i = message_count; i > 0; --i) {
    const Message& message = conversation.messages[i - 1];
    if (message.role == Role::kUser) {
      return message.text;
    }
  }
  return {};
}

const otlp::ScopeData& HttpScope() {
  static const otlp::ScopeData kScope = {.name = "opentelemetry.instrumentation.httpx",
                                         .version = "0.59b0",
                                         .attributes = {},
                                         .schema_url = {}};
  return kScope;
}

void WriteHttpExchange(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) {
  const auto& http = std::get<HttpExchange>(step.detail);
  const bool is_server = http.side == HttpSide::kServer;
  otlp::SpanData span =
      MakeSpan(run, step, is_server ? fmt::format("{} {}", http.method, http.route) : http.method,
               is_server ? SpanRole::kServer : SpanRole::kClient);
  Add(span, "http.request.method", http.method);
  Add(span, "http.response.status_code", http.status_code);
  Add(span, "server.address", http.host);
  if (is_server) {
    Add(span, "http.route", http.route);
    Add(span, "url.path", http.path);
    Add(span, "url.scheme", "https");
  } else {
    Add(span, "url.full", fmt::format("https://{}{}", http.host, http.path));
    Add(span, "network.protocol.version", "1.1");
  }
  if (http.status_code >= 400) {
    Add(span, "error.type", std::to_string(http.status_code));
  }
  spans.push_back(std::move(span));
}

}  // namespace sightline::demo
