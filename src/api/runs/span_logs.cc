// SPDX-License-Identifier: Apache-2.0
#include "api/runs/span_logs.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/json_scan.h"
#include "model/rope.h"

namespace sightline::api {
namespace {

constexpr std::string_view kDetails = "gen_ai.client.inference.operation.details";

// Claude Code names the call that a record is about.
std::string RequestIdOf(const model::LogRecord& log) {
  std::string id;
  if (log.attributes.find("\"request_id\"") == std::string_view::npos) {
    return id;
  }
  base::ForEachJsonMember(log.attributes, [&](const std::string& key, std::string_view raw) {
    if (key == "request_id") {
      id = base::UnescapeJsonString(raw);
    }
  });
  return id;
}

// Of what a record says, where a body counts as `of_body(id)` says.
std::uint64_t HashOf(const model::LogRecord& log,
                     const std::function<std::uint64_t(std::uint64_t)>& of_body) {
  std::uint64_t hash =
      model::HashRopes(log.content, of_body) ^ static_cast<std::uint64_t>(log.time_ns);
  for (const std::string_view text :
       {log.span_id.view(), log.event_name, log.body, log.attributes}) {
    hash = base::HashBytes64(text, hash);
  }
  return hash;
}

}  // namespace

std::vector<std::uint64_t> SpanLogs::PossibleRepeats(std::span<const model::LogRecord> logs) {
  std::unordered_map<std::uint64_t, const model::LogRecord*> first_of_shape;
  std::unordered_set<std::uint64_t> ids;
  const auto add_bodies_of = [&](const model::LogRecord& log) {
    model::ForEachBodyId(log.content, [&](std::uint64_t id) { ids.insert(id); });
  };
  for (const model::LogRecord& log : logs) {
    const std::uint64_t shape = HashOf(log, [](std::uint64_t) { return std::uint64_t{0}; });
    const auto [first, is_first] = first_of_shape.try_emplace(shape, &log);
    if (!is_first && first->second->content != log.content) {
      add_bodies_of(*first->second);
      add_bodies_of(log);
    }
  }
  return {ids.begin(), ids.end()};
}

SpanLogs::SpanLogs(std::span<const model::LogRecord> logs, const Bodies& bodies) {
  const auto of_body = [&](std::uint64_t id) {
    const auto body = bodies.find(id);
    return body == bodies.end() ? id : base::HashBytes64(body->second);
  };
  std::vector<const model::LogRecord*> sorted;
  sorted.reserve(logs.size());
  std::unordered_set<std::uint64_t> known;
  for (const model::LogRecord& log : logs) {
    if (!log.event_name.empty() && known.insert(HashOf(log, of_body)).second) {
      sorted.push_back(&log);
    }
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->time_ns < b->time_ns; });
  for (const model::LogRecord* log : sorted) {
    if (!log->span_id.is_zero()) {
      by_span_[log->span_id].push_back(log);
      continue;
    }
    const std::string request = RequestIdOf(*log);
    if (!request.empty()) {
      by_request_[request].push_back(log);
    }
    loose_.push_back(log);
  }
}

LogList SpanLogs::Inside(const model::Span& span) const {
  LogList logs;
  if (const auto found = by_span_.find(span.span_id); found != by_span_.end()) {
    for (const model::LogRecord* log : found->second) {
      // Inside any other span the record is a call of its own.
      if (log->event_name != kDetails || model::IsModelCall(span.kind)) {
        logs.push_back(log);
      }
    }
  }
  if (!span.response_id.empty() && model::IsModelCall(span.kind)) {
    if (const auto found = by_request_.find(std::string(span.response_id));
        found != by_request_.end()) {
      logs.insert(logs.end(), found->second.begin(), found->second.end());
    }
  }
  return logs;
}

LogList SpanLogs::Of(const analytics::TraceView& view, std::size_t index) const {
  LogList logs = Inside(view.spans[index]);
  if (index != view.root) {
    return logs;
  }
  for (const model::LogRecord* log : loose_) {
    const bool speaks = log->event_name.ends_with(".user_prompt") ||
                        log->event_name.ends_with(".assistant_response");
    if (speaks && std::find(logs.begin(), logs.end(), log) == logs.end()) {
      logs.push_back(log);
    }
  }
  return logs;
}

}  // namespace sightline::api
