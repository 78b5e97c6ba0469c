// SPDX-License-Identifier: Apache-2.0
#include "api/runs/run_filter.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "api/request/period.h"
#include "model/run_status.h"

namespace sightline::api {
namespace {

// The store makes a pattern of the text, with some states for each character.
constexpr std::size_t kMaxSearchBytes = 1000;

constexpr auto kFilters = std::to_array<std::string_view>(
    {"workflow_id", "execution_id", "agent",        "session_id", "user_id",        "model",
     "service",     "version",      "environment",  "tag",        "prompt_version", "q",
     "has_error",   "min_duration", "max_duration", "min_cost",   "max_cost",       "min_tokens",
     "start_time",  "end_time",     "status"});

base::Result<std::string> SearchText(const Parameters& parameters) {
  std::string text = parameters.Text("q").value_or("");
  if (text.size() > kMaxSearchBytes) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("bad parameter q: at most {} bytes expected", kMaxSearchBytes));
  }
  return text;
}

}  // namespace

bool IsRunFilter(std::string_view name) {
  return std::find(kFilters.begin(), kFilters.end(), name) != kFilters.end();
}

base::Result<bool> AsksForExactCount(const Parameters& parameters) {
  const auto count = parameters.Text("count");
  if (count && *count != "exact") {
    return BadParameter("count", "exact");
  }
  return count.has_value();
}

base::Result<query::AmountFilter> ReadAmounts(const Parameters& parameters) {
  query::AmountFilter amounts;
  amounts.min_duration_ns = TRY(parameters.Seconds("min_duration"));
  amounts.max_duration_ns = TRY(parameters.Seconds("max_duration"));
  amounts.min_cost = TRY(parameters.Dollars("min_cost"));
  amounts.max_cost = TRY(parameters.Dollars("max_cost"));
  amounts.min_tokens = TRY(parameters.Count("min_tokens"));
  if (amounts.min_duration_ns && amounts.max_duration_ns &&
      *amounts.min_duration_ns > *amounts.max_duration_ns) {
    return BadParameter("min_duration", "no more than max_duration");
  }
  if (amounts.min_cost && amounts.max_cost && *amounts.min_cost > *amounts.max_cost) {
    return BadParameter("min_cost", "no more than max_cost");
  }
  return amounts;
}

base::Result<query::TraceQuery> ReadRunFilter(const Parameters& parameters) {
  query::TraceQuery query;
  query.workflow_id = parameters.Text("workflow_id");
  query.execution_id = parameters.Text("execution_id");
  query.agent = parameters.Text("agent");
  query.session_id = parameters.Text("session_id");
  query.user_id = parameters.Text("user_id");
  query.model = parameters.Text("model");
  query.service = parameters.Text("service");
  query.version = parameters.Text("version");
  query.environment = parameters.Text("environment");
  query.tag = parameters.Text("tag");
  query.prompt_version = parameters.Text("prompt_version");
  query.text = TRY(SearchText(parameters));
  query.has_error = TRY(parameters.Bool("has_error"));
  query.amounts = TRY(ReadAmounts(parameters));
  const Between between = TRY(Between::Read(parameters));
  query.start_time_ns = between.start_ns;
  query.end_time_ns = between.end_ns;
  if (const auto status = parameters.Text("status")) {
    query.status = model::ParseRunStatus(*status);
    if (!query.status) {
      return base::Error(base::Code::kInvalidArgument,
                         "bad parameter status: running, completed, failed, cancelled or "
                         "abandoned expected");
    }
  }
  return query;
}

}  // namespace sightline::api
