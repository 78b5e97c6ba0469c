// SPDX-License-Identifier: Apache-2.0
#include "pricing/price_book.h"

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/time_text.h"
#include "pricing/embedded_prices.h"

namespace sightline::pricing {
namespace {

constexpr std::string_view kTime = "2025-11-06T12:00:00Z";

std::int64_t At(std::string_view time) {
  return base::ParseTimeNs(time).value();
}

const PriceBook& Embedded() {
  static const PriceBook book = PriceBook::Create(EmbeddedPrices(), EmbeddedOverrides()).value();
  return book;
}

// "" when there is no rule.
std::string RuleId(const PriceBook& book, std::string_view provider, std::string_view model,
                   std::string_view time = kTime) {
  const PriceRule* rule = book.Find(provider, model, At(time));
  return rule == nullptr ? "" : rule->id;
}

TEST(PriceBookTest, TheEmbeddedDataIsComplete) {
  EXPECT_EQ(Embedded().source(), "@pydantic/genai-prices 0.1.8");
  const auto catalog = ParseCatalog(EmbeddedPrices());
  ASSERT_TRUE(catalog) << catalog.error().message();
  std::size_t models = 0;
  for (const ProviderEntry& provider : catalog->providers) {
    models += provider.models.size();
  }
  EXPECT_EQ(catalog->providers.size(), 43U);
  EXPECT_EQ(models, 1694U);
}

TEST(PriceBookTest, FindsModelsUnderTheirProvider) {
  struct Case {
    std::string_view provider;
    std::string_view model;
    std::string_view rule;
  };

  const std::vector<Case> cases = {
      {"openai", "gpt-4o", "openai/gpt-4o"},
      {"OpenAI", " GPT-4o ", "openai/gpt-4o"},
      {"openai", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"},
      {"openai", "ft:gpt-4o-2024-08-06:acme::abc", "openai/ft:gpt-4o"},
      {"openai", "omni-moderation-latest", "override:openai/moderation"},
      {"anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"},
      {"azure.ai.openai", "gpt-4o", "openai/gpt-4o"},
      {"azure.ai.openai", "gpt-35-turbo", "openai/gpt-3.5-turbo"},
      {"azure.ai.openai", "o3-mini", "azure/o3-mini"},
      {"azure.ai.inference", "claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"},
      {"microsoft.foundry", "gpt-4o-2024-08-06", "openai/gpt-4o"},
      {"aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
       "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
      {"aws.bedrock", "amazon.nova-pro-v1:0", "aws/amazon.nova-pro-v1:0"},
      {"aws.bedrock", "arn:aws:bedrock:us-east-1:123:inference-profile/us.amazon.nova-lite-v1:0",
       "aws/amazon.nova-lite-v1:0"},
      {"gcp.vertex_ai", "gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"gcp.vertex_ai", "claude-sonnet-4-5@20250929", "google/claude-sonnet-4-5"},
      {"gcp.vertex_ai", "publishers/google/models/gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"gcp.gemini", "models/gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"gcp.gen_ai", "gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"openrouter", "anthropic/claude-sonnet-4.5", "openrouter/anthropic/claude-sonnet-4.5"},
      {"x_ai", "grok-4-0709", "x-ai/grok-4-0709"},
      {"openai", "no-such-model", ""},
      {"openai", "claude-sonnet-4-5", ""},
      {"ollama", "gpt-4o", ""},
      {"ibm.watsonx.ai", "gpt-4o", ""},
      {"openai", "", ""},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(RuleId(Embedded(), test.provider, test.model), test.rule)
        << test.provider << " " << test.model;
  }
}

TEST(PriceBookTest, InfersTheProviderFromTheModel) {
  struct Case {
    std::string_view provider;
    std::string_view model;
    std::string_view rule;
  };

  const std::vector<Case> cases = {
      {"", "gpt-4o", "openai/gpt-4o"},
      {"", "o3-mini", "openai/o3-mini"},
      {"", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"},
      {"", "models/gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"", "anthropic:claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"},
      {"", "eu.amazon.nova-lite-v1:0", "aws/amazon.nova-lite-v1:0"},
      {"", "openrouter/anthropic/claude-sonnet-4.5", "openrouter/anthropic/claude-sonnet-4.5"},
      {"litellm", "vertex_ai/gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"litellm", "gpt-4o", "openai/gpt-4o"},
      {"litellm_proxy", "google/gemini-2.5-flash", "google/gemini-2.5-flash"},
      {"gateway", "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5"},
      {"acme-inference", "gpt-4o", "openai/gpt-4o"},
      {"helicone", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
       "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
      {"", "mistralai/mistral-7b-instruct", "openrouter/mistralai/mistral-7b-instruct"},
      {"", "qwen/qwen3-32b", "openrouter/qwen/qwen3-32b"},
      {"", "llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"},
      {"", "qwen3:0.6b", ""},
      {"", "meta-llama/llama-3.1-8b", ""},
      {"", "llama3", ""},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(RuleId(Embedded(), test.provider, test.model), test.rule)
        << test.provider << " " << test.model;
  }
}

TEST(PriceBookTest, FollowsDatesAndTimesOfDay) {
  struct Case {
    std::string_view provider;
    std::string_view model;
    std::string_view time;
    std::string_view rule;
  };

  const std::vector<Case> cases = {
      {"openai", "o3", "2025-06-09T23:59:59.999999999Z", "openai/o3"},
      {"openai", "o3", "2025-06-10T00:00:00Z", "openai/o3@2025-06-10"},
      {"deepseek", "deepseek-chat", "2025-11-06T00:29:59Z", "deepseek/deepseek-chat"},
      {"deepseek", "deepseek-chat", "2025-11-06T00:30:00Z", "deepseek/deepseek-chat@00:30:00Z"},
      {"deepseek", "deepseek-chat", "2025-11-06T16:29:59Z", "deepseek/deepseek-chat@00:30:00Z"},
      {"deepseek", "deepseek-chat", "2025-11-06T16:30:00Z", "deepseek/deepseek-chat"},
      {"deepseek", "deepseek-chat", "1969-12-31T12:00:00Z", "deepseek/deepseek-chat@00:30:00Z"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(RuleId(Embedded(), test.provider, test.model, test.time), test.rule)
        << test.model << " " << test.time;
  }
}

constexpr std::string_view kSmallBook = R"([
  {"id":"acme","models":[
    {"id":"night","match":{"equals":"night"},"prices":[
      {"prices":{"input_mtok":2}},
      {"constraint":{"type":"time_of_date","start_time":"22:00:00+01:00","end_time":"06:00:00Z"},
       "prices":{"input_mtok":1}}]},
    {"id":"any","match":{"starts_with":"m"},"prices":{"input_mtok":3}}]}])";

TEST(PriceBookTest, UnderstandsTimesOfDayOverMidnightWithAnOffset) {
  const PriceBook book = PriceBook::Create(kSmallBook).value();
  EXPECT_EQ(RuleId(book, "acme", "night", "2025-01-01T20:59:59Z"), "acme/night");
  EXPECT_EQ(RuleId(book, "acme", "night", "2025-01-01T21:00:00Z"), "acme/night@22:00:00+01:00");
  EXPECT_EQ(RuleId(book, "acme", "night", "2025-01-02T05:59:59Z"), "acme/night@22:00:00+01:00");
  EXPECT_EQ(RuleId(book, "acme", "night", "2025-01-02T06:00:00Z"), "acme/night");
}

TEST(PriceBookTest, TriesOverridesFirstAndInTheirOrder) {
  const PriceBook book = PriceBook::Create(kSmallBook, R"({"models":[
        {"provider":"acme","id":"a","match":{"equals":"m1"},"prices":{"input_mtok":"0.10"}},
        {"provider":"acme","id":"b","match":{"starts_with":"m1"},"prices":{"input_mtok":1}},
        {"provider":"Ollama","id":"own","match":{"contains":""},"prices":{"input_mtok":0}}]})")
                             .value();
  EXPECT_EQ(RuleId(book, "acme", "m1"), "override:acme/a");
  EXPECT_EQ(RuleId(book, "acme", "m12"), "override:acme/b");
  EXPECT_EQ(RuleId(book, "acme", "m2"), "acme/any");
  EXPECT_EQ(RuleId(book, "ollama", "llama3"), "override:ollama/own");
}

TEST(PriceBookTest, RefusesDataItDoesNotUnderstand) {
  const std::vector<std::string> bad = {
      "",
      "{}",
      R"([{"models":[]}])",
      R"([{"id":"a"}])",
      R"([{"id":"a","models":[{"id":"m","prices":{}}]}])",
      R"([{"id":"a","models":[{"id":"m","match":{"like":"m"},"prices":{}}]}])",
      R"([{"id":"a","models":[{"id":"m","match":{"equals":"m"},"prices":{"input_mtok":-1}}]}])",
      R"([{"id":"a","models":[{"id":"m","match":{"equals":"m"},"prices":[]}]}])",
      R"([{"id":"a","models":[{"id":"m","match":{"equals":"m"},
          "prices":[{"constraint":{"start_date":"soon"},"prices":{}}]}]}])",
      R"([{"id":"a","models":[{"id":"m","match":{"equals":"m"},
          "prices":{"input_mtok":{"base":1,"tiers":[{"start":-1,"price":2}]}}}]}])",
  };
  for (const std::string& json : bad) {
    EXPECT_FALSE(PriceBook::Create(json)) << json;
  }
  EXPECT_FALSE(PriceBook::Create(kSmallBook, "[]"));
  EXPECT_EQ(PriceBook::Create(R"([{"id":"a","models":[{"id":"m","match":{"equals":"m"},
                                "prices":{"input_mtok":true}}]}])")
                .error()
                .message(),
            "cannot read prices of 'a/m': input_mtok: a price is not a number");
}

TEST(PriceBookTest, DoesNotMixUpTheCachedAnswersOfTwoBooks) {
  const PriceBook first = PriceBook::Create(kSmallBook).value();
  EXPECT_EQ(RuleId(first, "acme", "m"), "acme/any");
  for (int i = 0; i < 3; ++i) {
    const std::string json = fmt::format(
        R"([{{"id":"acme","models":[{{"id":"v{}","match":{{"equals":"m"}},"prices":{{}}}}]}}])", i);
    const PriceBook book = PriceBook::Create(json).value();
    EXPECT_EQ(RuleId(book, "acme", "m"), fmt::format("acme/v{}", i));
    EXPECT_EQ(RuleId(first, "acme", "m"), "acme/any");
  }
}

TEST(PriceBookTest, AnswersManyNamesOnManyThreadsAlike) {
  const auto look_up = [] {
    for (int i = 0; i < 3000; ++i) {
      ASSERT_EQ(RuleId(Embedded(), "openai", fmt::format("unknown-{}", i)), "");
      ASSERT_EQ(RuleId(Embedded(), "openai", "gpt-4o"), "openai/gpt-4o");
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back(look_up);
  }
}

}  // namespace
}  // namespace sightline::pricing
