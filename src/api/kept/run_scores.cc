// SPDX-License-Identifier: Apache-2.0
#include "api/kept/run_scores.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sightline::api {
namespace {

constexpr std::size_t kRunsAtOnce = 500;
constexpr std::size_t kMostScoresAtOnce = 20'000;
constexpr std::size_t kMostNames = 64;

// A score of one run while its judgements come in, the newest first.
struct Judgements {
  RunScore score;
  bool is_of_run = false;
  std::int64_t numbers = 0;  // Of steps, that are in the mean.

  void Add(const store::Score& given) {
    if (is_of_run) {
      return;
    }
    if (given.span_id.empty()) {
      is_of_run = true;
      numbers = 0;
      score = {};
    }
    score.is_boolean = given.kind == store::ScoreKind::kBoolean;
    if (given.kind != store::ScoreKind::kCategory) {
      ++numbers;
      const double before = score.number.value_or(0);
      score.number = before + (given.number - before) / static_cast<double>(numbers);
    }
    if (score.text.empty()) {
      const std::string_view outcome = given.number != 0 ? "true" : "false";
      score.text = given.text.empty() && score.is_boolean ? std::string(outcome) : given.text;
    }
  }
};

}  // namespace

base::Result<RunScores> ReadRunScores(const store::MetaStore* meta,
                                      std::span<const model::RunRecord> runs,
                                      const std::optional<std::string>& name) {
  RunScores scores;
  while (meta != nullptr && !runs.empty()) {
    const std::size_t count = std::min(runs.size(), kRunsAtOnce);
    store::ScoreQuery query{.name = name, .limit = kMostScoresAtOnce};
    for (const model::RunRecord& run : runs.first(count)) {
      query.trace_ids.push_back(run.trace_id.ToHex());
    }
    runs = runs.subspan(count);
    std::unordered_map<std::string, std::map<std::string, Judgements, std::less<>>> by_run;
    for (const store::Score& given : TRY(meta->Scores(query))) {
      auto& of_run = by_run[given.trace_id];
      if (of_run.size() < kMostNames || of_run.contains(given.name)) {
        of_run[given.name].Add(given);
      }
    }
    for (auto& [id, of_run] : by_run) {
      const auto trace_id = model::TraceId::FromHex(id);
      if (!trace_id) {
        continue;
      }
      for (auto& [score, judgements] : of_run) {
        scores[*trace_id].emplace(score, std::move(judgements.score));
      }
    }
  }
  return scores;
}

}  // namespace sightline::api
