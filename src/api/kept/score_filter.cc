// SPDX-License-Identifier: Apache-2.0
#include "api/kept/score_filter.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/request/parameters.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::ScoreQuery;

constexpr std::string_view kValue = "score.";
constexpr std::string_view kLeast = "min_score.";
constexpr std::string_view kMost = "max_score.";
constexpr std::size_t kMostFilters = 10;
constexpr std::size_t kMostScores = 20'000;
constexpr std::size_t kRunsAtOnce = 1000;

std::optional<double> NumberOf(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number =
      error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
  return is_number ? std::optional(number) : std::nullopt;
}

// "" when it is of no such form.
std::string_view PrefixOf(std::string_view parameter) {
  return parameter.starts_with(kValue)   ? kValue
         : parameter.starts_with(kLeast) ? kLeast
         : parameter.starts_with(kMost)  ? kMost
                                         : std::string_view();
}

// What the parameters ask of each score, by its name.
Result<std::map<std::string, ScoreQuery>> FiltersOf(const net::QueryParameters& parameters) {
  std::map<std::string, ScoreQuery> filters;
  for (const net::NameValue& parameter : parameters) {
    const std::string_view name = parameter.name;
    const std::string_view prefix = PrefixOf(name);
    if (prefix.empty() || parameter.value.empty()) {
      continue;
    }
    const std::string score(name.substr(prefix.size()));
    ScoreQuery& filter = filters[score];
    if (score.empty() || filters.size() > kMostFilters) {
      return BadParameter(name, fmt::format("the names of at most {} scores", kMostFilters));
    }
    filter.name = score;
    const std::optional<double> number = NumberOf(parameter.value);
    if (prefix != kValue) {
      if (!number) {
        return BadParameter(name, "a number");
      }
      (prefix == kLeast ? filter.least : filter.most) = number;
    } else if (parameter.value == "true" || parameter.value == "false") {
      filter.least = filter.most = parameter.value == "true" ? 1 : 0;
    } else if (number) {
      filter.least = filter.most = number;
    } else {
      filter.text = parameter.value;
    }
    if (filter.least && filter.most && *filter.least > *filter.most) {
      return BadParameter(fmt::format("{}{}", kLeast, score),
                          fmt::format("no more than {}{}", kMost, score));
    }
  }
  return filters;
}

}  // namespace

std::string_view ScoreOfFilter(std::string_view parameter) {
  const std::string_view prefix = PrefixOf(parameter);
  return prefix.empty() ? std::string_view() : parameter.substr(prefix.size());
}

Result<std::optional<TraceIds>> ReadScoreFilter(const net::QueryParameters& parameters,
                                                const store::MetaStore* meta) {
  const std::map<std::string, ScoreQuery> filters = TRY(FiltersOf(parameters));
  std::optional<TraceIds> wanted;
  if (meta == nullptr) {
    return wanted;
  }
  for (const auto& [name, filter] : filters) {
    ScoreQuery query = filter;
    query.limit = kMostScores + 1;
    const std::vector<store::Score> scores = TRY(meta->Scores(query));
    if (scores.size() > kMostScores) {
      return BadParameter(fmt::format("score.{}", name),
                          fmt::format("what fewer than {} scores match", kMostScores));
    }
    TraceIds found;
    for (const store::Score& score : scores) {
      const auto id = model::TraceId::FromHex(score.trace_id);
      if (id && (!wanted || wanted->contains(*id))) {
        found.insert(*id);
      }
    }
    wanted = std::move(found);
  }
  return wanted;
}

Result<std::shared_ptr<const query::RunIds>> ReadScoredRuns(const net::QueryParameters& parameters,
                                                            const store::MetaStore* meta) {
  const std::optional<TraceIds> wanted = TRY(ReadScoreFilter(parameters, meta));
  if (!wanted) {
    return std::shared_ptr<const query::RunIds>();
  }
  query::RunIds ids(wanted->begin(), wanted->end());
  std::sort(ids.begin(), ids.end());
  return std::make_shared<const query::RunIds>(std::move(ids));
}

Result<store::RunPage> ListRunsAmong(const TraceIds& wanted, query::TraceQuery query,
                                     store::SpanStore& store, store::SpanStore::Deadline deadline) {
  const std::size_t limit = query.limit;
  const bool is_first_page = !query.cursor;
  query.limit = kRunsAtOnce;
  query.counts_exactly = false;
  store::RunPage page;
  std::size_t seen = 0;
  while (seen < wanted.size() && page.runs.size() <= limit) {
    const store::RunPage part = TRY(store.ListRuns(query, deadline));
    page.searched = part.searched;
    for (const model::RunRecord& run : part.runs) {
      if (wanted.contains(run.trace_id)) {
        ++seen;
        page.runs.push_back(run);
      }
    }
    if (!part.has_more) {
      break;
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error(Code::kDeadlineExceeded,
                   "cannot list runs by score in time: ask for fewer days");
    }
    query.cursor = query::CursorAfter(query.sort, part.runs.back());
  }
  page.has_more = page.runs.size() > limit;
  if (page.has_more) {
    page.runs.resize(limit);
  }
  page.total = page.runs.size() + (page.has_more ? 1U : 0U);
  page.is_total_exact =
      is_first_page && !page.has_more && (!page.searched || page.searched->is_complete);
  return page;
}

}  // namespace sightline::api
