// SPDX-License-Identifier: Apache-2.0
#include "api/runs/run_sample.h"

#include <optional>

namespace sightline::api {

void SampleSize::Write(base::JsonWriter& json) const {
  json.Key("sample").BeginObject();
  json.Key("runs").Uint(runs);
  json.Key("spans").Uint(spans);
  json.Key("matching_runs_at_least").Uint(known);
  json.Key("has_more").Bool(has_more);
  json.Key("going_on").Uint(going_on);
  json.EndObject();
}

base::Result<SampleSize> VisitSample(store::SpanStore& store, const TraceLoader& loader,
                                     const query::TraceQuery& query, std::size_t most_runs,
                                     const VisitRun& visit) {
  query::TraceQuery newest = query;
  newest.limit = most_runs;
  newest.cursor.reset();
  // One time limit for all of them.
  const store::SpanStore::Deadline deadline = loader.Deadline();
  const store::RunPage page = TRY(store.ListRuns(newest, deadline));
  SampleSize size{.known = static_cast<std::size_t>(page.total), .has_more = page.has_more};
  for (const model::RunRecord& record : page.runs) {
    if (size.spans >= kMostSampleSpans) {
      size.has_more = true;
      break;
    }
    const store::Rows rows = TRY(store.FetchTrace(record.trace_id, deadline));
    if (rows->spans.empty()) {
      continue;  // Its day has been deleted since it was listed.
    }
    ++size.runs;
    size.spans += rows->spans.size();
    const analytics::TraceView view = loader.ViewOf(rows);
    const std::optional<analytics::ProfiledRun> run = analytics::ProfileRun(view);
    if (!run) {
      ++size.going_on;
      continue;
    }
    TRY(visit(rows, view, *run));
  }
  return size;
}

}  // namespace sightline::api
