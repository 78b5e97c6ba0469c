// SPDX-License-Identifier: Apache-2.0
#include "api/kept/scores_api.h"

#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/saved_json.h"
#include "api/kept/score_json.h"
#include "api/kept/target.h"
#include "api/kept/time_cursor.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/object_reader.h"
#include "api/request/parameters.h"
#include "api/request/period.h"
#include "api/request/query_deadline.h"
#include "base/ascii.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::Score;
using store::ScoreQuery;

constexpr std::size_t kMostBodyBytes = std::size_t{4} << 20U;
constexpr std::size_t kMostInRequest = 1000;

Result<std::optional<double>> NumberOf(const Parameters& parameters, std::string_view name) {
  const std::optional<std::string> text = parameters.Text(name);
  if (!text) {
    return std::optional<double>();
  }
  double number = 0;
  const char* const end = text->data() + text->size();
  const auto [read_to, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc() || read_to != end || !std::isfinite(number)) {
    return BadParameter(name, "a number");
  }
  return std::optional(number);
}

}  // namespace

Result<std::string> ScoresApi::TraceOf(std::string_view execution_id) const {
  return TraceOfRun(execution_id, store_, DeadlineAfter(query_timeout_));
}

Result<std::string> ScoresApi::ListJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  ScoreQuery query;
  if (const auto id = parameters.Text("trace_id")) {
    query.trace_ids.push_back(base::ToLower(*id));
  }
  if (const auto id = parameters.Text("execution_id")) {
    query.trace_ids.assign(1, TRY(TraceOf(*id)));
  }
  if (auto id = parameters.Text("span_id")) {
    query.span_id = base::ToLower(*id);
  }
  query.session_id = parameters.Text("session_id");
  query.name = parameters.Text("name");
  query.source = parameters.Text("source");
  query.author = parameters.Text("author");
  query.text = parameters.Text("category");
  query.least = TRY(NumberOf(parameters, "min"));
  query.most = TRY(NumberOf(parameters, "max"));
  const Between between = TRY(Between::Read(parameters));
  query.start_ns = between.start_ns;
  query.end_ns = between.end_ns;
  query.after = TRY(ReadTimeCursor<store::ScorePlace>(parameters));
  const std::size_t limit = TRY(parameters.Limit(100, 1000));
  query.limit = limit + 1;
  std::vector<Score> scores = TRY(meta_.Scores(query));
  const bool has_more = scores.size() > limit;
  if (has_more) {
    scores.resize(limit);
  }
  base::JsonWriter json;
  json.BeginObject().Key("scores");
  WriteScores(scores, json);
  json.Key("next_cursor");
  if (has_more) {
    json.String(CursorAfter(scores.back()));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

Result<std::string> ScoresApi::AddJson(const std::string& body) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  const FindTrace find_trace = [this](std::string_view id) { return TraceOf(id); };
  std::vector<Score> scores;
  if (!value.is_array()) {
    scores.push_back(TRY(ReadScore(value, "", clock_, find_trace)));
  } else {
    const boost::json::array& items = value.get_array();
    if (items.empty() || items.size() > kMostInRequest) {
      return Error(Code::kInvalidArgument,
                   fmt::format("bad body: 1 to {} scores expected", kMostInRequest));
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < items.size(); ++i) {
      scores.push_back(TRY(ReadScore(items[i], fmt::format("[{}]", i), clock_, find_trace)));
      if (!ids.insert(scores.back().id).second) {
        return BadField(fmt::format("[{}].id", i), "another score of the request has it");
      }
    }
  }
  TRY(meta_.PutScores(scores));
  base::JsonWriter json;
  json.BeginObject().Key("scores");
  WriteScores(scores, json);
  json.EndObject();
  return json.Take();
}

Result<std::string> ScoresApi::DeleteJson(const net::HttpRequest& request) {
  const std::string_view id = request.PathParameter("score_id");
  const bool was_there = TRY(meta_.DeleteScore(id));
  return was_there ? Result<std::string>(DeletedJson())
                   : Error(Code::kNotFound, fmt::format("no score '{}'", id));
}

net::HttpResponse ScoresApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse ScoresApi::Add(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return AddJson(body); });
}

net::HttpResponse ScoresApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request));
}

}  // namespace sightline::api
