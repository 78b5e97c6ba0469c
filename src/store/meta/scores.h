// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/meta/database.h"
#include "store/meta_store.h"

namespace sightline::store::meta {

// Scores in SQLite: what MetaStore's methods of the same names do.

// Answers how many old ones that came with telemetry had to go, so that `most` are kept.
base::Result<std::int64_t> PutScores(Database& database, std::span<const Score> scores,
                                     std::int64_t most);
base::Result<std::vector<Score>> ReadScores(const Database& database, const ScoreQuery& query);
base::Result<bool> DeleteScore(Database& database, std::string_view id);

}  // namespace sightline::store::meta
