// SPDX-License-Identifier: Apache-2.0
#include "api/span_logs.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "api/log_json.h"
#include "base/json_scan.h"

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

}  // namespace

SpanLogs::SpanLogs(std::span<const model::LogRecord> logs) {
  std::vector<const model::LogRecord*> sorted;
  sorted.reserve(logs.size());
  std::unordered_set<std::string> ids;
  for (const model::LogRecord& log : logs) {
    if (!log.event_name.empty() && ids.insert(LogId(log)).second) {
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
