// SPDX-License-Identifier: Apache-2.0
#include "api/kept/target.h"

#include <cstddef>

#include <fmt/format.h>

#include "base/ascii.h"
#include "model/ids.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kMostIdBytes = 500;

}  // namespace

Result<std::string> TraceOfRun(std::string_view execution_id, store::SpanStore& store,
                               store::SpanStore::Deadline deadline) {
  const auto found = store.FindRun(execution_id, deadline);
  if (!found.has_value() && found.error().code() == Code::kNotFound) {
    return Error(Code::kNotFound, fmt::format("run '{}' is not known", execution_id));
  }
  return found.has_value() ? Result<std::string>(found->ToHex()) : found.error();
}

void MentionTarget(ObjectReader& reader) {
  for (const std::string_view name : {"trace_id", "execution_id", "span_id", "session_id"}) {
    reader.Find(name);
  }
}

Result<Target> ReadTarget(ObjectReader& reader, const FindTrace& find_trace) {
  Target target;
  const std::string trace = TRY(reader.Text("trace_id", kMostIdBytes));
  const std::string run = TRY(reader.Text("execution_id", kMostIdBytes));
  const std::string span = TRY(reader.Text("span_id", kMostIdBytes));
  target.session_id = TRY(reader.Text("session_id", kMostIdBytes));
  const int targets =
      (trace.empty() ? 0 : 1) + (run.empty() ? 0 : 1) + (target.session_id.empty() ? 0 : 1);
  if (targets != 1) {
    return BadField(reader.PathOf("trace_id"),
                    "one of trace_id, execution_id and session_id expected");
  }
  if (!trace.empty()) {
    const auto id = model::TraceId::FromHex(base::ToLower(trace));
    if (!id || id->is_zero()) {
      return BadField(reader.PathOf("trace_id"), "32 hex digits expected");
    }
    target.trace_id = id->ToHex();
  } else if (!run.empty()) {
    target.trace_id = TRY(find_trace(run));
  }
  if (span.empty()) {
    return target;
  }
  const auto id = model::SpanId::FromHex(base::ToLower(span));
  if (!id || id->is_zero() || !target.session_id.empty()) {
    return BadField(reader.PathOf("span_id"), "16 hex digits of a step of the run expected");
  }
  target.span_id = id->ToHex();
  return target;
}

}  // namespace sightline::api
