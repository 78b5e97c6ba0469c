// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/request/content_place.h"
#include "api/runs/span_document.h"
#include "base/json_writer.h"
#include "base/loss.h"
#include "base/result.h"
#include "model/log_record.h"

namespace sightline::api {

// model::LogKey in 16 hex digits.
std::string LogId(const model::LogRecord& log);

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
              base::JsonWriter& json);

// The same with what a trace says of its records: trace, service, scope and session.
void WriteListedLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
                    base::JsonWriter& json);

// As WriteLog, with the level as `log_level`, the name that enhanced monitoring has for it.
void WriteRunLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
                 base::JsonWriter& json);

// The least OTel severity number of a level, such as "warning"; empty for what is none.
std::optional<std::uint8_t> LeastSeverityOf(std::string_view level);

// The whole value at a place of a log record; errors as FindContent of span_content.h.
base::Result<std::string> FindLogContent(const model::LogRecord& log, const Bodies& bodies,
                                         const ContentPlace& place);

}  // namespace sightline::api
