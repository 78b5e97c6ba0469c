// SPDX-License-Identifier: Apache-2.0
#include "api/sums/score_groups.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "api/kept/score_filter.h"
#include "api/request/parameters.h"
#include "model/fact_table.h"
#include "model/name_set.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactKey;

constexpr std::size_t kMostScores = 20'000;
constexpr std::size_t kMostValues = 10;  // Of numbers that are told one by one.

std::int64_t Known(std::int64_t count) {
  return std::max<std::int64_t>(0, count);
}

model::FactTable FactOf(const model::RunRecord& run) {
  model::FactTable table;
  model::Fact fact{.trace_id = run.trace_id,
                   .start_ns = run.start_ns,
                   .duration_ns = model::DurationNs(run.start_ns, run.end_ns),
                   .input_tokens = Known(run.usage.input_total),
                   .cache_read_tokens = Known(run.usage.cache_read),
                   .cache_write_tokens = Known(run.usage.cache_write),
                   .output_tokens = Known(run.usage.output_total),
                   .reasoning_tokens = Known(run.usage.reasoning),
                   .cost_picodollars = run.cost.picodollars,
                   .workflow = table.NumberOf(run.workflow_id),
                   .agent = table.NumberOf(run.agent),
                   .name = table.NumberOf(run.name),
                   .service = table.NumberOf(run.service),
                   .error_type = table.NumberOf(run.error_type),
                   .session = table.NumberOf(run.session_id),
                   .user = table.NumberOf(run.user_id),
                   .version = table.NumberOf(run.version),
                   .environment = table.NumberOf(run.environment),
                   .tags = table.NumberOf(model::JoinSet(run.tags)),
                   .prompts = table.NumberOf(model::JoinSet(run.prompt_versions)),
                   .model_calls = run.model_calls,
                   .kind = model::Fact::kRun,
                   .status = static_cast<std::uint8_t>(run.status),
                   .has_failed = run.status == model::RunStatus::kFailed};
  // That some are without a price is known, and makes the cost of a group partial; how many is not.
  if (run.cost_status == model::CostStatus::kUnpriced) {
    fact.unpriced_calls = run.model_calls;
  } else if (run.cost_status == model::CostStatus::kPartial) {
    fact.unpriced_calls = 1;
  }
  table.facts.push_back(fact);
  return table;
}

// 1, 2 or 5 times a power of ten: so wide that ten of them hold `range`.
double NiceWidth(double range) {
  const double least = range / kMostValues;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) {
      return factor * power;
    }
  }
  return 10 * power;
}

// What a number is told as.
using Naming = std::function<std::string(double)>;

Naming NamingOf(const std::set<double>& numbers) {
  if (numbers.size() <= kMostValues) {
    return [](double number) { return fmt::format("{}", number); };
  }
  const double width = NiceWidth(*numbers.rbegin() - *numbers.begin());
  return [width](double number) {
    constexpr double kRounding = 1e-9;  // 0.3 / 0.1 is a little less than 3.
    const double place = std::floor(number / width + kRounding);
    return fmt::format("{:.6g} to {:.6g}", place * width, (place + 1) * width);
  };
}

// Calls `add(keys)` for each combination of the values of a run, after those that are in `keys`.
template <typename Add>
void ForEachCombination(const query::FactQuery& query, const model::FactTable& table,
                        std::size_t next, std::vector<std::string>& keys, const Add& add) {
  if (next == query.by.size()) {
    add(keys);
    return;
  }
  const FactKey key = query.by[next];
  const std::string_view text = query::KeyOf(table, table.facts.front(), key);
  std::vector<std::string> values{std::string(text)};
  if (query::IsSet(key) && !text.empty()) {
    values = model::SplitSet(text);
  }
  for (std::string& value : values) {
    keys.push_back(std::move(value));
    ForEachCombination(query, table, next + 1, keys, add);
    keys.pop_back();
  }
}

// A mean while numbers come in.
struct Mean {
  double value = 0;
  std::int64_t count = 0;

  void Add(double number) {
    ++count;
    value += (number - value) / static_cast<double>(count);
  }
};

const RunScore* Find(const RunScores& scores, const model::TraceId& run, const std::string& name) {
  const auto of_run = scores.find(run);
  if (of_run == scores.end()) {
    return nullptr;
  }
  const auto score = of_run->second.find(name);
  return score == of_run->second.end() ? nullptr : &score->second;
}

}  // namespace

ScoreGroups GroupByScore(const query::FactQuery& query, std::span<const model::RunRecord> runs,
                         const RunScores& scores, const std::string& name) {
  std::set<double> numbers;
  for (const model::RunRecord& run : runs) {
    const RunScore* const score = Find(scores, run.trace_id, name);
    if (score != nullptr && score->text.empty() && score->number) {
      numbers.insert(*score->number);
    }
  }
  const Naming name_of = NamingOf(numbers);
  std::map<std::pair<std::vector<std::string>, std::int64_t>, FactGroup> groups;
  std::map<std::vector<std::string>, Mean> means;
  for (const model::RunRecord& run : runs) {
    const RunScore* const score = Find(scores, run.trace_id, name);
    const model::FactTable table = FactOf(run);
    const model::Fact& fact = table.facts.front();
    if (score == nullptr || (score->text.empty() && !score->number) ||
        !query::Matches(query, table, fact)) {
      continue;
    }
    std::vector<std::string> keys{score->text.empty() ? name_of(score->number.value_or(0))
                                                      : score->text};
    ForEachCombination(query, table, 0, keys, [&](const std::vector<std::string>& all) {
      const std::int64_t time_ns = query::TimeOf(query, fact.start_ns);
      FactGroup& group = groups[{all, time_ns}];
      group.keys = all;
      group.time_ns = time_ns;
      group.sums.Add(fact);
      group.AddTimes(fact.start_ns, fact.start_ns);
      group.latency.AddBucket(model::Sketch::BucketOf(fact.duration_ns), 1);
      if (score->number) {
        means[all].Add(*score->number);
      }
    });
  }
  ScoreGroups answer;
  for (auto& [place, group] : groups) {
    answer.groups.push_back(std::move(group));
  }
  for (const auto& [keys, mean] : means) {
    answer.means.emplace(keys, mean.value);
  }
  return answer;
}

base::Result<ScoreGroups> SumByScore(const query::FactQuery& query, const std::string& name,
                                     store::SpanStore& store, const store::MetaStore* meta,
                                     store::SpanStore::Deadline deadline) {
  if (meta == nullptr) {
    return ScoreGroups();
  }
  const std::vector<store::Score> given =
      TRY(meta->Scores({.name = name, .limit = kMostScores + 1}));
  if (given.size() > kMostScores) {
    return BadParameter("by", fmt::format("a score that was given at most {} times", kMostScores));
  }
  TraceIds judged;
  for (const store::Score& score : given) {
    if (const auto id = model::TraceId::FromHex(score.trace_id)) {
      judged.insert(*id);
    }
  }
  query::TraceQuery listed;
  listed.start_time_ns = query.start_time_ns;
  listed.end_time_ns = query.end_time_ns;
  listed.limit = kMostScores;
  const store::RunPage page = TRY(ListRunsAmong(judged, std::move(listed), store, deadline));
  return GroupByScore(query, page.runs, TRY(ReadRunScores(meta, page.runs, name)), name);
}

}  // namespace sightline::api
