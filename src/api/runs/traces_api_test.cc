// SPDX-License-Identifier: Apache-2.0
#include "api/runs/traces_api.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/fake_store_for_testing.h"
#include "model/rope.h"

namespace sightline::api {
namespace {

namespace json = boost::json;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::int64_t kNow = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kInline = std::size_t{16} * 1024;
constexpr std::string_view kTraceHex = "ab000000000000000000000000000001";
constexpr std::string_view kSpanHex = "0000000000000001";

model::TraceId TraceNumber(std::uint8_t number) {
  model::TraceId id;
  id.bytes.front() = 0xAB;
  id.bytes.back() = number;
  return id;
}

model::SpanId SpanNumber(std::uint8_t number) {
  model::SpanId id;
  id.bytes.back() = number;
  return id;
}

std::string Text(const json::value& value) {
  return json::value_to<std::string>(value);
}

class TracesApiTest : public ::testing::Test {
 protected:
  TracesApiTest() : api_({}, store_, nullptr, clock_, losses_) {
    rows_->received_ns = kNow - kSecond;
  }

  // The first span is the root of the others.
  model::Span& AddSpan(model::SpanKind kind) {
    model::Span span;
    span.trace_id = TraceNumber(1);
    const auto number = static_cast<std::uint8_t>(rows_->spans.size() + 1);
    span.span_id = SpanNumber(number);
    if (number > 1) {
      span.parent_span_id = SpanNumber(1);
    }
    span.kind = kind;
    span.name = "work";
    span.service = "shop";
    span.start_ns = kNow - 20 * kSecond + number * kSecond;
    span.end_ns = span.start_ns + kSecond;
    rows_->spans.push_back(span);
    store_.traces[TraceNumber(1)] = rows_;
    return rows_->spans.back();
  }

  // `{"<key>": "<text>"}`, for texts that need no escapes.
  std::string_view Attributes(std::string_view key, const std::string& text) {
    return rows_->arena.Copy(fmt::format("{{\"{}\":\"{}\"}}", key, text));
  }

  static net::HttpRequest Request(std::string_view query) {
    net::HttpRequest request;
    request.method = "GET";
    request.query = net::ParseTarget(fmt::format("/x?{}", query))->query;
    request.path_parameters = {{"trace_id", std::string(kTraceHex)},
                               {"span_id", std::string(kSpanHex)}};
    return request;
  }

  static json::value Parse(const net::HttpResponse& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body);
  }

  json::value Trace() { return Parse(api_.Get(Request(""))); }

  json::value Span(std::size_t index) { return Trace().at("spans").at(index); }

  // The whole of a cut value, through the URL that the answer gives.
  std::string Follow(const json::value& url) {
    const std::string text = Text(url);
    const std::string base = fmt::format("/api/v1/observability/traces/{}/", kTraceHex);
    EXPECT_THAT(text, StartsWith(base));
    const auto target = net::ParseTarget(text);
    net::HttpRequest request;
    request.query = target->query;
    const std::string& id = target->path_segments.at(6);
    request.path_parameters = {
        {"trace_id", std::string(kTraceHex)}, {"span_id", id}, {"log_id", id}};
    const net::HttpResponse response = target->path_segments.at(5) == "logs"
                                           ? api_.GetLogContent(request)
                                           : api_.GetSpanContent(request);
    EXPECT_EQ(response.status, 200) << text << response.body;
    return response.body;
  }

  base::ManualClock clock_{kNow};
  base::LossTable losses_;
  FakeStore store_;
  std::shared_ptr<model::Batch> rows_ = std::make_shared<model::Batch>();
  TracesApi api_;
};

TEST_F(TracesApiTest, GivesLongValuesTheirFirst16KilobytesAndTheRestBehindAUrl) {
  const std::string longest_inline(kInline, 'a');
  const std::string long_text = longest_inline + "z";
  AddSpan(model::SpanKind::kAgent).attributes = Attributes("short", longest_inline);
  AddSpan(model::SpanKind::kTask).attributes = Attributes("long", long_text);
  EXPECT_EQ(Text(Span(0).at("attributes").at("short")), longest_inline);
  const json::value cut = Span(1).at("attributes").at("long");
  EXPECT_EQ(Text(cut.at("preview")), longest_inline);
  EXPECT_EQ(cut.at("size").to_number<std::size_t>(), long_text.size());
  EXPECT_EQ(Follow(cut.at("content_url")), long_text);
}

TEST_F(TracesApiTest, DoesNotCutCharacters) {
  const std::string text = std::string(kInline - 1, 'a') + "ééé";
  AddSpan(model::SpanKind::kAgent).attributes = Attributes("k", text);
  EXPECT_EQ(Text(Span(0).at("attributes").at("k").at("preview")), std::string(kInline - 1, 'a'));
}

TEST_F(TracesApiTest, FollowsEveryKindOfContentUrl) {
  const std::string text(kInline + 1, 't');
  model::Span& span = AddSpan(model::SpanKind::kLlm);
  span.dialect = model::Dialect::kGenAi;
  span.error_message = text;
  span.has_error = true;
  span.attributes = rows_->arena.Copy(fmt::format(
      R"({{"gen_ai.input.messages":[{{"role":"user","parts":[
           {{"type":"text","content":"{0}"}},{{"type":"text","content":"short"}},
           {{"type":"tool_call_response","id":"c","response":{{"rows":"{0}"}}}},
           {{"type":"hologram","data":"{0}"}}]}}]}})",
      text));
  span.events = rows_->arena.Copy(
      fmt::format(R"([{{"name":"e","time_ns":1,"attributes":{{"k":"{}"}}}}])", text));
  const json::value answer = Span(0);
  const json::value& parts = answer.at("messages").at("input").at(0).at("parts");
  EXPECT_EQ(Text(parts.at(1).at("content")), "short");
  EXPECT_EQ(Follow(parts.at(0).at("content").at("content_url")), text);
  EXPECT_EQ(Follow(parts.at(2).at("response").at("content_url")), "{\"rows\":\"" + text + "\"}");
  EXPECT_EQ(Text(parts.at(3).at("type")), "hologram");
  EXPECT_THAT(Follow(parts.at(3).at("content_url")), HasSubstr(text));
  EXPECT_EQ(Follow(answer.at("events").at(0).at("attributes").at("k").at("content_url")), text);
  EXPECT_EQ(Text(answer.at("error_message")), std::string(kInline, 't'));
  EXPECT_EQ(Follow(answer.at("error_message_url")), text);
  EXPECT_EQ(Follow(Trace().at("error_message_url")), text);
  EXPECT_EQ(Follow(Trace().at("input_data").at("content_url")), text);
}

TEST_F(TracesApiTest, CutsLogRecordsLikeSpans) {
  AddSpan(model::SpanKind::kAgent);
  const std::string text(kInline + 5, 'l');
  model::LogRecord log;
  log.trace_id = TraceNumber(1);
  log.time_ns = kNow;
  log.body = rows_->arena.Copy(text);
  log.attributes = Attributes("note", text);
  rows_->logs.push_back(log);
  const json::value answer = Trace().at("logs").at(0);
  EXPECT_EQ(Text(answer.at("level")), "info");
  EXPECT_EQ(Text(answer.at("message")), std::string(kInline, 'l'));
  EXPECT_EQ(Follow(answer.at("message_url")), text);
  EXPECT_EQ(Follow(answer.at("metadata").at("note").at("content_url")), text);
}

TEST_F(TracesApiTest, SpellsMessagePartsAsTheConventionsDo) {
  model::Span& span = AddSpan(model::SpanKind::kLlm);
  span.dialect = model::Dialect::kGenAi;
  span.attributes = R"({"gen_ai.input.messages":[{"role":"user","parts":[
      {"type":"uri","modality":"image","uri":"https://example.org/a.png"},
      {"type":"file","modality":"image","file_id":"f1"},
      {"type":"blob","mime_type":"image/png","content":"aGk="},
      {"odd":1}]}]})";
  const json::value parts = Span(0).at("messages").at("input").at(0).at("parts");
  EXPECT_EQ(Text(parts.at(0).at("uri")), "https://example.org/a.png");
  EXPECT_EQ(Text(parts.at(1).at("file_id")), "f1");
  EXPECT_EQ(Text(parts.at(2).at("content")), "aGk=");
  EXPECT_EQ(json::serialize(parts.at(3)), R"({"type":"unknown","content":{"odd":1}})");
}

TEST_F(TracesApiTest, GivesJsonWithAMissingBodyAsText) {
  model::Span& span = AddSpan(model::SpanKind::kAgent);
  std::string content;
  model::AppendRope(content, {.key = "messages",
                              .form = model::RopeForm::kJson,
                              .pieces = {{.literal = "[1,"}, {.body_id = 7}, {.literal = "]"}}});
  span.content = rows_->arena.Copy(content);
  EXPECT_EQ(Text(Span(0).at("attributes").at("messages")), "[1,]");
  EXPECT_EQ(Span(0).at("missing_content").to_number<std::uint64_t>(), 1U);
  EXPECT_GT(losses_.count(base::Loss::kContentMissing), 0U);
  store_.stored_bodies[7] = "{\"a\":2}";
  EXPECT_EQ(json::serialize(Span(0).at("attributes").at("messages")), R"([1,{"a":2}])");
}

TEST_F(TracesApiTest, ReadsTheBodiesOfTheSpanThatIsAskedForAndNoOthers) {
  for (const std::uint64_t id : {7U, 8U, 9U}) {
    model::Span& span = AddSpan(model::SpanKind::kAgent);
    std::string content;
    model::AppendRope(content, {.key = "text", .pieces = {{.body_id = id}}});
    span.content = rows_->arena.Copy(content);
    store_.stored_bodies[id] = "a text";
  }
  const json::value span = Parse(api_.GetSpan(Request("")));
  EXPECT_EQ(Text(span.at("attributes").at("text")), "a text");
  EXPECT_EQ(Parse(api_.GetSpan(Request(""))).at("missing_content"), 0);
  for (const std::vector<std::uint64_t>& asked : store_.asked_bodies) {
    EXPECT_THAT(asked, AnyOf(ElementsAre(7), IsEmpty()));
  }
}

TEST_F(TracesApiTest, SaysOfASpanWhatTheWholeTraceSaysOfIt) {
  AddSpan(model::SpanKind::kAgent);
  model::Span& outer = AddSpan(model::SpanKind::kLlm);
  outer.usage = {.input_total = 10, .output_total = 5};
  outer.request_model = "m";
  const model::Span inner_of = outer;
  model::Span& inner = AddSpan(model::SpanKind::kLlm);
  inner.parent_span_id = inner_of.span_id;
  inner.usage = inner_of.usage;
  inner.request_model = "m";
  AddSpan(model::SpanKind::kTool).parent_span_id = SpanNumber(99);
  const json::value trace = Trace();
  for (std::size_t i = 0; i < 4; ++i) {
    net::HttpRequest request = Request("");
    const json::value& whole = trace.at("spans").at(i);
    request.path_parameters[1].value = Text(whole.at("span_id"));
    const json::value alone = Parse(api_.GetSpan(request));
    for (const auto& [name, value] : whole.as_object()) {
      EXPECT_EQ(json::serialize(alone.at(name)), json::serialize(value)) << name;
    }
  }
  EXPECT_EQ(trace.at("spans").at(1).at("counted"), false) << "the inner call counts";
  EXPECT_FALSE(trace.at("spans").at(3).at("parent_missing").is_null());
}

// One run of 300,000 steps was 431 MB, and 2.1 GB of memory.
TEST_F(TracesApiTest, LeavesOutWhatIsTooMuchForOneAnswer) {
  constexpr std::size_t kMostBytes = std::size_t{34} << 20U;
  const std::string text(kInline, 'x');
  for (int i = 0; i < 2500; ++i) {
    model::Span& span = AddSpan(model::SpanKind::kTool);
    span.span_id.bytes.front() = static_cast<std::uint8_t>(i / 250 + 1);
    span.parent_span_id = {};
    span.attributes = Attributes("text", text);
    model::LogRecord log;
    log.trace_id = TraceNumber(1);
    log.time_ns = kNow + i;
    log.body = rows_->arena.Copy(text);
    rows_->logs.push_back(log);
  }
  const net::HttpResponse response = api_.Get(Request(""));
  EXPECT_LT(response.body.size(), kMostBytes);
  const json::value trace = Parse(response);
  const std::size_t spans = trace.at("spans").as_array().size();
  const std::size_t logs = trace.at("logs").as_array().size();
  EXPECT_GT(spans, 1000U);
  EXPECT_GT(logs, 300U);
  EXPECT_EQ(spans + trace.at("spans_left_out").to_number<std::size_t>(),
            trace.at("span_count").to_number<std::size_t>());
  EXPECT_EQ(logs + trace.at("logs_left_out").to_number<std::size_t>(), rows_->logs.size());
}

TEST_F(TracesApiTest, GivesTheResourceUsageThatLifecycleEventsTell) {
  AddSpan(model::SpanKind::kAgent);
  AddSpan(model::SpanKind::kTool).attributes =
      R"({"sightline.resource_usage.memory_usage":120.5,"sightline.resource_usage.io_operations":7,
          "sightline.resource_usage.own_figure":1,"memory_usage":3,
          "sightline.resource_usage.cpu_usage":{"$double":"NaN"}})";
  EXPECT_TRUE(Span(0).at("resource_usage").is_null());
  EXPECT_EQ(json::serialize(Span(1).at("resource_usage")),
            json::serialize(json::parse(R"({"memory_usage":120.5,"io_operations":7})")));
}

TEST_F(TracesApiTest, RefusesContentThatIsNotThere) {
  AddSpan(model::SpanKind::kLlm).attributes = R"({"a":"b"})";

  struct Case {
    const char* query;
    int status;
    const char* detail;
  };

  const Case cases[] = {
      {"field=attributes&key=a", 200, "b"},
      {"", 400, "bad parameter field"},
      {"field=password", 400, "bad parameter field"},
      {"field=attributes", 404, "no value"},
      {"field=attributes&key=c", 404, "no value"},
      {"field=event.0&key=a", 404, "no value"},
      {"field=event.x&key=a", 404, "no value"},
      {"field=messages&key=input.0.0.content", 404, "no value"},
      {"field=messages&key=input.x.0.content", 404, "no value"},
      {"field=tools", 404, "no value"},
      {"field=input_data", 404, "no value"},
      {"field=error_message", 404, "no value"},
  };
  for (const Case& c : cases) {
    const net::HttpResponse response = api_.GetSpanContent(Request(c.query));
    EXPECT_EQ(response.status, c.status) << c.query;
    EXPECT_THAT(response.body, HasSubstr(c.detail)) << c.query;
  }
}

TEST_F(TracesApiTest, FindsATraceByRunIdAlsoWhenItLooksLikeATraceId) {
  AddSpan(model::SpanKind::kAgent);
  const std::string hex_run = "0123456789abcdef0123456789abcdef";
  store_.runs["run-7"] = TraceNumber(1);
  store_.runs[hex_run] = TraceNumber(1);
  for (const std::string& id : {std::string(kTraceHex), std::string("run-7"), hex_run}) {
    net::HttpRequest request;
    request.path_parameters = {{"trace_id", id}};
    EXPECT_EQ(Text(Parse(api_.Get(request)).at("trace_id")), kTraceHex) << id;
  }
  net::HttpRequest request;
  request.path_parameters = {{"trace_id", "ab000000000000000000000000000002"}};
  const net::HttpResponse response = api_.Get(request);
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("trace ab000000000000000000000000000002 is not known"));
}

TEST_F(TracesApiTest, ListsRunsWithoutTheirSteps) {
  model::RunRecord run;
  run.trace_id = TraceNumber(1);
  run.run_id = "run-7";
  run.workflow_id = "triage";
  run.status = model::RunStatus::kFailed;
  run.start_ns = kNow;
  run.end_ns = kNow + 2 * kSecond;
  run.span_count = 207;
  run.step_count = 205;
  run.open_steps = 1;
  run.models = {"gpt-5"};
  run.usage = {.input_total = 10, .output_total = 5};
  store_.listed = {run, run};
  const json::value page = Parse(api_.List(Request("limit=1")));
  const json::value& trace = page.at("traces").at(0);
  EXPECT_EQ(Text(trace.at("execution_id")), "run-7");
  EXPECT_EQ(Text(trace.at("workflow_name")), "triage");
  EXPECT_EQ(Text(trace.at("status")), "failed");
  EXPECT_EQ(trace.at("duration").to_number<double>(), 2.0);
  EXPECT_EQ(trace.at("span_count").to_number<std::uint64_t>(), 207U);
  EXPECT_EQ(trace.at("step_count").to_number<std::uint64_t>(), 206U);
  EXPECT_EQ(trace.at("total_tokens").to_number<std::uint64_t>(), 15U);
  EXPECT_EQ(Text(trace.at("models").at(0)), "gpt-5");
  EXPECT_FALSE(trace.as_object().contains("spans"));
  EXPECT_FALSE(page.at("next_cursor").is_null());
  EXPECT_EQ(page.at("total").to_number<std::uint64_t>(), 2U);
  store_.is_total_exact = false;
  const json::value estimated = Parse(api_.List(Request("")));
  EXPECT_TRUE(estimated.at("total").is_null());
  EXPECT_EQ(estimated.at("total_at_least").to_number<std::uint64_t>(), 2U);
  EXPECT_TRUE(estimated.at("next_cursor").is_null());
}

TEST_F(TracesApiTest, ListsStepsWithoutBodiesWhenAskedTo) {
  AddSpan(model::SpanKind::kAgent);
  AddSpan(model::SpanKind::kHttp);
  for (int i = 0; i < 205; ++i) {
    AddSpan(model::SpanKind::kTool).attributes = R"({"a":"b"})";
  }
  store_.listed.resize(1);
  store_.listed[0].trace_id = TraceNumber(1);
  const json::value page = Parse(api_.List(Request("include=steps")));
  const json::value& trace = page.at("traces").at(0);
  EXPECT_EQ(trace.at("spans").as_array().size(), 200U);
  EXPECT_FALSE(trace.at("spans").at(1).as_object().contains("attributes"));
  EXPECT_TRUE(trace.at("spans").at(1).at("cost").is_null());
}

TEST_F(TracesApiTest, NamesTheBadParameter) {
  struct Case {
    const char* query;
    const char* parameter;
  };

  const Case cases[] = {
      {"limit=0", "limit"},
      {"limit=1001", "limit"},
      {"limit=ten", "limit"},
      {"status=done", "status"},
      {"min_duration=-1", "min_duration"},
      {"max_duration=inf", "max_duration"},
      {"has_error=maybe", "has_error"},
      {"start_time=yesterday", "start_time"},
      {"end_time=2026-13-01", "end_time"},
      {"start_time=2026-03-02T00:00:00Z&end_time=2026-03-01T00:00:00Z", "start_time"},
      {"cursor=abc", "cursor"},
      {"include=bodies", "include"},
      {"count=all", "count"},
  };
  for (const Case& c : cases) {
    const net::HttpResponse response = api_.List(Request(c.query));
    EXPECT_EQ(response.status, 400) << c.query;
    EXPECT_THAT(response.body, HasSubstr(fmt::format("bad parameter {}: ", c.parameter)));
  }
}

TEST_F(TracesApiTest, HandsEveryFilterToTheStore) {
  AddSpan(model::SpanKind::kAgent);
  Parse(api_.List(Request(
      "workflow_id=w&execution_id=e&status=failed&agent=a&session_id=s&user_id=u&model=m&service=v&"
      "min_duration=0.5&max_duration=2&has_error=true&q=lost+bag&limit=7&"
      "start_time=2026-03-01T12:00:00%2B01:00&end_time=2026-03-01T12:00:00Z")));
  const query::TraceQuery& query = *store_.last_query;
  EXPECT_EQ(query.workflow_id, "w");
  EXPECT_EQ(query.execution_id, "e");
  EXPECT_EQ(query.status, model::RunStatus::kFailed);
  EXPECT_EQ(query.agent, "a");
  EXPECT_EQ(query.session_id, "s");
  EXPECT_EQ(query.user_id, "u");
  EXPECT_EQ(query.model, "m");
  EXPECT_EQ(query.service, "v");
  EXPECT_EQ(query.amounts.min_duration_ns, kSecond / 2);
  EXPECT_EQ(query.amounts.max_duration_ns, 2 * kSecond);
  EXPECT_EQ(query.has_error, true);
  EXPECT_EQ(query.text, "lost bag");
  EXPECT_EQ(query.limit, 7U);
  EXPECT_EQ(query.start_time_ns, kNow - 3600 * kSecond);
  EXPECT_EQ(query.end_time_ns, kNow);
}

}  // namespace
}  // namespace sightline::api
