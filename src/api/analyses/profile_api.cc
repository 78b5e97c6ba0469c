// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/profile_api.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analytics/bottlenecks/call_profile.h"
#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "api/request/period.h"
#include "api/runs/known_workflow.h"
#include "api/runs/run_sample.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using analytics::CallProfile;
using analytics::ProfileWeight;

base::Result<ProfileWeight> WeightOf(std::string_view name) {
  if (name == "time") {
    return ProfileWeight::kTime;
  }
  if (name == "cost") {
    return ProfileWeight::kCost;
  }
  if (name == "tokens") {
    return ProfileWeight::kTokens;
  }
  return base::Error(base::Code::kInvalidArgument,
                     "bad parameter weight: time, cost or tokens expected");
}

base::Result<bool> IsFolded(std::string_view format) {
  if (format != "folded" && format != "speedscope") {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter format: folded or speedscope expected");
  }
  return format == "folded";
}

std::vector<std::string> FramesOf(const CallProfile::Stack& stack) {
  std::vector<std::string> frames;
  for (const std::string& frame : stack) {
    if (!frame.empty()) {
      frames.push_back(frame);
    }
  }
  return frames;
}

// A line for each stack: frames with semicolons between them, a blank, and the weight. Semicolons
// and line ends inside names become blanks.
std::string Folded(const CallProfile& profile) {
  std::string text;
  for (const auto& [stack, weight] : profile.stacks()) {
    std::string line;
    for (std::string& frame : FramesOf(stack)) {
      for (char& c : frame) {
        c = c == ';' || c == '\n' || c == '\r' ? ' ' : c;
      }
      line += line.empty() ? frame : ";" + frame;
    }
    text += fmt::format("{} {}\n", line, weight);
  }
  return text;
}

// The file format of speedscope.app: one sample for each stack.
std::string Speedscope(const CallProfile& profile, ProfileWeight weight, std::string_view name,
                       const SampleSize& size) {
  std::map<std::string, std::size_t> frames;
  std::vector<std::string> names;
  std::vector<std::vector<std::size_t>> samples;
  for (const auto& [stack, sum] : profile.stacks()) {
    std::vector<std::size_t>& sample = samples.emplace_back();
    for (std::string& frame : FramesOf(stack)) {
      const auto [known, is_new] = frames.emplace(frame, names.size());
      if (is_new) {
        names.push_back(std::move(frame));
      }
      sample.push_back(known->second);
    }
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("$schema").String("https://www.speedscope.app/file-format-schema.json");
  json.Key("name").String(fmt::format("{} ({} runs)", name, size.runs - size.going_on));
  json.Key("exporter").String("sightline");
  json.Key("shared").BeginObject().Key("frames").BeginArray();
  for (const std::string& frame : names) {
    json.BeginObject().Key("name").String(frame).EndObject();
  }
  json.EndArray().EndObject();
  json.Key("profiles").BeginArray().BeginObject();
  json.Key("type").String("sampled");
  json.Key("name").String(name);
  json.Key("unit").String(weight == ProfileWeight::kTime ? "nanoseconds" : "none");
  json.Key("startValue").Int(0);
  json.Key("endValue").Int(profile.total());
  json.Key("samples").BeginArray();
  for (const std::vector<std::size_t>& sample : samples) {
    json.BeginArray();
    for (const std::size_t frame : sample) {
      json.Uint(frame);
    }
    json.EndArray();
  }
  json.EndArray();
  json.Key("weights").BeginArray();
  for (const auto& [stack, sum] : profile.stacks()) {
    json.Int(sum);
  }
  json.EndArray().EndObject().EndArray();
  size.Write(json);
  json.Key("unpriced_calls").Int(profile.unpriced_calls());
  json.EndObject();
  return json.Take();
}

}  // namespace

base::Result<net::HttpResponse> ProfileApi::Answer(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const auto workflow_id = parameters.Text("workflow_id");
  if (!workflow_id) {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter workflow_id: the id of a workflow expected");
  }
  const ProfileWeight weight = TRY(WeightOf(parameters.Text("weight").value_or("time")));
  const bool is_folded = TRY(IsFolded(parameters.Text("format").value_or("speedscope")));
  const std::size_t limit = TRY(parameters.Limit(kSampleRuns, kMostSampleRuns));
  const Period period = TRY(Period::Read(parameters, clock_, 30));
  TRY(ExpectWorkflow(store_, *workflow_id, loader_.Deadline()));
  CallProfile profile(weight);
  const SampleSize size = TRY(VisitSample(
      store_, loader_,
      {.workflow_id = workflow_id, .start_time_ns = period.start_ns, .end_time_ns = period.end_ns},
      limit,
      [&profile](const store::Rows&, const analytics::TraceView&,
                 const analytics::ProfiledRun& run) -> base::Result<void> {
        profile.Add(run);
        return {};
      }));
  if (is_folded) {
    return TextAnswer(Folded(profile));
  }
  return JsonAnswer(Speedscope(profile, weight, *workflow_id, size));
}

net::HttpResponse ProfileApi::Get(const net::HttpRequest& request) const {
  base::Result<net::HttpResponse> answer = Answer(request);
  return answer.has_value() ? std::move(*answer) : net::ErrorResponse(answer.error());
}

}  // namespace sightline::api
