// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "model/log_record.h"
#include "model/message.h"
#include "model/span.h"

namespace sightline::golden {

// Writes model rows as text to be compared and reviewed: one line for each field that is not at its
// default, ids as short names in the order in which they first appear, times relative to an origin.
//
// Thread: confined.
class ModelText {
 public:
  // `origin_ns` is the time that is written as +0.
  explicit ModelText(std::int64_t origin_ns) : origin_ns_(origin_ns) {}

  void AddSpan(std::string_view title, const model::Span& span);

  // The figures of the run that the spans make up. Precondition: they are of one trace.
  void AddRun(std::span<const model::Span> spans);

  void AddConversation(const model::Conversation& conversation);
  void AddLog(const model::LogRecord& log);
  void AddLine(std::string_view line);

  const std::string& text() const { return text_; }

 private:
  void AddField(std::string_view name, std::string_view value);
  void AddCount(std::string_view name, std::int64_t count);
  void AddUsage(const model::Usage& usage, const model::UsageDetails& details);
  void AddMessage(std::string_view side, const model::Message& message);
  void AddPart(const model::MessagePart& part);
  std::string SpanName(const model::SpanId& id);
  std::string TraceName(const model::TraceId& id);
  std::string TimeText(std::int64_t time_ns) const;

  std::int64_t origin_ns_;
  std::map<model::SpanId, std::string> span_names_;
  std::map<model::TraceId, std::string> trace_names_;
  std::string text_;
};

}  // namespace sightline::golden
