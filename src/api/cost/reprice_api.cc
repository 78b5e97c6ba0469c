// SPDX-License-Identifier: Apache-2.0
#include "api/cost/reprice_api.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/saved_json.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/json_fields.h"
#include "api/request/object_reader.h"
#include "base/json_writer.h"
#include "base/time_text.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using repricing::Job;
using repricing::ModelDifference;

constexpr std::size_t kMostBodyBytes = 64 * 1024;
constexpr std::size_t kMostTimeBytes = 64;

Result<std::int64_t> ReadTime(ObjectReader& reader, std::string_view name) {
  const std::string text = TRY(reader.Text(name, kMostTimeBytes));
  const std::optional<std::int64_t> time_ns = base::ParseTimeNs(text);
  if (!time_ns || *time_ns < 0) {
    return BadField(reader.PathOf(name), "a time in RFC 3339 after 1970 expected");
  }
  return *time_ns;
}

void WriteFigures(const ModelDifference& figures, base::JsonWriter& json) {
  json.Key("calls").Int(figures.calls);
  json.Key("old_cost").Pico(figures.old_cost);
  json.Key("new_cost").Pico(figures.new_cost);
  json.Key("unpriced_before").Int(figures.unpriced_before);
  json.Key("unpriced_after").Int(figures.unpriced_after);
}

void WriteJob(const Job& job, base::JsonWriter& json) {
  ModelDifference all;
  for (const auto& [name, model] : job.difference.models) {
    all.calls += model.calls;
    all.old_cost += model.old_cost;
    all.new_cost += model.new_cost;
    all.unpriced_before += model.unpriced_before;
    all.unpriced_after += model.unpriced_after;
  }
  json.BeginObject();
  json.Key("reprice_id").String(job.id);
  json.Key("state").String(repricing::NameOf(job.state));
  json.Key("dry_run").Bool(job.mode == repricing::Mode::kDryRun);
  WriteTime(json, "start_time", job.start_ns);
  WriteTime(json, "end_time", job.end_ns);
  WriteTime(json, "created_at", job.created_ns);
  WriteTime(json, "finished_at", job.finished_ns);
  json.Key("runs").Int(job.difference.runs);
  json.Key("changed_runs").Int(job.difference.changed_runs);
  json.Key("skipped_runs").Int(job.skipped_runs);
  WriteFigures(all, json);
  json.Key("models").BeginArray();
  for (const auto& [name, model] : job.difference.models) {
    json.BeginObject();
    json.Key("model").String(name);
    WriteFigures(model, json);
    json.EndObject();
  }
  json.EndArray();
  WriteText(json, "detail", job.detail);
  json.EndObject();
}

std::string JobJson(const Job& job) {
  base::JsonWriter json;
  WriteJob(job, json);
  return json.Take();
}

}  // namespace

Result<std::string> RepriceApi::StartJson(const std::string& body) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader reader = TRY(ObjectReader::Of(value, ""));
  const std::int64_t start_ns = TRY(ReadTime(reader, "start_time"));
  const std::int64_t end_ns = TRY(ReadTime(reader, "end_time"));
  if (start_ns >= end_ns) {
    return BadField("start_time", "a time before end_time expected");
  }
  const boost::json::value* dry_run = reader.Find("dry_run");
  if (dry_run != nullptr && !dry_run->is_bool()) {
    return BadField("dry_run", "true or false expected");
  }
  TRY(reader.RefuseOthers());
  const bool is_dry = dry_run == nullptr || dry_run->get_bool();
  return JobJson(TRY(repricer_.Start(NewSavedId(), start_ns, end_ns,
                                     is_dry ? repricing::Mode::kDryRun : repricing::Mode::kApply)));
}

Result<std::string> RepriceApi::ListJson() const {
  base::JsonWriter json;
  json.BeginObject().Key("repricings").BeginArray();
  for (const Job& job : TRY(repricer_.Jobs())) {
    WriteJob(job, json);
  }
  json.EndArray().EndObject();
  return json.Take();
}

Result<std::string> RepriceApi::GetJson(const net::HttpRequest& request) const {
  const std::string_view id = request.PathParameter("reprice_id");
  const std::optional<Job> job = TRY(repricer_.Find(id));
  return job ? Result<std::string>(JobJson(*job))
             : Error(Code::kNotFound, fmt::format("no repricing '{}'", id));
}

net::HttpResponse RepriceApi::Start(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return StartJson(body); });
}

net::HttpResponse RepriceApi::List(const net::HttpRequest& /*request*/) const {
  return JsonAnswer(ListJson());
}

net::HttpResponse RepriceApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(GetJson(request));
}

}  // namespace sightline::api
