// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sightline::analytics::blame {

// One message of a run with several agents: what an agent said, did or was told. Everything but the
// text may be empty.
//
// Thread: value.
struct RecordedStep {
  std::string agent;      // Who speaks.
  std::string text;       // UTF-8; invalid bytes do no harm.
  std::string to;         // Whom a coordinator addresses.
  std::string note;       // What kind of aside it is ("thought"); empty for what others can read.
  std::string tool;       // The tool that is called, or whose result this is.
  std::string arguments;  // Of a call, as JSON text; empty for a result.
  bool is_error = false;  // The step is recorded as failed.
};

// A run that failed, in the order in which it was recorded.
//
// Thread: value.
struct RecordedRun {
  std::string task;  // What was asked for; may be empty.
  std::vector<RecordedStep> steps;
};

}  // namespace sightline::analytics::blame
