// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "model/ids.h"
#include "model/run_record.h"
#include "store/meta_store.h"

namespace sightline::api {

// How a run was judged under one name: the newest judgement of the run itself, else of its steps
// the mean of their numbers and the newest text.
//
// Thread: value.
struct RunScore {
  std::optional<double> number;  // 0 or 1 of a boolean.
  std::string text;              // A category, what an outcome is called, "true" or "false".
  bool is_boolean = false;
};

// By run and name. Runs that nobody has judged are absent.
using RunScores = std::unordered_map<model::TraceId, std::map<std::string, RunScore, std::less<>>,
                                     model::TraceIdHasher>;

// At most 64 names of a run; of every 500 runs the newest 20,000 scores. With `name` only that one.
// Without a store there are none.
base::Result<RunScores> ReadRunScores(const store::MetaStore* meta,
                                      std::span<const model::RunRecord> runs,
                                      const std::optional<std::string>& name = std::nullopt);

}  // namespace sightline::api
