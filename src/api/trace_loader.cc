// SPDX-License-Identifier: Apache-2.0
#include "api/trace_loader.h"

#include <cstdint>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "api/query_deadline.h"
#include "model/rope.h"

namespace sightline::api {

store::SpanStore::Deadline TraceLoader::Deadline() const {
  return DeadlineAfter(options_.query_timeout);
}

analytics::TraceView TraceLoader::ViewOf(const store::Rows& rows) const {
  return analytics::AssembleTrace(rows->spans, {.now_ns = clock_.NowNs(),
                                                .last_received_ns = rows->received_ns,
                                                .idle_limit_ns = options_.idle_limit.count()});
}

base::Result<store::Rows> TraceLoader::RowsOf(std::string_view id_text) const {
  if (const auto id = model::TraceId::FromHex(id_text)) {
    store::Rows rows = TRY(store_.FetchTrace(*id, Deadline()));
    if (!rows->spans.empty()) {
      return rows;
    }
  }
  const base::Result<model::TraceId> found = store_.FindRun(id_text, Deadline());
  if (found.has_value()) {
    store::Rows rows = TRY(store_.FetchTrace(*found, Deadline()));
    if (!rows->spans.empty()) {
      return rows;
    }
  } else if (found.error().code() != base::Code::kNotFound) {
    return found.error();
  }
  return base::Error(base::Code::kNotFound, fmt::format("trace {} is not known", id_text));
}

base::Result<LoadedTrace> TraceLoader::Load(std::string_view id_text) const {
  LoadedTrace loaded{.rows = TRY(RowsOf(id_text)), .view = {}, .logs = {}};
  const std::vector<std::uint64_t> repeats = SpanLogs::PossibleRepeats(loaded.rows->logs);
  const auto bodies = store_.LoadBodies(repeats, Deadline());
  if (!bodies.has_value()) {
    return bodies.error();
  }
  loaded.logs = SpanLogs(loaded.rows->logs, *bodies);
  loaded.view = ViewOf(loaded.rows);
  return loaded;
}

base::Result<Bodies> TraceLoader::LoadBodies(const LoadedTrace& loaded) const {
  std::unordered_set<std::uint64_t> id_set;
  const auto add = [&](std::uint64_t id) { id_set.insert(id); };
  for (const model::Span& span : loaded.rows->spans) {
    model::ForEachBodyId(span.content, add);
  }
  for (const model::LogRecord& log : loaded.rows->logs) {
    model::ForEachBodyId(log.content, add);
  }
  const std::vector<std::uint64_t> ids(id_set.begin(), id_set.end());
  return store_.LoadBodies(ids, Deadline());
}

}  // namespace sightline::api
