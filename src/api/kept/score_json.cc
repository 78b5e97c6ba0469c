// SPDX-License-Identifier: Apache-2.0
#include "api/kept/score_json.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/kept/saved_json.h"
#include "api/request/object_reader.h"
#include "base/time_text.h"
#include "model/ids.h"

namespace sightline::api {
namespace {

using base::Result;
using store::Score;
using store::ScoreKind;
namespace json = boost::json;

constexpr std::size_t kMostIdBytes = 64;
constexpr std::size_t kMostNameBytes = 100;
constexpr std::size_t kMostSourceBytes = 40;
constexpr std::size_t kMostAuthorBytes = 200;
constexpr std::size_t kMostCategoryBytes = 200;
constexpr std::size_t kMostCommentBytes = 5000;
constexpr double kMostNumber = 1e15;
constexpr std::size_t kMostShown = 200;
constexpr std::size_t kMostOfListedRun = 20;
constexpr std::size_t kMostOfPage = 20'000;

bool IsId(std::string_view text) {
  return text.size() <= kMostIdBytes && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.' || c == ':';
         });
}

Result<void> ReadValue(ObjectReader& reader, Score& score) {
  const json::value* value = reader.Find("value");
  if (value != nullptr && value->is_bool()) {
    score.kind = ScoreKind::kBoolean;
    score.number = value->get_bool() ? 1 : 0;
    return {};
  }
  if (value != nullptr && value->is_number()) {
    score.number = value->to_number<double>();
    if (!std::isfinite(score.number) || std::abs(score.number) > kMostNumber) {
      return BadField(reader.PathOf("value"), "a number over 10^15");
    }
    return {};
  }
  if (value != nullptr && value->is_string()) {
    score.kind = ScoreKind::kCategory;
    score.text = TRY(reader.Name("value", kMostCategoryBytes));
    return {};
  }
  return BadField(reader.PathOf("value"), "a number, a text or a boolean expected");
}

Result<std::int64_t> ReadTime(ObjectReader& reader, const base::Clock& clock) {
  const std::string text = TRY(reader.Text("timestamp", kMostIdBytes));
  if (text.empty()) {
    return clock.NowNs();
  }
  const std::optional<std::int64_t> time_ns = base::ParseTimeNs(text);
  if (!time_ns || *time_ns < 0) {
    return BadField(reader.PathOf("timestamp"), "a time in RFC 3339 after 1970 expected");
  }
  return *time_ns;
}

}  // namespace

Result<Score> ReadScore(const json::value& value, const std::string& path, const base::Clock& clock,
                        const FindTrace& find_trace) {
  ObjectReader reader = TRY(ObjectReader::Of(value, path));
  Score score;
  score.id = TRY(reader.Text("id", kMostIdBytes));
  if (!IsId(score.id)) {
    return BadField(reader.PathOf("id"), "letters, digits and _-.: expected");
  }
  score.name = TRY(reader.Name("name", kMostNameBytes));
  TRY(ReadValue(reader, score));
  const std::string label = TRY(reader.Text("label", kMostCategoryBytes));
  if (!label.empty() && score.kind == ScoreKind::kCategory) {
    return BadField(reader.PathOf("label"), "the value is a text already");
  }
  if (score.kind != ScoreKind::kCategory) {
    score.text = label;
  }
  score.comment = TRY(reader.Text("comment", kMostCommentBytes));
  score.source = TRY(reader.Text("source", kMostSourceBytes));
  score.author = TRY(reader.Text("author", kMostAuthorBytes));
  score.time_ns = TRY(ReadTime(reader, clock));
  MentionTarget(reader);
  TRY(reader.RefuseOthers());
  // Last, because it asks the store.
  Target target = TRY(ReadTarget(reader, find_trace));
  score.trace_id = std::move(target.trace_id);
  score.span_id = std::move(target.span_id);
  score.session_id = std::move(target.session_id);
  if (score.id.empty()) {
    score.id = NewSavedId();
  }
  if (score.source.empty()) {
    score.source = "api";
  }
  return score;
}

void WriteScore(const Score& score, base::JsonWriter& json) {
  const auto text = [&](std::string_view name, const std::string& value) {
    json.Key(name);
    if (value.empty()) {
      json.Null();
    } else {
      json.String(value);
    }
  };
  json.BeginObject();
  json.Key("id").String(score.id);
  json.Key("name").String(score.name);
  json.Key("value");
  switch (score.kind) {
    case ScoreKind::kNumber:
      json.Double(score.number);
      break;
    case ScoreKind::kCategory:
      json.String(score.text);
      break;
    case ScoreKind::kBoolean:
      json.Bool(score.number != 0);
      break;
  }
  text("label", score.text);
  text("trace_id", score.trace_id);
  text("span_id", score.span_id);
  text("session_id", score.session_id);
  text("comment", score.comment);
  json.Key("source").String(score.source);
  text("author", score.author);
  json.Key("timestamp").String(base::FormatTimeNs(score.time_ns));
  json.EndObject();
}

void WriteScores(const std::vector<Score>& scores, base::JsonWriter& json) {
  json.BeginArray();
  for (const Score& score : scores) {
    WriteScore(score, json);
  }
  json.EndArray();
}

ScoresByRun ScoresOfRuns(const store::MetaStore* meta, const std::vector<model::RunRecord>& runs) {
  if (meta == nullptr) {
    return std::nullopt;
  }
  std::map<std::string, std::vector<Score>> by_run;
  if (runs.empty()) {
    return by_run;
  }
  store::ScoreQuery query{.of_runs_only = true, .limit = kMostOfPage};
  for (const model::RunRecord& run : runs) {
    query.trace_ids.push_back(run.trace_id.ToHex());
  }
  auto scores = meta->Scores(query);
  if (!scores.has_value()) {
    return std::nullopt;
  }
  for (Score& score : *scores) {
    std::vector<Score>& of_run = by_run[score.trace_id];
    if (of_run.size() < kMostOfListedRun) {
      of_run.push_back(std::move(score));
    }
  }
  return by_run;
}

void WriteScoresOf(const ScoresByRun& scores, const model::TraceId& trace_id,
                   base::JsonWriter& json) {
  json.Key("scores");
  if (!scores) {
    json.Null();
    return;
  }
  const auto found = scores->find(trace_id.ToHex());
  WriteScores(found == scores->end() ? std::vector<Score>() : found->second, json);
}

void WriteScoresOf(const store::MetaStore* meta, const store::ScoreQuery& query,
                   base::JsonWriter& json) {
  json.Key("scores");
  if (meta == nullptr) {
    json.Null();
    return;
  }
  store::ScoreQuery first = query;
  first.limit = kMostShown;
  const auto scores = meta->Scores(first);
  if (!scores.has_value()) {
    json.Null();
    return;
  }
  WriteScores(*scores, json);
}

}  // namespace sightline::api
