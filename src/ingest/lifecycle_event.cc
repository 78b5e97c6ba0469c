// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_event.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/hash.h"

namespace sightline::ingest {
namespace {

constexpr std::array<std::string_view, 6> kTypeNames = {
    "execution.started", "execution.finished", "step.started", "step.finished", "llm.call", "log"};

model::SpanId ToSpanId(std::uint64_t hash) {
  hash = hash == 0 ? 1 : hash;
  model::SpanId id;
  std::memcpy(id.bytes.data(), &hash, sizeof hash);
  return id;
}

}  // namespace

std::string_view EventTypeName(EventType type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

std::optional<EventType> ParseEventType(std::string_view name) {
  for (std::size_t i = 0; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i] == name) {
      return static_cast<EventType>(i);
    }
  }
  return std::nullopt;
}

model::TraceId TraceIdOfRun(std::string_view execution_id) {
  std::string text = "sightline run\n";
  text.append(execution_id);
  base::Hash128 hash = base::HashBytes128(text);
  hash.low = hash.low == 0 ? 1 : hash.low;
  model::TraceId id;
  std::memcpy(id.bytes.data(), &hash.high, sizeof hash.high);
  std::memcpy(id.bytes.data() + sizeof hash.high, &hash.low, sizeof hash.low);
  return id;
}

model::SpanId SpanIdOfStep(const model::TraceId& trace_id, std::string_view step_id) {
  std::string text = "sightline step\n";
  text.append(trace_id.view()).append(step_id);
  return ToSpanId(base::HashBytes64(text));
}

void DeriveIds(std::string_view item, LifecycleEvent& event) {
  event.trace_id = TraceIdOfRun(event.execution_id);
  event.step_span_id = SpanIdOfStep(event.trace_id, IsOfRun(event.type) ? "" : event.step_id);
  event.parent_span_id = SpanIdOfStep(event.trace_id, event.parent_step_id);
  event.item_id = event.step_span_id;
  if (event.type == EventType::kLlmCall || event.type == EventType::kLog) {
    std::string text = "sightline event\n";
    text.append(event.trace_id.view()).append(item);
    event.item_id = ToSpanId(base::HashBytes64(text));
  }
}

}  // namespace sightline::ingest
