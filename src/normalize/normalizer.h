// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/loss.h"
#include "model/log_record.h"
#include "model/span.h"
#include "normalize/key_memo.h"
#include "normalize/key_table.h"
#include "normalize/slots.h"
#include "otlp/request.h"

namespace sightline::normalize {

struct EventMeaning;
class SpanReader;

// What one resource says about all that was recorded under it. Metric points need it, too.
//
// Thread: value. Texts are views into the request or the arena.
struct ResourceFacts {
  std::string_view service;  // service.name, "" if unset.
  // What joins metrics to traces: service.instance.id, else "host:pid", else "service@host".
  std::string_view service_instance;
  bool is_demo = false;
};

// One export request being normalised: the request, the arena for texts that are not views into it,
// and what the resource and the scope of the current span say, worked out when they change: spans
// of one scope lie together. Memory does not grow with the number of scopes. Made by
// Normalizer::Prepare. Normalizer, request, arena and loss table must outlive it.
//
// Thread: confined to the thread that normalises the request.
class RequestContext {
 public:
  // Valid until another resource is asked for; the texts in it stay.
  const ResourceFacts& resource(std::uint32_t index) { return ResourceAt(index).facts; }

 private:
  friend class Normalizer;
  friend class SpanReader;

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct ResourceState {
    std::uint32_t index = kNone;
    Slots slots;
    ResourceFacts facts;
    DialectBits proofs = 0;
  };

  struct ScopeState {
    std::uint32_t index = kNone;
    Slots slots;
    std::string_view name;
    std::string_view framework;
    DialectBits proofs = 0;
  };

  struct KeyList {
    std::vector<std::string_view> keys;
    std::string_view text;
  };

  RequestContext(const KeyTable& table, const otlp::Request& request, base::Arena& arena,
                 std::int64_t now_ns, base::LossTable* losses)
      : keys_(table), request_(&request), arena_(&arena), now_ns_(now_ns), losses_(losses) {}

  const ResourceState& ResourceAt(std::uint32_t index);
  const ScopeState& ScopeAt(std::uint32_t index);
  void Count(base::Loss loss);
  // unmapped_ as JSON text. Spans of one kind and emitter have the same keys and share the text.
  std::string_view UnmappedText();

  KeyMemo keys_;
  const otlp::Request* request_;
  base::Arena* arena_;
  std::int64_t now_ns_;
  base::LossTable* losses_;
  ResourceState resource_;
  ScopeState scope_;
  std::pair<std::string_view, std::string_view> last_provider_;  // As sent, as we call it.
  std::vector<std::string_view> unmapped_;                       // Of the current span.
  std::array<KeyList, 8> key_lists_;                             // Seen before, by a weak hash.
};

enum class SpanOutcome : std::uint8_t {
  kSpan,
  kPending,    // A sign that a span has started; `out` is for Batch::pending.
  kInvalidId,  // Trace or span id of wrong length or all zero: reject this span alone.
};

struct LogOutcome {
  bool has_invalid_id = false;  // The record is kept without trace and span id.
  // `derived` holds the model call, tool call or agent run that the event stands for.
  bool has_derived_span = false;
};

// Which attribute gave a canonical field, and by which rule.
//
// Thread: value.
struct MappedField {
  std::string_view field;  // As FieldName says it, or "kind".
  std::string key;         // As it was sent; "" if no attribute but, say, the span's name decided.
  std::string rule;        // "<file of the rule> rank <n>"; for the kind the name of its rule.
  std::string_view from;   // "span", "scope" or "resource".
};

// Turns decoded OTLP into the canonical model by the key tables of all dialects.
//
// Does not fill Span::{attributes, content, events, links, resource_attributes, scope_attributes}
// nor their namesakes of LogRecord (storage encoding), and not the cost of calls whose sender
// states none (pricing).
//
// Thread: any; immutable after construction, which builds the key tables (about 0.1 ms).
class Normalizer {
 public:
  Normalizer() = default;

  // `now_ns` is the wall time that start times are held against. `losses` may be null.
  RequestContext Prepare(const otlp::Request& request, base::Arena& arena, std::int64_t now_ns,
                         base::LossTable* losses) const;

  // Fills `out`, which must be freshly made, from request.spans[index]. Costs about a microsecond
  // for 25 attributes.
  SpanOutcome NormalizeSpan(RequestContext& context, std::size_t index, model::Span& out) const;

  // Fills `out` from request.logs[index], and `derived` if the event stands for a call: kind llm,
  // tool or agent, Mark::kFromLog, a span id that is derived by hashing (and a trace id, if the
  // record has none), hence Mark::kDerivedIds. The same event always gives the same ids.
  //
  // A derived span is to be dropped by the reader when real data covers it: a span of the same kind
  // with the same response_id or tool_call_id, or a span of the same kind that is its parent (the
  // record was written inside it), or, for model calls, a span of the same kind with the same
  // session_id and run_id. Derived spans of one call carry the same join keys.
  LogOutcome NormalizeLog(RequestContext& context, std::size_t index, model::LogRecord& out,
                          model::Span& derived) const;

  // What NormalizeSpan fills the fields of request.spans[index] from.
  std::vector<MappedField> Explain(RequestContext& context, std::size_t index) const;

 private:
  // Offers what a span and its event with the details of the call say; keys that no rule knows go
  // to context.unmapped_.
  void CollectSpan(RequestContext& context, const otlp::Span& span, Slots& slots) const;

  // Answers whether the record has an id that is invalid.
  bool FillRecord(RequestContext& context, const otlp::LogRecord& in, SpanReader& reader,
                  model::LogRecord& out) const;
  void DeriveSpan(RequestContext& context, const EventMeaning& event, const DialectSpec* spec,
                  const Slots& slots, const model::LogRecord& record, SpanReader& reader,
                  model::Span& out) const;

  KeyTable table_;
};

}  // namespace sightline::normalize
