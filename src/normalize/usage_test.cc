// SPDX-License-Identifier: Apache-2.0
#include "normalize/usage.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sightline::normalize {
namespace {

using model::Usage;
using model::UsageRule;

struct Case {
  std::string_view name;
  WireCounts counts;
  CountingRule rule;
  std::string_view provider;
  Usage expected;
};

class UsageTest : public testing::TestWithParam<Case> {};

TEST_P(UsageTest, FollowsTheEmittersRule) {
  const Case& c = GetParam();
  const Usage usage = ToUsage(c.counts, c.rule, c.provider);
  EXPECT_EQ(usage.input_total, c.expected.input_total);
  EXPECT_EQ(usage.output_total, c.expected.output_total);
  EXPECT_EQ(usage.total, c.expected.total);
  EXPECT_EQ(usage.cache_read, c.counts.cache_read);
  EXPECT_EQ(usage.cache_write, c.counts.cache_write);
  EXPECT_EQ(usage.rule, c.expected.rule);
}

const Case kCases[] = {
    {.name = "NothingIsKnown", .counts = {}},
    {.name = "InclusiveKeepsTheInput",
     .counts = {.input = 1000, .output = 50, .cache_read = 700, .cache_write = 200},
     .rule = {.input = InputCounting::kInclusive},
     .provider = "anthropic",
     .expected =
         {.input_total = 1000, .output_total = 50, .total = 1050, .rule = UsageRule::kInclusive}},
    {.name = "ExclusiveAddsBothCacheCounts",
     .counts = {.input = 6, .output = 120, .cache_read = 18000, .cache_write = 500},
     .rule = {.input = InputCounting::kExclusive},
     .provider = "",
     .expected = {.input_total = 18506,
                  .output_total = 120,
                  .total = 18626,
                  .rule = UsageRule::kExclusive}},
    {.name = "ExclusiveCorrectsARawTotal",
     .counts = {.input = 6, .output = 120, .cache_read = 1000, .total = 126},
     .rule = {.input = InputCounting::kExclusive},
     .provider = "",
     .expected =
         {.input_total = 1006, .output_total = 120, .total = 1126, .rule = UsageRule::kExclusive}},
    {.name = "ExclusiveOnAnthropicIsInclusiveElsewhere",
     .counts = {.input = 100, .output = 5, .cache_read = 80},
     .rule = {.input = InputCounting::kExclusiveOnAnthropic},
     .provider = "openai",
     .expected =
         {.input_total = 100, .output_total = 5, .total = 105, .rule = UsageRule::kInclusive}},
    {.name = "ExclusiveOnAnthropicAdds",
     .counts = {.input = 100, .output = 5, .cache_read = 80},
     .rule = {.input = InputCounting::kExclusiveOnAnthropic},
     .provider = "anthropic",
     .expected =
         {.input_total = 180, .output_total = 5, .total = 185, .rule = UsageRule::kExclusive}},
    {.name = "ExclusiveOnBedrockAdds",
     .counts = {.input = 100, .output = 5, .cache_read = 80, .total = 185},
     .rule = {.input = InputCounting::kExclusiveOnBedrock},
     .provider = "aws.bedrock",
     .expected =
         {.input_total = 180, .output_total = 5, .total = 185, .rule = UsageRule::kExclusive}},
    {.name = "UnknownIsExclusiveIfTheCacheExceedsTheInput",
     .counts = {.input = 12, .output = 30, .cache_read = 5000},
     .provider = "anthropic",
     .expected = {.input_total = 5012,
                  .output_total = 30,
                  .total = 5042,
                  .rule = UsageRule::kExclusiveByCounts}},
    {.name = "UnknownIsExclusiveIfTheTotalAddsTheCache",
     .counts = {.input = 100, .output = 30, .cache_read = 40, .cache_write = 10, .total = 180},
     .provider = "aws.bedrock",
     .expected = {.input_total = 150,
                  .output_total = 30,
                  .total = 180,
                  .rule = UsageRule::kExclusiveByCounts}},
    {.name = "UnknownIsInclusiveOtherwise",
     .counts = {.input = 100, .output = 30, .cache_read = 40, .total = 130},
     .provider = "anthropic",
     .expected =
         {.input_total = 100, .output_total = 30, .total = 130, .rule = UsageRule::kInclusive}},
    {.name = "UnknownIsInclusiveForOtherProviders",
     .counts = {.input = 12, .output = 30, .cache_read = 5000},
     .provider = "openai",
     .expected =
         {.input_total = 12, .output_total = 30, .total = 42, .rule = UsageRule::kInclusive}},
    {.name = "AnEqualTotalWithoutCacheProvesNothing",
     .counts = {.input = 100, .output = 30, .cache_read = 0, .total = 130},
     .provider = "anthropic",
     .expected =
         {.input_total = 100, .output_total = 30, .total = 130, .rule = UsageRule::kInclusive}},
    {.name = "ThoughtsAreAddedToTheOutput",
     .counts = {.input = 100, .output = 8, .reasoning = 30},
     .rule = {.input = InputCounting::kInclusive, .thoughts_outside_output = true},
     .provider = "gcp.gemini",
     .expected =
         {.input_total = 100, .output_total = 38, .total = 138, .rule = UsageRule::kThoughtsAdded}},
    {.name = "ThoughtsAreNotAddedTwice",
     .counts = {.input = 100, .output = 38, .reasoning = 30, .total = 138},
     .rule = {.input = InputCounting::kInclusive, .thoughts_outside_output = true},
     .provider = "gcp.gemini",
     .expected =
         {.input_total = 100, .output_total = 38, .total = 138, .rule = UsageRule::kInclusive}},
    {.name = "ReasoningOfOthersIsInsideTheOutput",
     .counts = {.input = 100, .output = 38, .reasoning = 30},
     .rule = {.input = InputCounting::kInclusive},
     .provider = "openai",
     .expected =
         {.input_total = 100, .output_total = 38, .total = 138, .rule = UsageRule::kInclusive}},
    {.name = "OutputAloneHasNoRule",
     .counts = {.output = 38},
     .provider = "openai",
     .expected = {.output_total = 38, .total = 38, .rule = UsageRule::kNone}},
};

INSTANTIATE_TEST_SUITE_P(Rules, UsageTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace sightline::normalize
