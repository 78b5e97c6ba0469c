// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "live/signs.h"
#include "model/ids.h"
#include "model/kinds.h"
#include "model/run_record.h"
#include "model/run_status.h"

namespace sightline::live {

// What is known of a run at a moment, as lists and counters need it.
//
// Thread: value.
struct RunSummary {
  model::TraceId trace_id;
  std::string execution_id;  // The run id, else the trace id in hex.
  std::string workflow_id;
  std::string workflow_name;
  std::string agent;
  model::RunStatus status = model::RunStatus::kRunning;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // 0 while running.
  std::string error_message;
  std::uint64_t step_count = 0;  // Steps that have ended.
  std::uint64_t failed_steps = 0;
  std::uint64_t open_steps = 0;  // Steps known to have started and not to have ended.
  std::int64_t last_received_ns = 0;
  bool is_demo = false;
  // False while only spans below the root have come: the workflow is a guess until it does.
  bool has_root = false;
};

RunSummary SummaryOf(const model::RunRecord& record);

// One step of a run.
//
// Thread: value.
struct StepSnapshot {
  model::SpanId span_id;
  model::SpanId parent_span_id;
  std::string name;
  std::string agent;
  model::SpanKind kind = model::SpanKind::kOther;
  model::RunStatus status = model::RunStatus::kRunning;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // 0 until it has ended.
  std::string error_message;
};

// A run with its steps, by start time. At most kMaxSteps of them, the newest; `skipped_steps` says
// how many are left out.
//
// Thread: any (immutable).
struct RunSnapshot {
  static constexpr std::size_t kMaxSteps = 1000;

  RunSummary summary;
  std::vector<StepSnapshot> steps;
  std::uint64_t skipped_steps = 0;
  std::vector<Sign> signs;  // What holds, oldest first.
};

using RunSnapshotPtr = std::shared_ptr<const RunSnapshot>;

}  // namespace sightline::live
