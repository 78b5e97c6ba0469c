// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/span.h"
#include "normalize/dialect.h"
#include "normalize/normalizer.h"
#include "normalize/slots.h"
#include "otlp/request.h"

namespace sightline::normalize {

// Fills the canonical fields of one span (or of the span that a log record stands for) from what
// was collected on it, on its scope and on its resource, in this order of precedence.
//
// Thread: confined.
class SpanReader {
 public:
  // `slots` holds the attributes of the span itself.
  SpanReader(RequestContext& context, std::uint32_t resource, std::uint32_t scope,
             const Slots& slots);

  // The dialects that keys, scope, resource and `name` prove.
  DialectBits FindDialects(std::string_view name) const;

  // Everything that attributes state. `out` has name, times and status already. `known_kind` is for
  // log events, whose name says what they stand for.
  void Fill(const DialectSpec* spec, std::span<const otlp::SpanEvent> events,
            std::optional<model::SpanKind> known_kind, model::Span& out);

  // The best value for `field` as text that is valid UTF-8, "" if there is none.
  std::string_view Text(Field field);

  // The same, but scope and resource are asked after the span.
  std::string_view InheritedText(Field field);

  // Repairs `text` if it is not valid UTF-8 and remembers that.
  std::string_view Clean(std::string_view text);

  bool has_repaired() const { return has_repaired_; }

 private:
  const Slots* Holder(Field field) const;
  std::string_view TextFrom(const Slots& slots, Field field);
  std::string_view Keep(const std::string& text);

  void FillCaller(model::Span& out);
  void FillModel(const DialectSpec* spec, model::Span& out);
  void FillTool(bool is_declared_kind, model::Span& out);
  void FillAgent(model::Span& out);
  std::string_view AgentOfMetadata();
  void FillUsage(const DialectSpec* spec, model::Span& out);
  void FillMarks(model::Span& out);
  void FillFirstToken(std::span<const otlp::SpanEvent> events, model::Span& out);
  void FillFinishReasons(std::span<const otlp::SpanEvent> events, model::Span& out);
  void FillTags(model::Span& out);
  void FillPrompt(model::Span& out);
  void FillError(const DialectSpec* spec, std::span<const otlp::SpanEvent> events,
                 model::Span& out);
  void FillDisplayName(model::Span& out);

  RequestContext& context_;
  const RequestContext::ResourceState& resource_;
  const RequestContext::ScopeState& scope_;
  const Slots& slots_;
  bool has_repaired_ = false;
};

}  // namespace sightline::normalize
