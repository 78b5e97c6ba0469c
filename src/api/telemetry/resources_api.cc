// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/resources_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analytics/trace_view.h"
#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "api/telemetry/process_metrics.h"
#include "api/telemetry/resource_usage.h"
#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "model/kinds.h"
#include "query/trace_query.h"

namespace sightline::api {
namespace {

using analytics::TraceView;
using base::Result;

constexpr std::size_t kMostProcesses = 20;
constexpr std::size_t kMostRunsSeen = 200;
constexpr std::int64_t kLongestRunNs = std::int64_t{3600} * 1'000'000'000;

// From the first to the last moment of some spans.
struct Extent {
  std::int64_t start_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::min();

  void Add(std::int64_t from_ns, std::int64_t to_ns) {
    start_ns = std::min(start_ns, from_ns);
    end_ns = std::max(end_ns, to_ns);
  }
};

// One that goes on lasts until now.
std::int64_t EndOf(const model::Span& span, std::int64_t now_ns) {
  return std::max(span.start_ns, span.has_mark(model::Mark::kPlaceholder) ? now_ns : span.end_ns);
}

bool AreOfOneResource(const model::Span& a, const model::Span& b) {
  return a.service == b.service && a.resource_attributes == b.resource_attributes;
}

// The processes that a run, or one step of it, was the work of, and when.
std::map<ProcessIdentity, Extent> ProcessesOf(const TraceView& view,
                                              const std::optional<std::size_t>& step,
                                              std::int64_t now_ns) {
  std::map<std::pair<std::string_view, std::string_view>, Extent> resources;
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    const model::Span& span = view.spans[i];
    if (!step || i == *step) {
      resources[{span.service, span.resource_attributes}].Add(span.start_ns, EndOf(span, now_ns));
    }
  }
  std::map<ProcessIdentity, Extent> processes;
  for (const auto& [resource, extent] : resources) {
    processes[ProcessIdentity::Of(resource.first, resource.second)].Add(extent.start_ns,
                                                                        extent.end_ns);
  }
  return processes;
}

Result<std::size_t> IndexOf(const TraceView& view, const std::string& span_id) {
  const auto id = model::SpanId::FromHex(base::ToLower(span_id));
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    if (view.spans[i].span_id == id) {
      return i;
    }
  }
  return base::Error(base::Code::kNotFound, fmt::format("span {} is not known in trace {}", span_id,
                                                        view.summary.trace_id.ToHex()));
}

bool IsAbove(const TraceView& view, std::size_t above, std::size_t span) {
  while (span != TraceView::kNone && span != above) {
    span = view.parents[span];
  }
  return span == above;
}

// Other steps of the run that its process worked at in the time of this one.
std::size_t StepsBeside(const TraceView& view, std::size_t step, std::int64_t now_ns) {
  const model::Span& span = view.spans[step];
  std::size_t count = 0;
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    const model::Span& other = view.spans[i];
    const bool overlaps =
        other.start_ns < EndOf(span, now_ns) && EndOf(other, now_ns) > span.start_ns;
    if (overlaps && model::IsStep(other.kind) && AreOfOneResource(other, span) &&
        !IsAbove(view, i, step) && !IsAbove(view, step, i)) {
      ++count;
    }
  }
  return count;
}

// Other runs of the service in the time, of those that began at most an hour before it.
Result<std::size_t> RunsBeside(const model::TraceId& run, const std::string& service,
                               const Extent& extent, store::SpanStore& store,
                               store::SpanStore::Deadline deadline) {
  query::TraceQuery query{.service = service,
                          .start_time_ns = extent.start_ns - kLongestRunNs,
                          .end_time_ns = std::max(extent.end_ns, extent.start_ns + 1),
                          .limit = kMostRunsSeen};
  const store::RunPage page = TRY(store.ListRuns(query, deadline));
  return static_cast<std::size_t>(
      std::ranges::count_if(page.runs, [&](const model::RunRecord& other) {
        return other.trace_id != run &&
               (other.ended_ns() == 0 || other.ended_ns() > extent.start_ns);
      }));
}

void WriteNumber(base::JsonWriter& json, std::string_view key, std::optional<double> number) {
  json.Key(key);
  if (number) {
    json.Double(*number);
  } else {
    json.Null();
  }
}

bool IsKnown(const ResourceUsage& usage) {
  return std::ranges::any_of(usage.values, [](const auto& value) { return value.has_value(); });
}

bool IsKnown(const analytics::ProcessUsage& usage) {
  return usage.cpu_seconds || usage.cpu_share || usage.memory_mb || usage.disk_bytes ||
         usage.network_bytes;
}

void WriteReported(const ResourceUsage& usage, base::JsonWriter& json) {
  json.BeginObject();
  for (std::size_t i = 0; i < kResourceCount; ++i) {
    const auto resource = static_cast<Resource>(i);
    WriteNumber(json, ResourceName(resource), usage.of(resource));
  }
  json.EndObject();
}

void WriteProcess(const ProcessIdentity& process, const Extent& extent,
                  const ProcessMetrics& metrics, base::JsonWriter& json) {
  WriteText(json, "service", process.service);
  WriteText(json, "service_instance", process.instance);
  WriteText(json, "host", process.host);
  WriteText(json, "pid", process.pid);
  WriteText(json, "container", process.container);
  WriteTime(json, "start_time", extent.start_ns);
  WriteTime(json, "end_time", extent.end_ns);
  json.Key("metrics").BeginArray();
  for (const std::string& name : metrics.names) {
    json.String(name);
  }
  json.EndArray();
  json.Key("is_ambiguous").Bool(metrics.is_ambiguous);
  WriteNumber(json, "cpu_seconds", metrics.usage.cpu_seconds);
  WriteNumber(json, "cpu_usage", metrics.usage.cpu_usage);
  WriteNumber(json, "cpu_share", metrics.usage.cpu_share);
  WriteNumber(json, "memory_usage", metrics.usage.memory_mb);
  WriteNumber(json, "memory_change_mb", metrics.usage.memory_change_mb);
  WriteNumber(json, "disk_bytes", metrics.usage.disk_bytes);
  WriteNumber(json, "network_bytes", metrics.usage.network_bytes);
  WriteSeconds(json, "resolution", metrics.usage.resolution_ns);
}

// What a read needs.
struct Reading {
  store::SpanStore& store;
  store::SpanStore::Deadline deadline;
  std::int64_t now_ns;
};

// An array. Answers whether any of them tells something.
Result<bool> WriteProcesses(const TraceView& view, const std::optional<std::size_t>& step,
                            const std::map<ProcessIdentity, Extent>& processes,
                            const Reading& reading, base::JsonWriter& json) {
  bool is_known = false;
  std::size_t written = 0;
  json.BeginArray();
  for (const auto& [process, extent] : processes) {
    if (written++ == kMostProcesses) {
      break;
    }
    const ProcessMetrics metrics = TRY(ReadProcessMetrics(process, extent.start_ns, extent.end_ns,
                                                          reading.store, reading.deadline));
    const std::size_t runs = TRY(RunsBeside(view.summary.trace_id, process.service, extent,
                                            reading.store, reading.deadline));
    is_known = is_known || IsKnown(metrics.usage);
    json.BeginObject();
    WriteProcess(process, extent, metrics, json);
    json.Key("shared_with").BeginObject().Key("steps");
    if (step) {
      json.Uint(StepsBeside(view, *step, reading.now_ns));
    } else {
      json.Null();
    }
    json.Key("runs").Uint(runs).EndObject().EndObject();
  }
  json.EndArray();
  return is_known;
}

}  // namespace

Result<std::string> ResourcesApi::Json(const net::HttpRequest& request) const {
  const LoadedTrace loaded = TRY(loader_.Load(request.PathParameter("trace_id")));
  const TraceView& view = loaded.view;
  std::optional<std::size_t> step;
  if (const auto span_id = Parameters(request.query).Text("span_id")) {
    step = TRY(IndexOf(view, *span_id));
  }
  const Reading reading{.store = store_, .deadline = loader_.Deadline(), .now_ns = clock_.NowNs()};
  const ResourceUsage reported = step ? ResourceUsageOf(view.spans[*step]) : ResourceUsageOf(view);
  std::map<ProcessIdentity, Extent> processes;
  if (!IsKnown(reported)) {
    processes = ProcessesOf(view, step, reading.now_ns);
  }
  base::JsonWriter list;
  const bool is_measured = TRY(WriteProcesses(view, step, processes, reading, list));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("trace_id").String(view.summary.trace_id.ToHex());
  WriteText(json, "span_id", step ? view.spans[*step].span_id.ToHex() : std::string());
  const std::string_view measured = is_measured ? "process_metrics" : "";
  WriteText(json, "source", IsKnown(reported) ? "reported" : measured);
  json.Key("usage");
  if (IsKnown(reported)) {
    WriteReported(reported, json);
  } else {
    json.Null();
  }
  json.Key("processes").Raw(list.Take());
  json.Key("processes_left_out")
      .Uint(processes.size() - std::min(processes.size(), kMostProcesses));
  json.EndObject();
  return json.Take();
}

net::HttpResponse ResourcesApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

}  // namespace sightline::api
