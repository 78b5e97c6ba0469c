// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/ids.h"
#include "model/span.h"

namespace sightline::model {

// One OTLP log record. Texts are views into the Batch; "" means absent.
//
// Thread: value.
struct LogRecord {
  std::string_view project_id = kDefaultProject;
  std::int64_t time_ns = 0;  // The event's time, else the observed time.
  TraceId trace_id;          // Zero: not associated.
  SpanId span_id;
  std::uint8_t severity = 0;  // OTel severity number, 0-24.
  std::string_view severity_text;
  std::string_view event_name;  // From the field, the attribute, or a known string body.
  std::string_view body;        // Text; JSON text if the body is structured.
  std::string_view service;
  std::string_view scope;
  std::string_view session_id;
  std::string_view attributes;  // JSON object text, large values in `content`.
  std::string_view content;
  std::string_view resource_attributes;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t flags = 0;
  std::string_view evaluations;  // The judgement that it tells; see model/evaluation.h.
};

// Tells a record from the others of its trace; equal records have equal keys. Log records have no
// id of their own, and their order changes when an earlier one arrives late.
std::uint64_t LogKey(const LogRecord& log);

}  // namespace sightline::model
