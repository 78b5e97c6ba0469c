// SPDX-License-Identifier: Apache-2.0
#include "model/run_span.h"

#include <string_view>

#include <fmt/format.h>

#include "base/hash.h"

namespace sightline::model {
namespace {

std::uint64_t HashOf(std::string_view text) {
  return text.empty() ? 0 : base::HashBytes64(text);
}

}  // namespace

RunSpan RunSpanOf(const Span& span) {
  RunSpan run_span{.span_id = span.span_id,
                   .parent_span_id = span.parent_span_id,
                   .start_ns = span.start_ns,
                   .end_ns = span.end_ns,
                   .kind = span.kind,
                   .outcome = OutcomeOf(span),
                   .cost_status = span.cost_status,
                   .has_error = span.has_error,
                   .marks = span.marks,
                   .usage = span.usage,
                   .cost = span.cost,
                   .response_id = HashOf(span.response_id),
                   .tool_call_id = HashOf(span.tool_call_id),
                   .request_model = HashOf(span.request_model),
                   .model = HashOf(span.model()),
                   .arguments_hash = span.arguments_hash};
  if (!span.session_id.empty() && !span.run_id.empty()) {
    run_span.session_and_run = base::HashBytes64(span.session_id, HashOf(span.run_id));
  }
  return run_span;
}

RootRank RootRankOf(const Span& span) {
  if (span.has_mark(Mark::kPlaceholder)) {
    return kOrphan;
  }
  return span.is_root() ? kRealRoot : span.has_mark(Mark::kAppRoot) ? kAppRoot : kOrphan;
}

std::string WorkflowIdOf(const Span& root) {
  for (const std::string_view text : {root.workflow_name, root.workflow_id, root.agent_name}) {
    if (!text.empty()) {
      return std::string(text);
    }
  }
  return root.service.empty() ? std::string(root.name)
                              : fmt::format("{}/{}", root.service, root.name);
}

}  // namespace sightline::model
