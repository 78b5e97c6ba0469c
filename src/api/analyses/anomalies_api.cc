// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/anomalies_api.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "api/request/period.h"
#include "api/request/query_deadline.h"
#include "api/request/query_escape.h"
#include "api/sums/fact_series.h"
#include "base/time_text.h"
#include "model/kinds.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactKey;
using query::FactSums;

constexpr std::int64_t kHourNs = 3'600'000'000'000;
constexpr int kFallbackDays = 7;
// What is usual is learnt from so much before the period.
constexpr std::int64_t kLearningDays = 28;
// Values that one answer looks at: about half a second.
constexpr std::int64_t kMostValues = 400'000;
constexpr std::size_t kMeasuresOfSubject = 4;
constexpr std::size_t kMostSubjectsOfKind = 40;
constexpr std::size_t kLeastSubjectsOfKind = 3;

FactKey KeyOf(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kWorkflow:
      return FactKey::kWorkflow;
    case SubjectKind::kAgent:
      return FactKey::kAgent;
    case SubjectKind::kModel:
      return FactKey::kModel;
  }
  return FactKey::kWorkflow;
}

// Whether a step is a call of the subject, rather than one of its steps.
bool IsCall(SubjectKind subject, std::string_view step_kind) {
  if (subject == SubjectKind::kWorkflow) {
    return true;
  }
  if (subject == SubjectKind::kAgent) {
    return step_kind == model::SpanKindName(model::SpanKind::kAgent);
  }
  const auto kind = model::ParseSpanKind(step_kind);
  return kind && model::IsModelCall(*kind);
}

// Steps of a subject are not events of it; what they cost is its cost.
FactSums CostOnly(const FactSums& sums) {
  FactSums cost;
  cost.model_calls = sums.model_calls;
  cost.unpriced_calls = sums.unpriced_calls;
  cost.cost_picodollars = sums.cost_picodollars;
  return cost;
}

// Groups of one subject as they count: calls of it with everything, other steps with their cost. A
// subject of which no call was seen has the volume and durations of its steps.
std::vector<FactGroup> AsEvents(SubjectKind kind, std::vector<FactGroup> groups) {
  const bool has_calls = std::any_of(groups.begin(), groups.end(), [kind](const FactGroup& group) {
    return group.keys.size() < 2 || IsCall(kind, group.keys[1]);
  });
  for (FactGroup& group : groups) {
    if (has_calls && group.keys.size() >= 2 && !IsCall(kind, group.keys[1])) {
      group.sums = CostOnly(group.sums);
    }
  }
  return groups;
}

// "openai/gpt-4o" -> "gpt-4o": lists of runs know models by their name alone.
std::string_view ModelName(std::string_view model) {
  const std::size_t slash = model.find('/');
  return slash == std::string_view::npos ? model : model.substr(slash + 1);
}

}  // namespace

struct AnomaliesApi::Question {
  std::optional<std::string> workflow_id;
  std::optional<std::string> agent;
  std::optional<std::string> model;
  Period period;
  std::int64_t now_ns = 0;
  std::size_t limit = 0;

  std::size_t MostSubjectsOfKind() const {
    const std::int64_t hours = (period.end_ns - period.start_ns) / kHourNs + kLearningDays * 24;
    const std::int64_t fit = kMostValues / (hours * std::int64_t{kMeasuresOfSubject}) / 3;
    return std::clamp(static_cast<std::size_t>(fit), kLeastSubjectsOfKind, kMostSubjectsOfKind);
  }

  // Whether a model is the one asked for, with its provider or without.
  bool WantsModel(std::string_view name) const {
    return !model || name == *model || ModelName(name) == *model;
  }
};

namespace {

// `filter` and `url`: the runs behind an anomaly. A step may belong to a run that began before.
void WriteLinks(const FoundAnomaly& anomaly, const std::optional<std::string>& workflow_id,
                base::JsonWriter& json) {
  std::vector<std::pair<std::string_view, std::string>> filter;
  if (anomaly.subject == SubjectKind::kWorkflow) {
    filter.emplace_back("workflow_id", anomaly.name);
  } else {
    if (workflow_id) {
      filter.emplace_back("workflow_id", *workflow_id);
    }
    const bool is_agent = anomaly.subject == SubjectKind::kAgent;
    filter.emplace_back(is_agent ? "agent" : "model",
                        is_agent ? anomaly.name : std::string(ModelName(anomaly.name)));
  }
  const std::int64_t before_ns = anomaly.subject == SubjectKind::kWorkflow ? 0 : kHourNs;
  filter.emplace_back("start_time", base::FormatTimeNs(anomaly.start_ns - before_ns));
  filter.emplace_back("end_time", base::FormatTimeNs(anomaly.end_ns));
  std::string url = "/api/v1/observability/traces";
  json.Key("filter").BeginObject();
  for (const auto& [key, value] : filter) {
    json.Key(key).String(value);
    url += fmt::format("{}{}={}", url.find('?') == std::string::npos ? '?' : '&', key,
                       QueryEscape(value));
  }
  json.EndObject();
  json.Key("url").String(url);
}

void WriteSubject(SubjectKind kind, std::string_view name, base::JsonWriter& json) {
  json.Key("subject").BeginObject();
  json.Key("kind").String(SubjectKindName(kind));
  json.Key("name").String(name);
  json.EndObject();
}

// A subject and the measures of it that have too few hours.
struct NotJudged {
  const AnomalySubject* subject = nullptr;
  std::vector<ThinHistory> measures;
};

void WriteNotJudged(const NotJudged& thin, base::JsonWriter& json) {
  json.BeginObject();
  WriteSubject(thin.subject->kind, thin.subject->name, json);
  json.Key("measures").BeginArray();
  for (const ThinHistory& history : thin.measures) {
    json.BeginObject();
    json.Key("measure").String(AnomalyMeasureName(history.measure));
    json.Key("hours").Uint(history.hours);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

// Why an answer without anomalies does not mean that nothing was strange; else "".
std::string MessageOf(std::size_t subjects, const std::vector<NotJudged>& not_judged) {
  if (subjects == 0) {
    return "nothing matches that began in a whole hour of the period or the 28 days before";
  }
  std::size_t most = 0;
  for (const NotJudged& thin : not_judged) {
    if (thin.measures.size() < kMeasuresOfSubject) {
      return "";
    }
    for (const ThinHistory& history : thin.measures) {
      most = std::max(most, history.hours);
    }
  }
  return not_judged.size() < subjects
             ? ""
             : fmt::format(
                   "not enough data: {} of {} hours; an hour is judged from at least so many "
                   "whole hours before it that have a value",
                   most, kHoursNeeded);
}

void WriteAnomaly(const FoundAnomaly& anomaly, const std::optional<std::string>& workflow_id,
                  base::JsonWriter& json) {
  json.BeginObject();
  WriteSubject(anomaly.subject, anomaly.name, json);
  json.Key("measure").String(AnomalyMeasureName(anomaly.measure));
  json.Key("kind").String(anomaly.kind);
  json.Key("start_time").String(base::FormatTimeNs(anomaly.start_ns));
  json.Key("end_time").String(base::FormatTimeNs(anomaly.end_ns));
  json.Key("score").Double(anomaly.score);
  json.Key("value").Double(anomaly.value);
  json.Key("observed").Double(anomaly.observed);
  json.Key("expected").Double(anomaly.expected);
  json.Key("reason").String(ReasonOf(anomaly));
  WriteLinks(anomaly, workflow_id, json);
  json.EndObject();
}

}  // namespace

base::Result<void> AnomaliesApi::AddSubjects(const Question& question, SubjectKind kind,
                                             Subjects& subjects) const {
  query::FactQuery query;
  query.of_runs = kind == SubjectKind::kWorkflow;
  query.start_time_ns = question.period.start_ns - kLearningDays * Period::kDayNs;
  query.end_time_ns = question.period.end_ns;
  query.filter(FactKey::kWorkflow) = question.workflow_id;
  query.filter(FactKey::kAgent) = question.agent;
  query.by = {KeyOf(kind)};
  if (!query.of_runs) {
    query.by.push_back(FactKey::kKind);
  }
  query.bucket_ns = kHourNs;
  std::map<std::string, std::vector<FactGroup>> by_name;
  std::vector<store::FactAnswer> answers =
      TRY(store_.SumFacts({&query, 1}, DeadlineAfter(query_timeout_)));
  for (FactGroup& group : answers[0]) {
    const bool is_wanted = kind != SubjectKind::kModel || question.WantsModel(group.keys[0]);
    if (!group.keys[0].empty() && is_wanted) {
      by_name[group.keys[0]].push_back(std::move(group));
    }
  }
  std::vector<AnomalySubject> found;
  for (auto& [name, groups] : by_name) {
    FactSeries hours = SeriesOf(query, AsEvents(kind, std::move(groups)), question.now_ns);
    if (!hours.sums.empty()) {
      found.push_back({.kind = kind, .name = name, .hours = std::move(hours)});
    }
  }
  const auto events = [](const AnomalySubject& subject) { return subject.hours.Total().count; };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto& a, const auto& b) { return events(a) > events(b); });
  const std::size_t kept = std::min(found.size(), question.MostSubjectsOfKind());
  subjects.skipped += found.size() - kept;
  std::move(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept),
            std::back_inserter(subjects.kept));
  return {};
}

base::Result<AnomaliesApi::Subjects> AnomaliesApi::SubjectsOf(const Question& question) const {
  Subjects subjects;
  if (!question.agent && !question.model) {
    TRY(AddSubjects(question, SubjectKind::kWorkflow, subjects));
  }
  if (!question.model) {
    TRY(AddSubjects(question, SubjectKind::kAgent, subjects));
  }
  TRY(AddSubjects(question, SubjectKind::kModel, subjects));
  return subjects;
}

base::Result<std::string> AnomaliesApi::Json(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  Question question{.workflow_id = parameters.Text("workflow_id"),
                    .agent = parameters.Text("agent"),
                    .model = parameters.Text("model"),
                    .period = {}};
  question.period = TRY(Period::Read(parameters, clock_, kFallbackDays));
  question.now_ns = std::min(clock_.NowNs(), question.period.end_ns);
  question.limit = TRY(parameters.Limit(100, 1000));
  const Subjects subjects = TRY(SubjectsOf(question));
  std::vector<FoundAnomaly> found;
  std::vector<NotJudged> not_judged;
  for (const AnomalySubject& subject : subjects.kept) {
    Judgement of_subject = FindAnomalies(subject, question.period.start_ns);
    std::move(of_subject.anomalies.begin(), of_subject.anomalies.end(), std::back_inserter(found));
    if (!of_subject.not_judged.empty()) {
      not_judged.push_back({.subject = &subject, .measures = std::move(of_subject.not_judged)});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const FoundAnomaly& a, const FoundAnomaly& b) {
    return std::pair(a.start_ns, a.score) > std::pair(b.start_ns, b.score);
  });
  base::JsonWriter json;
  json.BeginObject();
  question.period.Write(json);
  json.Key("subjects").Uint(subjects.kept.size());
  json.Key("skipped_subjects").Uint(subjects.skipped);
  json.Key("total").Uint(found.size());
  WriteText(json, "message", MessageOf(subjects.kept.size(), not_judged));
  json.Key("hours_needed").Uint(kHoursNeeded);
  json.Key("not_judged").BeginArray();
  for (const NotJudged& thin : not_judged) {
    WriteNotJudged(thin, json);
  }
  json.EndArray();
  json.Key("anomalies").BeginArray();
  for (std::size_t i = 0; i < std::min(found.size(), question.limit); ++i) {
    WriteAnomaly(found[i], question.workflow_id, json);
  }
  json.EndArray().EndObject();
  return json.Take();
}

net::HttpResponse AnomaliesApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

}  // namespace sightline::api
