// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/ids.h"
#include "model/money.h"
#include "model/run_status.h"
#include "model/usage.h"

namespace sightline::model {

// One run as lists, filters and aggregates need it: what live state derives from the spans of the
// run (model/run_rules.h), and what the store keeps of it once it has settled.
//
// A run settles when it is over and quiet. What comes later makes a newer version of the record:
// the one with the highest position counts, alone.
//
// Thread: value.
struct RunRecord {
  // Names of one kind that are kept; what is beyond is in the spans only.
  static constexpr std::size_t kMaxNames = 64;
  // Longer texts are cut at the end of a character.
  static constexpr std::size_t kMaxTextBytes = 1024;
  // The same of tags, which every sender may make up.
  static constexpr std::size_t kMaxTags = 32;
  static constexpr std::size_t kMaxTagBytes = 200;

  TraceId trace_id;
  std::uint64_t position = 0;    // Journal position of the last batch that is part of it.
  std::int64_t received_ns = 0;  // Wall time of the last sign of life.
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;  // Of the span that ended last so far.
  RunStatus status = RunStatus::kRunning;
  bool has_root = false;  // False: workflow and name are a guess.
  bool is_demo = false;
  bool is_newer_version = false;  // An older version was handed over before.

  std::string run_id;  // "" unless the sender gave one.
  std::string name;    // Of the root, as a person would call it.
  std::string workflow_id;
  std::string workflow_name;
  std::string agent;    // Of the root, else the first that is named.
  std::string service;  // Of the root.
  std::string session_id;
  std::string user_id;
  std::string error_type;           // Of the root.
  std::string error_message;        // Of the root.
  std::vector<std::string> agents;  // In order of first use, each once.
  std::vector<std::string> models;  // Asked and answered.
  std::vector<std::string> services;
  std::string version;                       // What was released; of the root, else the first.
  std::string environment;                   // Where it ran; likewise.
  std::vector<std::string> tags;             // Those of the root first, each once.
  std::vector<std::string> prompt_versions;  // Of its calls, in order of first use (run_labels.h).

  std::uint32_t span_count = 0;   // That have ended.
  std::uint32_t step_count = 0;   // That have ended.
  std::uint32_t error_count = 0;  // Spans with an error.
  std::uint32_t failed_steps = 0;
  std::uint32_t open_steps = 0;
  std::uint32_t model_calls = 0;  // Counted once each, see RunTotals.
  std::uint32_t tool_calls = 0;
  Usage usage;  // Sums of what is known.
  Money cost;   // Of the calls whose cost is known.
  CostStatus cost_status = CostStatus::kNone;

  // 0 while it is running.
  std::int64_t ended_ns() const { return status == RunStatus::kRunning ? 0 : end_ns; }

  // The name under which the API knows it.
  std::string execution_id() const { return run_id.empty() ? trace_id.ToHex() : run_id; }
};

}  // namespace sightline::model
