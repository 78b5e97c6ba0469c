// SPDX-License-Identifier: Apache-2.0
#include "api/runs/span_json.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "api/request/body_writer.h"
#include "api/request/json_fields.h"
#include "api/runs/conversation_json.h"
#include "api/sums/fact_figures.h"
#include "api/telemetry/resource_usage.h"
#include "base/time_text.h"
#include "model/outcome.h"
#include "normalize/mapping.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

void WriteMarks(base::JsonWriter& json, const model::Span& span) {
  json.Key("marks").BeginArray();
  model::ForEachMarkName(span.marks, [&](std::string_view name) { json.String(name); });
  json.EndArray();
}

void WriteAttributes(const SpanDocument& document, BodyWriter& body_writer,
                     base::JsonWriter& json) {
  json.Key("attributes").BeginObject();
  for (const normalize::SourceAttribute& attribute : document.attributes()) {
    json.Key(attribute.key);
    body_writer.Write(attribute.text, FormOf(attribute), ContentPlace::Attribute(attribute.key));
  }
  json.EndObject();
}

void WriteEvents(const SpanDocument& document, BodyWriter& body_writer, base::JsonWriter& json) {
  json.Key("events").BeginArray();
  for (std::size_t i = 0; i < document.events().size(); ++i) {
    const normalize::SourceEvent& event = document.events()[i];
    json.BeginObject();
    json.Key("name").String(event.name);
    json.Key("timestamp").String(base::FormatTimeNs(event.time_ns));
    json.Key("attributes").BeginObject();
    for (const normalize::SourceAttribute& attribute : event.attributes) {
      json.Key(attribute.key);
      body_writer.Write(attribute.text, FormOf(attribute),
                        ContentPlace::EventAttribute(i, attribute.key));
    }
    json.EndObject().EndObject();
  }
  json.EndArray();
}

void WriteResourceUsage(const model::Span& span, base::JsonWriter& json) {
  json.Key("resource_usage");
  bool is_known = false;
  ForEachResource(span.attributes, [&](Resource resource, std::string_view number) {
    if (!std::exchange(is_known, true)) {
      json.BeginObject();
    }
    json.Key(ResourceName(resource)).Raw(number);
  });
  if (is_known) {
    json.EndObject();
  } else {
    json.Null();
  }
}

void WriteMapping(const normalize::Normalizer& normalizer, const model::Span& span,
                  const SpanDocument& document, base::JsonWriter& json) {
  json.Key("mapping").BeginArray();
  for (const normalize::MappedField& mapped :
       ExplainStoredSpan(normalizer, {.name = span.name,
                                      .scope = span.scope,
                                      .attributes = document.attributes(),
                                      .events = document.events(),
                                      .resource_json = span.resource_attributes,
                                      .scope_json = span.scope_attributes})) {
    json.BeginObject();
    json.Key("field").String(mapped.field);
    WriteText(json, "key", mapped.key);
    json.Key("rule").String(mapped.rule);
    json.Key("from").String(mapped.from);
    json.EndObject();
  }
  json.EndArray();
}

// Who sent the span, and what it says about itself beside the figures.
void WriteOrigin(const model::Span& span, base::JsonWriter& json) {
  WriteText(json, "service", span.service);
  WriteText(json, "scope", span.scope);
  WriteText(json, "dialect", model::DialectName(span.dialect));
  WriteText(json, "framework", span.framework);
  WriteText(json, "operation", span.operation);
  WriteText(json, "session_id", span.session_id);
  WriteText(json, "user_id", span.user_id);
  WriteText(json, "response_id", span.response_id);
  WriteText(json, "version", span.release);
  WriteText(json, "environment", span.environment);
  WriteText(json, "prompt_name", span.prompt_name);
  WriteText(json, "prompt_version", span.prompt_version);
  WriteStoredArray(json, "tags", span.tags);
  WriteStoredArray(json, "finish_reasons", span.finish_reasons);
  json.Key("time_to_first_token");
  if (span.time_to_first_token_ns == model::Span::kUnknown) {
    json.Null();
  } else {
    json.Double(static_cast<double>(span.time_to_first_token_ns) / 1e9);
  }
  if (!span.tool_name.empty() || !span.tool_call_id.empty()) {
    json.Key("tool").BeginObject();
    WriteText(json, "name", span.tool_name);
    WriteText(json, "call_id", span.tool_call_id);
    WriteText(json, "type", span.tool_type);
    json.EndObject();
  }
}

}  // namespace

void WriteErrorMessage(const model::Span& span, base::JsonWriter& json) {
  BodyWriter(SpanUrl(span.trace_id, span.span_id), json)
      .WriteTextField("error_message", span.error_message, ContentPlace::Of("error_message"));
}

void WriteSpanFacts(const model::Span& span, std::string_view parent_missing, model::RunStatus run,
                    base::JsonWriter& json) {
  const bool has_ended = !span.has_mark(model::Mark::kPlaceholder);
  json.Key("span_id").String(span.span_id.ToHex());
  WriteText(json, "parent_span_id", span.is_root() ? "" : span.parent_span_id.ToHex());
  WriteText(json, "parent_missing", parent_missing);
  json.Key("name").String(span.name);
  json.Key("display_name").String(span.display_name.empty() ? span.name : span.display_name);
  json.Key("kind").String(model::SpanKindName(span.kind));
  WriteText(json, "agent_id", span.agent_name.empty() ? span.agent_id : span.agent_name);
  json.Key("status").String(
      model::RunStatusName(model::StepStatus(has_ended, model::OutcomeOf(span), run)));
  json.Key("start_time").String(base::FormatTimeNs(span.start_ns));
  if (has_ended) {
    json.Key("end_time").String(base::FormatTimeNs(span.end_ns));
    WriteSeconds(json, "duration", span.end_ns - span.start_ns);
  } else {
    json.Key("end_time").Null();
    json.Key("duration").Null();
  }
  WriteText(json, "model", span.model());
  WriteText(json, "provider", span.provider);
  WriteUsage(json, span.usage, span.usage_details);
  WriteCost(json, span.cost.picodollars, span.cost_status);
  WriteErrorMessage(span, json);
  WriteText(json, "error_type", span.error_type);
}

void WriteSpanHead(const analytics::TraceView& view, std::size_t index, base::JsonWriter& json) {
  WriteSpanFacts(view.spans[index], model::ParentReason(view.states[index]), view.summary.status,
                 json);
  json.Key("counted").Bool(view.counts_usage[index]);
}

void WriteRollUp(const analytics::RollUp& sums, base::JsonWriter& json) {
  json.Key("roll_up").BeginObject();
  json.Key("descendants").Uint(sums.descendants);
  json.Key("errors").Uint(sums.errors);
  json.Key("model_calls").Int(sums.model_calls);
  json.Key("tokens").Int(sums.tokens);
  WriteCost(json, sums.picodollars,
            CostStatusOf(sums.model_calls, sums.unpriced_calls, sums.picodollars));
  json.EndObject();
}

void WriteSpan(const analytics::TraceView& view, std::size_t index, const LogList& logs,
               const Bodies& bodies, base::LossTable& losses,
               const normalize::Normalizer* normalizer, const CostBreakdown* costs,
               base::JsonWriter& json) {
  const model::Span& span = view.spans[index];
  const SpanDocument document(span, logs, bodies);
  if (document.missing_bodies() != 0) {
    losses.Count(base::Loss::kContentMissing, document.missing_bodies());
  }
  BodyWriter body_writer(SpanUrl(span.trace_id, span.span_id), json);
  json.BeginObject();
  WriteSpanHead(view, index, json);
  WriteOrigin(span, json);
  WriteConversation(normalize::ExtractConversation(document.source(span.kind, span.dialect)),
                    body_writer, json);
  WriteAttributes(document, body_writer, json);
  json.Key("resource").Raw(span.resource_attributes.empty() ? "{}" : span.resource_attributes);
  WriteEvents(document, body_writer, json);
  WriteStoredArray(json, "links", span.links);
  WriteStoredArray(json, "unmapped", span.unmapped);
  if (normalizer != nullptr) {
    WriteMapping(*normalizer, span, document, json);
  }
  if (costs != nullptr) {
    costs->Write(span, json);
  }
  WriteMarks(json, span);
  json.Key("dropped_attributes").Uint(span.dropped_attributes);
  json.Key("dropped_events").Uint(span.dropped_events);
  json.Key("dropped_links").Uint(span.dropped_links);
  json.Key("missing_content").Uint(document.missing_bodies());
  WriteResourceUsage(span, json);
  json.EndObject();
}

}  // namespace sightline::api
