// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/kinds.h"
#include "otlp/request.h"

namespace sightline::normalize {

// One original attribute, as stores can give it back: a text, or the JSON text of anything else
// (42, true, [..], {..}).
//
// Thread: value.
struct SourceAttribute {
  std::string_view key;
  std::string_view text;
  bool is_json = false;
};

// A span event, or a log record that was written inside the span.
//
// Thread: value.
struct SourceEvent {
  std::string_view name;
  std::int64_t time_ns = 0;
  std::span<const SourceAttribute> attributes;
  SourceAttribute body;  // Log records: the body. `key` is not used.
};

// What ExtractConversation reads: one span's original attributes and events, in their order, and
// the log records that were written inside it.
//
// Thread: value. Views must outlive it.
struct AttributeSource {
  model::SpanKind kind = model::SpanKind::kOther;
  model::Dialect dialect = model::Dialect::kNone;
  std::span<const SourceAttribute> attributes;
  std::span<const SourceEvent> events;
  std::span<const SourceEvent> logs;
};

// An AttributeSource over a decoded span or log record, and the memory that it points into.
//
// Thread: value; not copyable, because its source points into it.
class DecodedSource {
 public:
  // Request and arena must outlive it.
  DecodedSource(const otlp::Request& request, const otlp::Span& span, base::Arena& arena);

  // A log record alone: its attributes as those of a span, itself as the only log record inside.
  // `name` as in model::LogRecord::event_name.
  DecodedSource(const otlp::Request& request, const otlp::LogRecord& log, std::string_view name,
                base::Arena& arena);

  DecodedSource(const DecodedSource&) = delete;
  DecodedSource& operator=(const DecodedSource&) = delete;

  // Appends a log record that was written inside the span.
  void AddLog(const otlp::Request& request, const otlp::LogRecord& log, std::string_view name,
              base::Arena& arena);

  AttributeSource source(model::SpanKind kind, model::Dialect dialect) const {
    return {.kind = kind,
            .dialect = dialect,
            .attributes = attributes_,
            .events = events_,
            .logs = logs_};
  }

 private:
  std::vector<SourceAttribute> attributes_;
  std::vector<SourceEvent> events_;
  std::vector<SourceEvent> logs_;
  std::vector<std::vector<SourceAttribute>> event_attributes_;
};

}  // namespace sightline::normalize
