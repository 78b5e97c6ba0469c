// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/loss.h"
#include "model/ids.h"
#include "model/span.h"
#include "store/meta_store.h"

namespace sightline::ingest {

// A stored row with the evaluations that came with it, taken out of its batch.
//
// Thread: value.
struct EvaluatedRow {
  model::TraceId trace_id;
  model::SpanId span_id;
  std::string session_id;
  std::string evaluations;  // As model/evaluation.h stores them.

  std::size_t bytes() const { return sizeof *this + session_id.size() + evaluations.size(); }
};

// The scores that the row's evaluations become. What is sent again gets the same ids and so becomes
// the same scores. One whose target the row does not name is counted as score_without_target.
std::vector<store::Score> ScoresOf(const EvaluatedRow& row, base::LossTable& losses);

}  // namespace sightline::ingest
