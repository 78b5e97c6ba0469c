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
        "gen_ai.usagex.input_tokens", "ai", "x"}) {
    EXPECT_FALSE(table.Find(key).is_known) << key;
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
