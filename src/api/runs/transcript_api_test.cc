// SPDX-License-Identifier: Apache-2.0
#include "api/runs/transcript_api.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/fake_store_for_testing.h"

namespace sightline::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t kNow = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::string_view kTraceHex = "ab000000000000000000000000000001";

std::string Text(const json::value& value) {
  return json::value_to<std::string>(value);
}

// An agent that reads a file: a call that asks for it, the tool, a call that answers.
class TranscriptApiTest : public ::testing::Test {
 protected:
  TranscriptApiTest() : api_({}, store_, clock_, losses_) {
    rows_->received_ns = kNow - kSecond;
    trace_.bytes.front() = 0xAB;
    trace_.bytes.back() = 1;
    store_.traces[trace_] = rows_;
    Add(model::SpanKind::kAgent, "").agent_name = "reader";
    Add(model::SpanKind::kLlm,
        R"({"gen_ai.system_instructions":[{"type":"text","content":"Be brief"}],
      "gen_ai.input.messages":[{"role":"user","parts":[{"type":"text","content":"Read a.txt"}]}],
      "gen_ai.output.messages":[{"role":"assistant","parts":[
        {"type":"tool_call","id":"c1","name":"read","arguments":{"path":"a.txt"}}]}]})");
    model::Span& tool = Add(model::SpanKind::kTool,
                            R"({"gen_ai.tool.call.arguments":"{\"path\":\"a.txt\"}",
                                "gen_ai.tool.call.result":"forty-two"})");
    tool.tool_name = "read";
    tool.tool_call_id = "c1";
    Add(model::SpanKind::kLlm,
        R"({"gen_ai.system_instructions":[{"type":"text","content":"Be brief"}],
      "gen_ai.input.messages":[{"role":"user","parts":[{"type":"text","content":"Read a.txt"}]},
        {"role":"assistant","parts":[
          {"type":"tool_call","id":"c1","name":"read","arguments":{"path":"a.txt"}}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"forty-two"}]},
        {"role":"user","parts":[{"type":"text","content":"In digits"}]}],
      "gen_ai.output.messages":[{"role":"assistant","parts":[{"type":"text","content":"42"}]}]})");
  }

  // The first span is the root of the others.
  model::Span& Add(model::SpanKind kind, std::string_view attributes) {
    model::Span span;
    span.trace_id = trace_;
    const auto number = static_cast<std::uint8_t>(rows_->spans.size() + 1);
    span.span_id.bytes.back() = number;
    if (number > 1) {
      span.parent_span_id.bytes.back() = 1;
    }
    span.kind = kind;
    span.dialect = model::Dialect::kGenAi;
    span.name = "work";
    span.start_ns = kNow - 60 * kSecond + number * kSecond;
    span.end_ns = span.start_ns + kSecond / 2;
    span.attributes = attributes;
    rows_->spans.push_back(span);
    return rows_->spans.back();
  }

  json::value Get(std::string_view query) {
    net::HttpRequest request;
    request.method = "GET";
    request.query = net::ParseTarget(fmt::format("/x?{}", query))->query;
    request.path_parameters = {{"trace_id", std::string(kTraceHex)}};
    const net::HttpResponse response = api_.Get(request);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body);
  }

  base::ManualClock clock_{kNow};
  base::LossTable losses_;
  FakeStore store_;
  std::shared_ptr<model::Batch> rows_ = std::make_shared<model::Batch>();
  model::TraceId trace_;
  TranscriptApi api_;
};

TEST_F(TranscriptApiTest, TellsOfEachCallWhatIsNew) {
  const json::value answer = Get("");
  EXPECT_TRUE(answer.at("has_agent_loop").as_bool());
  const json::array& entries = answer.at("entries").as_array();
  ASSERT_EQ(entries.size(), 2U);
  const json::value& first = entries[0];
  EXPECT_EQ(Text(first.at("system").at(0).at("content")), "Be brief");
  EXPECT_EQ(first.at("new_messages").as_array().size(), 1U);
  EXPECT_EQ(first.at("history_messages"), 0);
  const json::value& second = entries[1];
  EXPECT_TRUE(second.at("system").is_null()) << "the same as before";
  EXPECT_EQ(second.at("history_messages"), 2);
  ASSERT_EQ(second.at("new_messages").as_array().size(), 1U) << "the result stands with its tool";
  EXPECT_EQ(Text(second.at("new_messages").at(0).at("parts").at(0).at("content")), "In digits");
  EXPECT_EQ(Text(second.at("output").at(0).at("parts").at(0).at("content")), "42");
  EXPECT_EQ(second.at("turn"), 2);
}

TEST_F(TranscriptApiTest, JoinsAToolCallWithTheSpanOfItsWork) {
  const json::value tools = Get("").at("entries").at(0).at("tools");
  ASSERT_EQ(tools.as_array().size(), 1U);
  EXPECT_EQ(Text(tools.at(0).at("name")), "read");
  EXPECT_EQ(Text(tools.at(0).at("call_id")), "c1");
  EXPECT_EQ(json::serialize(tools.at(0).at("arguments")), R"({"path":"a.txt"})");
  EXPECT_EQ(Text(tools.at(0).at("output")), "forty-two");
  EXPECT_EQ(Text(tools.at(0).at("span").at("span_id")), "0000000000000003");
}

TEST_F(TranscriptApiTest, KeepsTheResultOfAToolThatNoSpanTells) {
  rows_->spans[2].attributes = "";
  const json::value answer = Get("");
  EXPECT_TRUE(answer.at("entries").at(0).at("tools").at(0).at("output").is_null());
  EXPECT_EQ(answer.at("entries").at(1).at("new_messages").as_array().size(), 2U);
}

TEST_F(TranscriptApiTest, NamesTheAgentsOfThePage) {
  const json::value agents = Get("").at("agents");
  ASSERT_EQ(agents.as_array().size(), 1U);
  EXPECT_EQ(Text(agents.at(0).at("name")), "reader");
  EXPECT_EQ(agents.at(0).at("calls"), 2);
  EXPECT_TRUE(agents.at(0).at("works_for").is_null());
}

TEST_F(TranscriptApiTest, GivesAPageAtATime) {
  const json::value first = Get("limit=1");
  EXPECT_EQ(first.at("entries").as_array().size(), 1U);
  EXPECT_EQ(first.at("total_entries"), 2);
  ASSERT_EQ(Text(first.at("next_cursor")), "1");
  const json::value second = Get("limit=1&cursor=1");
  EXPECT_EQ(second.at("entries").at(0).at("turn"), 2);
  EXPECT_EQ(second.at("entries").at(0).at("history_messages"), 2);
  EXPECT_TRUE(second.at("next_cursor").is_null());
}

}  // namespace
}  // namespace sightline::api
