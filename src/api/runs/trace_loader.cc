// SPDX-License-Identifier: Apache-2.0
#include "api/runs/trace_loader.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "analytics/span_view.h"
#include "api/request/query_deadline.h"
#include "model/rope.h"

namespace sightline::api {

store::SpanStore::Deadline TraceLoader::Deadline() const {
  return DeadlineAfter(options_.query_timeout);
}

analytics::AssembleOptions TraceLoader::OptionsFor(const model::Batch& rows) const {
  return {.now_ns = clock_.NowNs(),
          .last_received_ns = rows.received_ns,
          .idle_limit_ns = options_.idle_limit.count()};
}

analytics::TraceView TraceLoader::ViewOf(const store::Rows& rows) const {
  return analytics::AssembleTrace(rows->spans, OptionsFor(*rows));
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
    return base::Error(base::Code::kNotFound,
                       fmt::format("run {} is known, but none of its spans", id_text));
  }
  if (found.error().code() != base::Code::kNotFound) {
    return found.error();
  }
  return base::Error(base::Code::kNotFound, fmt::format("trace {} is not known", id_text));
}

// Without a view.
base::Result<LoadedTrace> TraceLoader::LoadRows(std::string_view id_text) const {
  LoadedTrace loaded{.rows = TRY(RowsOf(id_text)), .view = {}, .logs = {}};
  const std::vector<std::uint64_t> repeats = SpanLogs::PossibleRepeats(loaded.rows->logs);
  const auto bodies = store_.LoadBodies(repeats, Deadline());
  if (!bodies.has_value()) {
    return bodies.error();
  }
  loaded.logs = SpanLogs(loaded.rows->logs, *bodies);
  return loaded;
}

base::Result<LoadedTrace> TraceLoader::Load(std::string_view id_text) const {
  LoadedTrace loaded = TRY(LoadRows(id_text));
  loaded.view = ViewOf(loaded.rows);
  return loaded;
}

base::Result<LoadedTrace> TraceLoader::LoadSpan(std::string_view id_text,
                                                std::string_view span_id_text) const {
  LoadedTrace loaded = TRY(LoadRows(id_text));
  if (const auto span_id = model::SpanId::FromHex(span_id_text)) {
    loaded.view = analytics::AssembleSpan(loaded.rows->spans, *span_id, OptionsFor(*loaded.rows));
  }
  if (loaded.view.spans.empty()) {
    return base::Error(base::Code::kNotFound,
                       fmt::format("span {} is not known in trace {}", span_id_text, id_text));
  }
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

base::Result<Bodies> TraceLoader::BodiesOfSpans(const LoadedTrace& loaded, std::size_t first,
                                                std::size_t end) const {
  std::unordered_set<std::uint64_t> ids;
  const auto add = [&](std::uint64_t id) { ids.insert(id); };
  for (std::size_t i = first; i < std::min(end, loaded.view.spans.size()); ++i) {
    model::ForEachBodyId(loaded.view.spans[i].content, add);
    for (const model::LogRecord* log : loaded.logs.Of(loaded.view, i)) {
      model::ForEachBodyId(log->content, add);
    }
  }
  if (ids.empty()) {
    return Bodies();
  }
  return store_.LoadBodies(std::vector<std::uint64_t>(ids.begin(), ids.end()), Deadline());
}

base::Result<Bodies> TraceLoader::BodiesOfRun(const LoadedTrace& loaded) const {
  constexpr std::size_t kLastSpans = 256;
  const analytics::TraceView& view = loaded.view;
  Bodies bodies = TRY(BodiesOfSpans(loaded, view.root, view.root + 1));
  bodies.merge(TRY(BodiesOfSpans(
      loaded, view.spans.size() - std::min(kLastSpans, view.spans.size()), view.spans.size())));
  return bodies;
}

}  // namespace sightline::api
