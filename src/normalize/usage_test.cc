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
     .counts = {.input = 5000, .output = 30, .cache_read = 12},
     .provider = "openai",
     .expected =
         {.input_total = 5000, .output_total = 30, .total = 5030, .rule = UsageRule::kInclusive}},
    {.name = "APartThatIsLargerThanTheInputIsNotInsideIt",
     .counts = {.input = 4, .output = 50, .cache_read = 0, .cache_write = 18131, .total = 54},
     .rule = {.input = InputCounting::kInclusive},
     .provider = "openai",
     .expected = {.input_total = 18135,
                  .output_total = 50,
                  .total = 18185,
                  .rule = UsageRule::kExclusiveByCounts}},
    {.name = "TheTotalComesBeforeAnInclusiveHabit",
     .counts = {.input = 100, .output = 30, .cache_read = 40, .total = 170},
     .rule = {.input = InputCounting::kInclusive},
     .provider = "openai",
     .expected = {.input_total = 140,
                  .output_total = 30,
                  .total = 170,
                  .rule = UsageRule::kExclusiveByCounts}},
    {.name = "ReasoningThatIsLargerThanTheOutputIsNotInsideIt",
     .counts = {.input = 10, .output = 5, .reasoning = 60},
     .provider = "x_ai",
     .expected =
         {.input_total = 10, .output_total = 65, .total = 75, .rule = UsageRule::kThoughtsAdded}},
    {.name = "ReasoningThatTheTotalAddsIsOutsideForAnybody",
     .counts = {.input = 100, .output = 50, .reasoning = 20, .total = 170},
     .rule = {.input = InputCounting::kInclusive},
     .provider = "x_ai",
     .expected =
         {.input_total = 100, .output_total = 70, .total = 170, .rule = UsageRule::kThoughtsAdded}},
    {.name = "WhatOnlyGeminisTotalHoldsIsOutput",
     .counts = {.input = 5, .output = 845, .total = 2023},
     .rule = {.input = InputCounting::kInclusive, .is_gemini = true},
     .provider = "gcp.vertex_ai",
     .expected = {.input_total = 5,
                  .output_total = 2018,
                  .total = 2023,
                  .rule = UsageRule::kThoughtsAdded}},
    {.name = "BesideKnownThoughtsItIsThePromptOfItsTools",
     .counts = {.input = 100, .output = 20, .reasoning = 10, .total = 180, .tool_prompt = 50},
     .rule = {.is_gemini = true},
     .provider = "gcp.gemini",
     .expected =
         {.input_total = 150, .output_total = 30, .total = 180, .rule = UsageRule::kThoughtsAdded}},
    {.name = "ATotalOfOthersIsNotTakenApart",
     .counts = {.input = 100, .output = 20, .total = 180},
     .provider = "openai",
     .expected =
         {.input_total = 100, .output_total = 20, .total = 180, .rule = UsageRule::kInclusive}},
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
