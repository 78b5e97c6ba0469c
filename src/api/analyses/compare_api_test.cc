// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/compare_api.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/fake_store_for_testing.h"

namespace sightline::api {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
constexpr std::int64_t kSecond = 1'000'000'000;

model::TraceId TraceNumber(std::uint64_t number) {
  model::TraceId id;
  for (int i = 0; i < 8; ++i) {
    id.bytes[static_cast<std::size_t>(15 - i)] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return id;
}

std::string Text(const json::value& value) {
  return json::value_to<std::string>(value);
}

class CompareApiTest : public ::testing::Test {
 protected:
  CompareApiTest() : api_({}, store_, nullptr, clock_) {}

  // A run of tool calls under one root, each of a second with the arguments that its text says.
  void AddRun(std::uint64_t number, std::string_view calls) {
    auto rows = std::make_shared<model::Batch>();
    rows->received_ns = kNow;
    const auto add = [&](std::string_view name, model::SpanKind kind) -> model::Span& {
      model::Span span;
      span.trace_id = TraceNumber(number);
      const auto place = static_cast<std::uint8_t>(rows->spans.size() + 1);
      span.span_id.bytes.back() = place;
      if (place > 1) {
        span.parent_span_id.bytes.back() = 1;
      }
      span.kind = kind;
      span.name = rows->arena.Copy(name);
      span.service = "shop";
      span.start_ns = kNow - 100 * kSecond + place * kSecond;
      span.end_ns = span.start_ns + kSecond;
      rows->spans.push_back(span);
      return rows->spans.back();
    };
    add("root", model::SpanKind::kAgent).end_ns = kNow - kSecond;
    for (const char call : calls) {
      model::Span& span = add("find", model::SpanKind::kTool);
      span.attributes =
          rows->arena.Copy(fmt::format("{{\"gen_ai.tool.call.arguments\":\"about {}\"}}", call));
      span.usage.total = 100 + call;
      span.cost = {.picodollars = 1'000'000 * call};
      span.cost_status = model::CostStatus::kPriced;
    }
    store_.traces[TraceNumber(number)] = rows;
  }

  net::HttpResponse Ask(std::string_view a, std::string_view b) {
    net::HttpRequest request;
    request.method = "GET";
    request.query.Add("a", std::string(a));
    request.query.Add("b", std::string(b));
    return api_.Compare(request);
  }

  json::value Compare(std::string_view a, std::string_view b) {
    const net::HttpResponse response = Ask(a, b);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body);
  }

  json::value CompareRuns(std::uint64_t a, std::uint64_t b) {
    return Compare(TraceNumber(a).ToHex(), TraceNumber(b).ToHex());
  }

  void ListRun(std::string_view workflow, std::int64_t seconds, model::RunStatus status,
               std::string_view model) {
    model::RunRecord run;
    run.trace_id = TraceNumber(store_.listed.size() + 1);
    run.workflow_id = workflow;
    run.status = status;
    run.start_ns = kNow - static_cast<std::int64_t>(store_.listed.size()) * kSecond;
    run.end_ns = run.start_ns + seconds * kSecond;
    run.models = {std::string(model)};
    run.usage.total = 100 * seconds;
    run.cost_status = model::CostStatus::kUnpriced;
    store_.listed.push_back(run);
  }

  base::ManualClock clock_{kNow};
  FakeStore store_;
  CompareApi api_;
};

TEST_F(CompareApiTest, AlignsTheStepsOfTwoRuns) {
  AddRun(1, "ABCD");
  AddRun(2, "ACXD");
  const json::value answer = CompareRuns(1, 2);
  EXPECT_EQ(answer.at("of"), "runs");
  const json::array& steps = answer.at("steps").as_array();
  ASSERT_EQ(steps.size(), 6U);  // Root, A, B, C, X, D.
  EXPECT_EQ(Text(steps[2].at("edits").at(0)), "removed");
  EXPECT_TRUE(steps[2].at("b").is_null());
  EXPECT_EQ(Text(steps[4].at("edits").at(0)), "added");
  EXPECT_TRUE(steps[4].at("difference").is_null());
  EXPECT_EQ(answer.at("edits").at("removed"), 1);
  EXPECT_EQ(answer.at("first_divergence").at("a"), "0000000000000003");
  EXPECT_TRUE(answer.at("first_divergence").at("b").is_null());
}

TEST_F(CompareApiTest, SaysHowMuchMoreAStepTookAndWhatItsTextsAre) {
  AddRun(1, "A");
  AddRun(2, "B");
  const json::value answer = CompareRuns(1, 2);
  const json::value& step = answer.at("steps").at(1);
  EXPECT_EQ(Text(step.at("edits").at(0)), "changed");
  EXPECT_EQ(step.at("difference").at("total_tokens"), 1);
  EXPECT_DOUBLE_EQ(step.at("difference").at("cost").to_number<double>(), 1e-6);
  EXPECT_DOUBLE_EQ(step.at("difference").at("duration").to_number<double>(), 0);
  EXPECT_EQ(Text(step.at("changed").at("input").at("a")), "about A");
  EXPECT_EQ(Text(step.at("changed").at("input").at("b")), "about B");
  EXPECT_EQ(step.at("changed").as_object().if_contains("output"), nullptr);
}

TEST_F(CompareApiTest, UnknownCostsAreNoDifference) {
  AddRun(1, "A");
  AddRun(2, "A");
  const store::Rows original = store_.traces[TraceNumber(2)];  // Holds the texts.
  auto rows = std::make_shared<model::Batch>();
  rows->spans = original->spans;
  rows->spans[1].cost_status = model::CostStatus::kUnpriced;
  rows->spans[1].attributes = store_.traces[TraceNumber(1)]->spans[1].attributes;
  store_.traces[TraceNumber(2)] = rows;
  EXPECT_TRUE(CompareRuns(1, 2).at("steps").at(1).at("difference").at("cost").is_null());
}

TEST_F(CompareApiTest, RunsThatAreAlikeDoNotPart) {
  AddRun(1, "ABC");
  AddRun(2, "ABC");
  const json::value answer = CompareRuns(1, 2);
  EXPECT_TRUE(answer.at("first_divergence").is_null());
  EXPECT_EQ(answer.at("steps_left_out"), 0);
}

TEST_F(CompareApiTest, JudgesBasketsOfRuns) {
  // The store of this test gives every run for both baskets.
  for (int i = 0; i < 40; ++i) {
    ListRun("shop", 10 + i % 5, model::RunStatus::kCompleted, "large");
  }
  const json::value answer = Compare("workflow_id=shop", "workflow_id=shop&model=large");
  EXPECT_EQ(answer.at("of"), "baskets");
  EXPECT_EQ(answer.at("in_both"), 40);
  const json::value& duration = answer.at("figures").at("duration");
  EXPECT_EQ(duration.at("a").at("runs"), 40);
  EXPECT_DOUBLE_EQ(duration.at("a").at("mean").to_number<double>(), 12);
  EXPECT_DOUBLE_EQ(duration.at("difference").to_number<double>(), 0);
  EXPECT_EQ(duration.at("test"), "mann_whitney");
  // No run has a known price.
  const json::value& cost = answer.at("figures").at("cost");
  EXPECT_TRUE(cost.at("a").is_null());
  EXPECT_EQ(cost.at("verdict"), "not_enough_data");
  EXPECT_EQ(answer.at("failure_rate").at("a").at("failed"), 0);
  EXPECT_TRUE(answer.at("more_in_b").as_array().empty());
  EXPECT_EQ(store_.last_query->model, "large");
}

TEST_F(CompareApiTest, SaysWhyAnEmptyBasketHasNoVerdict) {
  const json::value answer = Compare("workflow_id=none", "workflow_id=nothing");
  EXPECT_EQ(Text(answer.at("message")), "no run matches a");
  EXPECT_EQ(answer.at("figures").at("duration").at("verdict"), "not_enough_data");
  EXPECT_EQ(answer.at("failure_rate").at("verdict"), "not_enough_data");
}

struct BadCase {
  std::string_view a;
  std::string_view b;
  int status;
  std::string_view detail;
};

TEST_F(CompareApiTest, RefusesWhatItCannotCompare) {
  AddRun(1, "A");
  const std::string run = TraceNumber(1).ToHex();
  const BadCase cases[] = {
      {"", "x", 400, "bad parameter a: "},
      {"x", "", 400, "bad parameter b: "},
      {run, "workflow_id=x", 400, "bad parameter b: the id of a run"},
      {"workflow_id=x", run, 400, "bad parameter b: filters"},
      {run, "nobody", 404, "nobody"},
      {"workflow_id=x", "workflow_id=x&color=red", 400, "color is not a filter"},
      {"workflow_id=x", "status=odd", 400, "bad parameter b: bad parameter status"},
      {"start_time=2026-03-02T00:00:00Z&end_time=2026-03-01T00:00:00Z", "workflow_id=x", 400,
       "a time before end_time"},
      {"workflow_id=%zz", "workflow_id=x", 400, "bad parameter a"},
  };
  for (const BadCase& test : cases) {
    const net::HttpResponse response = Ask(test.a, test.b);
    EXPECT_EQ(response.status, test.status) << test.a << " " << test.b << response.body;
    EXPECT_THAT(response.body, HasSubstr(test.detail));
  }
}

}  // namespace
}  // namespace sightline::api
