// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/series_api.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "api/request/query_deadline.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "model/kinds.h"

namespace sightline::api {
namespace {

constexpr std::int64_t kHourNs = 3'600'000'000'000;

std::string_view TemporalityName(std::uint8_t temporality) {
  switch (temporality) {
    case 1:
      return "delta";
    case 2:
      return "cumulative";
    default:
      return "unspecified";
  }
}

void WriteObject(base::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  if (text.empty()) {
    json.BeginObject().EndObject();
  } else {
    json.Raw(text);
  }
}

void WriteIdentity(const store::MetricSeries& series, base::JsonWriter& json) {
  const model::MetricPoint& point = series.identity;
  json.Key("series_id").String(fmt::format("{:016x}", series.key));
  json.Key("name").String(point.name);
  WriteText(json, "unit", point.unit);
  json.Key("type").String(model::MetricTypeName(point.type));
  json.Key("temporality").String(TemporalityName(point.temporality));
  json.Key("is_monotonic").Bool(point.is_monotonic);
  WriteText(json, "service", point.service);
  WriteText(json, "service_instance", point.service_instance);
  WriteText(json, "scope", point.scope);
  WriteObject(json, "attributes", point.attributes);
  WriteObject(json, "resource", point.resource_attributes);
}

bool IsNumber(model::MetricType type) {
  return type == model::MetricType::kGauge || type == model::MetricType::kSum;
}

void WritePoint(const model::MetricPoint& point, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("timestamp").String(base::FormatTimeNs(point.time_ns));
  WriteTime(json, "start_timestamp", point.start_ns);
  if (IsNumber(point.type)) {
    json.Key("value").Double(point.value);
  } else {
    json.Key("count").Int(point.count);
    json.Key("sum").Double(point.value);
    WriteObject(json, "distribution", point.buckets);
  }
  json.EndObject();
}

base::Result<std::uint64_t> SeriesId(std::string_view text) {
  std::uint64_t key = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key, 16);
  if (error != std::errc() || end != text.data() + text.size()) {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter series_id: a series_id of the list of series expected");
  }
  return key;
}

}  // namespace

base::Result<query::MetricQuery> SeriesApi::QueryOf(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  query::MetricQuery query;
  query.name = parameters.Text("name");
  query.service = parameters.Text("service");
  query.service_instance = parameters.Text("service_instance");
  if (const auto id = parameters.Text("series_id")) {
    query.series = TRY(SeriesId(*id));
  }
  const std::int64_t now_ns = clock_.NowNs();
  query.end_time_ns = TRY(parameters.Time("end_time")).value_or(now_ns + kHourNs);
  query.start_time_ns =
      TRY(parameters.Time("start_time")).value_or(std::min(now_ns, query.end_time_ns) - kHourNs);
  if (query.start_time_ns >= query.end_time_ns) {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter start_time: a time before end_time expected");
  }
  query.max_series = TRY(parameters.Limit(100, 1000));
  return query;
}

base::Result<std::string> SeriesApi::ListJson(const net::HttpRequest& request) const {
  const query::MetricQuery query = TRY(QueryOf(request));
  const store::SeriesPage page = TRY(store_.ListSeries(query, DeadlineAfter(query_timeout_)));
  base::JsonWriter json;
  json.BeginObject().Key("series").BeginArray();
  for (const store::MetricSeries& series : page.series) {
    json.BeginObject();
    WriteIdentity(series, json);
    json.EndObject();
  }
  json.EndArray().Key("has_more").Bool(page.has_more).EndObject();
  return json.Take();
}

base::Result<std::string> SeriesApi::QueryJson(const net::HttpRequest& request) const {
  const query::MetricQuery query = TRY(QueryOf(request));
  if (!query.name && !query.series) {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter name: the name of a metric or a series_id expected");
  }
  const store::SeriesPage page = TRY(store_.FetchPoints(query, DeadlineAfter(query_timeout_)));
  base::JsonWriter json;
  json.BeginObject().Key("series").BeginArray();
  for (const store::MetricSeries& series : page.series) {
    json.BeginObject();
    WriteIdentity(series, json);
    json.Key("points").BeginArray();
    for (const model::MetricPoint& point : series.points) {
      WritePoint(point, json);
    }
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

net::HttpResponse SeriesApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse SeriesApi::Query(const net::HttpRequest& request) const {
  return JsonAnswer(QueryJson(request));
}

}  // namespace sightline::api
