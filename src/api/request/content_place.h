// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"

namespace sightline::api {

// Paths of rows that have content: "/api/v1/observability/traces/<trace_id>/spans/<span_id>".
std::string SpanUrl(const model::TraceId& trace_id, const model::SpanId& span_id);
std::string LogUrl(const model::TraceId& trace_id, std::string_view log_id);

// Which value of a span or log record is meant: the query of its content URL. An answer that cuts a
// value names its place; span_content.h and log_json.h find the value again.
//
// Thread: value.
struct ContentPlace {
  std::string field;
  std::string key;

  // A value that the field names alone: "input_data".
  static ContentPlace Of(std::string_view field) {
    return {.field = std::string(field), .key = {}};
  }

  static ContentPlace Attribute(std::string_view key);
  static ContentPlace EventAttribute(std::size_t event, std::string_view key);

  // "field=attributes&key=a%2Fb".
  std::string ToQuery() const;
};

// Which part of a conversation is meant: the key of places whose field is "messages".
//
// Thread: value.
struct PartPlace {
  enum class List { kSystem, kInput, kOutput };
  // What of the part: its text, the JSON of its arguments or response, or the whole part.
  enum class Member { kContent, kPayload, kWhole };

  List list = List::kInput;
  std::size_t message = 0;  // 0 for the system prompt.
  std::size_t part = 0;
  Member member = Member::kContent;

  ContentPlace ToPlace() const;

  // Reads ContentPlace::key. Empty for anything that ToPlace did not make.
  static std::optional<PartPlace> Parse(std::string_view key);

  friend bool operator==(const PartPlace&, const PartPlace&) = default;
};

}  // namespace sightline::api
