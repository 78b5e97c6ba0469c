// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/hash.h"
#include "ingest/key_forms.h"
#include "model/batch.h"
#include "model/rope.h"
#include "otlp/request.h"
#include "otlp/value_json.h"
#include "store/store.h"

namespace sightline::ingest {

// Writes the original data of spans and logs in their stored form: small values as JSON, large ones
// and message content as ropes whose bodies go into the batch once. Together they give back every
// attribute as it was sent.
//
// Thread: confined to the thread that builds the batch.
class RowEncoder {
 public:
  struct Limits {
    std::size_t max_attributes = 2048;  // Of one span, log record or event; the rest is cut.
    std::size_t min_rope_bytes = 256;   // Longer values are stored as ropes.
    std::size_t min_body_bytes = 24;    // Shorter parts of a rope stay in it.
  };

  RowEncoder(const Limits& limits, store::BodyCatalog& catalog, model::Batch& batch)
      : limits_(limits), catalog_(catalog), batch_(batch), keys_(batch.arena) {}

  // What encoding one row changed.
  struct Notes {
    otlp::JsonMarks json;
    std::uint32_t cut_attributes = 0;
  };

  // Fills attributes, content, events and links of `row` from `span`.
  Notes EncodeSpan(const otlp::Request& request, const otlp::Span& span, model::Span& row);

  // Fills body, attributes and content of `row` from `log`.
  Notes EncodeLog(const otlp::Request& request, const otlp::LogRecord& log, model::LogRecord& row);

  // `{"key":value,...}` without ropes, in the batch's memory.
  std::string_view EncodeObject(std::span<const otlp::KeyValue> attributes);

 private:
  void AppendAttributes(std::span<const otlp::KeyValue> attributes, model::RopePlace place,
                        std::uint32_t event, Notes& notes);
  bool AppendAsRope(const KeyForms::Form& key, const otlp::Value& value, model::RopePlace place,
                    std::uint32_t event, Notes& notes);
  void AppendTextRope(std::string_view key, std::string_view text, model::RopeForm form,
                      model::RopePlace place, std::uint32_t event);
  void AppendEvents(const otlp::Request& request, const otlp::Span& span, Notes& notes);
  void AppendLinks(const otlp::Request& request, const otlp::Span& span, Notes& notes);
  std::uint64_t BodyId(std::string_view text, const base::Hash128& hash);
  void AddUse(std::uint64_t id);

  const Limits limits_;
  store::BodyCatalog& catalog_;
  model::Batch& batch_;
  model::TraceId trace_id_;  // Of the row at hand.
  KeyForms keys_;
  // Places in batch_.bodies.
  boost::unordered_flat_map<base::Hash128, std::size_t, base::Hash128Hasher> new_bodies_;
  model::TraceId used_by_;
  // Bodies of others that used_by_ is known to refer to.
  boost::unordered_flat_set<std::uint64_t> used_;

  // Scratch, kept for its memory.
  std::string json_;
  std::string content_;
  std::string value_;
  std::vector<model::TextPart> parts_;
  std::vector<base::Hash128> hashes_;  // Of those that are bodies.
  model::Rope rope_;
};

}  // namespace sightline::ingest
