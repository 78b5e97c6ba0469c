// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/score_columns.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace sightline::api {
namespace {

using analytics::RunColumn;

constexpr std::size_t kMostNames = 64;

// Null when the run was not judged under that name.
const RunScore* Find(const RunScores& scores, const model::TraceId& run, const std::string& name) {
  const auto of_run = scores.find(run);
  if (of_run == scores.end()) {
    return nullptr;
  }
  const auto score = of_run->second.find(name);
  return score == of_run->second.end() ? nullptr : &score->second;
}

RunColumn Texts(std::span<const model::RunRecord> runs, const RunScores& scores,
                const std::string& name) {
  RunColumn column{.name = "score." + name, .texts = {}, .codes = {}, .numbers = {}};
  std::unordered_map<std::string_view, std::uint32_t> codes;
  for (const model::RunRecord& run : runs) {
    const RunScore* const score = Find(scores, run.trace_id, name);
    if (score == nullptr || score->text.empty()) {
      column.codes.push_back(RunColumn::kNoText);
      continue;
    }
    const auto next = static_cast<std::uint32_t>(codes.size());
    const auto [code, is_new] = codes.emplace(score->text, next);
    if (is_new) {
      column.texts.push_back(score->text);
    }
    column.codes.push_back(code->second);
  }
  return column;
}

RunColumn Numbers(std::span<const model::RunRecord> runs, const RunScores& scores,
                  const std::string& name) {
  RunColumn column{.name = "score." + name, .texts = {}, .codes = {}, .numbers = {}};
  for (const model::RunRecord& run : runs) {
    const RunScore* const score = Find(scores, run.trace_id, name);
    // What a boolean says is in its text.
    column.numbers.push_back(
        score == nullptr || score->is_boolean
            ? std::numeric_limits<double>::quiet_NaN()
            : score->number.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return column;
}

}  // namespace

void AddScoreColumns(std::span<const model::RunRecord> runs, const RunScores& scores,
                     const std::function<bool(std::string_view)>& is_wanted,
                     std::vector<RunColumn>& columns) {
  std::set<std::string> names;
  for (const auto& [run, of_run] : scores) {
    for (const auto& [name, score] : of_run) {
      names.insert(name);
    }
  }
  std::size_t taken = 0;
  for (const std::string& name : names) {
    if (taken == kMostNames) {
      return;
    }
    if (!is_wanted("score." + name)) {
      continue;
    }
    ++taken;
    RunColumn texts = Texts(runs, scores, name);
    if (!texts.texts.empty()) {
      columns.push_back(std::move(texts));
    }
    RunColumn numbers = Numbers(runs, scores, name);
    const bool has_any = std::any_of(numbers.numbers.begin(), numbers.numbers.end(),
                                     [](double number) { return number == number; });
    if (has_any) {
      columns.push_back(std::move(numbers));
    }
  }
}

}  // namespace sightline::api
