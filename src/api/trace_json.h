// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "analytics/trace_view.h"
#include "api/span_document.h"
#include "base/json_writer.h"
#include "base/loss.h"
#include "model/log_record.h"

namespace sightline::api {

// The JSON of traces and spans, as api/openapi.yaml describes it.

// The fields of a trace that lists and details share, inside an object that is open. `agent_names`
// and so on come from the view's summary.
void WriteTraceFields(const analytics::TraceView& view, base::JsonWriter& json);

// The steps of a trace as a list shows them: no bodies, at most kMaxListSteps of them.
inline constexpr std::size_t kMaxListSteps = 200;
void WriteSteps(const analytics::TraceView& view, base::JsonWriter& json);

// Writes bodies short: above `inline_bytes` a value becomes {preview, content_url, size}. The
// allowance shrinks once a response is large, so that a trace of thousands of long turns stays
// readable.
class BodyWriter {
 public:
  BodyWriter(std::string_view trace_id, base::JsonWriter& json)
      : trace_id_(trace_id), json_(json) {}

  // `place` is the query of the content URL: "field=input_data".
  void Write(const std::string& span_id, std::string_view text, bool is_json,
             std::string_view place);

 private:
  std::size_t InlineBytes() const;

  std::string trace_id_;
  base::JsonWriter& json_;
};

// One whole span of a trace, with messages rebuilt.
void WriteSpan(const analytics::TraceView& view, std::size_t index, const Bodies& bodies,
               BodyWriter& body_writer, base::LossTable& losses, base::JsonWriter& json);

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::JsonWriter& json);

// What a content URL of WriteSpan points at; empty when there is no such value.
std::optional<std::string> FindContent(const model::Span& span, const Bodies& bodies,
                                       std::string_view field, std::string_view key);

}  // namespace sightline::api
