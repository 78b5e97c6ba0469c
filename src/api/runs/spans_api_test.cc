// SPDX-License-Identifier: Apache-2.0
#include "api/runs/spans_api.h"

#include <chrono>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/fake_store_for_testing.h"
#include "base/clock.h"
#include "net/http.h"

namespace sightline::api {
namespace {

using ::testing::HasSubstr;

class SpansApiTest : public ::testing::Test {
 protected:
  SpansApiTest() {
    store_.steps.facts.push_back(
        {.duration_ns = 1, .time_to_first_token_ns = 250'000'000, .model_calls = 1});
    store_.has_more_steps = true;
    store_.sums = {{.sums = {.count = 7, .unpriced_calls = 1, .cost_picodollars = 5}}};
  }

  net::HttpResponse List(std::string_view query) {
    net::HttpRequest request;
    request.query = net::ParseQuery(query).value();
    return api_.List(request);
  }

  FakeStore store_;
  base::ManualClock clock_{1'772'366'400'000'000'000};
  SpansApi api_{std::chrono::seconds(15), store_, nullptr, clock_};
};

TEST_F(SpansApiTest, SumsUpAllThatMatchOnTheFirstPage) {
  const net::HttpResponse answer = List("");
  EXPECT_THAT(answer.body, HasSubstr(R"("time_to_first_token":0.25,)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("total":7,"total_at_least":7,"totals":{"failed":0,)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("cost_status":"partial","unpriced_calls":1})"));
}

TEST_F(SpansApiTest, SaysWhatItKnowsWhenSumsTakeTooLong) {
  store_.error_of_sums = base::Error(base::Code::kDeadlineExceeded, "too long");
  EXPECT_THAT(List("").body, HasSubstr(R"("total":null,"total_at_least":2,"totals":null,)"));
  EXPECT_EQ(List("count=exact").status, 504);
  EXPECT_EQ(List("count=all").status, 400);
  store_.error_of_sums = base::Error(base::Code::kUnavailable, "being stored");
  EXPECT_THAT(List("").body, HasSubstr(R"("totals":null,)"));
  EXPECT_EQ(List("count=exact").status, 503);
}

}  // namespace
}  // namespace sightline::api
