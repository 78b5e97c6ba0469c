// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/request/object_reader.h"
#include "base/result.h"
#include "store/store.h"

namespace sightline::api {

// What something that people keep is of: a run, a step of a run, or a session.
//
// Thread: value.
struct Target {
  std::string trace_id;    // Hex; "" for a session.
  std::string span_id;     // Hex; "" for a whole run or a session.
  std::string session_id;  // "" for a run or a step.
};

// The id of the trace that `execution_id` names, in hex. kNotFound: none is known.
using FindTrace = std::function<base::Result<std::string>(std::string_view execution_id)>;

base::Result<std::string> TraceOfRun(std::string_view execution_id, store::SpanStore& store,
                                     store::SpanStore::Deadline deadline);

// So that the members of a target count as asked for: see ObjectReader::RefuseOthers.
void MentionTarget(ObjectReader& reader);

// The members trace_id, execution_id, span_id and session_id of an object. kInvalidArgument: names
// the field. Other errors are those of `find_trace`, which may ask the store: read it last.
base::Result<Target> ReadTarget(ObjectReader& reader, const FindTrace& find_trace);

}  // namespace sightline::api
