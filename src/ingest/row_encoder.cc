// SPDX-License-Identifier: Apache-2.0
#include "ingest/row_encoder.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "normalize/content_keys.h"

namespace sightline::ingest {
namespace {

// Ids of any length, as they were sent.
std::string HexOf(std::string_view raw) {
  return base::HexEncode({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()});
}

}  // namespace

RowEncoder::Notes RowEncoder::EncodeSpan(const otlp::Request& request, const otlp::Span& span,
                                         model::Span& row) {
  Notes notes;
  trace_id_ = row.trace_id;
  json_.clear();
  content_.clear();
  AppendAttributes(request.Attributes(span.attributes), model::RopePlace::kAttribute, 0, notes);
  row.attributes = batch_.arena.Copy(json_);
  json_.clear();
  AppendEvents(request, span, notes);
  row.events = batch_.arena.Copy(json_);
  json_.clear();
  AppendLinks(request, span, notes);
  row.links = batch_.arena.Copy(json_);
  row.content = batch_.arena.Copy(content_);
  row.dropped_attributes = span.dropped_attributes + notes.cut_attributes;
  row.dropped_events = span.dropped_events;
  row.dropped_links = span.dropped_links;
  row.flags = span.flags;
  return notes;
}

RowEncoder::Notes RowEncoder::EncodeLog(const otlp::Request& request, const otlp::LogRecord& log,
                                        model::LogRecord& row) {
  Notes notes;
  trace_id_ = row.trace_id;
  content_.clear();
  row.body = {};
  const bool is_text = log.body.kind == otlp::ValueKind::kString;
  value_.clear();
  if (is_text) {
    value_ = base::IsValidUtf8(log.body.bytes) ? std::string(log.body.bytes)
                                               : base::RepairUtf8(log.body.bytes);
    notes.json.is_repaired = value_ != log.body.bytes;
  } else if (log.body.kind != otlp::ValueKind::kNone) {
    otlp::AppendJson(log.body, value_, notes.json);
  }
  if (value_.empty() ||
      (value_.size() < limits_.min_rope_bytes && !normalize::IsContentEvent(row.event_name))) {
    row.body = batch_.arena.Copy(value_);
  } else {
    AppendTextRope("", batch_.arena.Copy(value_),
                   is_text ? model::RopeForm::kString : model::RopeForm::kJson,
                   model::RopePlace::kLogBody, 0);
  }
  json_.clear();
  AppendAttributes(request.Attributes(log.attributes), model::RopePlace::kAttribute, 0, notes);
  row.attributes = batch_.arena.Copy(json_);
  row.content = batch_.arena.Copy(content_);
  row.dropped_attributes = log.dropped_attributes + notes.cut_attributes;
  row.flags = log.flags;
  return notes;
}

std::string_view RowEncoder::EncodeObject(std::span<const otlp::KeyValue> attributes) {
  otlp::JsonMarks marks;
  value_.clear();
  otlp::AppendJsonObject(attributes, value_, marks);
  return batch_.arena.Copy(value_);
}

// Appends an object to json_ and ropes to content_. An empty object is "".
void RowEncoder::AppendAttributes(std::span<const otlp::KeyValue> attributes,
                                  model::RopePlace place, std::uint32_t event, Notes& notes) {
  if (attributes.size() > limits_.max_attributes) {
    notes.cut_attributes += static_cast<std::uint32_t>(attributes.size() - limits_.max_attributes);
    attributes = attributes.first(limits_.max_attributes);
  }
  char separator = '{';
  keys_.StartList();
  for (const otlp::KeyValue& attribute : attributes) {
    const auto [key, is_repeat] = keys_.Find(attribute.key);
    if (is_repeat) {
      notes.json.has_repeats = true;
      continue;
    }
    notes.json.is_repaired |= key.is_repaired;
    if (AppendAsRope(key, attribute.value, place, event, notes)) {
      continue;
    }
    json_.push_back(separator);
    separator = ',';
    json_ += key.member;
    otlp::AppendJson(attribute.value, json_, notes.json);
  }
  if (separator == ',') {
    json_.push_back('}');
  }
}

// True when the value went into a rope.
bool RowEncoder::AppendAsRope(const KeyForms::Form& key, const otlp::Value& value,
                              model::RopePlace place, std::uint32_t event, Notes& notes) {
  const bool is_text = value.kind == otlp::ValueKind::kString;
  const bool is_structured =
      value.kind == otlp::ValueKind::kArray || value.kind == otlp::ValueKind::kMap;
  if ((!is_text && !is_structured) || value.bytes.empty()) {
    return false;
  }
  if (value.bytes.size() < limits_.min_rope_bytes && !key.is_content) {
    return false;
  }
  if (is_text) {
    std::string_view text = value.bytes;
    if (!base::IsValidUtf8(text)) {
      text = batch_.arena.Copy(base::RepairUtf8(text));
      notes.json.is_repaired = true;
    }
    AppendTextRope(key.text, text, model::RopeForm::kString, place, event);
    return true;
  }
  value_.clear();
  otlp::AppendJson(value, value_, notes.json);
  AppendTextRope(key.text, batch_.arena.Copy(value_), model::RopeForm::kJson, place, event);
  return true;
}

// `text` lives as long as the batch is being built.
void RowEncoder::AppendTextRope(std::string_view key, std::string_view text, model::RopeForm form,
                                model::RopePlace place, std::uint32_t event) {
  parts_.clear();
  model::SplitText(text, limits_.min_body_bytes, parts_);
  rope_.place = place;
  rope_.event = event;
  rope_.key = key;
  rope_.form = form;
  rope_.pieces.clear();
  // All hashes first: the catalog fetches the places of the first while the others are made.
  hashes_.clear();
  for (const model::TextPart& part : parts_) {
    if (part.is_body) {
      hashes_.push_back(catalog_.HashOf(part.text));
    }
  }
  auto hash = hashes_.begin();
  for (const model::TextPart& part : parts_) {
    if (part.is_body) {
      rope_.pieces.push_back({.body_id = BodyId(part.text, *hash++), .literal = {}});
    } else {
      rope_.pieces.push_back({.body_id = 0, .literal = part.text});
    }
  }
  model::AppendRope(content_, rope_);
}

void RowEncoder::AppendEvents(const otlp::Request& request, const otlp::Span& span, Notes& notes) {
  std::uint32_t index = 0;
  for (const otlp::SpanEvent& event : request.Events(span.events)) {
    json_ += index == 0 ? "[{\"name\":" : ",{\"name\":";
    otlp::AppendJsonString(event.name, json_, notes.json);
    json_ += ",\"time_ns\":";
    otlp::AppendJsonInt(static_cast<std::int64_t>(event.time_ns), json_);
    if (event.attributes.count != 0) {
      json_ += ",\"attributes\":";
      const std::size_t before = json_.size();
      AppendAttributes(request.Attributes(event.attributes), model::RopePlace::kEventAttribute,
                       index, notes);
      if (json_.size() == before) {
        json_ += "{}";
      }
    }
    json_.push_back('}');
    ++index;
  }
  if (index != 0) {
    json_.push_back(']');
  }
}

void RowEncoder::AppendLinks(const otlp::Request& request, const otlp::Span& span, Notes& notes) {
  bool is_first = true;
  for (const otlp::SpanLink& link : request.Links(span.links)) {
    json_ += is_first ? R"([{"trace_id":")" : R"(,{"trace_id":")";
    json_ += HexOf(link.trace_id);
    json_ += R"(","span_id":")";
    json_ += HexOf(link.span_id);
    json_.push_back('"');
    if (!link.trace_state.empty()) {
      json_ += ",\"trace_state\":";
      otlp::AppendJsonString(link.trace_state, json_, notes.json);
    }
    if (link.attributes.count != 0) {
      json_ += ",\"attributes\":";
      otlp::AppendJsonObject(request.Attributes(link.attributes), json_, notes.json);
    }
    json_.push_back('}');
    is_first = false;
  }
  if (!is_first) {
    json_.push_back(']');
  }
}

std::uint64_t RowEncoder::BodyId(std::string_view text, const base::Hash128& hash) {
  if (const auto known = catalog_.Find(batch_.day, hash)) {
    if (known->owner != trace_id_) {
      AddUse(known->id);
    }
    return known->id;
  }
  const auto [it, is_new] = new_bodies_.try_emplace(hash, batch_.bodies.size());
  if (is_new) {
    batch_.bodies.push_back(
        {.id = catalog_.NewId(), .hash = hash, .owner = trace_id_, .bytes = text});
  }
  const model::Body& body = batch_.bodies[it->second];
  if (body.owner != trace_id_) {
    AddUse(body.id);
  }
  return body.id;
}

// Rows of one trace come together, and refer to the same bodies again and again.
void RowEncoder::AddUse(std::uint64_t id) {
  if (used_by_ != trace_id_) {
    used_by_ = trace_id_;
    used_.clear();
  }
  if (used_.insert(id).second) {
    batch_.uses.push_back({.id = id, .trace_id = trace_id_});
  }
}

}  // namespace sightline::ingest
