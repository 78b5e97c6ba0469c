// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/request/content_place.h"
#include "api/runs/span_document.h"
#include "api/runs/span_logs.h"
#include "base/result.h"
#include "model/span.h"

namespace sightline::api {

// The whole value at a place of a span: text as it is, anything else as its JSON text.
// Errors: kInvalidArgument, naming the parameter, for a field that no span has; kNotFound when this
// span has no such value.
// `logs` are the records that belong to the span.
base::Result<std::string> FindContent(const model::Span& span, const LogList& logs,
                                      const Bodies& bodies, const ContentPlace& place);

}  // namespace sightline::api
