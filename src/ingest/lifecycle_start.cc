// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_start.h"

#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "base/json_scan.h"
#include "model/rope.h"
#include "model/varint.h"

namespace sightline::ingest {
namespace {

// Keys that only the wire form of a pending span has.
constexpr std::string_view kPendingPrefix = "logfire.";

void PackAttribute(std::string& out, std::string_view key, const otlp::Value& value) {
  const auto begin = [&] {
    model::AppendText(out, key);
    out.push_back(static_cast<char>(value.kind));
  };
  switch (value.kind) {
    case otlp::ValueKind::kString:
      begin();
      model::AppendText(out, value.bytes);
      return;
    case otlp::ValueKind::kBool:
    case otlp::ValueKind::kInt:
      begin();
      model::AppendSigned(out, value.integer);
      return;
    case otlp::ValueKind::kDouble: {
      std::array<char, sizeof(double)> raw{};
      std::memcpy(raw.data(), &value.number, sizeof value.number);
      begin();
      out.append(raw.data(), raw.size());
      return;
    }
    case otlp::ValueKind::kNone:
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      return;
  }
}

// A value of Span::attributes that is not a text.
otlp::Value ReadNumber(std::string_view raw) {
  otlp::Value value;
  if (raw == "true" || raw == "false") {
    return {.kind = otlp::ValueKind::kBool, .integer = raw == "true" ? 1 : 0};
  }
  const char* end = raw.data() + raw.size();
  const bool is_integer = raw.find_first_not_of("-0123456789") == std::string_view::npos;
  const auto result = is_integer ? std::from_chars(raw.data(), end, value.integer)
                                 : std::from_chars(raw.data(), end, value.number);
  if (result.ec == std::errc() && result.ptr == end) {
    value.kind = is_integer ? otlp::ValueKind::kInt : otlp::ValueKind::kDouble;
  }
  return value;
}

std::optional<std::string> JoinPieces(const model::Rope& rope, const BodyTexts& bodies) {
  std::string text;
  for (const model::Rope::Piece& piece : rope.pieces) {
    if (piece.body_id == 0) {
      text += piece.literal;
      continue;
    }
    const auto body = bodies.find(piece.body_id);
    if (body == bodies.end()) {
      return std::nullopt;
    }
    text += body->second;
  }
  return text;
}

}  // namespace

std::string PackAttributes(std::span<const otlp::KeyValue> attributes) {
  std::string packed;
  for (const otlp::KeyValue& attribute : attributes) {
    PackAttribute(packed, attribute.key, attribute.value);
  }
  packed.shrink_to_fit();
  return packed;
}

std::vector<otlp::KeyValue> UnpackAttributes(std::string_view packed) {
  std::vector<otlp::KeyValue> attributes;
  model::VarintReader reader(packed);
  while (!reader.done()) {
    otlp::KeyValue attribute{.key = reader.Text(), .value = {}};
    const std::string_view kind = reader.Raw(1);
    if (kind.empty()) {
      break;
    }
    attribute.value.kind = static_cast<otlp::ValueKind>(kind.front());
    if (attribute.value.kind == otlp::ValueKind::kString) {
      attribute.value.bytes = reader.Text();
    } else if (attribute.value.kind == otlp::ValueKind::kDouble) {
      const std::string_view raw = reader.Raw(sizeof(double));
      std::memcpy(&attribute.value.number, raw.data(), raw.size());
    } else {
      attribute.value.integer = reader.Signed();
    }
    attributes.push_back(attribute);
  }
  return attributes;
}

model::SpanKind KindOf(const LifecycleEvent& event) {
  if (event.kind) {
    return *event.kind;
  }
  switch (event.type) {
    case EventType::kExecutionStarted:
    case EventType::kExecutionFinished:
      return model::SpanKind::kWorkflow;
    case EventType::kStepStarted:
    case EventType::kStepFinished:
      return model::SpanKind::kTask;
    case EventType::kLlmCall:
      return model::SpanKind::kLlm;
    case EventType::kLog:
      return model::SpanKind::kOther;
  }
  return model::SpanKind::kOther;
}

std::string_view OperationOf(model::SpanKind kind) {
  switch (kind) {
    case model::SpanKind::kLlm:
      return "chat";
    case model::SpanKind::kEmbedding:
      return "embeddings";
    case model::SpanKind::kReranker:
      return "rerank";
    case model::SpanKind::kOther:
    case model::SpanKind::kAgent:
    case model::SpanKind::kWorkflow:
    case model::SpanKind::kTask:
    case model::SpanKind::kTool:
    case model::SpanKind::kRetriever:
    case model::SpanKind::kGuardrail:
    case model::SpanKind::kEvaluator:
    case model::SpanKind::kHttp:
    case model::SpanKind::kDb:
      return {};
  }
  return {};
}

std::string NameOf(const LifecycleEvent& event) {
  const auto first = [](std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) {
      if (!text.empty()) {
        return std::string(text);
      }
    }
    return std::string();
  };
  switch (event.type) {
    case EventType::kExecutionStarted:
    case EventType::kExecutionFinished:
      return first({event.workflow_name, event.workflow_id});
    case EventType::kStepStarted:
    case EventType::kStepFinished:
      return std::string(event.step_name);
    case EventType::kLlmCall: {
      const std::string operation(first({OperationOf(KindOf(event)), "call"}));
      return event.model.empty() ? operation : operation + " " + std::string(event.model);
    }
    case EventType::kLog:
      return {};
  }
  return {};
}

model::SpanId ParentOf(const LifecycleEvent& event) {
  return IsOfRun(event.type) ? model::SpanId{} : event.parent_span_id;
}

LifecycleStart MakeStart(const LifecycleEvent& event) {
  return {
      .start_ns = event.time_ns,
      .parent_span_id = ParentOf(event),
      .kind = KindOf(event),
      .name = NameOf(event),
      .workflow = {.id = std::string(event.workflow_id), .name = std::string(event.workflow_name)},
      .attributes = PackAttributes(event.attributes)};
}

LifecycleStart MakeStart(const model::Span& placeholder, const BodyTexts& bodies) {
  LifecycleStart start{.start_ns = placeholder.start_ns,
                       .parent_span_id = placeholder.parent_span_id,
                       .kind = placeholder.kind,
                       .name = std::string(placeholder.name),
                       .workflow = {.id = std::string(placeholder.workflow_id),
                                    .name = std::string(placeholder.workflow_name)},
                       .attributes = {}};
  base::ForEachJsonMember(
      placeholder.attributes, [&](const std::string& key, std::string_view raw) {
        if (key.starts_with(kPendingPrefix)) {
          return;
        }
        if (raw.front() != '"') {
          PackAttribute(start.attributes, key, ReadNumber(raw));
          return;
        }
        const std::string text = base::UnescapeJsonString(raw);
        PackAttribute(start.attributes, key, {.kind = otlp::ValueKind::kString, .bytes = text});
      });
  const auto ropes = model::ParseRopes(placeholder.content);
  for (const model::Rope& rope : ropes.value_or(std::vector<model::Rope>())) {
    const auto text = JoinPieces(rope, bodies);
    if (rope.place == model::RopePlace::kAttribute && text) {
      PackAttribute(start.attributes, rope.key, {.kind = otlp::ValueKind::kString, .bytes = *text});
    }
  }
  return start;
}

}  // namespace sightline::ingest
