// SPDX-License-Identifier: Apache-2.0
#include "normalize/key_table.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace sightline::normalize {
namespace {

bool Fills(const KeyMeaning& meaning, Field field) {
  for (const KeyRule& rule : meaning.rules) {
    if (rule.field == field) {
      return true;
    }
  }
  return false;
}

TEST(KeyTableTest, FindsEveryRuleByItsKey) {
  const KeyTable table;
  for (const KeyRule& rule : table.rules()) {
    const std::string key = std::string(rule.key) + (rule.key.ends_with('.') ? "0" : "");
    EXPECT_TRUE(Fills(table.Find(key), rule.field)) << rule.key;
  }
}

TEST(KeyTableTest, GivesEachRankOfAFieldToOneKey) {
  const KeyTable table;
  std::map<std::pair<Field, int>, std::string_view> owners;
  for (const KeyRule& rule : table.rules()) {
    const bool is_ranked = rule.field > Field::kMessaging && rule.field != Field::kTraceTag &&
                           rule.field != Field::kIndexedCompletion;
    if (!is_ranked) {
      continue;
    }
    const auto [found, is_new] = owners.try_emplace({rule.field, rule.rank}, rule.key);
    EXPECT_TRUE(is_new || found->second == rule.key) << rule.key << " and " << found->second;
  }
}

TEST(KeyTableTest, TakesTheLongestPrefix) {
  const KeyTable table;
  EXPECT_TRUE(Fills(table.Find("llm.input_messages.0.message.role"), Field::kMessages));
  EXPECT_TRUE(Fills(table.Find("gen_ai.prompt.0.content"), Field::kMessages));
  EXPECT_TRUE(Fills(table.Find("gen_ai.prompt.12.tool_calls.0.name"), Field::kMessages));
  EXPECT_TRUE(table.Find("langfuse.trace.metadata.tenant").is_known);
  EXPECT_TRUE(table.Find("traceloop.association.properties.tenant").is_known);
}

TEST(KeyTableTest, SplitsPromptMetadataFromPromptMessages) {
  const KeyTable table;
  for (const std::string_view key :
       {"gen_ai.prompt.name", "gen_ai.prompt.version", "gen_ai.prompt.variable.city"}) {
    EXPECT_TRUE(table.Find(key).is_known) << key;
    EXPECT_FALSE(Fills(table.Find(key), Field::kMessages)) << key;
    EXPECT_EQ(table.Find(key).proves & BitOf(model::Dialect::kTraceloop), 0U) << key;
  }
  EXPECT_FALSE(table.Find("gen_ai.prompt.other").is_known);
}

TEST(KeyTableTest, DoesNotKnowWhatOnlyBeginsLikeAKey) {
  const KeyTable table;
  for (const std::string_view key :
       {"", ".", "llmx", "gen_ai", "gen_ai.", "gen_ai.request", "traceloop", "http", "my.own.key",
        "gen_ai.usagex.other", "ai", "x"}) {
    EXPECT_FALSE(table.Find(key).is_known) << key;
  }
}

TEST(KeyTableTest, ReadsFiguresByTheirWords) {
  struct Case {
    std::string_view key;
    Field field;
  };

  constexpr Case kCases[] = {
      {"gen_ai.usage.cache_read_tokens", Field::kCacheReadTokens},
      {"gen_ai.usage.cache_write_tokens", Field::kCacheWriteTokens},
      {"gen_ai.usage.input_cached_tokens", Field::kCacheReadTokens},
      {"gen_ai.usage.input_cache_creation", Field::kCacheWriteTokens},
      {"gen_ai.usage.cached_tokens", Field::kCacheReadTokens},
      {"gen_ai.usage.cacheReadInputTokens", Field::kCacheReadTokens},
      {"gen_ai.usage.prompt_cache_hit_tokens", Field::kCacheReadTokens},
      {"gen_ai.usage.prompt_cache_miss_tokens", Field::kUncachedInputTokens},
      {"gen_ai.usage.details.thoughts_tokens", Field::kReasoningTokens},
      {"gen_ai.usage.thinking_tokens", Field::kReasoningTokens},
      {"gen_ai.usage.audio_input_tokens", Field::kAudioInputTokens},
      {"gen_ai.usage.completion_audio_tokens", Field::kAudioOutputTokens},
      {"gen_ai.usage.image.input_tokens", Field::kImageInputTokens},
      {"gen_ai.usage.details.web_search_requests", Field::kWebSearches},
      {"gen_ai.response.usage.input_tokens", Field::kInputTokens},
      {"llm.usage.prompt_tokens", Field::kInputTokens},
      {"llm.usage.completion_tokens", Field::kOutputTokens},
      {"llm.prompt_tokens", Field::kInputTokens},
      {"llm.token_usage.total", Field::kTotalTokens},
      {"agent.usage.candidatesTokenCount", Field::kOutputTokens},
      {"gen_ai.cost.total_cost", Field::kCost},
      {"gen_ai.cost.input_cost", Field::kCostInput},
      {"gen_ai.cost.output_tokens", Field::kCostOutput},
      {"gen_ai.usage.total_cost", Field::kCost},
      {"gen_ai.usage.output_cost", Field::kCostOutput},
      {"llm.usage.cost", Field::kCost},
      {"lk.function_tool.is_error", Field::kToolFailed},
      {"agent.tool.status", Field::kToolStatus},
  };
  const KeyTable table;
  for (const Case& c : kCases) {
    EXPECT_TRUE(Fills(table.Find(c.key), c.field)) << c.key;
  }
}

TEST(KeyTableTest, TakesNothingForAFigureThatIsNone) {
  const KeyTable table;
  for (const std::string_view key :
       {"gen_ai.request.max_tokens", "gen_ai.usage.raw", "gen_ai.usage.details.text_prompt_tokens",
        "gen_ai.usage.details.input_tokens", "gen_ai.aggregated_usage.input_tokens",
        "gen_ai.usage.input_tokens_per_second", "gen_ai.usage.details.accepted_prediction_tokens",
        "ai.settings.maxOutputTokens", "system.cpu.usage.total", "memory.usage.cache",
        "ai.telemetry.metadata.input_tokens", "llm.cost.prompt_details.cache_read",
        "gen_ai.cost.currency", "query.cost", "gen_ai.cost.margin_total_amount", "http.status",
        "order.status"}) {
    for (const KeyRule& rule : table.Find(key).rules) {
      EXPECT_EQ(rule.field, Field::kKnown) << key;
    }
  }
}

TEST(KeyTableTest, ProvesDialects) {
  const KeyTable table;
  const auto proves = [&](std::string_view key) { return SpecOf(table.Find(key).proves); };
  EXPECT_EQ(proves("openinference.span.kind"), &OpenInferenceSpec());
  EXPECT_EQ(proves("llm.token_count.prompt"), &OpenInferenceSpec());
  EXPECT_EQ(proves("traceloop.span.kind"), &TraceloopSpec());
  EXPECT_EQ(proves("gen_ai.prompt.0.role"), &TraceloopSpec());
  EXPECT_EQ(proves("ai.operationId"), &VercelAiSpec());
  EXPECT_EQ(proves("logfire.msg"), &PydanticAiSpec());
  EXPECT_EQ(proves("langfuse.trace.name"), &LangfuseSpec());
  EXPECT_EQ(proves("langsmith.span.kind"), &LangSmithSpec());
  EXPECT_EQ(proves("mlflow.spanType"), &MlflowSpec());
  EXPECT_EQ(proves("gen_ai.sdk.version"), &OpenLitSpec());
  EXPECT_EQ(proves("gen_ai.provider.name"), &GenAiSpec());
  EXPECT_EQ(proves("gen_ai.system"), &GenAiDeprecatedSpec());
  EXPECT_EQ(proves("gen_ai.request.model"), &GenAiSpec());
  EXPECT_EQ(proves("http.request.method"), nullptr);
}

}  // namespace
}  // namespace sightline::normalize
