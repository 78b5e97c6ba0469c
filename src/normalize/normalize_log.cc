// SPDX-License-Identifier: Apache-2.0
// Log records, and the spans that some of them stand for. A derived span ends when its event was
// written and starts `duration_ms` earlier. Its ids are hashes of what names the call, so that a
// record that is sent twice gives the same span.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "normalize/evaluations.h"
#include "normalize/json.h"
#include "normalize/log_events.h"
#include "normalize/normalizer.h"
#include "normalize/span_reader.h"
#include "normalize/timing.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Mark;
using model::SpanKind;

// The text that identifies the call among all calls of its trace.
std::string CallIdentity(const EventMeaning& event, const model::Span& span, const Slots& slots,
                         base::Arena& arena) {
  std::string identity(event.identity);
  identity.push_back('\n');
  if (!span.tool_call_id.empty()) {
    return identity.append(span.tool_call_id);
  }
  if (!span.response_id.empty()) {
    return identity.append(span.response_id);
  }
  // No id: the same record sent twice still has the same time and the same sequence number.
  identity.append(span.name).append("\n").append(std::to_string(span.end_ns));
  if (slots.has(Field::kEventSequence)) {
    identity.append("\n").append(ScalarText(slots.value(Field::kEventSequence), arena));
  }
  return identity;
}

// One for all events of a run. `identity` tells calls apart that name neither session nor run.
model::TraceId DeriveTraceId(std::string_view service, std::string_view session_id,
                             std::string_view run_id, std::string_view identity) {
  std::string text = "sightline trace\n";
  text.append(service).append("\n").append(session_id).append("\n").append(run_id);
  if (session_id.empty() && run_id.empty()) {
    text.append("\n").append(identity);
  }
  const base::Hash128 hash = base::HashBytes128(text);
  model::TraceId id;
  std::memcpy(id.bytes.data(), &hash.high, sizeof hash.high);
  std::memcpy(id.bytes.data() + sizeof hash.high, &hash.low, sizeof hash.low);
  return id;
}

model::SpanId DeriveSpanId(const model::TraceId& trace_id, std::string_view identity) {
  std::string text = "sightline span\n";
  text.append(trace_id.view()).append("\n").append(identity);
  const std::uint64_t hash = base::HashBytes64(text);
  model::SpanId id;
  std::memcpy(id.bytes.data(), &hash, sizeof hash);
  return id;
}

std::string_view SpanName(const EventMeaning& event, const model::Span& span, base::Arena& arena) {
  std::string_view what = event.is_point ? std::string_view() : span.request_model;
  if (event.kind == SpanKind::kTool) {
    what = span.tool_name;
  } else if (event.kind == SpanKind::kAgent) {
    what = span.agent_name;
  }
  std::string name(event.operation);
  if (!what.empty()) {
    name.append(" ").append(what);
  }
  return arena.Copy(name);
}

// Without a trace context: events that coding agents write in the course of a run. Codex has no id
// for a prompt: a conversation is its run. What other events a session has belongs to none.
bool IsOfRun(const model::LogRecord& record, std::string_view run_id, const DialectSpec* spec) {
  if (spec == &CodexSpec()) {
    return !record.session_id.empty() && record.event_name.starts_with("codex.");
  }
  return (spec == &ClaudeCodeSpec() || spec == &GeminiCliSpec()) && !run_id.empty();
}

}  // namespace

LogOutcome Normalizer::NormalizeLog(RequestContext& context, std::size_t index,
                                    model::LogRecord& out, model::Span& derived) const {
  const otlp::LogRecord& in = context.request_->logs[index];
  Slots slots;
  CollectAttributes(context.keys_, context.request_->Attributes(in.attributes), slots, nullptr);
  SpanReader reader(context, in.resource, in.scope, slots);
  LogOutcome outcome;
  outcome.has_invalid_id = FillRecord(context, in, reader, out);
  const DialectBits dialects = reader.FindDialects(out.event_name);
  slots.Settle(dialects, nullptr);
  const auto event = FindEvent(out.event_name, slots);
  const DialectSpec* spec = SpecOf(dialects);
  // A prompt that was written inside a trace is the input of a span there.
  const bool is_inside = event && event->is_point && !out.trace_id.is_zero();
  // Gemini CLI writes two events for one call; api_response has all the counts.
  const bool is_second_event = spec == &GeminiCliSpec() && out.event_name.starts_with("gen_ai.");
  if (event && !is_second_event && !is_inside) {
    DeriveSpan(context, *event, spec, slots, out, reader, derived);
    outcome.has_derived_span = true;
    out.trace_id = derived.trace_id;
  } else if (out.trace_id.is_zero()) {
    const std::string_view run_id = reader.InheritedText(Field::kRunId);
    if (IsOfRun(out, run_id, spec)) {
      out.trace_id = DeriveTraceId(out.service, out.session_id, run_id, {});
    }
  }
  const std::string evaluations =
      ReadLogEvaluation(context.request_->Attributes(in.attributes), out, context.losses_);
  out.evaluations = context.arena_->Copy(evaluations);
  if (reader.has_repaired()) {
    context.Count(base::Loss::kTextRepaired);
  }
  return outcome;
}

bool Normalizer::FillRecord(RequestContext& context, const otlp::LogRecord& in, SpanReader& reader,
                            model::LogRecord& out) const {
  base::Arena& arena = *context.arena_;
  const ResourceFacts& resource = context.resource(in.resource);
  out.time_ns = ToTimeNs(in.time_ns != 0 ? in.time_ns : in.observed_time_ns);
  constexpr std::uint32_t kHighestSeverity = 24;
  out.severity = static_cast<std::uint8_t>(std::min(in.severity_number, kHighestSeverity));
  out.severity_text = reader.Clean(in.severity_text);
  out.service = resource.service;
  out.scope = context.ScopeAt(in.scope).name;
  out.session_id = reader.InheritedText(Field::kSessionId);
  out.dropped_attributes = in.dropped_attributes;
  out.flags = in.flags;
  if (in.body.kind == otlp::ValueKind::kArray || in.body.kind == otlp::ValueKind::kMap) {
    std::string text;
    AppendJson(in.body, text);
    out.body = arena.Copy(text);
  } else if (in.body.kind == otlp::ValueKind::kString) {
    out.body = reader.Clean(in.body.bytes);
  } else {
    out.body = ScalarText(in.body, arena);
  }
  const bool is_claude_code = SpecOf(reader.FindDialects({})) == &ClaudeCodeSpec();
  out.event_name = EventName(reader.Clean(in.event_name), reader.Text(Field::kEventName), out.body,
                             is_claude_code, arena);
  const auto trace_id = model::TraceId::FromBytes(in.trace_id);
  const auto span_id = model::SpanId::FromBytes(in.span_id);
  if (trace_id) {
    out.trace_id = *trace_id;
    out.span_id = span_id.value_or(model::SpanId{});
  }
  // All zeros and nothing at all are the two ways to say "not associated".
  const auto is_invalid = [](std::string_view id, bool is_valid) {
    return !is_valid && id.find_first_not_of('\0') != std::string_view::npos;
  };
  if (is_invalid(in.trace_id, trace_id.has_value()) ||
      is_invalid(in.span_id, span_id.has_value())) {
    context.Count(base::Loss::kLogInvalidId);
    return true;
  }
  return false;
}

void Normalizer::DeriveSpan(RequestContext& context, const EventMeaning& event,
                            const DialectSpec* spec, const Slots& slots,
                            const model::LogRecord& record, SpanReader& reader,
                            model::Span& out) const {
  base::Arena& arena = *context.arena_;
  out.end_ns = record.time_ns;
  out.start_ns = record.time_ns;
  if (slots.has(Field::kDuration)) {
    const auto duration =
        ReadDuration(slots.value(Field::kDuration), slots.rule(Field::kDuration).form);
    out.start_ns -= std::min(duration.value_or(0), std::max<std::int64_t>(record.time_ns, 0));
  }
  out.otlp_kind = 1;
  out.flags = record.flags;
  out.status = event.is_failure ? model::StatusCode::kError : model::StatusCode::kUnset;
  out.name = record.event_name;
  reader.Fill(spec, {}, event.kind, out);
  out.name = SpanName(event, out, arena);
  out.display_name = event.kind == SpanKind::kTool    ? out.tool_name
                     : event.kind == SpanKind::kAgent ? out.agent_name
                                                      : std::string_view();
  if (out.operation.empty()) {
    out.operation = event.operation;
  }
  const std::string identity = CallIdentity(event, out, slots, arena);
  out.trace_id = record.trace_id.is_zero()
                     ? DeriveTraceId(out.service, out.session_id, out.run_id, identity)
                     : record.trace_id;
  out.span_id = DeriveSpanId(out.trace_id, identity);
  out.parent_span_id = record.span_id;
  if (event.is_point) {
    out.set_mark(Mark::kIsLogLike);
  }
  out.set_mark(Mark::kFromLog);
  out.set_mark(Mark::kDerivedIds);
  CheckTimes(context.now_ns_, context.losses_, out);
}

}  // namespace sightline::normalize
