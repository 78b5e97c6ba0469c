// SPDX-License-Identifier: Apache-2.0
#include "normalize/mapping.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/arena.h"
#include "base/json_scan.h"
#include "normalize/span_kind.h"
#include "normalize/span_reader.h"
#include "otlp/decode.h"
#include "otlp/encode.h"
#include "otlp/value_json.h"

namespace sightline::normalize {
namespace {

// Fields for which the scope and then the resource are asked after the span.
constexpr auto kInherited = std::to_array<Field>({
    Field::kSessionId,
    Field::kUserId,
    Field::kEnvironment,
    Field::kRelease,
    Field::kRunId,
    Field::kWorkflowName,
    Field::kWorkflowId,
    Field::kAgentName,
    Field::kAgentId,
    Field::kFramework,
    Field::kTags,
    Field::kService,
    Field::kServiceInstance,
    Field::kHost,
    Field::kProcessId,
});

// Fields that only decide the kind or help to read others.
bool IsCanonical(Field field) {
  const bool is_presence =
      field == Field::kKnown || field == Field::kLangfuseCall || field == Field::kMessaging;
  const bool is_kind = field >= Field::kLifecycleKind && field <= Field::kHttpMethod;
  return !is_presence && !is_kind && field != Field::kCount;
}

std::string RuleText(const TableRule& rule) {
  if (rule.owner == 0) {
    return "words of the key";
  }
  const DialectSpec* spec = SpecOf(rule.owner);
  std::string_view file = spec == &McpSpec() ? "mcp" : "opentelemetry";
  if (spec != nullptr && spec->dialect != model::Dialect::kNone) {
    file = model::DialectName(spec->dialect);
  }
  return fmt::format("{} rank {}", file, rule.rank);
}

void AddField(const Slots& slots, Field field, std::string_view from,
              std::vector<MappedField>& mapped) {
  mapped.push_back({.field = FieldName(field),
                    .key = std::string(slots.key(field)),
                    .rule = RuleText(slots.rule(field)),
                    .from = from});
}

otlp::AnyData ToData(std::string_view json) {
  auto message = otlp::JsonToValue(json);
  if (!message.has_value()) {
    return {};
  }
  return otlp::AnyData::Encoded{std::move(*message)};
}

std::vector<otlp::NamedValue> ToNamed(std::span<const SourceAttribute> attributes) {
  std::vector<otlp::NamedValue> named;
  named.reserve(attributes.size());
  for (const SourceAttribute& attribute : attributes) {
    named.push_back({std::string(attribute.key), attribute.is_json
                                                     ? ToData(attribute.text)
                                                     : otlp::AnyData(std::string(attribute.text))});
  }
  return named;
}

std::vector<otlp::NamedValue> MembersOf(std::string_view json) {
  std::vector<otlp::NamedValue> named;
  base::ForEachJsonMember(json, [&](const std::string& key, std::string_view raw) {
    named.push_back({key, ToData(raw)});
  });
  return named;
}

std::vector<otlp::NamedValue> AttributesOfScope(std::string_view json) {
  std::vector<otlp::NamedValue> named;
  base::ForEachJsonMember(json, [&](const std::string& key, std::string_view raw) {
    if (key == "attributes") {
      named = MembersOf(raw);
    }
  });
  return named;
}

}  // namespace

std::vector<MappedField> Normalizer::Explain(RequestContext& context, std::size_t index) const {
  const otlp::Span& in = context.request_->spans[index];
  Slots slots;
  CollectSpan(context, in, slots);
  SpanReader reader(context, in.resource, in.scope, slots);
  const std::string_view name = reader.Clean(in.name);
  const DialectBits dialects = reader.FindDialects(name);
  slots.Settle(dialects, nullptr);
  std::vector<MappedField> mapped;
  const KindAnswer kind = DecideKind(slots, name, SpecOf(dialects));
  const bool has_key = kind.by != Field::kCount && slots.has(kind.by);
  mapped.push_back({.field = "kind",
                    .key = has_key ? std::string(slots.key(kind.by)) : std::string(),
                    .rule = std::string(kind.rule),
                    .from = "span"});
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (!IsCanonical(field)) {
      continue;
    }
    const bool is_inherited =
        std::find(kInherited.begin(), kInherited.end(), field) != kInherited.end();
    if (slots.has(field)) {
      AddField(slots, field, "span", mapped);
    } else if (is_inherited && context.ScopeAt(in.scope).slots.has(field)) {
      AddField(context.ScopeAt(in.scope).slots, field, "scope", mapped);
    } else if (is_inherited && context.ResourceAt(in.resource).slots.has(field)) {
      AddField(context.ResourceAt(in.resource).slots, field, "resource", mapped);
    }
  }
  return mapped;
}

std::vector<MappedField> ExplainStoredSpan(const Normalizer& normalizer, const StoredSpan& span) {
  otlp::SpanData data{.trace_id = std::string(16, '\1'),
                      .span_id = std::string(8, '\1'),
                      .name = std::string(span.name),
                      .attributes = ToNamed(span.attributes)};
  for (const SourceEvent& event : span.events) {
    data.events.push_back(
        {.name = std::string(event.name), .attributes = ToNamed(event.attributes)});
  }
  const std::string body = otlp::EncodeTraces(
      {.attributes = MembersOf(span.resource_json)},
      {.name = std::string(span.scope), .attributes = AttributesOfScope(span.scope_json)},
      std::span(&data, 1));
  otlp::Request request;
  if (!otlp::Decode(otlp::Signal::kTraces, body, request).has_value() || request.spans.empty()) {
    return {};
  }
  base::Arena arena;
  RequestContext context = normalizer.Prepare(request, arena, 0, nullptr);
  return normalizer.Explain(context, 0);
}

}  // namespace sightline::normalize
