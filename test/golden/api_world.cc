// SPDX-License-Identifier: Apache-2.0
#include "api_world.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/log.h"
#include "base/time_text.h"
#include "golden_runner.h"
#include "net/raw_client_for_testing.h"
#include "server/config.h"

namespace sightline::golden {
namespace {

namespace json = boost::json;

std::string_view View(json::string_view text) {
  return {text.data(), text.size()};
}

std::int64_t TimeOf(const json::value& text) {
  const auto time_ns = base::ParseTimeNs(View(text.as_string()));
  CHECK(time_ns.has_value());
  return *time_ns;
}

std::string TextOr(const json::object& object, const char* name, const char* fallback) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? fallback : std::string(View(value->as_string()));
}

// An AnyValue.
json::value WireValue(const json::value& value) {
  if (value.is_bool()) {
    return {{"boolValue", value.get_bool()}};
  }
  if (value.is_double()) {
    return {{"doubleValue", value.get_double()}};
  }
  if (value.is_string()) {
    return {{"stringValue", value.get_string()}};
  }
  if (value.is_array()) {
    json::array values;
    for (const json::value& element : value.get_array()) {
      values.push_back(WireValue(element));
    }
    return {{"arrayValue", {{"values", values}}}};
  }
  if (value.is_object()) {
    json::array values;
    for (const auto& [key, member] : value.get_object()) {
      values.push_back({{"key", key}, {"value", WireValue(member)}});
    }
    return {{"kvlistValue", {{"values", values}}}};
  }
  return {{"intValue", std::to_string(value.to_number<std::int64_t>())}};
}

json::array WireAttributes(const json::object& owner, const char* name) {
  json::array pairs;
  if (const json::value* attributes = owner.if_contains(name)) {
    for (const auto& [key, value] : attributes->as_object()) {
      pairs.push_back({{"key", key}, {"value", WireValue(value)}});
    }
  }
  return pairs;
}

std::string TraceId(const json::value& number) {
  return fmt::format("{:032x}", number.to_number<std::uint64_t>());
}

std::string SpanId(const json::value& number) {
  return fmt::format("{:016x}", number.to_number<std::uint64_t>());
}

std::string WireTime(std::int64_t from_ns, const json::value& seconds) {
  return std::to_string(from_ns + std::llround(seconds.to_number<double>() * 1e9));
}

json::array WireEvents(const json::object& span, std::int64_t from_ns) {
  json::array events;
  if (const json::value* list = span.if_contains("events")) {
    for (const json::value& item : list->as_array()) {
      const json::object& event = item.as_object();
      events.push_back({{"name", event.at("name")},
                        {"timeUnixNano", WireTime(from_ns, event.at("t"))},
                        {"attributes", WireAttributes(event, "attributes")}});
    }
  }
  return events;
}

json::array WireLinks(const json::object& span) {
  json::array links;
  if (const json::value* list = span.if_contains("links")) {
    for (const json::value& link : list->as_array()) {
      links.push_back({{"traceId", TraceId(link.at("trace"))}, {"spanId", SpanId(link.at("id"))}});
    }
  }
  return links;
}

json::object WireSpan(const json::object& span, std::int64_t from_ns) {
  json::object wire{{"traceId", TraceId(span.at("trace"))},
                    {"spanId", SpanId(span.at("id"))},
                    {"name", span.at("name")},
                    {"startTimeUnixNano", WireTime(from_ns, span.at("t").at(0))},
                    {"endTimeUnixNano", WireTime(from_ns, span.at("t").at(1))},
                    {"attributes", WireAttributes(span, "attributes")},
                    {"events", WireEvents(span, from_ns)},
                    {"links", WireLinks(span)}};
  if (const json::value* parent = span.if_contains("parent")) {
    wire["parentSpanId"] = SpanId(*parent);
  }
  if (const json::value* error = span.if_contains("error")) {
    wire["status"] = {{"code", 2}, {"message", *error}};
  }
  return wire;
}

// An ExportTraceServiceRequest as JSON.
std::string WireRequest(const json::object& step) {
  const std::int64_t from_ns = TimeOf(step.contains("from") ? step.at("from") : step.at("at"));
  json::array spans;
  for (const json::value& span : step.at("spans").as_array()) {
    spans.push_back(WireSpan(span.as_object(), from_ns));
  }
  json::array resource = WireAttributes(step, "resource");
  resource.push_back(
      {{"key", "service.name"}, {"value", {{"stringValue", TextOr(step, "service", "shop")}}}});
  const json::object scope_spans{{"scope", {{"name", TextOr(step, "scope", "golden")}}},
                                 {"spans", spans}};
  return json::serialize(json::object{
      {"resourceSpans", json::array{json::object{{"resource", {{"attributes", resource}}},
                                                 {"scopeSpans", json::array{scope_spans}}}}}});
}

json::array StepsOf(const std::filesystem::path& file) {
  return json::parse(ReadFile(file)).at("steps").as_array();
}

}  // namespace

World::World(const std::filesystem::path& file) : clock_(TimeOf(StepsOf(file).at(0).at("at"))) {
  base::SetLogLevel(base::LogLevel::kError);
  // Ids of series depend on the key of the installation.
  constexpr std::string_view kKeyFile = "body.key";
  const std::filesystem::path days = directory_.path() / "data" / "days";
  std::filesystem::create_directories(days);
  std::filesystem::copy_file(file.parent_path().parent_path() / kKeyFile, days / kKeyFile);
  Start();
  for (const json::value& item : StepsOf(file)) {
    const json::object& step = item.as_object();
    clock_.Advance(std::chrono::nanoseconds(TimeOf(step.at("at")) - clock_.NowNs()));
    const bool is_spans = step.contains("spans");
    const std::string body = is_spans ? WireRequest(step) : json::serialize(step.at("body"));
    const net::HttpResponse answer = Ask("POST", TextOr(step, "post", "/v1/traces"), body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    Settle();
  }
}

World::~World() = default;

void World::Start() {
  constexpr auto kNever = std::numeric_limits<int>::max();
  server::Config config;
  config.data_dir = directory_.path() / "data";
  config.port = config.otlp_grpc_port = config.otlp_http_port = 0;
  config.disk_reserve_bytes = 0;
  config.journal_segment_bytes = std::uint64_t{1} << 20U;
  config.seal_seconds = kNever;
  auto server = server::Server::Start(config, clock_);
  if (!server.has_value()) {
    ADD_FAILURE() << server.error().message();
  }
  server_ = std::move(server).value();
}

void World::Restart() {
  server_.reset();
  Start();
  Settle();
}

// A list waits for live state to take in what came before it, but not for ever, and history is read
// in the background after a start.
void World::Settle() const {
  constexpr std::chrono::milliseconds kPatienceOfLists{400};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline) {
    const auto start = std::chrono::steady_clock::now();
    Ask("GET", "/api/v1/observability/traces?limit=1");
    const bool is_taken_in = std::chrono::steady_clock::now() - start < kPatienceOfLists;
    const std::string health = Ask("GET", "/api/v1/monitoring/health").body;
    if (is_taken_in && health.find("\"is_catching_up\":false") != std::string::npos) {
      return;
    }
    std::this_thread::yield();
  }
  ADD_FAILURE() << "live state does not catch up";
}

net::HttpResponse World::Ask(std::string_view method, std::string_view target,
                             std::string_view body) const {
  const api::Ports& ports = server_->ports();
  net::RawClient client(target.starts_with("/v1/") ? ports.otlp_http : ports.http);
  client.Send(
      fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                  method, target, body.size(), body));
  return client.ReadResponse();
}

}  // namespace sightline::golden
