// SPDX-License-Identifier: Apache-2.0
#include "api/live/events_api.h"

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_writer.h"
#include "ingest/budget_ticket.h"
#include "net/http_status.h"

namespace sightline::api {
namespace {

// NDJSON has no registered media type; these are in use.
constexpr std::array<std::string_view, 4> kLineTypes = {
    "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"};

std::optional<ingest::EventFormat> FormatOf(const net::HttpRequest& request) {
  std::string_view type = request.headers.Find("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) {
    type.remove_suffix(1);
  }
  if (net::EqualsIgnoringCase(type, "application/json")) {
    return ingest::EventFormat::kJson;
  }
  for (const std::string_view line_type : kLineTypes) {
    if (net::EqualsIgnoringCase(type, line_type)) {
      return ingest::EventFormat::kLines;
    }
  }
  return std::nullopt;
}

net::HttpResponse Answer(const ingest::EventsOutcome& outcome) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("accepted").Uint(outcome.accepted);
  json.Key("repeated").Uint(outcome.repeated);
  json.Key("rejected").BeginArray();
  for (const ingest::RejectedEvent& event : outcome.rejected) {
    json.BeginObject();
    json.Key("index").Uint(event.index);
    json.Key("detail").String(event.detail);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return {.body = json.Take(), .content_type = "application/json"};
}

net::HttpResponse Refusal(const base::Error& error,
                          std::optional<std::chrono::seconds> retry_after) {
  if (!retry_after) {
    return net::ErrorResponse(error);
  }
  const bool is_overload = error.code() == base::Code::kResourceExhausted;
  net::HttpResponse response = net::DetailResponse(is_overload ? 429 : 503, error.message());
  response.headers.Add("Retry-After", std::to_string(retry_after->count()));
  return response;
}

}  // namespace

void EventsApi::Post(net::HttpRequest request, net::ResponseSink sink) {
  const auto format = FormatOf(request);
  if (!format) {
    losses_.Count(base::Loss::kRequestUnsupported);
    sink.Answer(
        net::DetailResponse(415, "Content-Type must be application/json or application/x-ndjson"));
    return;
  }
  ingest::EventsRequest events{
      .format = *format,
      .content_encoding = std::string(request.headers.Find("Content-Encoding").value_or("")),
      .body = std::move(request.body),
      .charge = ingest::TakeCharge(request.admission.get())};
  receiver_.Submit(std::move(events), [sink = std::make_shared<net::ResponseSink>(std::move(sink))](
                                          const base::Result<ingest::EventsOutcome>& outcome,
                                          std::optional<std::chrono::seconds> retry_after) {
    sink->Answer(outcome.has_value() ? Answer(*outcome) : Refusal(outcome.error(), retry_after));
  });
}

std::unique_ptr<net::AdmissionTicket> EventsApi::Admit(const net::HttpRequest&) {
  return ingest::MakeTicket(budget_);
}

}  // namespace sightline::api
