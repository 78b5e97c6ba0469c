// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  std::map<std::string, model::TraceId, std::less<>> runs;
  std::unordered_map<std::uint64_t, std::string> stored_bodies;
  std::optional<query::TraceQuery> last_query;

  void Commit(model::BatchPtr) override {}

  bool has_room() const override { return true; }

  store::BodyCatalog& bodies() override { return *this; }

  base::Result<store::Rows> FetchTrace(const model::TraceId& trace_id, Deadline) override {
    const auto found = traces.find(trace_id);
    return found == traces.end() ? std::make_shared<const model::Batch>() : found->second;
  }

  // All spans of the traces, in the order of the ids.
  base::Result<store::Rows> FetchSummaries(std::span<const model::TraceId> trace_ids,
                                           Deadline) override {
    auto rows = std::make_shared<model::Batch>();
    for (const model::TraceId& id : trace_ids) {
      const auto& spans = traces.at(id)->spans;
      rows->spans.insert(rows->spans.end(), spans.begin(), spans.end());
    }
    return store::Rows(std::move(rows));
  }

  // Every trace, whatever was asked for, up to the limit.
  base::Result<store::TracePage> ListTraces(const query::TraceQuery& query, Deadline) override {
    last_query = query;
    store::TracePage page{.items = {}, .total = traces.size(), .has_more = false};
    for (const auto& [id, rows] : traces) {
      if (page.items.size() == query.limit) {
        page.has_more = true;
        break;
      }
      page.items.push_back({.trace_id = id,
                            .start_ns = rows->spans.front().start_ns,
                            .received_ns = rows->received_ns});
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

  base::Result<std::vector<store::WorkflowTotals>> TotalsByWorkflow(std::int64_t, std::int64_t,
                                                                    Deadline) override {
    return std::vector<store::WorkflowTotals>();
  }

  base::Result<std::vector<store::AgentSeen>> AgentsSeen(Deadline) override {
    return std::vector<store::AgentSeen>();
  }

  base::Result<void> ScanTraces(std::int32_t, const std::function<void()>& on_open,
                                const std::function<bool(std::span<const model::Span>)>& visit,
                                Deadline) override {
    on_open();
    for (const auto& [id, rows] : traces) {
      if (!visit(rows->spans)) {
        break;
      }
    }
    return {};
  }

  bool MayKnow(const model::TraceId& trace_id, std::uint64_t) const override {
    return traces.contains(trace_id);
  }

  base::Result<std::unordered_map<std::uint64_t, std::string>> LoadBodies(
      std::span<const std::uint64_t> ids, Deadline) override {
    std::unordered_map<std::uint64_t, std::string> found;
    for (const std::uint64_t id : ids) {
      if (const auto body = stored_bodies.find(id); body != stored_bodies.end()) {
        found.insert(*body);
      }
    }
    return found;
  }

  std::uint64_t sealed_position() const override { return 0; }

  store::StoreStats stats() const override { return {}; }

 private:
  std::optional<std::uint64_t> Find(std::int32_t, const base::Hash128&) const override {
    return std::nullopt;
  }

  std::uint64_t NewId() override { return 0; }
};

}  // namespace sightline::api
