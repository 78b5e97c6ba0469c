// SPDX-License-Identifier: Apache-2.0
#include "live/rates.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "model/rollup.h"

namespace sightline::live {
namespace {

std::vector<model::RollupEntry> Calls(std::int64_t calls, std::int64_t completed) {
  return {{.minute = 1,
           .key = {.workflow = "refunds", .model = "acme/m"},
           .counts = {.runs_completed = completed, .model_calls = calls, .input_tokens = calls}}};
}

TEST(RatesTest, CountersNeverGoBack) {
  base::ManualClock clock(1'772'366'400'000'000'000);
  Rates rates(clock);
  rates.Replace({}, Calls(5, 1));
  EXPECT_EQ(rates.models().at("acme/m").calls, 5);
  EXPECT_EQ(rates.workflows().at("refunds").completed, 1);
  rates.Replace(Calls(5, 1), Calls(3, 0));
  EXPECT_EQ(rates.models().at("acme/m").calls, 5);
  EXPECT_EQ(rates.workflows().at("refunds").completed, 1);
  rates.Replace(Calls(3, 0), Calls(7, 1));
  EXPECT_EQ(rates.models().at("acme/m").calls, 7);
  EXPECT_EQ(rates.models().at("acme/m").input_tokens, 7);
}

TEST(RatesTest, SumsBeyondAllNumbersAreDefined) {
  base::ManualClock clock(1'772'366'400'000'000'000);
  Rates rates(clock);
  rates.Replace({}, Calls(INT64_MAX, 1));
  rates.Replace({}, Calls(INT64_MAX, 1));
  rates.Replace(Calls(INT64_MAX, 1), {});
  rates.Replace(Calls(INT64_MAX, 1), Calls(4, 1));
  EXPECT_EQ(rates.models().at("acme/m").calls, 4);
}

}  // namespace
}  // namespace sightline::live
