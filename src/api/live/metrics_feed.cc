// SPDX-License-Identifier: Apache-2.0
#include "api/live/metrics_feed.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "api/live/live_json.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "live/rollups.h"
#include "net/http_status.h"

namespace sightline::api {
namespace {

// How often the sender looks whether something is due, while it has clients.
constexpr std::chrono::milliseconds kStep{50};

double Ratio(std::int64_t part, std::int64_t whole) {
  return whole <= 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// The members that workflow metrics and their enhanced form share.
void WriteExecutions(const live::RunCounts& runs, base::JsonWriter& json) {
  json.Key("total_executions").Int(runs.total());
  json.Key("success_rate").Double(Percent(runs.completed, runs.total()));
  json.Key("average_duration")
      .Double(runs.completed <= 0 ? 0.0
                                  : runs.completed_seconds() / static_cast<double>(runs.completed));
  json.Key("executions_by_status").BeginObject();
  json.Key("running").Int(runs.running);
  json.Key("completed").Int(runs.completed);
  json.Key("failed").Int(runs.failed);
  json.Key("cancelled").Int(runs.cancelled);
  json.Key("abandoned").Int(runs.abandoned);
  json.EndObject();
}

// Averages over the runs that started in the last 24 hours.
void WriteStepAverages(const model::RollupCounts& day, base::JsonWriter& json) {
  json.Key("average_step_count").Double(Ratio(day.steps, day.runs_started));
  json.Key("average_success_count").Double(Ratio(day.steps - day.failed_steps, day.runs_started));
  json.Key("average_failure_count").Double(Ratio(day.failed_steps, day.runs_started));
}

}  // namespace

MetricsFeed::MetricsFeed(const Options& options, const live::Live& live, HostMonitor& host,
                         const base::Clock& clock, const FeedClient::Parts& parts)
    : options_(options),
      live_(live),
      host_(host),
      clock_(clock),
      parts_(parts),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

MetricsFeed::~MetricsFeed() {
  {
    base::MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  thread_.request_stop();
  wake_.NotifyAll();
}

live::Figures MetricsFeed::FiguresOf(const std::string& workflow) const {
  return workflow.empty() ? live_.figures() : live_.figures(workflow);
}

net::Payload MetricsFeed::Message(std::string_view type, const std::string& workflow) const {
  const live::Figures figures = FiguresOf(workflow);
  base::JsonWriter json;
  json.BeginObject();
  json.Key("type").String(type);
  json.Key("timestamp").String(base::FormatTimeNs(clock_.NowNs()));
  json.Key("data").BeginObject();
  json.Key("real_time");
  WriteRealTime(figures, live_.rates().snapshot(), host_.figures(), json);
  json.Key("health");
  WriteHealth(figures, json);
  json.EndObject();
  json.EndObject();
  return parts_.gate.payloads()->Make(json.Take());
}

std::string MetricsFeed::StreamData(const std::string& workflow) const {
  const live::Figures figures = FiguresOf(workflow);
  model::RollupCounts day;
  if (workflow.empty()) {
    day = live_.rollups().Total(model::Window::k24Hours).counts;
  } else {
    const auto groups =
        live_.rollups().GroupBy(model::Window::k24Hours, model::Dimension::kWorkflow, workflow);
    const auto group = groups.find(workflow);
    day = group == groups.end() ? model::RollupCounts{} : group->second.counts;
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("timestamp").String(base::FormatTimeNs(clock_.NowNs()));
  json.Key("real_time");
  WriteRealTime(figures, live_.rates().snapshot(), host_.figures(), json);
  json.Key("health");
  WriteHealth(figures, json);
  json.Key("workflow_metrics").BeginObject();
  WriteExecutions(figures.runs, json);
  json.EndObject();
  json.Key("enhanced_metrics").BeginObject();
  WriteExecutions(figures.runs, json);
  WriteStepAverages(day, json);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

void MetricsFeed::OpenSocket(const net::HttpRequest& request, net::ResponseSink sink) {
  const std::string workflow = Parameters(request.query).Text("workflow_id").value_or("");
  const auto client = FeedClient::Accept(
      parts_, request, std::move(sink),
      [this, workflow](const std::shared_ptr<FeedClient>& gone) { Leave(workflow, gone); });
  if (client == nullptr) {
    return;
  }
  client->SendEvent(Message("initial", workflow));
  {
    base::MutexLock lock(mutex_);
    Topic& topic = topics_[workflow];
    if (topic.clients.empty()) {
      topic.sent_at = std::chrono::steady_clock::now();
    }
    topic.has_changed = true;  // What changed while this client was being told.
    if (!client->is_closed()) {
      topic.clients.push_back(client);
    }
  }
  wake_.NotifyAll();
}

void MetricsFeed::Leave(const std::string& workflow, const std::shared_ptr<FeedClient>& client) {
  base::MutexLock lock(mutex_);
  const auto topic = topics_.find(workflow);
  if (topic == topics_.end()) {
    return;
  }
  std::erase(topic->second.clients, client);
  if (topic->second.clients.empty()) {
    topics_.erase(topic);
  }
}

void MetricsFeed::OpenStream(const net::HttpRequest& request, net::ResponseSink sink) {
  const auto interval =
      Parameters(request.query)
          .Milliseconds("interval_ms", options_.stream_interval, options_.least_stream_interval);
  if (!interval.has_value()) {
    sink.Answer(net::ErrorResponse(interval.error()));
    return;
  }
  Stream stream{.workflow = Parameters(request.query).Text("workflow_id").value_or(""),
                .interval = *interval};
  stream.ticket = parts_.gate.Enter(request.remote_address);
  if (stream.ticket == nullptr) {
    parts_.losses.Count(base::Loss::kSubscriptionRefused);
    net::HttpResponse response =
        net::DetailResponse(429, "too many live subscriptions; close some or try later");
    response.headers.Add("Retry-After", "5");
    sink.Answer(std::move(response));
    return;
  }
  net::StreamOptions options;
  options.room = parts_.gate.payloads();
  options.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  stream.writer = sink.StartStream(std::move(options));
  stream.writer->Send(std::make_shared<const std::string>(
      fmt::format("retry: {}\n\n", options_.stream_interval.count())));
  {
    base::MutexLock lock(mutex_);
    streams_.push_back(std::move(stream));  // sent_at of long ago: the first event is due at once.
  }
  wake_.NotifyAll();
}

void MetricsFeed::OnChange() {
  base::MutexLock lock(mutex_);
  for (auto& [workflow, topic] : topics_) {
    topic.has_changed = true;
  }
}

void MetricsFeed::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Time now = std::chrono::steady_clock::now();
    SendTopics(now);
    SendStreams(now);
    base::MutexLock lock(mutex_);
    if (is_stopping_) {
      return;
    }
    const bool is_idle = topics_.empty() && streams_.empty();
    wake_.WaitFor(mutex_, is_idle ? std::chrono::nanoseconds(std::chrono::seconds(1))
                                  : std::chrono::nanoseconds(kStep));
  }
}

bool MetricsFeed::IsDue(const Topic& topic, Time now) const {
  const auto age = now - topic.sent_at;
  const bool rates_change = now - topic.changed_at < options_.rates_window;
  return age >= options_.most_interval || (topic.has_changed && age >= options_.least_interval) ||
         (rates_change && age >= options_.rates_interval);
}

void MetricsFeed::SendTopics(Time now) {
  std::vector<std::pair<std::string, std::vector<std::shared_ptr<FeedClient>>>> due;
  {
    base::MutexLock lock(mutex_);
    for (auto& [workflow, topic] : topics_) {
      if (IsDue(topic, now)) {
        topic.changed_at = topic.has_changed ? now : topic.changed_at;
        topic.has_changed = false;
        topic.sent_at = now;
        due.emplace_back(workflow, topic.clients);
      }
    }
  }
  for (const auto& [workflow, clients] : due) {
    const net::Payload message = Message("update", workflow);
    for (const std::shared_ptr<FeedClient>& client : clients) {
      client->SendState(message);
    }
  }
}

void MetricsFeed::SendStreams(Time now) {
  std::map<std::string, std::string> data;  // By workflow: written once for all that are due.
  {
    base::MutexLock lock(mutex_);
    std::erase_if(streams_, [](const Stream& stream) { return stream.writer->is_closed(); });
    for (const Stream& stream : streams_) {
      if (now - stream.sent_at >= stream.interval) {
        data.try_emplace(stream.workflow);
      }
    }
  }
  for (auto& [workflow, text] : data) {
    text = StreamData(workflow);
  }
  base::MutexLock lock(mutex_);
  for (Stream& stream : streams_) {
    // One that came in the meantime is due at the next step.
    const auto text = data.find(stream.workflow);
    if (now - stream.sent_at >= stream.interval && text != data.end()) {
      const auto result =
          stream.writer->Send(parts_.gate.payloads()->Make(net::FormatServerSentEvent(
                                  "", std::to_string(stream.next_id++), text->second)),
                              "event");
      if (result == net::SendResult::kReplaced || result == net::SendResult::kFull) {
        parts_.losses.Count(base::Loss::kSubscriberSkipped);
      }
      stream.sent_at = stream.heard_at = now;
    } else if (now - stream.heard_at >= options_.heartbeat) {
      stream.writer->Send(std::make_shared<const std::string>(": heartbeat\n\n"), "heartbeat");
      stream.heard_at = now;
    }
  }
}

}  // namespace sightline::api
