// SPDX-License-Identifier: Apache-2.0
#include "api/kept/builtin_dashboards.h"

#include <algorithm>

namespace sightline::api {
namespace {

using store::SavedDocument;

constexpr std::string_view kAgents = R"json({
  "description": "What agents did, how it came out and what it cost.",
  "document": {
    "variables": [
      {"name": "workflow", "label": "Workflow", "field": "workflow_id", "value": ""},
      {"name": "agent", "label": "Agent", "field": "agent", "value": ""}
    ],
    "panels": [
      {"id": "runs", "title": "Runs", "kind": "figure", "text": "",
       "query": {"source": "runs", "measure": "count", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 0, "y": 0, "w": 3, "h": 2}},
      {"id": "failure-rate", "title": "Failure rate", "kind": "figure", "text": "",
       "query": {"source": "runs", "measure": "failure_rate", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 3, "y": 0, "w": 3, "h": 2}},
      {"id": "p95", "title": "Duration, p95", "kind": "figure", "text": "",
       "query": {"source": "runs", "measure": "p95_duration", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 6, "y": 0, "w": 3, "h": 2}},
      {"id": "cost", "title": "Cost", "kind": "figure", "text": "",
       "query": {"source": "runs", "measure": "cost,unpriced_calls", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 9, "y": 0, "w": 3, "h": 2}},
      {"id": "runs-over-time", "title": "Runs by outcome", "kind": "trend", "text": "",
       "query": {"source": "runs", "measure": "count", "by": "status", "sort": "", "bucket": null, "limit": null,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 0, "y": 2, "w": 6, "h": 4}},
      {"id": "cost-over-time", "title": "Cost by agent", "kind": "trend", "text": "",
       "query": {"source": "steps", "measure": "cost", "by": "agent", "sort": "-cost", "bucket": null, "limit": 10,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 6, "y": 2, "w": 6, "h": 4}},
      {"id": "agents", "title": "Agents", "kind": "table", "text": "",
       "query": {"source": "runs", "measure": "count,failure_rate,p50_duration,p95_duration,tokens,cost", "by": "agent",
                 "sort": "-count", "bucket": null, "limit": 50,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent"}},
       "position": {"x": 0, "y": 6, "w": 8, "h": 6}},
      {"id": "errors", "title": "Errors", "kind": "top", "text": "",
       "query": {"source": "runs", "measure": "failed", "by": "error_type", "sort": "-failed", "bucket": null, "limit": 10,
                 "filters": {"workflow_id": "$workflow", "agent": "$agent", "status": "failed"}},
       "position": {"x": 8, "y": 6, "w": 4, "h": 6}}
    ]
  }
})json";

constexpr std::string_view kModels = R"json({
  "description": "Calls of models: how many, how fast, how dear.",
  "document": {
    "variables": [
      {"name": "model", "label": "Model", "field": "model", "value": ""},
      {"name": "workflow", "label": "Workflow", "field": "workflow_id", "value": ""}
    ],
    "panels": [
      {"id": "calls", "title": "Calls", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "calls", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 0, "y": 0, "w": 3, "h": 2}},
      {"id": "tokens", "title": "Tokens", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "tokens", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 3, "y": 0, "w": 3, "h": 2}},
      {"id": "cost", "title": "Cost", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "cost,unpriced_calls", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 6, "y": 0, "w": 3, "h": 2}},
      {"id": "failure-rate", "title": "Failed calls", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "failure_rate", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 9, "y": 0, "w": 3, "h": 2}},
      {"id": "cost-over-time", "title": "Cost by model", "kind": "trend", "text": "",
       "query": {"source": "steps", "measure": "cost", "by": "model", "sort": "-cost", "bucket": null, "limit": 10,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 0, "y": 2, "w": 6, "h": 4}},
      {"id": "latency-over-time", "title": "Duration of calls, p95", "kind": "trend", "text": "",
       "query": {"source": "steps", "measure": "p95_duration", "by": "model", "sort": "-p95_duration", "bucket": null,
                 "limit": 10, "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 6, "y": 2, "w": 6, "h": 4}},
      {"id": "models", "title": "Models", "kind": "table", "text": "",
       "query": {"source": "steps",
                 "measure": "calls,failure_rate,p50_duration,p95_duration,input_tokens,cache_read_tokens,output_tokens,cost,unpriced_calls",
                 "by": "model", "sort": "-calls", "bucket": null, "limit": 50,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 0, "y": 6, "w": 12, "h": 6}},
      {"id": "cost-by-workflow", "title": "Cost by workflow", "kind": "bars", "text": "",
       "query": {"source": "steps", "measure": "cost", "by": "workflow_id", "sort": "-cost", "bucket": null, "limit": 15,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow"}},
       "position": {"x": 0, "y": 12, "w": 6, "h": 5}},
      {"id": "errors", "title": "Errors of calls", "kind": "top", "text": "",
       "query": {"source": "steps", "measure": "failed", "by": "error_type", "sort": "-failed", "bucket": null, "limit": 10,
                 "filters": {"kind": "llm", "model": "$model", "workflow_id": "$workflow", "status": "failed"}},
       "position": {"x": 6, "y": 12, "w": 6, "h": 5}}
    ]
  }
})json";

constexpr std::string_view kTools = R"json({
  "description": "Calls of tools: which, how often, how they failed.",
  "document": {
    "variables": [
      {"name": "workflow", "label": "Workflow", "field": "workflow_id", "value": ""},
      {"name": "tool", "label": "Tool", "field": "step_name", "value": ""}
    ],
    "panels": [
      {"id": "calls", "title": "Calls", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "count", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 0, "y": 0, "w": 4, "h": 2}},
      {"id": "failure-rate", "title": "Failure rate", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "failure_rate", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 4, "y": 0, "w": 4, "h": 2}},
      {"id": "p95", "title": "Duration, p95", "kind": "figure", "text": "",
       "query": {"source": "steps", "measure": "p95_duration", "by": "", "sort": "", "bucket": null, "limit": null,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 8, "y": 0, "w": 4, "h": 2}},
      {"id": "calls-over-time", "title": "Calls by tool", "kind": "trend", "text": "",
       "query": {"source": "steps", "measure": "count", "by": "step_name", "sort": "-count", "bucket": null, "limit": 10,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 0, "y": 2, "w": 6, "h": 4}},
      {"id": "failures-over-time", "title": "Failures by tool", "kind": "trend", "text": "",
       "query": {"source": "steps", "measure": "failed", "by": "step_name", "sort": "-failed", "bucket": null, "limit": 10,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 6, "y": 2, "w": 6, "h": 4}},
      {"id": "tools", "title": "Tools", "kind": "table", "text": "",
       "query": {"source": "steps", "measure": "count,failed,failure_rate,p50_duration,p95_duration,duration",
                 "by": "step_name", "sort": "-count", "bucket": null, "limit": 100,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 0, "y": 6, "w": 12, "h": 6}},
      {"id": "who-calls-what", "title": "Failure rate by agent and tool", "kind": "heatmap", "text": "",
       "query": {"source": "steps", "measure": "failure_rate,count", "by": "agent,step_name", "sort": "-count",
                 "bucket": null, "limit": 100,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool"}},
       "position": {"x": 0, "y": 12, "w": 6, "h": 6}},
      {"id": "errors", "title": "Errors of tools", "kind": "top", "text": "",
       "query": {"source": "steps", "measure": "failed", "by": "error_type", "sort": "-failed", "bucket": null, "limit": 10,
                 "filters": {"kind": "tool", "workflow_id": "$workflow", "step_name": "$tool", "status": "failed"}},
       "position": {"x": 6, "y": 12, "w": 6, "h": 6}}
    ]
  }
})json";

SavedDocument Builtin(std::string_view id, std::string_view name, std::string_view document) {
  return {.id = std::string(id),
          .name = std::string(name),
          .document = std::string(document),
          .version = 1};
}

}  // namespace

const std::vector<SavedDocument>& BuiltinDashboards() {
  static const std::vector<SavedDocument> kDashboards = {Builtin("agents", "Agents", kAgents),
                                                         Builtin("models", "Models", kModels),
                                                         Builtin("tools", "Tools", kTools)};
  return kDashboards;
}

bool IsBuiltinDashboard(std::string_view id) {
  return std::ranges::any_of(BuiltinDashboards(),
                             [&](const SavedDocument& dashboard) { return dashboard.id == id; });
}

}  // namespace sightline::api
