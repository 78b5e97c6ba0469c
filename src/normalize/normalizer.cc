// SPDX-License-Identifier: Apache-2.0
#include "normalize/normalizer.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/json_quote.h"
#include "base/utf8.h"
#include "normalize/dialect.h"
#include "normalize/evaluations.h"
#include "normalize/provider.h"
#include "normalize/span_reader.h"
#include "normalize/timing.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Mark;

std::string_view CleanText(std::string_view text, base::Arena& arena) {
  return base::IsValidUtf8(text) ? text : arena.Copy(base::RepairUtf8(text));
}

std::string_view TextOf(const Slots& slots, Field field, base::Arena& arena) {
  return slots.has(field) ? CleanText(ScalarText(slots.value(field), arena), arena)
                          : std::string_view();
}

ResourceFacts ReadResource(const Slots& slots, base::Arena& arena) {
  ResourceFacts facts;
  facts.service = TextOf(slots, Field::kService, arena);
  facts.is_demo = slots.has(Field::kDemo) && ParseBool(slots.value(Field::kDemo)).value_or(false);
  facts.service_instance = TextOf(slots, Field::kServiceInstance, arena);
  if (facts.service_instance.empty()) {
    const std::string_view host = TextOf(slots, Field::kHost, arena);
    const std::string_view pid = TextOf(slots, Field::kProcessId, arena);
    if (!host.empty() && !pid.empty()) {
      facts.service_instance = arena.Copy(std::string(host) + ":" + std::string(pid));
    } else if (!host.empty() && !facts.service.empty()) {
      facts.service_instance = arena.Copy(std::string(facts.service) + "@" + std::string(host));
    }
  }
  return facts;
}

DialectBits ProofsOfService(std::string_view service) {
  DialectBits bits = 0;
  for (const DialectSpec* spec : AllDialects()) {
    if (std::find(spec->services.begin(), spec->services.end(), service) != spec->services.end()) {
      bits |= BitOf(spec->dialect);
    }
  }
  return bits;
}

DialectBits ProofsOfScope(std::string_view scope) {
  DialectBits bits = 0;
  for (const DialectSpec* spec : AllDialects()) {
    const auto is_scope = [&](std::string_view pattern) { return MatchesName(pattern, scope); };
    if (std::any_of(spec->scopes.begin(), spec->scopes.end(), is_scope)) {
      bits |= BitOf(spec->dialect);
    }
  }
  return bits;
}

model::StatusCode ToStatus(std::uint32_t code) {
  switch (code) {
    case 1:
      return model::StatusCode::kOk;
    case 2:
      return model::StatusCode::kError;
    default:
      return model::StatusCode::kUnset;
  }
}

std::uint8_t ToOtlpKind(std::uint32_t kind) {
  constexpr std::uint32_t kInternal = 1;
  constexpr std::uint32_t kConsumer = 5;
  return static_cast<std::uint8_t>(kind >= kInternal && kind <= kConsumer ? kind : kInternal);
}

// Logfire exports a span at its start under an id of its own; its parent is the real span, and the
// real span's parent is in an attribute. False if it does not say which span has started.
bool MakePending(std::string_view pending_parent, model::Span& span) {
  if (span.parent_span_id.is_zero()) {
    return false;
  }
  span.span_id = span.parent_span_id;
  span.parent_span_id = model::SpanId::FromHex(pending_parent).value_or(model::SpanId{});
  span.end_ns = 0;
  span.set_mark(Mark::kPlaceholder);
  return true;
}

}  // namespace

void RequestContext::Count(base::Loss loss) {
  if (losses_ != nullptr) {
    losses_->Count(loss);
  }
}

std::string_view RequestContext::UnmappedText() {
  if (unmapped_.empty()) {
    return {};
  }
  const std::size_t hash = unmapped_.size() + unmapped_.front().size() + unmapped_.back().size();
  KeyList& list = key_lists_[hash % key_lists_.size()];
  if (unmapped_ != list.keys) {
    std::string text;
    for (const std::string_view key : unmapped_) {
      text.push_back(text.empty() ? '[' : ',');
      base::AppendJsonString(key, text);
    }
    text.push_back(']');
    list.text = arena_->Copy(text);
    list.keys.swap(unmapped_);
  }
  return list.text;
}

const RequestContext::ResourceState& RequestContext::ResourceAt(std::uint32_t index) {
  if (resource_.index == index) {
    return resource_;
  }
  resource_.index = index;
  resource_.slots = Slots();
  if (index < request_->resources.size()) {
    CollectAttributes(keys_, request_->Attributes(request_->resources[index].attributes),
                      resource_.slots, nullptr);
  }
  resource_.facts = ReadResource(resource_.slots, *arena_);
  resource_.proofs = ProofsOfService(resource_.facts.service) |
                     (resource_.slots.proofs() & BitOf(model::Dialect::kOpenInference));
  if (resource_.slots.has(Field::kTelemetrySdk) &&
      resource_.slots.value(Field::kTelemetrySdk).bytes == "openlit") {
    resource_.proofs |= BitOf(model::Dialect::kOpenLit);
  }
  resource_.slots.Settle(resource_.proofs, nullptr);
  return resource_;
}

const RequestContext::ScopeState& RequestContext::ScopeAt(std::uint32_t index) {
  if (scope_.index == index) {
    return scope_;
  }
  scope_.index = index;
  scope_.slots = Slots();
  scope_.name = {};
  if (index < request_->scopes.size()) {
    const otlp::Scope& scope = request_->scopes[index];
    scope_.name = CleanText(scope.name, *arena_);
    CollectAttributes(keys_, request_->Attributes(scope.attributes), scope_.slots, nullptr);
  }
  scope_.framework = FrameworkOfScope(scope_.name);
  scope_.proofs = ProofsOfScope(scope_.name);
  scope_.slots.Settle(scope_.proofs, nullptr);
  return scope_;
}

RequestContext Normalizer::Prepare(const otlp::Request& request, base::Arena& arena,
                                   std::int64_t now_ns, base::LossTable* losses) const {
  return {table_, request, arena, now_ns, losses};
}

void Normalizer::CollectSpan(RequestContext& context, const otlp::Span& span, Slots& slots) const {
  context.unmapped_.clear();
  CollectAttributes(context.keys_, context.request_->Attributes(span.attributes), slots,
                    &context.unmapped_);
  for (const otlp::SpanEvent& event : context.request_->Events(span.events)) {
    if (event.name == "gen_ai.client.inference.operation.details") {
      CollectAttributes(context.keys_, context.request_->Attributes(event.attributes), slots,
                        nullptr);
    }
  }
}

SpanOutcome Normalizer::NormalizeSpan(RequestContext& context, std::size_t index,
                                      model::Span& out) const {
  const otlp::Span& in = context.request_->spans[index];
  const auto trace_id = model::TraceId::FromBytes(in.trace_id);
  const auto span_id = model::SpanId::FromBytes(in.span_id);
  if (!trace_id || !span_id) {
    context.Count(base::Loss::kSpanInvalidId);
    return SpanOutcome::kInvalidId;
  }
  const auto events = context.request_->Events(in.events);
  Slots slots;
  CollectSpan(context, in, slots);
  SpanReader reader(context, in.resource, in.scope, slots);
  out.trace_id = *trace_id;
  out.span_id = *span_id;
  out.parent_span_id = model::SpanId::FromBytes(in.parent_span_id).value_or(model::SpanId{});
  if (!in.parent_span_id.empty() && in.parent_span_id.size() != out.parent_span_id.bytes.size()) {
    context.Count(base::Loss::kSpanInvalidParentId);
  }
  out.start_ns = ToTimeNs(in.start_ns);
  out.end_ns = ToTimeNs(in.end_ns);
  out.name = reader.Clean(in.name);
  out.otlp_kind = ToOtlpKind(in.kind);
  out.status = ToStatus(in.status_code);
  out.status_message = reader.Clean(in.status_message);
  out.trace_state = reader.Clean(in.trace_state);
  out.dropped_attributes = in.dropped_attributes;
  out.dropped_events = in.dropped_events;
  out.dropped_links = in.dropped_links;
  out.flags = in.flags;
  const DialectBits dialects = reader.FindDialects(out.name);
  slots.Settle(dialects, &context.unmapped_);
  reader.Fill(SpecOf(dialects), events, std::nullopt, out);
  out.unmapped = context.UnmappedText();
  const std::string evaluations =
      ReadSpanEvaluations(slots, context.request_->Attributes(in.attributes), events,
                          *context.request_, out, context.losses_);
  out.evaluations = context.arena_->Copy(evaluations);
  if (reader.has_repaired()) {
    out.set_mark(Mark::kTextRepaired);
    context.Count(base::Loss::kTextRepaired);
  }
  CheckTimes(context.now_ns_, context.losses_, out);
  const bool is_pending = slots.has(Field::kLogfireSpanType) &&
                          slots.value(Field::kLogfireSpanType).bytes == "pending_span";
  if (!is_pending) {
    return SpanOutcome::kSpan;
  }
  if (!MakePending(reader.Text(Field::kPendingParent), out)) {
    context.Count(base::Loss::kSpanInvalidId);
    return SpanOutcome::kInvalidId;
  }
  return SpanOutcome::kPending;
}

}  // namespace sightline::normalize
