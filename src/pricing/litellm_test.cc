// SPDX-License-Identifier: Apache-2.0
#include "pricing/litellm.h"

#include <string>

#include <gtest/gtest.h>

namespace sightline::pricing {
namespace {

constexpr std::string_view kFile = R"({
  "sample_spec": {"litellm_provider": "one of ...", "input_cost_per_token": 0.0},
  "gpt-x": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.25e-06,
    "input_cost_per_token_above_272k_tokens": 2.5e-06, "output_cost_per_token": 1e-05,
    "cache_read_input_token_cost": 1.25e-07, "input_cost_per_token_batches": 6.25e-07,
    "output_cost_per_token_batches": 5e-06, "input_cost_per_token_priority": 2.5e-06,
    "output_cost_per_token_priority": 1.5e-05, "max_tokens": 128000,
    "search_context_cost_per_query": {"search_context_size_low": 0.01,
      "search_context_size_medium": 0.025}},
  "azure/my-gpt": {"litellm_provider": "azure", "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06},
  "azure/eu/my-gpt": {"litellm_provider": "azure", "input_cost_per_token": 2.2e-06,
    "output_cost_per_token": 8.8e-06},
  "my-gpt": {"litellm_provider": "azure", "input_cost_per_token": 9e-06},
  "dall-e": {"litellm_provider": "openai", "output_cost_per_image": 0.04},
  "absurd": {"litellm_provider": "openai", "input_cost_per_token": 5.0},
  "nobody": {"input_cost_per_token": 1e-06}
})";

TEST(LiteLlmTest, ReadsPricesPerTokenAndSaysWhatItLeavesOut) {
  const auto read = ReadLiteLlmPrices(kFile, 0);
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->prices.size(), 3U);
  EXPECT_EQ(read->prices[0].provider + " " + read->prices[0].model, "openai gpt-x");
  EXPECT_EQ(OwnPriceJson(read->prices[0]),
            R"({"effective_from":"1970-01-01T00:00:00.000000Z",)"
            R"("prices":{"input":{"base":1.25,"tiers":[{"start":272000,"price":2.5}]},)"
            R"("cache_read":0.125,"output":10},"per_call":{"web_search":0.025},)"
            R"("multipliers":{"service_tier":{"batch":0.5},"region":{}},"aliases":[]})");
  EXPECT_EQ(read->prices[1].provider + " " + read->prices[1].model, "azure my-gpt");
  EXPECT_EQ(read->prices[2].provider + " " + read->prices[2].model, "azure eu/my-gpt");
  std::string skipped;
  for (const LiteLlmPrices::Skipped& entry : read->skipped) {
    skipped += entry.model + ": " + entry.reason + "\n";
  }
  EXPECT_EQ(skipped,
            "my-gpt: another entry is of the same model\n"
            "dall-e: no price per token\n"
            "absurd: bad field prices.input: over 10000 dollars per million tokens\n"
            "nobody: no litellm_provider\n");
}

TEST(LiteLlmTest, RefusesWhatIsNoSuchFile) {
  for (const std::string_view text : {"", "[]", "7", R"({"a": 1})", R"({"a": )"}) {
    const auto read = ReadLiteLlmPrices(text, 0);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code(), base::Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace sightline::pricing
