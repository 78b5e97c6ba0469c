// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/content_place.h"
#include "api/span_document.h"
#include "base/json_writer.h"
#include "base/loss.h"
#include "base/result.h"
#include "model/log_record.h"

namespace sightline::api {

// Names a record among those of its trace, in 16 hex digits; equal records have equal names. Log
// records have no id of their own, and their order changes when an earlier one arrives late.
std::string LogId(const model::LogRecord& log);

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
              base::JsonWriter& json);

// The whole value at a place of a log record; errors as FindContent of span_content.h.
base::Result<std::string> FindLogContent(const model::LogRecord& log, const Bodies& bodies,
                                         const ContentPlace& place);

}  // namespace sightline::api
