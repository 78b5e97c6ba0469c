// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/batch.h"
#include "store/store.h"

namespace sightline::api {

// A store that answers with what the test put into it, and remembers the last list it was asked
// for.
//
// Thread: confined.
class FakeStore final : public store::SpanStore, private store::BodyCatalog {
 public:
  std::map<model::TraceId, store::Rows> traces;
  std::vector<model::RunRecord> listed;
  bool is_total_exact = true;
  std::map<std::string, model::TraceId, std::less<>> runs;
  std::unordered_map<std::uint64_t, std::string> stored_bodies;
  std::vector<std::vector<std::uint64_t>> asked_bodies;  // Of each call, sorted.
  std::optional<query::TraceQuery> last_query;
  model::FactTable steps;  // A page of them.
  bool has_more_steps = false;
  store::FactAnswer sums;  // Of every query.
  std::optional<base::Error> error_of_sums;

  void Commit(model::EncodedBatchPtr) override {}

  bool has_room() const override { return true; }

  store::BodyCatalog& bodies() override { return *this; }

  base::Result<store::Rows> FetchTrace(const model::TraceId& trace_id, Deadline) override {
    const auto found = traces.find(trace_id);
    return found == traces.end() ? std::make_shared<const model::Batch>() : found->second;
  }

  base::Result<store::Rows> FetchSpansBefore(const model::TraceId& trace_id, std::uint64_t,
                                             Deadline deadline) override {
    return FetchTrace(trace_id, deadline);
  }

  // Every run, whatever was asked for, up to the limit.
  base::Result<store::RunPage> ListRuns(const query::TraceQuery& query, Deadline) override {
    last_query = query;
    store::RunPage page{
        .runs = {}, .has_more = false, .total = listed.size(), .is_total_exact = is_total_exact};
    for (const model::RunRecord& run : listed) {
      if (page.runs.size() == query.limit) {
        page.has_more = true;
        break;
      }
      page.runs.push_back(run);
    }
    return page;
  }

  base::Result<model::TraceId> FindRun(std::string_view run_id, Deadline) override {
    const auto found = runs.find(run_id);
    if (found == runs.end()) {
      return base::Error(base::Code::kNotFound, "run is not known");
    }
    return found->second;
  }

  bool MayKnow(const model::TraceId& trace_id, std::uint64_t) const override {
    return traces.contains(trace_id);
  }

  base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline) override {
    asked_bodies.emplace_back(ids.begin(), ids.end());
    std::sort(asked_bodies.back().begin(), asked_bodies.back().end());
    std::unordered_map<std::uint64_t, std::string> found;
    for (const std::uint64_t id : ids) {
      if (const auto body = stored_bodies.find(id); body != stored_bodies.end()) {
        found.insert(*body);
      }
    }
    return found;
  }

  base::Result<std::vector<store::FactAnswer>> SumFacts(std::span<const query::FactQuery> queries,
                                                        Deadline) override {
    if (error_of_sums) {
      return *error_of_sums;
    }
    return std::vector<store::FactAnswer>(queries.size(), sums);
  }

  base::Result<store::StepPage> ListSteps(const query::StepQuery&, Deadline) override {
    store::StepPage page{.steps = model::FactTable(steps), .has_more = has_more_steps};
    return page;
  }

  base::Result<store::LogPage> ListLogs(const query::LogQuery&, Deadline) override {
    return store::LogPage{.rows = std::make_shared<const model::Batch>()};
  }

  base::Result<store::SeriesPage> ListSeries(const query::MetricQuery&, Deadline) override {
    return store::SeriesPage();
  }

  base::Result<store::SeriesPage> FetchPoints(const query::MetricQuery&, Deadline) override {
    return store::SeriesPage();
  }

  std::uint64_t sealed_position() const override { return 0; }

  store::StoreStats stats() const override { return {}; }

 private:
  base::Hash128 HashOf(std::string_view text) const override { return base::HashBytes128(text); }

  std::optional<Known> Find(std::int32_t, const base::Hash128&) const override {
    return std::nullopt;
  }

  std::uint64_t NewId() override { return 0; }
};

}  // namespace sightline::api
