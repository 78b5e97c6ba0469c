// SPDX-License-Identifier: Apache-2.0
#include "api/live/trace_feed.h"

#include <utility>

#include "api/request/json_fields.h"
#include "api/runs/span_json.h"
#include "base/json_writer.h"
#include "model/run_status.h"

namespace sightline::api {
namespace {

std::string Finish(base::JsonWriter& json) {
  json.EndObject();
  return json.Take();
}

std::string Initial(const model::TraceId& trace_id) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("type").String("initial");
  json.Key("trace_id").String(trace_id.ToHex());
  return Finish(json);
}

std::string SpansMessage(const live::NewSpans& spans) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("type").String("spans");
  json.Key("trace_id").String(spans.trace_id.ToHex());
  json.Key("spans").BeginArray();
  for (const model::Span* span : spans.spans) {
    json.BeginObject();
    // Whether the parent is missing, and whether usage is counted, only the whole trace tells.
    WriteSpanFacts(*span, "", model::RunStatus::kRunning, json);
    json.EndObject();
  }
  json.EndArray();
  return Finish(json);
}

std::string TraceMessage(const live::RunSummary& run) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("type").String("trace");
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("execution_id").String(run.execution_id);
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("status").String(model::RunStatusName(run.status));
  WriteTime(json, "start_time", run.start_ns);
  WriteTime(json, "end_time", run.end_ns);
  json.Key("step_count").Uint(run.step_count + run.open_steps);
  json.Key("failed_steps").Uint(run.failed_steps);
  json.Key("open_steps").Uint(run.open_steps);
  return Finish(json);
}

}  // namespace

void TraceFeed::Open(const net::HttpRequest& request, net::ResponseSink sink) {
  const auto trace_id = loader_.TraceIdOf(request.PathParameter("trace_id"));
  const model::TraceId id = trace_id.has_value() ? *trace_id : model::TraceId{};
  const auto client =
      FeedClient::Accept(parts_, request, std::move(sink),
                         [this, id](const std::shared_ptr<FeedClient>& gone) { Leave(id, gone); });
  if (client == nullptr) {
    return;
  }
  if (!trace_id.has_value()) {
    client->Refuse(net::kClosePolicyViolation, trace_id.error().message());
    return;
  }
  // Watched first: who leaves in between would else leave a watch that nobody ends.
  live_.WatchSpans(id);
  live_.WatchRun(id.ToHex());
  if (!Join(id, client)) {
    live_.UnwatchSpans(id);
    live_.UnwatchRun(id.ToHex());
    return;
  }
  client->SendEvent(parts_.gate.payloads()->Make(Initial(id)));
}

// False when the client has gone.
bool TraceFeed::Join(const model::TraceId& trace_id, const std::shared_ptr<FeedClient>& client) {
  base::MutexLock lock(mutex_);
  if (client->is_closed()) {
    return false;
  }
  topics_[trace_id].push_back(client);
  return true;
}

void TraceFeed::Leave(const model::TraceId& trace_id, const std::shared_ptr<FeedClient>& client) {
  {
    base::MutexLock lock(mutex_);
    const auto topic = topics_.find(trace_id);
    if (topic == topics_.end() || std::erase(topic->second, client) == 0) {
      return;
    }
    if (topic->second.empty()) {
      topics_.erase(topic);
    }
  }
  live_.UnwatchSpans(trace_id);
  live_.UnwatchRun(trace_id.ToHex());
}

TraceFeed::Clients TraceFeed::ClientsOf(const model::TraceId& trace_id) {
  base::MutexLock lock(mutex_);
  const auto topic = topics_.find(trace_id);
  return topic == topics_.end() ? Clients{} : topic->second;
}

void TraceFeed::OnSpans(const live::NewSpans& spans) {
  const Clients clients = ClientsOf(spans.trace_id);
  if (clients.empty()) {
    return;
  }
  const net::Payload message = parts_.gate.payloads()->Make(SpansMessage(spans));
  for (const std::shared_ptr<FeedClient>& client : clients) {
    client->SendEvent(message);
  }
}

void TraceFeed::OnRun(const live::RunSnapshot& run) {
  const Clients clients = ClientsOf(run.summary.trace_id);
  if (clients.empty()) {
    return;
  }
  const net::Payload message = parts_.gate.payloads()->Make(TraceMessage(run.summary));
  for (const std::shared_ptr<FeedClient>& client : clients) {
    client->SendState(message);
  }
}

}  // namespace sightline::api
