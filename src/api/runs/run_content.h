// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "analytics/trace_view.h"
#include "api/request/body_writer.h"
#include "api/runs/span_document.h"
#include "api/runs/span_logs.h"

namespace sightline::api {

// What a run or a step was given and what it made of that: JSON values, "null" where nothing is
// known.
//
// Thread: value.
struct Content {
  std::string input;
  std::string output;
};

// What the run was asked and what it answered: the data of its root, else the last text of the
// root's messages; of a run whose root is made from log records, the answer of the last call.
// Precondition: the view has a root.
Content ContentOfRun(const analytics::TraceView& view, const SpanLogs& logs, const Bodies& bodies,
                     BodyWriter::Length length);

// Whole. Of a model call {"messages": [...]}, which begins with the system prompt, with "tools"
// beside the messages of the input; of any other step its data, else such messages.
Content ContentOfStep(const analytics::TraceView& view, std::size_t index, const SpanLogs& logs,
                      const Bodies& bodies);

}  // namespace sightline::api
