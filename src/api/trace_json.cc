// SPDX-License-Identifier: Apache-2.0
#include "api/trace_json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "base/json_scan.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "model/message.h"
#include "model/outcome.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

constexpr std::size_t kInlineBytes = std::size_t{16} * 1024;
// Beyond this much text a response keeps only the beginnings of bodies.
constexpr std::size_t kFullResponseBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kShortInlineBytes = 256;
constexpr std::size_t kPreviewBytes = 1024;

void WriteText(base::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  if (text.empty()) {
    json.Null();
  } else {
    json.String(text);
  }
}

void WriteTime(base::JsonWriter& json, std::string_view key, std::int64_t time_ns) {
  json.Key(key);
  if (time_ns == 0) {
    json.Null();
  } else {
    json.String(base::FormatTimeNs(time_ns));
  }
}

// Seconds, exact to the nanosecond.
void WriteSeconds(base::JsonWriter& json, std::string_view key, std::int64_t duration_ns) {
  json.Key(key).Double(static_cast<double>(duration_ns) / 1e9);
}

void WriteCost(base::JsonWriter& json, std::int64_t picodollars, model::CostStatus status) {
  json.Key("cost");
  if (status == model::CostStatus::kNone || status == model::CostStatus::kUnpriced) {
    json.Null();
  } else {
    json.Pico(picodollars);
  }
  WriteText(json, "cost_status", model::CostStatusName(status));
}

void WriteUsage(base::JsonWriter& json, const model::Usage& usage) {
  if (!usage.is_known()) {
    return;
  }
  json.Key("usage").BeginObject();
  const auto write = [&](std::string_view key, std::int64_t count) {
    if (count != model::Usage::kUnknown) {
      json.Key(key).Int(count);
    }
  };
  write("input_total", usage.input_total);
  write("cache_read", usage.cache_read);
  write("cache_write", usage.cache_write);
  write("output_total", usage.output_total);
  write("reasoning", usage.reasoning);
  write("audio_in", usage.audio_in);
  write("audio_out", usage.audio_out);
  write("total", usage.total);
  WriteText(json, "rule", model::UsageRuleName(usage.rule));
  json.EndObject();
}

std::string_view StatusOf(const model::Span& span) {
  switch (model::OutcomeOf(span)) {
    case model::Outcome::kCompleted:
      return "completed";
    case model::Outcome::kFailed:
      return "failed";
    case model::Outcome::kCancelled:
      return "cancelled";
  }
  return "completed";
}

struct MarkName {
  model::Mark mark;
  std::string_view name;
};

constexpr std::array<MarkName, 14> kMarkNames = {{
    {model::Mark::kEndBeforeStart, "end_before_start"},
    {model::Mark::kTimeSuspect, "time_suspect"},
    {model::Mark::kTooLong, "too_long"},
    {model::Mark::kTextRepaired, "repaired_utf8"},
    {model::Mark::kAttributesCut, "attributes_cut"},
    {model::Mark::kFromLog, "from_log"},
    {model::Mark::kPlaceholder, "placeholder"},
    {model::Mark::kIsLogLike, "log_like"},
    {model::Mark::kNotACall, "not_a_call"},
    {model::Mark::kAppRoot, "app_root"},
    {model::Mark::kDemo, "demo"},
    {model::Mark::kLifetimeUsage, "lifetime_usage"},
    {model::Mark::kNestedTooDeep, "nested_too_deep"},
    {model::Mark::kDerivedIds, "derived_ids"},
}};

void WriteMarks(base::JsonWriter& json, const model::Span& span) {
  json.Key("marks").BeginArray();
  for (const MarkName& mark : kMarkNames) {
    if (span.has_mark(mark.mark)) {
      json.String(mark.name);
    }
  }
  json.EndArray();
}

// A JSON array that is stored as text, "" being the empty one.
void WriteStoredArray(base::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key).Raw(text.empty() ? "[]" : text);
}

// What rows and details share: everything but bodies.
void WriteSpanHead(const analytics::TraceView& view, std::size_t index, base::JsonWriter& json) {
  const model::Span& span = view.spans[index];
  json.Key("span_id").String(span.span_id.ToHex());
  WriteText(json, "parent_span_id", span.is_root() ? "" : span.parent_span_id.ToHex());
  WriteText(json, "parent_missing", model::ParentReason(view.states[index]));
  json.Key("name").String(span.name);
  json.Key("display_name").String(span.display_name.empty() ? span.name : span.display_name);
  json.Key("kind").String(model::SpanKindName(span.kind));
  WriteText(json, "agent_id", span.agent_name.empty() ? span.agent_id : span.agent_name);
  json.Key("status").String(StatusOf(span));
  json.Key("start_time").String(base::FormatTimeNs(span.start_ns));
  json.Key("end_time").String(base::FormatTimeNs(span.end_ns));
  WriteSeconds(json, "duration", span.end_ns - span.start_ns);
  WriteText(json, "model", span.model());
  WriteText(json, "provider", span.provider);
  WriteUsage(json, span.usage);
  if (model::IsModelCall(span.kind) || span.cost_status != model::CostStatus::kNone) {
    WriteCost(json, span.cost.picodollars, span.cost_status);
  }
  json.Key("counted").Bool(view.counts_usage[index]);
  WriteText(json, "error_message", span.error_message);
  WriteText(json, "error_type", span.error_type);
}

// "key=a%2Fb" with everything escaped that may not stand in a query.
std::string QueryEscape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    if (is_plain) {
      escaped.push_back(c);
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

// Senders cut JSON off in the middle; only what parses may be written as it is.
bool IsJson(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse(text, error);
  return !error;
}

bool IsStructured(std::string_view text) {
  return (text.starts_with('{') || text.starts_with('[')) && IsJson(text);
}

void WriteAttributes(const std::vector<normalize::SourceAttribute>& attributes,
                     const std::string& span_id, BodyWriter& body_writer, base::JsonWriter& json) {
  json.BeginObject();
  for (const normalize::SourceAttribute& attribute : attributes) {
    json.Key(attribute.key);
    body_writer.Write(span_id, attribute.text, attribute.is_json,
                      "field=attributes&key=" + QueryEscape(attribute.key));
  }
  json.EndObject();
}

// Writes messages; `list` is "input", "output" or "system".
class MessageWriter {
 public:
  MessageWriter(const std::string& span_id, BodyWriter& body_writer, base::JsonWriter& json)
      : span_id_(span_id), body_writer_(body_writer), json_(json) {}

  void Parts(const std::vector<model::MessagePart>& parts, const std::string& place) {
    json_.BeginArray();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Part(parts[i], fmt::format("field=messages&key={}.{}", place, i));
    }
    json_.EndArray();
  }

  void Messages(const std::vector<model::Message>& messages, std::string_view list) {
    json_.BeginArray();
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const model::Message& message = messages[i];
      json_.BeginObject();
      json_.Key("role").String(message.role);
      if (!message.name.empty()) {
        json_.Key("name").String(message.name);
      }
      json_.Key("parts");
      Parts(message.parts, fmt::format("{}.{}", list, i));
      if (!message.finish_reason.empty()) {
        json_.Key("finish_reason").String(message.finish_reason);
      }
      json_.EndObject();
    }
    json_.EndArray();
  }

 private:
  void Part(const model::MessagePart& part, const std::string& place) {
    if (!part.raw_json.empty() && IsJson(part.raw_json)) {
      json_.Raw(part.raw_json);
      return;
    }
    json_.BeginObject();
    json_.Key("type").String(part.type);
    const auto text = [&](std::string_view key, std::string_view value) {
      if (!value.empty()) {
        json_.Key(key).String(value);
      }
    };
    text("id", part.id);
    text("name", part.name);
    text("mime_type", part.mime_type);
    text("modality", part.modality);
    if (part.type == "text" || part.type == "reasoning" || !part.content.empty()) {
      json_.Key("content");
      body_writer_.Write(span_id_, part.content, false, place);
    }
    if (!part.payload_json.empty()) {
      json_.Key(part.type == "tool_call" ? "arguments" : "response");
      body_writer_.Write(span_id_, part.payload_json, IsJson(part.payload_json), place);
    }
    json_.EndObject();
  }

  const std::string& span_id_;
  BodyWriter& body_writer_;
  base::JsonWriter& json_;
};

void WriteConversation(const model::Conversation& conversation, const std::string& span_id,
                       BodyWriter& body_writer, base::JsonWriter& json) {
  MessageWriter writer(span_id, body_writer, json);
  json.Key("messages").BeginObject();
  json.Key("system");
  writer.Parts(conversation.system, "system.0");
  json.Key("input");
  writer.Messages(conversation.input, "input");
  json.Key("output");
  writer.Messages(conversation.output, "output");
  json.Key("tools");
  if (conversation.tools_json.empty()) {
    json.Null();
  } else {
    body_writer.Write(span_id, conversation.tools_json, IsJson(conversation.tools_json),
                      "field=tools");
  }
  json.EndObject();
  const auto data = [&](std::string_view key, const std::string& text) {
    json.Key(key);
    if (text.empty()) {
      json.Null();
    } else {
      body_writer.Write(span_id, text, IsStructured(text), fmt::format("field={}", key));
    }
  };
  data("input_data", conversation.input_data);
  data("output_data", conversation.output_data);
}

std::string_view LevelOf(std::uint8_t severity) {
  constexpr std::array<std::string_view, 6> kLevels = {"trace",   "debug", "info",
                                                       "warning", "error", "fatal"};
  return severity == 0 || severity > 24 ? "INFO" : kLevels[(severity - 1U) / 4U];
}

void WriteEvents(const SpanDocument& document, const std::string& span_id, BodyWriter& body_writer,
                 base::JsonWriter& json) {
  json.Key("events").BeginArray();
  for (std::size_t i = 0; i < document.events().size(); ++i) {
    const normalize::SourceEvent& event = document.events()[i];
    json.BeginObject();
    json.Key("name").String(event.name);
    json.Key("timestamp").String(base::FormatTimeNs(event.time_ns));
    json.Key("attributes").BeginObject();
    for (const normalize::SourceAttribute& attribute : event.attributes) {
      json.Key(attribute.key);
      body_writer.Write(span_id, attribute.text, attribute.is_json,
                        fmt::format("field=event.{}&key={}", i, QueryEscape(attribute.key)));
    }
    json.EndObject().EndObject();
  }
  json.EndArray();
}

// The value of the part that a place such as "input.3.0" names.
std::optional<std::string> FindPart(const model::Conversation& conversation,
                                    std::string_view place) {
  const std::size_t first = place.find('.');
  const std::size_t second = place.find('.', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view list = place.substr(0, first);
  const std::size_t message =
      std::strtoul(std::string(place.substr(first + 1, second - first - 1)).c_str(), nullptr, 10);
  const std::size_t part = std::strtoul(std::string(place.substr(second + 1)).c_str(), nullptr, 10);
  const std::vector<model::MessagePart>* parts = nullptr;
  if (list == "system") {
    parts = &conversation.system;
  } else {
    const auto& messages = list == "output" ? conversation.output : conversation.input;
    parts = message < messages.size() ? &messages[message].parts : nullptr;
  }
  if (parts == nullptr || part >= parts->size()) {
    return std::nullopt;
  }
  const model::MessagePart& found = (*parts)[part];
  return found.payload_json.empty() ? found.content : found.payload_json;
}

std::optional<std::string> FindAttribute(std::span<const normalize::SourceAttribute> attributes,
                                         std::string_view key) {
  for (const normalize::SourceAttribute& attribute : attributes) {
    if (attribute.key == key) {
      return std::string(attribute.text);
    }
  }
  return std::nullopt;
}

}  // namespace

std::size_t BodyWriter::InlineBytes() const {
  return json_.size() < kFullResponseBytes ? kInlineBytes : kShortInlineBytes;
}

void BodyWriter::Write(const std::string& span_id, std::string_view text, bool is_json,
                       std::string_view place) {
  if (text.size() <= InlineBytes()) {
    if (is_json) {
      json_.Raw(text);
    } else {
      json_.String(text);
    }
    return;
  }
  json_.BeginObject();
  json_.Key("preview").String(base::TruncateUtf8(text, std::min(InlineBytes(), kPreviewBytes)));
  json_.Key("size").Uint(text.size());
  json_.Key("content_url")
      .String(fmt::format("/api/v1/observability/traces/{}/spans/{}/content?{}", trace_id_, span_id,
                          place));
  json_.EndObject();
}

void WriteTraceFields(const analytics::TraceView& view, base::JsonWriter& json) {
  const analytics::TraceSummary& summary = view.summary;
  const std::string trace_id = summary.trace_id.ToHex();
  json.Key("trace_id").String(trace_id);
  json.Key("workflow_id").String(summary.workflow_id);
  json.Key("workflow_name")
      .String(summary.workflow_name.empty() ? summary.workflow_id : summary.workflow_name);
  json.Key("execution_id")
      .String(summary.execution_id_text.empty() ? trace_id : summary.execution_id_text);
  json.Key("name").String(summary.name);
  json.Key("status").String(model::RunStatusName(summary.status));
  json.Key("start_time").String(base::FormatTimeNs(summary.start_ns));
  WriteTime(json, "end_time", summary.end_ns);
  json.Key("duration");
  if (summary.end_ns == 0) {
    json.Null();
  } else {
    json.Double(static_cast<double>(summary.end_ns - summary.start_ns) / 1e9);
  }
  json.Key("span_count").Uint(summary.span_count);
  json.Key("error_count").Uint(summary.error_count);
  WriteText(json, "agent", summary.agent);
  WriteText(json, "service", summary.service);
  WriteText(json, "session_id", summary.session_id);
  WriteText(json, "user_id", summary.user_id);
  json.Key("models").BeginArray();
  for (const std::string_view model : summary.models) {
    json.String(model);
  }
  json.EndArray();
  const model::Usage& usage = summary.totals.usage;
  json.Key("total_tokens");
  if (usage.is_known()) {
    json.Int(usage.total != model::Usage::kUnknown
                 ? usage.total
                 : std::max<std::int64_t>(0, usage.input_total) +
                       std::max<std::int64_t>(0, usage.output_total));
  } else {
    json.Int(0);
  }
  WriteUsage(json, usage);
  WriteCost(json, summary.totals.cost_picodollars, summary.totals.cost_status);
  json.Key("model_calls").Uint(summary.totals.model_calls);
  json.Key("demo").Bool(summary.is_demo);
}

void WriteSteps(const analytics::TraceView& view, base::JsonWriter& json) {
  json.Key("spans").BeginArray();
  std::size_t steps = 0;
  for (std::size_t i = 0; i < view.spans.size() && steps < kMaxListSteps; ++i) {
    if (!model::IsStep(view.spans[i].kind) || view.spans[i].has_mark(model::Mark::kIsLogLike)) {
      continue;
    }
    ++steps;
    json.BeginObject();
    WriteSpanHead(view, i, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSpan(const analytics::TraceView& view, std::size_t index, const Bodies& bodies,
               BodyWriter& body_writer, base::LossTable& losses, base::JsonWriter& json) {
  const model::Span& span = view.spans[index];
  const SpanDocument document(span, bodies);
  if (document.missing_bodies() != 0) {
    losses.Count(base::Loss::kContentMissing, document.missing_bodies());
  }
  const std::string span_id = span.span_id.ToHex();
  json.BeginObject();
  WriteSpanHead(view, index, json);
  WriteText(json, "service", span.service);
  WriteText(json, "scope", span.scope);
  WriteText(json, "dialect", model::DialectName(span.dialect));
  WriteText(json, "framework", span.framework);
  WriteText(json, "operation", span.operation);
  WriteText(json, "session_id", span.session_id);
  WriteText(json, "user_id", span.user_id);
  WriteText(json, "response_id", span.response_id);
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
  WriteConversation(normalize::ExtractConversation(document.source(span.kind, span.dialect)),
                    span_id, body_writer, json);
  json.Key("attributes");
  WriteAttributes(document.attributes(), span_id, body_writer, json);
  json.Key("resource").Raw(span.resource_attributes.empty() ? "{}" : span.resource_attributes);
  WriteEvents(document, span_id, body_writer, json);
  WriteStoredArray(json, "links", span.links);
  WriteStoredArray(json, "unmapped", span.unmapped);
  WriteMarks(json, span);
  json.Key("dropped_attributes").Uint(span.dropped_attributes);
  json.Key("missing_content").Uint(document.missing_bodies());
  json.Key("resource_usage").Null();
  json.EndObject();
}

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::JsonWriter& json) {
  const SpanDocument document(log, bodies);
  json.BeginObject();
  json.Key("timestamp").String(base::FormatTimeNs(log.time_ns));
  json.Key("level").String(LevelOf(log.severity));
  const std::string_view body = document.body().text;
  json.Key("message").String(body.empty() ? log.event_name
                                          : base::TruncateUtf8(body, kInlineBytes));
  WriteText(json, "event_name", log.event_name);
  WriteText(json, "span_id", log.span_id.is_zero() ? "" : log.span_id.ToHex());
  json.Key("metadata").BeginObject();
  for (const normalize::SourceAttribute& attribute : document.attributes()) {
    json.Key(attribute.key);
    if (attribute.is_json && attribute.text.size() <= kInlineBytes) {
      json.Raw(attribute.text);
    } else {
      json.String(base::TruncateUtf8(attribute.text, kInlineBytes));
    }
  }
  json.EndObject().EndObject();
}

std::optional<std::string> FindContent(const model::Span& span, const Bodies& bodies,
                                       std::string_view field, std::string_view key) {
  const SpanDocument document(span, bodies);
  if (field == "attributes") {
    return FindAttribute(document.attributes(), key);
  }
  if (field.starts_with("event.")) {
    const std::size_t event = std::strtoul(std::string(field.substr(6)).c_str(), nullptr, 10);
    return event < document.events().size()
               ? FindAttribute(document.events()[event].attributes, key)
               : std::nullopt;
  }
  const model::Conversation conversation =
      normalize::ExtractConversation(document.source(span.kind, span.dialect));
  if (field == "messages") {
    return FindPart(conversation, key);
  }
  if (field == "tools") {
    return conversation.tools_json;
  }
  if (field == "input_data") {
    return conversation.input_data;
  }
  if (field == "output_data") {
    return conversation.output_data;
  }
  return std::nullopt;
}

}  // namespace sightline::api
