// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/span_document.h"
#include "base/json_writer.h"
#include "model/log_record.h"

namespace sightline::api {

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::JsonWriter& json);

}  // namespace sightline::api
