// SPDX-License-Identifier: Apache-2.0
#include "api/service_api.h"

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/telemetry/host_figures.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

net::HttpResponse Status(int status, std::string_view text, std::string_view detail) {
  base::JsonWriter json;
  json.BeginObject().Key("status").String(text);
  if (!detail.empty()) {
    json.Key("detail").String(detail);
  }
  json.EndObject();
  return {.status = status,
          .body = json.Take(),
          .content_type = "application/json",
          .headers = {{"Cache-Control", "no-store"}}};
}

// Prometheus text format, version 0.0.4.
class MetricsText {
 public:
  void Family(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
  }

  template <typename T>
  void Sample(std::string_view name, std::string_view labels, T value) {
    fmt::format_to(std::back_inserter(text_), "{}{}{}{} {}\n", name, labels.empty() ? "" : "{",
                   labels, labels.empty() ? "" : "}", value);
  }

  template <typename T>
  void Single(std::string_view name, std::string_view type, std::string_view help, T value) {
    Family(name, type, help);
    Sample(name, "", value);
  }

  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

// A label value with the escapes of the format.
std::string Label(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      escaped.push_back('\\');
      escaped.push_back(c);
    } else if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

void AppendLosses(const base::LossTable& losses, MetricsText& text) {
  text.Family("sightline_loss_total", "counter",
              "What was refused, dropped, cut, repaired or marked, by name.");
  for (std::size_t i = 0; i < static_cast<std::size_t>(base::Loss::kCount); ++i) {
    const auto loss = static_cast<base::Loss>(i);
    const base::LossInfo& info = base::GetLossInfo(loss);
    text.Sample(
        "sightline_loss_total",
        fmt::format(R"(name="{}",severity="{}")", info.name, base::LossSeverityName(info.severity)),
        losses.count(loss));
  }
}

void AppendIngest(const ingest::Pipeline& pipeline, const ingest::ByteBudget& budget,
                  MetricsText& text) {
  const ingest::Pipeline::Stats stats = pipeline.stats();
  text.Single("sightline_ingest_requests_total", "counter", "Export requests taken.",
              stats.requests);
  text.Single("sightline_ingest_spans_total", "counter", "Spans made durable.", stats.spans);
  text.Single("sightline_ingest_logs_total", "counter", "Log records made durable.", stats.logs);
  text.Single("sightline_ingest_points_total", "counter", "Metric points made durable.",
              stats.points);
  text.Single("sightline_ingest_bytes_total", "counter", "Bytes of requests, decompressed.",
              stats.bytes);
  text.Single("sightline_ingest_in_flight_bytes", "gauge", "Bytes of requests in flight.",
              budget.in_flight());
  text.Single("sightline_ingest_in_flight_limit_bytes", "gauge", "Where senders are pushed back.",
              budget.limit());
}

void AppendStorage(const store::SpanStore& store, const journal::Journal& journal,
                   MetricsText& text) {
  const journal::Journal::Stats written = journal.stats();
  text.Single("sightline_journal_records_total", "counter", "Records made durable.",
              written.appended_records);
  text.Single("sightline_journal_bytes_total", "counter", "Bytes made durable.",
              written.appended_bytes);
  text.Single("sightline_journal_syncs_total", "counter", "Group commits.", written.groups);
  text.Single("sightline_journal_segments", "gauge", "Segment files.", written.segments);
  text.Single("sightline_journal_writable", "gauge", "1 while the journal can write.",
              journal.is_writable() ? 1 : 0);
  const store::StoreStats stored = store.stats();
  text.Single("sightline_store_unsealed_rows", "gauge", "Rows in the head.", stored.unsealed_rows);
  text.Single("sightline_store_unsealed_bytes", "gauge", "Memory of the head.",
              stored.unsealed_bytes);
  text.Single("sightline_store_spans", "gauge", "Spans in day folders.", stored.sealed_spans);
  text.Single("sightline_store_disk_bytes", "gauge", "Size of the day folders.", stored.disk_bytes);
  text.Single("sightline_store_days", "gauge", "Day folders.", stored.days);
  text.Single("sightline_store_runs", "gauge", "Runs in day folders.", stored.sealed_runs);
  text.Single("sightline_store_quarantined_batches", "gauge",
              "Batches that could not be stored and were put aside since the start.",
              stored.quarantined_batches);
  text.Single("sightline_store_problems", "gauge",
              "What cannot be read or written; /readyz says what.", stored.problems.size());
  text.Single("sightline_store_body_index_entries", "gauge", "Bodies known for sharing.",
              stored.body_index_entries);
  text.Single("sightline_store_sealing_ok", "gauge", "1 while day folders can be written.",
              stored.is_sealing_ok ? 1 : 0);
}

void AppendLive(const live::Live& live, const LiveFeeds& feeds, MetricsText& text) {
  const live::Live::Stats stats = live.stats();
  text.Single("sightline_live_runs", "gauge", "Runs in memory.", stats.runs.runs);
  text.Single("sightline_live_open_runs", "gauge", "Runs that go on.", stats.runs.open_runs);
  text.Single("sightline_live_spans", "gauge", "Spans of the runs in memory.", stats.runs.spans);
  text.Single("sightline_live_bytes", "gauge", "Memory of these runs, estimated.",
              stats.runs.bytes);
  text.Single("sightline_live_loading_runs", "gauge", "Old runs that wait to be read again.",
              stats.runs.waiting_runs);
  text.Single("sightline_live_lag_seconds", "gauge",
              "Age of the oldest batch that live figures lack.", live.lag() / 1000);
  text.Family("sightline_signs_total", "counter", "Signs of trouble that were raised.");
  for (std::size_t kind = 0; kind < live::kSignKinds; ++kind) {
    text.Sample("sightline_signs_total",
                fmt::format("kind=\"{}\"", live::SignKindName(static_cast<live::SignKind>(kind))),
                stats.raised_signs[kind]);
  }
  text.Single("sightline_live_waiting_batches", "gauge",
              "Batches that live state has not taken in.", stats.waiting_batches);
  text.Single("sightline_live_subscriptions", "gauge", "WebSockets and streams that are open.",
              feeds.subscription_count());
  text.Single("sightline_live_watched", "gauge", "Runs and traces that somebody watches.",
              stats.watched);
}

void AppendRuns(const live::Rates& rates, MetricsText& text) {
  text.Family("sightline_runs_total", "counter",
              "Runs whose root span was received, by workflow and outcome.");
  for (const auto& [workflow, counters] : rates.workflows()) {
    const std::string label = Label(workflow);
    text.Sample("sightline_runs_total", fmt::format(R"(workflow="{}",outcome="completed")", label),
                counters.completed);
    text.Sample("sightline_runs_total", fmt::format(R"(workflow="{}",outcome="failed")", label),
                counters.failed);
  }
  const auto models = rates.models();
  const auto family = [&](std::string_view name, std::string_view help, const auto& value) {
    text.Family(name, "counter", help);
    for (const auto& [model, counters] : models) {
      text.Sample(name, fmt::format("model=\"{}\"", Label(model)), value(counters));
    }
  };
  using Counters = live::Rates::ModelCounters;
  family("sightline_model_calls_total", "Model calls.", [](const Counters& c) { return c.calls; });
  family("sightline_model_failed_calls_total", "Model calls that failed.",
         [](const Counters& c) { return c.failed; });
  family("sightline_model_input_tokens_total", "Input tokens, cached ones included.",
         [](const Counters& c) { return c.input_tokens; });
  family("sightline_model_output_tokens_total", "Output tokens.",
         [](const Counters& c) { return c.output_tokens; });
  family("sightline_model_cost_usd_total", "Cost of calls with a known price.",
         [](const Counters& c) { return static_cast<double>(c.cost_picodollars) / 1e12; });
  family("sightline_model_unpriced_calls_total", "Model calls with a part that has no known price.",
         [](const Counters& c) { return c.unpriced_calls; });
}

}  // namespace

std::string ServiceApi::NotReadyReason() const {
  if (parts_.is_draining()) {
    return "stopping";
  }
  if (!parts_.journal.is_writable()) {
    return parts_.journal.problem();
  }
  if (!parts_.store.has_room()) {
    return "the store is catching up";
  }
  return {};
}

net::HttpResponse ServiceApi::Health(const net::HttpRequest&) const {
  return Status(200, "ok", "");
}

net::HttpResponse ServiceApi::Ready(const net::HttpRequest&) const {
  const std::string reason = NotReadyReason();
  if (!reason.empty()) {
    return Status(503, "not ready", reason);
  }
  // What is damaged does not keep the rest from being served.
  std::vector<std::string> problems = parts_.store.stats().problems;
  if (std::string problem = parts_.meta.problem(); !problem.empty()) {
    problems.push_back(std::move(problem));
  }
  return Status(200, "ready", fmt::format("{}", fmt::join(problems, "; ")));
}

net::HttpResponse ServiceApi::Metrics(const net::HttpRequest&) const {
  MetricsText text;
  AppendIngest(parts_.pipeline, parts_.budget, text);
  AppendStorage(parts_.store, parts_.journal, text);
  AppendRuns(parts_.live.rates(), text);
  AppendLosses(parts_.losses, text);
  AppendLive(parts_.live, parts_.feeds, text);
  const HostFigures host = parts_.host.figures();
  text.Single("process_resident_memory_bytes", "gauge", "Resident memory.", host.resident_bytes);
  text.Single("process_cpu_seconds_total", "counter", "User and system time.", host.cpu_seconds);
  return {.body = text.Take(), .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

}  // namespace sightline::api
