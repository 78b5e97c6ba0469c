// SPDX-License-Identifier: Apache-2.0
#include "model/run_span.h"

#include <array>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/hash.h"
#include "model/model_names.h"

namespace sightline::model {
namespace {

std::uint64_t HashOf(std::string_view text) {
  return text.empty() ? 0 : base::HashBytes64(text);
}

// The same few models come again and again.
std::uint64_t HashOfModel(std::string_view name) {
  struct Entry {
    std::string name;
    std::uint64_t hash = 0;
  };

  thread_local std::array<Entry, 64> cache;
  if (name.empty()) {
    return 0;
  }
  Entry& entry = cache[base::HashBytes64(name) % cache.size()];
  if (entry.name != name) {
    entry.hash = HashOf(ModelIdentity(name));
    entry.name = name;
  }
  return entry.hash;
}

// Prices of tools are found in any letter case, so a tool is the same one in any.
std::uint64_t HashOfTool(std::string_view name) {
  return HashOf(base::ToLower(base::Trim(name)));
}

}  // namespace

RunSpan RunSpanOf(const Span& span) {
  RunSpan run_span{.span_id = span.span_id,
                   .parent_span_id = span.parent_span_id,
                   .start_ns = span.start_ns,
                   .end_ns = span.end_ns,
                   .time_to_first_token_ns = span.time_to_first_token_ns,
                   .kind = span.kind,
                   .outcome = OutcomeOf(span),
                   .cost_status = span.cost_status,
                   .has_error = span.has_error,
                   .marks = span.marks,
                   .usage = span.usage,
                   .cost = span.cost,
                   .response_id = HashOf(span.response_id),
                   .tool_call_id = HashOf(span.tool_call_id),
                   .request_model = HashOfModel(span.request_model),
                   .model = HashOfModel(span.model()),
                   .tool = HashOfTool(span.tool_name),
                   .arguments_hash = span.arguments_hash,
                   .service = base::HashBytes64(span.service, HashOf(span.service_instance))};
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
  std::string id;
  if (!root.service.empty()) {
    id.reserve(root.service.size() + 1 + root.name.size());
    id += root.service;
    id += '/';
  }
  id += root.name;
  return id;
}

}  // namespace sightline::model
