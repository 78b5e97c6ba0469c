// SPDX-License-Identifier: Apache-2.0
#include "api/sums/aggregate_api.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/kept/score_filter.h"
#include "api/request/answers.h"
#include "api/request/query_deadline.h"
#include "api/sums/fact_figures.h"
#include "api/sums/fact_measures.h"
#include "api/sums/fact_scope.h"
#include "api/sums/largest_groups.h"
#include "api/sums/score_groups.h"
#include "base/json_writer.h"
#include "base/time_text.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactKey;

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kLeastBucketSeconds = 60;
constexpr std::int64_t kMostBucketSeconds = 366 * 86'400;
constexpr std::int64_t kMostBuckets = 2'000;
constexpr std::size_t kMostMeasures = 10;
constexpr std::size_t kMostKeys = 3;
constexpr std::size_t kMostCells = 20'000;  // Keys times steps of time in one answer.
constexpr std::size_t kMostValues = 50;     // Of a facet.

// In seconds; 0 when absent.
base::Result<std::int64_t> BucketOf(const Parameters& parameters, const Period& period) {
  const auto text = parameters.Text("bucket");
  if (!text) {
    return std::int64_t{0};
  }
  std::int64_t seconds = 0;
  const char* const end = text->data() + text->size();
  const auto [read_to, error] = std::from_chars(text->data(), end, seconds);
  if (error != std::errc() || read_to != end || seconds < kLeastBucketSeconds ||
      seconds > kMostBucketSeconds) {
    return BadParameter(
        "bucket", fmt::format("seconds from {} to {}", kLeastBucketSeconds, kMostBucketSeconds));
  }
  if ((period.end_ns - period.start_ns) / (seconds * kSecondNs) > kMostBuckets) {
    return BadParameter("bucket", fmt::format("at most {} steps in the period", kMostBuckets));
  }
  return seconds;
}

// About 60 steps for the period.
std::int64_t NiceBucket(const Period& period) {
  constexpr std::array<std::int64_t, 10> kNice = {60,     300,    900,    3'600,   10'800,
                                                  21'600, 43'200, 86'400, 604'800, 2'592'000};
  constexpr std::int64_t kWanted = 60;
  const std::int64_t seconds = (period.end_ns - period.start_ns) / kSecondNs;
  const auto* const found = std::find_if(
      kNice.begin(), kNice.end(), [&](std::int64_t bucket) { return seconds / bucket <= kWanted; });
  return found == kNice.end() ? kNice.back() : *found;
}

void SetBucket(std::int64_t seconds, const Period& period, query::FactQuery& query) {
  query.bucket_ns = seconds * kSecondNs;
  query.bucket_offset_ns = -(period.utc_offset_ns % query.bucket_ns);
}

base::Result<std::vector<const FactMeasure*>> MeasuresOf(const Parameters& parameters) {
  std::vector<const FactMeasure*> measures;
  for (const std::string& name : SplitNames(parameters.Text("measure").value_or("count"))) {
    const FactMeasure* const measure = FindMeasure(name);
    if (measure == nullptr || measures.size() == kMostMeasures) {
      return BadParameter("measure",
                          fmt::format("at most {} names that /measures lists", kMostMeasures));
    }
    measures.push_back(measure);
  }
  if (measures.empty()) {
    return BadParameter("measure", "a name that /measures lists");
  }
  return measures;
}

// What groups are ordered by.
struct Order {
  const FactMeasure* measure = nullptr;
  bool is_ascending = false;
};

// "-cost": the dearest first.
base::Result<Order> OrderOf(const Parameters& parameters,
                            const std::vector<const FactMeasure*>& measures) {
  const auto text = parameters.Text("sort");
  if (!text) {
    return Order{.measure = measures.front()};
  }
  const bool is_descending = text->front() == '-';
  const std::string_view name = std::string_view(*text).substr(is_descending ? 1 : 0);
  for (const FactMeasure* const measure : measures) {
    if (measure->name == name) {
      return Order{.measure = measure, .is_ascending = !is_descending};
    }
  }
  return BadParameter("sort", "one of the measures, with - before it for the largest first");
}

// What the store can order the groups of one key by; empty where it cannot.
std::optional<query::FactOrder> StoreOrderOf(const Order& order) {
  if (order.is_ascending || (order.measure->name != "count" && order.measure->name != "cost")) {
    return std::nullopt;
  }
  return order.measure->name == "cost" ? query::FactOrder::kCost : query::FactOrder::kCount;
}

// Groups with the same keys, over time.
struct Series {
  const std::vector<std::string>* keys = nullptr;
  FactGroup total;
  std::vector<const FactGroup*> groups;  // By time.
};

std::vector<Series> SeriesOf(const store::FactAnswer& answer, const Order& order) {
  std::map<std::vector<std::string>, Series> by_keys;
  for (const FactGroup& group : answer) {
    Series& series = by_keys[group.keys];
    series.keys = &group.keys;
    series.total.Merge(group);
    series.groups.push_back(&group);
  }
  std::vector<Series> sorted;
  sorted.reserve(by_keys.size());
  for (auto& [keys, series] : by_keys) {
    sorted.push_back(std::move(series));
  }
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Series& a, const Series& b) {
    const double left = order.measure->ValueOf(a.total);
    const double right = order.measure->ValueOf(b.total);
    return order.is_ascending ? left < right : left > right;
  });
  return sorted;
}

std::string_view NameOf(FactKey key) {
  return FactFields()[static_cast<std::size_t>(key)].name;
}

void WriteValues(const std::vector<const FactMeasure*>& measures, const FactGroup& group,
                 base::JsonWriter& json) {
  json.Key("values").BeginObject();
  for (const FactMeasure* const measure : measures) {
    WriteMeasure(*measure, group, json);
  }
  json.EndObject();
  json.Key("cost_status").String(model::CostStatusName(CostStatusOf(group.sums)));
}

// What /aggregate is asked.
struct Question {
  FactScope scope;
  std::string score;  // The name of a score that comes before the other keys; "" without.
  std::vector<const FactMeasure*> measures;
  Order order;
  std::int64_t bucket_seconds = 0;
  std::size_t limit = 0;
};

constexpr std::string_view kScoreKey = "score.";

// Takes the score out of the list of keys, which the others are read from.
base::Result<std::string> TakeScore(const net::QueryParameters& given, net::QueryParameters& rest) {
  std::string score;
  for (const net::NameValue& parameter : given) {
    if (parameter.name != "by") {
      rest.Add(parameter.name, parameter.value);
      continue;
    }
    std::string others;
    for (const std::string& name : SplitNames(parameter.value)) {
      if (!name.starts_with(kScoreKey)) {
        others += (others.empty() ? "" : ",") + name;
        continue;
      }
      if (!score.empty() || name.size() == kScoreKey.size()) {
        return BadParameter("by", "the name of one score");
      }
      score = name.substr(kScoreKey.size());
    }
    rest.Add("by", std::move(others));
  }
  return score;
}

base::Result<Question> ReadQuestion(const net::QueryParameters& query, const base::Clock& clock) {
  Question question;
  net::QueryParameters rest;
  question.score = TRY(TakeScore(query, rest));
  const bool has_score = !question.score.empty();
  const Parameters parameters(rest);
  question.scope = TRY(FactScope::Read(parameters, clock, "by", kMostKeys - (has_score ? 1 : 0)));
  question.measures = TRY(MeasuresOf(parameters));
  question.order = TRY(OrderOf(parameters, question.measures));
  question.bucket_seconds = TRY(BucketOf(parameters, question.scope.period));
  question.limit = TRY(parameters.Limit(100, 1000));
  if (!has_score) {
    return question;
  }
  if (!question.scope.facts.of_runs) {
    return BadParameter("by", "of=runs with a score");
  }
  for (const FactMeasure* const measure : question.measures) {
    if (measure->name == "unpriced_calls") {
      return BadParameter("measure", "with a score one that is known of whole runs");
    }
  }
  return question;
}

base::Result<void> CheckCells(std::span<const Series> shown) {
  std::size_t cells = 0;
  for (const Series& series : shown) {
    cells += series.groups.size();
  }
  if (cells > kMostCells) {
    return BadParameter("limit",
                        fmt::format("fewer groups, or a longer bucket: at most {} points, not {},",
                                    kMostCells, cells));
  }
  return {};
}

void WriteMeanScore(const ScoreGroups& answer, const std::vector<std::string>& keys,
                    base::JsonWriter& json) {
  const auto mean = answer.means.find(keys);
  json.Key("mean_score");
  if (mean == answer.means.end()) {
    json.Null();
  } else {
    json.Double(mean->second);
  }
}

// The fields of a group, inside an object that is open.
void WriteSeries(const Series& series, const Question& question, base::JsonWriter& json) {
  json.Key("keys").BeginObject();
  std::size_t place = 0;
  if (!question.score.empty()) {
    json.Key(std::string(kScoreKey) + question.score).String((*series.keys)[place++]);
  }
  for (const FactKey key : question.scope.keys) {
    json.Key(NameOf(key)).String((*series.keys)[place++]);
  }
  json.EndObject();
  WriteValues(question.measures, series.total, json);
  json.Key("points");
  if (question.bucket_seconds == 0) {
    json.Null();
    return;
  }
  json.BeginArray();
  for (const FactGroup* const group : series.groups) {
    json.BeginObject();
    json.Key("time").String(base::FormatTimeNs(group->time_ns));
    WriteValues(question.measures, *group, json);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

base::Result<std::string> AggregateApi::AggregateJson(const net::HttpRequest& request) const {
  const Question question = TRY(ReadQuestion(request.query, clock_));
  const FactScope& scope = question.scope;
  query::FactQuery query = scope.facts;
  query.by = scope.keys;
  for (const FactMeasure* const measure : question.measures) {
    query.with_latency = query.with_latency || measure->needs_latency;
  }
  if (question.bucket_seconds > 0) {
    SetBucket(question.bucket_seconds, scope.period, query);
  }
  const store::SpanStore::Deadline deadline = DeadlineAfter(query_timeout_);
  const auto order = StoreOrderOf(question.order);
  if (question.score.empty() && query.by.size() == 1 && query::HasManyNames(query.by[0]) && order) {
    TRY(LimitToLargest(store_, query, question.limit, *order, deadline));
  }
  ScoreGroups answer;
  if (question.score.empty()) {
    answer.groups = TRY(store_.SumFacts({&query, 1}, deadline)).front();
  } else {
    answer = TRY(SumByScore(query, question.score, store_, meta_, deadline));
  }
  const std::vector<Series> series = SeriesOf(answer.groups, question.order);
  const std::size_t shown = std::min(question.limit, series.size());
  TRY(CheckCells({series.data(), shown}));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String(scope.of());
  json.Key("bucket_seconds");
  if (question.bucket_seconds > 0) {
    json.Int(question.bucket_seconds);
  } else {
    json.Null();
  }
  json.Key("total_groups");
  if (query.among) {
    json.Null();
  } else {
    json.Uint(series.size());
  }
  json.Key("groups").BeginArray();
  for (std::size_t i = 0; i < shown; ++i) {
    json.BeginObject();
    if (!question.score.empty()) {
      WriteMeanScore(answer, *series[i].keys, json);
    }
    WriteSeries(series[i], question, json);
    json.EndObject();
  }
  json.EndArray();
  scope.period.Write(json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> AggregateApi::FacetsJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  FactScope scope = TRY(FactScope::Read(parameters, clock_, "fields", query::kFactKeys));
  scope.facts.among_runs = TRY(ReadScoredRuns(request.query, meta_));
  const std::vector<FactKey>& fields = scope.keys;
  if (fields.empty()) {
    return BadParameter("fields", "names of fields with commas between them");
  }
  const store::SpanStore::Deadline deadline = DeadlineAfter(query_timeout_);
  std::vector<query::FactQuery> queries(fields.size(), scope.facts);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    queries[i].by = {fields[i]};
    if (query::HasManyNames(fields[i])) {
      TRY(LimitToLargest(store_, queries[i], kMostValues, query::FactOrder::kCount, deadline));
    }
  }
  const auto answers = TRY(store_.SumFacts(queries, deadline));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String(scope.of());
  json.Key("facets").BeginArray();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    store::FactAnswer values = answers[i];
    std::stable_sort(values.begin(), values.end(), [](const FactGroup& a, const FactGroup& b) {
      return a.sums.count > b.sums.count;
    });
    json.BeginObject();
    json.Key("field").String(NameOf(fields[i]));
    json.Key("total_values");
    if (queries[i].among) {
      json.Null();
    } else {
      json.Uint(values.size());
    }
    json.Key("values").BeginArray();
    for (std::size_t place = 0; place < std::min(kMostValues, values.size()); ++place) {
      json.BeginObject();
      json.Key("value").String(values[place].keys[0]);
      json.Key("count").Int(values[place].sums.count);
      json.Key("failed").Int(values[place].sums.failed);
      json.EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray();
  scope.period.Write(json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> AggregateApi::HistogramJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const FactScope scope = TRY(FactScope::Read(parameters, clock_, "by", 1));
  query::FactQuery query = scope.facts;
  query.among_runs = TRY(ReadScoredRuns(request.query, meta_));
  query.by = scope.keys;
  std::int64_t bucket_seconds = TRY(BucketOf(parameters, scope.period));
  if (bucket_seconds == 0) {
    bucket_seconds = NiceBucket(scope.period);
  }
  SetBucket(bucket_seconds, scope.period, query);
  const auto answers = TRY(store_.SumFacts({&query, 1}, DeadlineAfter(query_timeout_)));
  if (answers[0].size() > kMostCells) {
    return BadParameter(
        "by", fmt::format("a field with fewer values, or a longer bucket: at most {} counts "
                          "in all, not {},",
                          kMostCells, answers[0].size()));
  }
  std::map<std::int64_t, std::map<std::string, std::int64_t>> buckets;
  for (std::int64_t time_ns = query::TimeOf(query, scope.period.start_ns);
       time_ns < scope.period.end_ns; time_ns += query.bucket_ns) {
    buckets.try_emplace(time_ns);
  }
  for (const FactGroup& group : answers[0]) {
    buckets[group.time_ns][query.by.empty() ? "" : group.keys[0]] += group.sums.count;
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String(scope.of());
  json.Key("bucket_seconds").Int(bucket_seconds);
  json.Key("buckets").BeginArray();
  for (const auto& [time_ns, values] : buckets) {
    std::int64_t total = 0;
    json.BeginObject();
    json.Key("time").String(base::FormatTimeNs(time_ns));
    json.Key("values").BeginObject();
    for (const auto& [value, count] : values) {
      total += count;
      if (!query.by.empty()) {
        json.Key(value).Int(count);
      }
    }
    json.EndObject();
    json.Key("total").Int(total);
    json.EndObject();
  }
  json.EndArray();
  scope.period.Write(json);
  json.EndObject();
  return json.Take();
}

base::Result<void> AggregateApi::Check(const net::QueryParameters& query,
                                       const base::Clock& clock) {
  TRY(ReadQuestion(query, clock));
  return {};
}

net::HttpResponse AggregateApi::Aggregate(const net::HttpRequest& request) const {
  return JsonAnswer(AggregateJson(request));
}

net::HttpResponse AggregateApi::Facets(const net::HttpRequest& request) const {
  return JsonAnswer(FacetsJson(request));
}

net::HttpResponse AggregateApi::Histogram(const net::HttpRequest& request) const {
  return JsonAnswer(HistogramJson(request));
}

net::HttpResponse AggregateApi::Measures() {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("measures").BeginArray();
  for (const FactMeasure& measure : FactMeasures()) {
    json.BeginObject();
    json.Key("name").String(measure.name);
    json.Key("unit").String(measure.unit);
    json.Key("description").String(measure.description);
    json.EndObject();
  }
  json.EndArray();
  json.Key("keys").BeginArray();
  for (const FactField& field : FactFields()) {
    json.BeginObject();
    json.Key("name").String(field.name);
    json.Key("of_runs").Bool(field.is_of_runs);
    json.Key("of_steps").Bool(field.is_of_steps);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return JsonAnswer(json.Take());
}

}  // namespace sightline::api
