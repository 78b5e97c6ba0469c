// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "demo/plan.h"
#include "otlp/encode.h"

namespace sightline::demo {

// How one instrumentation puts steps into spans. `write` appends one span for a step, or two where
// the instrumentation reports a step twice; the first one has the step's span id.
struct Dialect {
  std::string_view name;
  otlp::ScopeData scope;
  void (*write)(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans) = nullptr;
  // Writes the span that stands for a step while it runs; null where the instrumentation sends
  // none. `span_id` is the pending span's own id.
  otlp::SpanData (*write_pending)(const RunPlan& run, const Step& step,
                                  std::string_view span_id) = nullptr;
};

const Dialect& GenAiDialect();          // OpenTelemetry GenAI semantic conventions 1.41.
const Dialect& OpenInferenceDialect();  // As its OpenAI Agents instrumentation writes.
const Dialect& TraceloopDialect();      // OpenLLMetry before the move to GenAI messages.
const Dialect& VercelAiDialect();       // AI SDK 6.
const Dialect& PydanticAiDialect();     // Format version 3 by Logfire, with pending spans.

// Instrumentation of HTTP clients and servers, the same in every dialect.
const otlp::ScopeData& HttpScope();
void WriteHttpExchange(const RunPlan& run, const Step& step, std::vector<otlp::SpanData>& spans);

// The values of OTLP's SpanKind.
enum class SpanRole : std::uint32_t { kInternal = 1, kServer = 2, kClient = 3 };

// What every dialect's span has: ids, times, status and, for a failure, the exception event.
otlp::SpanData MakeSpan(const RunPlan& run, const Step& step, std::string name, SpanRole role);

// An id for a second span of the same step.
std::string DerivedSpanId(const Step& step);

void Add(otlp::SpanData& span, std::string_view key, otlp::AnyData value);

// "stop", "tool_call" ...: the names of the GenAI conventions.
std::string_view FinishReasonName(FinishReason finish);

// The tokens of the model calls directly under `agent`.
TokenCounts UsageUnder(const RunPlan& run, const Step& agent);

// The last thing the user said before a call.
std::string_view LastUserText(const Conversation& conversation, std::size_t message_count);

}  // namespace sightline::demo
