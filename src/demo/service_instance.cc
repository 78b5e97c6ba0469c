// SPDX-License-Identifier: Apache-2.0
#include "demo/service_instance.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "demo/dialect.h"

namespace sightline::demo {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kFlushIntervalNs = nanoseconds(seconds(1)).count();
constexpr std::int64_t kMetricsIntervalNs = nanoseconds(seconds(10)).count();

// The batch processor's limit of OpenTelemetry SDKs.
constexpr std::size_t kMaxBatch = 512;

// From handing a record to the SDK to its observed time.
constexpr std::uint64_t kObservationNs = 40'000;

}  // namespace

ServiceInstance::ServiceInstance(const Service& service, std::int64_t start_ns, std::uint64_t seed)
    : service_(service),
      dialect_(service.dialect()),
      random_(seed),
      resource_(MakeResource(service, random_)),
      metrics_(start_ns, service.base_memory_mb, Random(MixSeeds(seed, 1))),
      next_flush_ns_(start_ns + random_.Between(1, kFlushIntervalNs)),
      next_metrics_ns_(next_flush_ns_ + random_.Between(0, kMetricsIntervalNs)) {}

void ServiceInstance::Push(std::int64_t ready_ns, ItemKind kind, std::size_t index,
                           const std::shared_ptr<const RunPlan>& run) {
  items_.push(
      {.ready_ns = ready_ns, .sequence = sequence_++, .kind = kind, .index = index, .run = run});
}

void ServiceInstance::Accept(const std::shared_ptr<const RunPlan>& run) {
  for (std::size_t i = 0; i < run->steps.size(); ++i) {
    const Step& step = run->steps[i];
    if (step.host == service_.host) {
      Push(step.start_ns, ItemKind::kStart, i, run);
      Push(step.end_ns, ItemKind::kEnd, i, run);
    }
  }
  if (service_.host == StepHost::kAgentService) {
    for (std::size_t i = 0; i < run->logs.size(); ++i) {
      Push(static_cast<std::int64_t>(run->logs[i].time_ns), ItemKind::kLog, i, run);
    }
  }
}

void ServiceInstance::Flush(std::vector<Export>& exports) {
  std::vector<Item> steps;
  std::vector<Item> logs;
  while (!items_.empty() && items_.top().ready_ns <= next_flush_ns_) {
    (items_.top().kind == ItemKind::kLog ? logs : steps).push_back(items_.top());
    items_.pop();
  }
  FlushSpans(steps, exports);
  FlushLogs(logs, exports);
  if (next_metrics_ns_ <= next_flush_ns_) {
    FlushMetrics(exports);
    next_metrics_ns_ += kMetricsIntervalNs;
  }
  next_flush_ns_ += kFlushIntervalNs;
}

void ServiceInstance::WriteStep(const Item& item, std::vector<otlp::SpanData>& agent_spans,
                                std::vector<otlp::SpanData>& http_spans) {
  const RunPlan& run = *item.run;
  const Step& step = run.steps[item.index];
  if (std::holds_alternative<HttpExchange>(step.detail)) {
    WriteHttpExchange(run, step, http_spans);
    return;
  }
  if (const auto* call = std::get_if<ModelCall>(&step.detail);
      call != nullptr && service_.scenario == ScenarioKind::kSupportAgent) {
    metrics_.OnModelCall(*call, step.end_ns - step.start_ns,
                         step.failure.has_value() ? step.failure->error_type : "");
  }
  dialect_.write(run, step, agent_spans);
}

void ServiceInstance::FlushSpans(const std::vector<Item>& items, std::vector<Export>& exports) {
  std::set<std::pair<const RunPlan*, std::size_t>> ended;
  for (const Item& item : items) {
    if (item.kind == ItemKind::kEnd) {
      ended.emplace(item.run.get(), item.index);
    }
  }
  std::vector<otlp::ResourceGroup<otlp::SpanData>> groups(1);
  otlp::ResourceGroup<otlp::SpanData>& group = groups.front();
  group.resource = resource_;
  const auto start_batch = [&] {
    group.scopes = {{.scope = dialect_.scope, .items = {}}, {.scope = HttpScope(), .items = {}}};
  };
  const auto send = [&] {
    const std::size_t count = group.scopes[0].items.size() + group.scopes[1].items.size();
    std::erase_if(group.scopes, [](const auto& scope) { return scope.items.empty(); });
    if (count > 0) {
      exports.push_back({.time_ns = next_flush_ns_,
                         .signal = otlp::Signal::kTraces,
                         .body = otlp::EncodeTraces(groups),
                         .items = count});
    }
    start_batch();
  };
  start_batch();
  for (const Item& item : items) {
    std::vector<otlp::SpanData>& agent_spans = group.scopes[0].items;
    if (item.kind == ItemKind::kEnd) {
      --open_steps_;
      WriteStep(item, agent_spans, group.scopes[1].items);
    } else {
      ++open_steps_;
      // A pending span that has ended by the time it would leave stays at home.
      const Step& step = item.run->steps[item.index];
      const bool is_pending = dialect_.write_pending != nullptr &&
                              !std::holds_alternative<HttpExchange>(step.detail) &&
                              !ended.contains({item.run.get(), item.index});
      if (is_pending) {
        agent_spans.push_back(dialect_.write_pending(*item.run, step, random_.Bytes(8)));
      }
    }
    if (agent_spans.size() + group.scopes[1].items.size() >= kMaxBatch) {
      send();
    }
  }
  send();
}

void ServiceInstance::FlushLogs(const std::vector<Item>& items, std::vector<Export>& exports) {
  if (items.empty()) {
    return;
  }
  std::vector<otlp::LogData> logs;
  for (const Item& item : items) {
    logs.push_back(item.run->logs[item.index]);
    logs.back().observed_time_ns = logs.back().time_ns + kObservationNs;
  }
  const otlp::ScopeData scope = {
      .name = "tidewater.logging", .version = "1.0.0", .attributes = {}, .schema_url = {}};
  exports.push_back({.time_ns = next_flush_ns_,
                     .signal = otlp::Signal::kLogs,
                     .body = otlp::EncodeLogs(resource_, scope, logs),
                     .items = logs.size()});
}

void ServiceInstance::FlushMetrics(std::vector<Export>& exports) {
  const std::vector<otlp::MetricData> metrics = metrics_.Collect(next_flush_ns_, open_steps_);
  std::size_t points = 0;
  for (const otlp::MetricData& metric : metrics) {
    points += metric.points.size();
  }
  const otlp::ScopeData scope = {.name = "opentelemetry.instrumentation.system_metrics",
                                 .version = "0.59b0",
                                 .attributes = {},
                                 .schema_url = {}};
  exports.push_back({.time_ns = next_flush_ns_,
                     .signal = otlp::Signal::kMetrics,
                     .body = otlp::EncodeMetrics(resource_, scope, metrics),
                     .items = points});
}

}  // namespace sightline::demo
