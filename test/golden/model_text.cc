// SPDX-License-Identifier: Apache-2.0
#include "model_text.h"

#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/kinds.h"
#include "model/money.h"
#include "model/run_rules.h"

namespace sightline::golden {
namespace {

std::string MarksText(const model::Span& span) {
  std::string text;
  model::ForEachMarkName(span.marks, [&](std::string_view name) {
    text.append(text.empty() ? "" : " ").append(name);
  });
  return text;
}

// Line breaks would break the layout.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line.append("\\n");
    } else {
      line.push_back(c);
    }
  }
  return line;
}

std::string DollarsText(const model::Money& money) {
  std::array<char, 48> buffer{};
  const int size =
      std::snprintf(buffer.data(), buffer.size(), "%lld.%012lld USD",
                    static_cast<long long>(money.picodollars / model::Money::kUnitsPerDollar),
                    static_cast<long long>(money.picodollars % model::Money::kUnitsPerDollar));
  return {buffer.data(), static_cast<std::size_t>(size)};
}

std::string Milliseconds(std::int64_t duration_ns) {
  std::array<char, 48> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.3f ms",
                                 static_cast<double>(duration_ns) / 1e6);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

std::string HashText(std::uint64_t hash) {
  std::array<char, 17> buffer{};
  const int size =
      std::snprintf(buffer.data(), buffer.size(), "%016llx", static_cast<unsigned long long>(hash));
  return hash == 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

}  // namespace

void ModelText::AddLine(std::string_view line) {
  text_.append(line).append("\n");
}

void ModelText::AddField(std::string_view name, std::string_view value) {
  if (!value.empty()) {
    text_.append("  ").append(name).append(": ").append(OneLine(value)).append("\n");
  }
}

void ModelText::AddCount(std::string_view name, std::int64_t count) {
  if (count != model::Usage::kUnknown) {
    text_.append(" ").append(name).append("=").append(std::to_string(count));
  }
}

std::string ModelText::SpanName(const model::SpanId& id) {
  const auto [found, is_new] =
      span_names_.try_emplace(id, "span-" + std::to_string(span_names_.size() + 1));
  return id.is_zero() ? "none" : found->second;
}

std::string ModelText::TraceName(const model::TraceId& id) {
  const auto [found, is_new] =
      trace_names_.try_emplace(id, "trace-" + std::to_string(trace_names_.size() + 1));
  return id.is_zero() ? "none" : found->second;
}

std::string ModelText::TimeText(std::int64_t time_ns) const {
  return time_ns == 0 ? "none" : "+" + Milliseconds(time_ns - origin_ns_);
}

void ModelText::AddUsage(const model::Usage& usage, const model::UsageDetails& details) {
  if (usage == model::Usage{} && details == model::UsageDetails{}) {
    return;
  }
  text_.append("  usage:");
  AddCount("input", usage.input_total);
  AddCount("cache_read", usage.cache_read);
  AddCount("cache_write", usage.cache_write);
  AddCount("output", usage.output_total);
  AddCount("reasoning", usage.reasoning);
  AddCount("audio_in", usage.audio_in);
  AddCount("audio_out", usage.audio_out);
  AddCount("total", usage.total);
  for (const model::UsageDetail& detail : model::kUsageDetails) {
    AddCount(detail.name, details.*detail.count);
  }
  text_.append(" rule=").append(model::UsageRuleName(usage.rule)).append("\n");
}

void ModelText::AddSpan(std::string_view title, const model::Span& span) {
  text_.append(title).append(" ").append(SpanName(span.span_id));
  text_.append(" of ").append(TraceName(span.trace_id)).append("\n");
  AddField("name", span.name);
  AddField("display_name", span.display_name);
  AddField("kind", model::SpanKindName(span.kind));
  if (!span.parent_span_id.is_zero()) {
    AddField("parent", SpanName(span.parent_span_id));
  }
  AddField("start", TimeText(span.start_ns));
  AddField("end", TimeText(span.end_ns));
  AddField("otlp_kind", span.otlp_kind == 1 ? "" : std::to_string(span.otlp_kind));
  AddField("dialect", model::DialectName(span.dialect));
  AddField("framework", span.framework);
  if (span.status != model::StatusCode::kUnset) {
    AddField("status", model::StatusCodeName(span.status));
  }
  AddField("status_message", span.status_message);
  AddField("has_error", span.has_error ? "yes" : "");
  AddField("error_type", span.error_type);
  AddField("error_message", span.error_message);
  AddField("marks", MarksText(span));
  AddField("service", span.service);
  AddField("service_instance", span.service_instance);
  AddField("scope", span.scope);
  AddField("operation", span.operation);
  AddField("agent_name", span.agent_name);
  AddField("agent_id", span.agent_id);
  AddField("workflow_name", span.workflow_name);
  AddField("workflow_id", span.workflow_id);
  AddField("run_id", span.run_id);
  AddField("session_id", span.session_id);
  AddField("user_id", span.user_id);
  AddField("environment", span.environment);
  AddField("release", span.release);
  AddField("tags", span.tags);
  AddField("prompt_name", span.prompt_name);
  AddField("prompt_version", span.prompt_version);
  AddField("provider", span.provider);
  AddField("request_model", span.request_model);
  AddField("response_model", span.response_model);
  AddField("response_id", span.response_id);
  AddField("finish_reasons", span.finish_reasons);
  if (span.time_to_first_token_ns != model::Span::kUnknown) {
    AddField("time_to_first_token", Milliseconds(span.time_to_first_token_ns));
  }
  AddField("is_streaming", span.is_streaming ? "yes" : "");
  AddUsage(span.usage, span.usage_details);
  if (span.cost_status != model::CostStatus::kNone) {
    AddField("cost", DollarsText(span.cost));
    AddField("cost_status", model::CostStatusName(span.cost_status));
  }
  AddField("tool_name", span.tool_name);
  AddField("tool_call_id", span.tool_call_id);
  AddField("tool_type", span.tool_type);
  AddField("arguments_hash", HashText(span.arguments_hash));
  AddField("trace_state", span.trace_state);
  AddField("unmapped", span.unmapped);
  AddField("evaluations", span.evaluations);
}

void ModelText::AddRun(std::span<const model::Span> spans) {
  std::vector<model::RunSpan> rows;
  rows.reserve(spans.size());
  for (const model::Span& span : spans) {
    rows.push_back(model::RunSpanOf(span));
  }
  const model::RunShape shape = model::ShapeRun(rows, false);
  model::RunTotals totals;
  std::string counted;
  for (std::size_t i = 0; i < shape.kept.size(); ++i) {
    if (shape.counts_usage[i]) {
      totals.Add(rows[shape.kept[i]]);
      counted.append(counted.empty() ? "" : " ").append(SpanName(spans[shape.kept[i]].span_id));
    }
  }
  AddLine("run");
  AddField("spans", std::to_string(shape.kept.size()));
  AddField("repeated", shape.repeated_spans == 0 ? "" : std::to_string(shape.repeated_spans));
  AddField("duration", Milliseconds(shape.end_ns - shape.start_ns));
  AddField("counted", counted);
  AddUsage(totals.usage, {});
  if (totals.cost_status != model::CostStatus::kNone) {
    AddField("cost", DollarsText({.picodollars = totals.cost_picodollars}));
    AddField("cost_status", model::CostStatusName(totals.cost_status));
  }
}

void ModelText::AddPart(const model::MessagePart& part) {
  text_.append("      ").append(part.type);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) {
      text_.append(" ").append(name).append("=").append(OneLine(value));
    }
  };
  add("id", part.id);
  add("name", part.name);
  add("payload", part.payload_json);
  add("mime_type", part.mime_type);
  add("modality", part.modality);
  add("raw", part.raw_json);
  if (!part.content.empty()) {
    text_.append(": ").append(OneLine(part.content));
  }
  text_.append("\n");
}

void ModelText::AddMessage(std::string_view side, const model::Message& message) {
  text_.append("    ").append(side).append(" ").append(message.role);
  if (!message.name.empty()) {
    text_.append(" name=").append(message.name);
  }
  if (!message.finish_reason.empty()) {
    text_.append(" finish_reason=").append(message.finish_reason);
  }
  text_.append("\n");
  for (const model::MessagePart& part : message.parts) {
    AddPart(part);
  }
}

void ModelText::AddConversation(const model::Conversation& conversation) {
  if (!conversation.system.empty()) {
    AddLine("    system");
    for (const model::MessagePart& part : conversation.system) {
      AddPart(part);
    }
  }
  for (const model::Message& message : conversation.input) {
    AddMessage("in", message);
  }
  for (const model::Message& message : conversation.output) {
    AddMessage("out", message);
  }
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) {
      text_.append("    ").append(name).append(": ").append(OneLine(value)).append("\n");
    }
  };
  add("input_data", conversation.input_data);
  add("output_data", conversation.output_data);
  add("tools", conversation.tools_json);
}

void ModelText::AddLog(const model::LogRecord& log) {
  text_.append("log of ").append(TraceName(log.trace_id)).append("\n");
  if (!log.span_id.is_zero()) {
    AddField("span", SpanName(log.span_id));
  }
  AddField("time", TimeText(log.time_ns));
  AddField("severity", log.severity == 0 ? "" : std::to_string(log.severity));
  AddField("severity_text", log.severity_text);
  AddField("event_name", log.event_name);
  AddField("body", log.body);
  AddField("service", log.service);
  AddField("scope", log.scope);
  AddField("session_id", log.session_id);
  AddField("evaluations", log.evaluations);
}

}  // namespace sightline::golden
