// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/run_row.h"

#include "model/name_set.h"

namespace sightline::store::embedded {
namespace {

template <typename Enum>
Enum Checked(Enum value, Enum last, Enum fallback) {
  return value > last ? fallback : value;
}

}  // namespace

RunRow RowOf(const model::RunRecord& run, RunSets& sets) {
  sets = {.agents = model::JoinSet(run.agents),
          .models = model::JoinSet(run.models),
          .services = model::JoinSet(run.services),
          .tags = model::JoinSet(run.tags),
          .prompt_versions = model::JoinSet(run.prompt_versions)};
  return {.trace_id = run.trace_id,
          .position = static_cast<std::int64_t>(run.position),
          .received_ns = run.received_ns,
          .start_ns = run.start_ns,
          .end_ns = run.end_ns,
          .status = run.status,
          .has_root = run.has_root,
          .is_demo = run.is_demo,
          .is_newer_version = run.is_newer_version,
          .run_id = run.run_id,
          .name = run.name,
          .workflow_id = run.workflow_id,
          .workflow_name = run.workflow_name,
          .agent = run.agent,
          .service = run.service,
          .session_id = run.session_id,
          .user_id = run.user_id,
          .error_type = run.error_type,
          .error_message = run.error_message,
          .agents = sets.agents,
          .models = sets.models,
          .services = sets.services,
          .span_count = run.span_count,
          .step_count = run.step_count,
          .error_count = run.error_count,
          .failed_steps = run.failed_steps,
          .open_steps = run.open_steps,
          .model_calls = run.model_calls,
          .tool_calls = run.tool_calls,
          .input_total = run.usage.input_total,
          .cache_read = run.usage.cache_read,
          .cache_write = run.usage.cache_write,
          .output_total = run.usage.output_total,
          .reasoning = run.usage.reasoning,
          .audio_in = run.usage.audio_in,
          .audio_out = run.usage.audio_out,
          .total_tokens = run.usage.total,
          .cost_picodollars = run.cost.picodollars,
          .cost_status = run.cost_status,
          .version = run.version,
          .environment = run.environment,
          .tags = sets.tags,
          .prompt_versions = sets.prompt_versions};
}

model::RunRecord RecordOf(const RunRow& row) {
  model::RunRecord run;
  run.trace_id = row.trace_id;
  run.position = static_cast<std::uint64_t>(row.position);
  run.received_ns = row.received_ns;
  run.start_ns = row.start_ns;
  run.end_ns = row.end_ns;
  run.status = Checked(row.status, model::RunStatus::kAbandoned, model::RunStatus::kAbandoned);
  run.has_root = row.has_root;
  run.is_demo = row.is_demo;
  run.is_newer_version = row.is_newer_version;
  run.run_id = row.run_id;
  run.name = row.name;
  run.workflow_id = row.workflow_id;
  run.workflow_name = row.workflow_name;
  run.agent = row.agent;
  run.service = row.service;
  run.session_id = row.session_id;
  run.user_id = row.user_id;
  run.error_type = row.error_type;
  run.error_message = row.error_message;
  run.agents = model::SplitSet(row.agents);
  run.models = model::SplitSet(row.models);
  run.services = model::SplitSet(row.services);
  run.version = row.version;
  run.environment = row.environment;
  run.tags = model::SplitSet(row.tags);
  run.prompt_versions = model::SplitSet(row.prompt_versions);
  run.span_count = row.span_count;
  run.step_count = row.step_count;
  run.error_count = row.error_count;
  run.failed_steps = row.failed_steps;
  run.open_steps = row.open_steps;
  run.model_calls = row.model_calls;
  run.tool_calls = row.tool_calls;
  run.usage = {.input_total = row.input_total,
               .cache_read = row.cache_read,
               .cache_write = row.cache_write,
               .output_total = row.output_total,
               .reasoning = row.reasoning,
               .audio_in = row.audio_in,
               .audio_out = row.audio_out,
               .total = row.total_tokens};
  run.cost.picodollars = row.cost_picodollars;
  run.cost_status =
      Checked(row.cost_status, model::CostStatus::kUnpriced, model::CostStatus::kNone);
  return run;
}

}  // namespace sightline::store::embedded
