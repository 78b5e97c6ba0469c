// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/ids.h"
#include "model/kinds.h"
#include "model/outcome.h"
#include "otlp/request.h"

namespace sightline::ingest {

// Lifecycle events: what platforms that do not speak OTLP send to POST /api/v1/events.
//
// They are turned into the OTLP request that an instrumented program would have sent: spans with
// the attribute keys of the OTel GenAI conventions and of OpenInference, under the instrumentation
// scope kLifecycleScope. A start is a pending span in the form that Logfire invented, a finish the
// final span with the same id, a log a log record. Normaliser, price book and row encoder then
// treat both sources alike, and nothing downstream knows where a span came from. The alternative,
// writing model rows here, would have meant a second copy of the rules for usage, errors, names and
// stored content.

inline constexpr std::string_view kLifecycleScope = "sightline.lifecycle";

// Attribute keys that no convention has. Their meaning for the model is in normalize/lifecycle.cc.
inline constexpr std::string_view kRunIdKey = "sightline.run.id";
inline constexpr std::string_view kStepIdKey = "sightline.step.id";
inline constexpr std::string_view kKindKey = "sightline.span.kind";
inline constexpr std::string_view kWorkflowIdKey = "sightline.workflow.id";
inline constexpr std::string_view kStatusKey = "sightline.status";
inline constexpr std::string_view kRetryCountKey = "sightline.retry_count";
inline constexpr std::string_view kResourceUsagePrefix = "sightline.resource_usage.";
// True: nothing said when it began, so it is shown as a moment.
inline constexpr std::string_view kStartUnknownKey = "sightline.start_unknown";
// On log records: tells a repeat from a second line of the same words.
inline constexpr std::string_view kEventIdKey = "sightline.event.id";
inline constexpr std::string_view kMetadataPrefix = "metadata.";

enum class EventType : std::uint8_t {
  kExecutionStarted,
  kExecutionFinished,
  kStepStarted,
  kStepFinished,
  kLlmCall,
  kLog,
};

// "execution.started" ...
std::string_view EventTypeName(EventType type);
std::optional<EventType> ParseEventType(std::string_view name);

inline bool IsStart(EventType type) {
  return type == EventType::kExecutionStarted || type == EventType::kStepStarted;
}

inline bool IsOfRun(EventType type) {
  return type == EventType::kExecutionStarted || type == EventType::kExecutionFinished;
}

inline bool IsFinish(EventType type) {
  return type == EventType::kExecutionFinished || type == EventType::kStepFinished;
}

// One valid event. Texts are views into the request's body or arena; "" means absent.
//
// Thread: value.
struct LifecycleEvent {
  EventType type = EventType::kLog;
  std::int64_t time_ns = 0;
  bool is_repaired = false;  // It had half a character in a text.

  std::string_view execution_id;
  std::string_view step_id;
  std::string_view parent_step_id;
  std::string_view workflow_id;
  std::string_view workflow_name;
  std::string_view step_name;
  std::string_view model;
  std::string_view error_type;
  std::string_view error_message;
  std::string_view level;
  std::string_view message;  // JSON text if it was not a string.

  std::optional<model::SpanKind> kind;
  model::Outcome outcome = model::Outcome::kCompleted;
  std::optional<std::int64_t> duration_ns;  // As stated in metadata.duration_ms.

  // What else becomes attributes of the span or log record.
  std::vector<otlp::KeyValue> attributes;

  // Derived by hashing, the same for the same event at any time.
  model::TraceId trace_id;
  // The thing that the event is about: the run, the step, or for llm.call and log, of which a step
  // may have many, the event itself.
  model::SpanId item_id;
  model::SpanId step_span_id;    // The span of step_id; of the run when there is none.
  model::SpanId parent_span_id;  // The span of parent_step_id; of the run when there is none.
};

// The trace that stands for a run. Never zero.
model::TraceId TraceIdOfRun(std::string_view execution_id);

// The span that stands for a step, or with "" for the run itself. Never zero.
model::SpanId SpanIdOfStep(const model::TraceId& trace_id, std::string_view step_id);

// Fills the ids of `event` from its texts. `item` is the event as it was sent.
void DeriveIds(std::string_view item, LifecycleEvent& event);

}  // namespace sightline::ingest
