// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "model/log_record.h"
#include "model/span.h"
#include "normalize/attribute_source.h"

namespace sightline::api {

using Bodies = std::unordered_map<std::uint64_t, std::string>;

// The ids of all bodies that the rows refer to, each once.
std::vector<std::uint64_t> BodyIdsOf(std::string_view content);

// The original attributes and events of one stored row, put together again from small values and
// ropes, in the form that normalize/messages.h reads.
//
// Thread: value; not copyable, because its parts refer to each other. Refers to the row's texts.
class SpanDocument {
 public:
  // `logs` are the records that belong to the span.
  SpanDocument(const model::Span& span, std::span<const model::LogRecord* const> logs,
               const Bodies& bodies);
  SpanDocument(const model::LogRecord& log, const Bodies& bodies);
  SpanDocument(const SpanDocument&) = delete;
  SpanDocument& operator=(const SpanDocument&) = delete;

  const std::vector<normalize::SourceAttribute>& attributes() const { return attributes_; }

  const std::vector<normalize::SourceEvent>& events() const { return events_; }

  // Log records: the whole body.
  const normalize::SourceAttribute& body() const { return body_; }

  // Bodies that the store did not find: the values lack them.
  std::uint64_t missing_bodies() const { return missing_bodies_; }

  normalize::AttributeSource source(model::SpanKind kind, model::Dialect dialect) const {
    return {.kind = kind,
            .dialect = dialect,
            .attributes = attributes_,
            .events = events_,
            .logs = logs_};
  }

 private:
  void AddSmall(std::string_view json, std::vector<normalize::SourceAttribute>& into);
  void AddEvents(std::string_view json);
  void AddRopes(std::string_view content, const Bodies& bodies);

  base::Arena arena_;
  std::vector<normalize::SourceAttribute> attributes_;
  std::vector<normalize::SourceEvent> events_;
  std::vector<std::vector<normalize::SourceAttribute>> event_attributes_;
  std::vector<std::unique_ptr<const SpanDocument>> log_documents_;
  std::vector<normalize::SourceEvent> logs_;
  normalize::SourceAttribute body_;
  std::uint64_t missing_bodies_ = 0;
};

}  // namespace sightline::api
