// SPDX-License-Identifier: Apache-2.0
#include "api/runs/span_document.h"

#include <charconv>
#include <cstddef>
#include <unordered_set>
#include <utility>

#include "base/json_scan.h"
#include "model/rope.h"

namespace sightline::api {

std::vector<std::uint64_t> BodyIdsOf(std::string_view content) {
  std::unordered_set<std::uint64_t> ids;
  model::ForEachBodyId(content, [&](std::uint64_t id) { ids.insert(id); });
  return {ids.begin(), ids.end()};
}

SpanDocument::SpanDocument(const model::Span& span, std::span<const model::LogRecord* const> logs,
                           const Bodies& bodies) {
  AddSmall(span.attributes, attributes_);
  AddEvents(span.events);
  AddRopes(span.content, bodies);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    events_[i].attributes = event_attributes_[i];
  }
  for (const model::LogRecord* log : logs) {
    const auto& document =
        log_documents_.emplace_back(std::make_unique<const SpanDocument>(*log, bodies));
    logs_.push_back({.name = log->event_name,
                     .time_ns = log->time_ns,
                     .attributes = document->attributes(),
                     .body = document->body()});
  }
}

SpanDocument::SpanDocument(const model::LogRecord& log, const Bodies& bodies) {
  AddSmall(log.attributes, attributes_);
  body_ = {.key = {}, .text = log.body, .is_json = false};
  AddRopes(log.content, bodies);
}

void SpanDocument::AddSmall(std::string_view json, std::vector<normalize::SourceAttribute>& into) {
  base::ForEachJsonMember(json, [&](const std::string& key, std::string_view raw) {
    const bool is_text = raw.front() == '"';
    into.push_back({.key = arena_.Copy(key),
                    .text = is_text ? arena_.Copy(base::UnescapeJsonString(raw)) : raw,
                    .is_json = !is_text});
  });
}

void SpanDocument::AddEvents(std::string_view json) {
  base::ForEachJsonElement(json, [&](std::string_view element) {
    normalize::SourceEvent event;
    std::vector<normalize::SourceAttribute> attributes;
    base::ForEachJsonMember(element, [&](const std::string& key, std::string_view raw) {
      if (key == "name") {
        event.name = arena_.Copy(base::UnescapeJsonString(raw));
      } else if (key == "time_ns") {
        std::from_chars(raw.data(), raw.data() + raw.size(), event.time_ns);
      } else if (key == "attributes") {
        AddSmall(raw, attributes);
      }
    });
    events_.push_back(event);
    event_attributes_.push_back(std::move(attributes));
  });
}

void SpanDocument::AddRopes(std::string_view content, const Bodies& bodies) {
  const auto ropes = model::ParseRopes(content);
  if (!ropes) {
    return;
  }
  for (const model::Rope& rope : *ropes) {
    std::string text;
    const std::uint64_t missing_before = missing_bodies_;
    for (const model::Rope::Piece& piece : rope.pieces) {
      if (piece.body_id == 0) {
        text += piece.literal;
      } else if (const auto body = bodies.find(piece.body_id); body != bodies.end()) {
        text += body->second;
      } else {
        ++missing_bodies_;
      }
    }
    const bool is_whole = missing_bodies_ == missing_before;  // JSON with a hole is not JSON.
    const normalize::SourceAttribute value{
        .key = rope.key,
        .text = arena_.Copy(text),
        .is_json = rope.form == model::RopeForm::kJson && is_whole};
    if (rope.place == model::RopePlace::kAttribute) {
      attributes_.push_back(value);
    } else if (rope.place == model::RopePlace::kLogBody) {
      body_ = value;
    } else if (rope.event < event_attributes_.size()) {
      event_attributes_[rope.event].push_back(value);
    }
  }
}

}  // namespace sightline::api
