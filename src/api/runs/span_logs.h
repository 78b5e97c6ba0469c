// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analytics/trace_view.h"
#include "api/runs/span_document.h"
#include "model/ids.h"
#include "model/log_record.h"
#include "model/span.h"

namespace sightline::api {

using LogList = std::vector<const model::LogRecord*>;

// Which log records of a trace hold content of which span: those that were written inside it, and
// those of coding agents that name its call. By time; a record that was sent twice is there once.
//
// Thread: value. Refers to the records.
class SpanLogs {
 public:
  SpanLogs() = default;

  // `bodies` are those of PossibleRepeats at least.
  SpanLogs(std::span<const model::LogRecord> logs, const Bodies& bodies);

  // The ids of bodies that tell whether records are the same that look alike: a body that is sent
  // again may have another id.
  static std::vector<std::uint64_t> PossibleRepeats(std::span<const model::LogRecord> logs);

  // Of a span of the trace. The root has prompts and answers that were written inside no span, too.
  LogList Of(const analytics::TraceView& view, std::size_t index) const;

 private:
  LogList Inside(const model::Span& span) const;

  std::unordered_map<model::SpanId, LogList, model::SpanIdHasher> by_span_;
  std::unordered_map<std::string, LogList> by_request_;
  LogList loose_;
};

}  // namespace sightline::api
