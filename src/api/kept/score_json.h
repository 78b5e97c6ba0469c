// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "api/kept/target.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "model/ids.h"
#include "model/run_record.h"
#include "store/meta_store.h"

namespace sightline::api {

// One score as a request describes it; without an id it gets a new one. `path` is where it stands
// in the request. kInvalidArgument: names the field.
base::Result<store::Score> ReadScore(const boost::json::value& value, const std::string& path,
                                     const base::Clock& clock, const FindTrace& find_trace);

void WriteScore(const store::Score& score, base::JsonWriter& json);

// An array.
void WriteScores(const std::vector<store::Score>& scores, base::JsonWriter& json);

// Scores of whole runs, without those of their steps, by run; not there when they cannot be read.
using ScoresByRun = std::optional<std::map<std::string, std::vector<store::Score>>>;

ScoresByRun ScoresOfRuns(const store::MetaStore* meta, const std::vector<model::RunRecord>& runs);

// Those of a run as the field `scores` of an object that is open; null when they cannot be read.
void WriteScoresOf(const ScoresByRun& scores, const model::TraceId& trace_id,
                   base::JsonWriter& json);

// At most 200 scores of a run and its steps, or of a session, as the field `scores` of an object
// that is open; null while they cannot be read, or when `meta` is.
void WriteScoresOf(const store::MetaStore* meta, const store::ScoreQuery& query,
                   base::JsonWriter& json);

}  // namespace sightline::api
