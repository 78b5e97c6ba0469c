// SPDX-License-Identifier: Apache-2.0
#include "ingest/telemetry_scores.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "model/evaluation.h"

namespace sightline::ingest {
namespace {

using model::Evaluation;
using model::EvaluationTarget;
using store::Score;

// False: the row does not name the target.
bool SetTarget(const EvaluatedRow& row, EvaluationTarget target, Score& score) {
  if (target == EvaluationTarget::kSession) {
    score.session_id = row.session_id;
    return !row.session_id.empty();
  }
  if (row.trace_id.is_zero()) {
    return false;
  }
  score.trace_id = row.trace_id.ToHex();
  if (target == EvaluationTarget::kStep && !row.span_id.is_zero()) {
    score.span_id = row.span_id.ToHex();
  }
  return true;
}

std::string IdOf(const Score& score, std::string_view identity) {
  const base::Hash128 hash = base::HashBytes128(fmt::format(
      "{}\n{}\n{}\n{}\n{}", score.trace_id, score.span_id, score.session_id, score.name, identity));
  return fmt::format("{}{:016x}{:016x}", store::kTelemetryScoreId, hash.high, hash.low);
}

std::optional<Score> ScoreOf(const EvaluatedRow& row, Evaluation evaluation) {
  Score score;
  if (!SetTarget(row, evaluation.target, score)) {
    return std::nullopt;
  }
  score.name = std::move(evaluation.name);
  score.kind = evaluation.number ? store::ScoreKind::kNumber : store::ScoreKind::kCategory;
  score.number = evaluation.number.value_or(0);
  score.text = std::move(evaluation.label);
  score.comment = std::move(evaluation.comment);
  score.source = std::move(evaluation.source);
  score.author = std::move(evaluation.author);
  score.time_ns = evaluation.time_ns;
  score.id = IdOf(score, evaluation.identity);
  return score;
}

}  // namespace

std::vector<Score> ScoresOf(const EvaluatedRow& row, base::LossTable& losses) {
  std::vector<Score> scores;
  for (Evaluation& evaluation : model::ParseEvaluations(row.evaluations)) {
    if (std::optional<Score> score = ScoreOf(row, std::move(evaluation))) {
      scores.push_back(std::move(*score));
    } else {
      losses.Count(base::Loss::kScoreWithoutTarget);
    }
  }
  return scores;
}

}  // namespace sightline::ingest
