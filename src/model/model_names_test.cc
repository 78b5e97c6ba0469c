// SPDX-License-Identifier: Apache-2.0
#include "model/model_names.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "model/provider_names.h"

namespace sightline::model {
namespace {

TEST(ModelNamesTest, EndWithTheMostGeneralName) {
  struct Case {
    std::string_view name;
    std::string_view provider;
    std::string_view general;
    Tuning tuning = Tuning::kNone;
  };

  const std::vector<Case> cases = {
      {"gpt-4o", "openai", "gpt-4o"},
      {"gpt-4o-2024-08-06", "openai", "gpt-4o"},
      {"claude-sonnet-4-5-20250929", "anthropic", "claude-sonnet-4-5"},
      {"claude-3-5-haiku-latest", "anthropic", "claude-3-5-haiku"},
      {"models/gemini-2.5-pro", "google", "gemini-2.5-pro"},
      {"publishers/google/models/gemini-2.5-pro", "google", "gemini-2.5-pro"},
      {"projects/p/locations/l/publishers/anthropic/models/claude-3@20250929", "google",
       "claude-3"},
      {"us.anthropic.claude-3-haiku-20240307-v1:0", "aws", "anthropic.claude-3-haiku"},
      {"arn:aws:bedrock:us-east-1:1:inference-profile/eu.amazon.nova-pro-v1:0:300k", "aws",
       "amazon.nova-pro"},
      {"bedrock/us-east-1/anthropic.claude-v2", "aws", "anthropic.claude-v2"},
      {"openai/gpt-4o", "openai", "gpt-4o"},
      {"openai:gpt-4o", "openai", "gpt-4o"},
      {"openai/gpt-4o", "openrouter", "openai/gpt-4o"},
      {"ft:gpt-4.1-2025-04-14:acme::abc", "openai", "gpt-4.1", Tuning::kFineTuned},
      {"us.not-a-region-here", "openai", "us.not-a-region-here"},
      {"x:free", "openrouter", "x:free"},
      {"gpt-4-0613", "openai", "gpt-4-0613"},
      {"model-99999999", "openai", "model-99999999"},
  };
  for (const Case& test : cases) {
    const ModelName last = ModelNamesToTry(test.name, test.provider).back();
    EXPECT_EQ(last.name, test.general) << test.name;
    EXPECT_EQ(last.tuning, test.tuning) << test.name;
  }
}

TEST(ModelNamesTest, StartWithTheNameAsItIsAndThenItsDashedDate) {
  const std::vector<ModelName> names = ModelNamesToTry("gpt-5-20250807", "openai");
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0].name, "gpt-5-20250807");
  EXPECT_EQ(names[1].name, "gpt-5-2025-08-07");
  EXPECT_EQ(names[2].name, "gpt-5");
}

TEST(ModelNamesTest, OneModelHasOneIdentity) {
  const std::vector<std::vector<std::string_view>> models = {
      {"gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06", "openai:gpt-4o", "GPT-4o",
       "openrouter/openai/gpt-4o-2024-08-06", "azure/gpt-4o", "ft:gpt-4o-2024-08-06:acme::abc"},
      {"gpt-4o-mini", "azure_ai/gpt-4o-mini", "gpt-4o-mini-2024-07-18"},
      {"claude-sonnet-4-5", "anthropic/claude-sonnet-4.5", "claude-sonnet-4-5-20250929",
       "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5@20250929",
       "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
       "arn:aws:bedrock:us-east-1:1:inference-profile/"
       "us.anthropic.claude-sonnet-4-5-20250929-v1:0"},
      {"gemini-2.0-flash", "models/gemini-2.0-flash-001", "google/gemini-2.0-flash-exp:free",
       "projects/p/locations/l/publishers/google/models/gemini-2.0-flash"},
      {"gpt-3.5-turbo", "gpt-35-turbo", "gpt-3.5-turbo-0125"},
      {"mistral-large-latest", "mistral-large-2411", "mistral/mistral-large"},
      {"command-r-plus", "cohere/command-r-plus-08-2024", "command-r-plus-04-2024"},
      {"gemini-2.5-flash", "vertex_ai/gemini-2.5-flash-preview-09-2025",
       "gemini-2.5-flash-preview-05-20", "gemini-2.5-flash-exp-03-25"},
      {"", ""},
  };
  std::vector<std::string> identities;
  for (const auto& names : models) {
    for (const std::string_view name : names) {
      EXPECT_EQ(ModelIdentity(name), ModelIdentity(names.front())) << name;
    }
    identities.push_back(ModelIdentity(names.front()));
  }
  std::ranges::sort(identities);
  EXPECT_EQ(std::ranges::adjacent_find(identities), identities.end());
}

TEST(ProviderNamesTest, MapsCanonicalAndWireNames) {
  struct Case {
    std::string_view name;
    std::string_view id;
  };

  const std::vector<Case> cases = {
      {"openai", "openai"},
      {"azure.ai.openai", "azure"},
      {"azure.ai.inference", "azure"},
      {"azure-openai.chat", "azure"},
      {"anthropic", "anthropic"},
      {"aws.bedrock", "aws"},
      {"amazon-bedrock", "aws"},
      {"bedrock_converse", "aws"},
      {"gcp.vertex_ai", "google"},
      {"gcp.gemini", "google"},
      {"gcp.gen_ai", "google"},
      {"google-vertex-anthropic", "google"},
      {"mistral_ai", "mistral"},
      {"mistralai", "mistral"},
      {"x_ai", "x-ai"},
      {"moonshot_ai", "moonshotai"},
      {"togetherai", "together"},
      {"ibm.watsonx.ai", ""},
      {"ollama", ""},
      {"", ""},
  };
  for (const Case& test : cases) {
    const ProviderName* provider = FindProviderName(test.name);
    EXPECT_EQ(provider == nullptr ? "" : provider->price_id, test.id) << test.name;
  }
}

TEST(ProviderNamesTest, ReadsTheFormOfModelNames) {
  const auto id = [](std::string_view model) {
    const ProviderName* provider = FindProviderOfModel(model);
    return provider == nullptr ? std::string_view() : provider->price_id;
  };
  EXPECT_EQ(id("anthropic.claude-v2"), "aws");
  EXPECT_EQ(id("us.amazon.nova-lite-v1:0"), "aws");
  EXPECT_EQ(id("arn:aws:bedrock:eu-west-1::foundation-model/x"), "aws");
  EXPECT_EQ(id("publishers/google/models/gemini-2.5-pro"), "google");
  EXPECT_EQ(id("claude-3.5-sonnet"), "anthropic");
  EXPECT_EQ(id("gpt-4.1"), "openai");
  EXPECT_EQ(id("gpt-oss-120b"), "");
  EXPECT_EQ(id("llama3"), "");
  EXPECT_EQ(FindProviderOfModelPrefix("mistralai"), nullptr);
  EXPECT_EQ(FindProviderOfModelPrefix("meta-llama"), nullptr);
}

TEST(ProviderNamesTest, TellsGatewaysAndHosts) {
  for (const std::string_view name : {"gateway", "litellm_proxy", "portkey-ai", "helicone",
                                      "vercel-ai-gateway", "openai-compatible", "my.own.gateway"}) {
    ASSERT_NE(FindProviderName(name), nullptr) << name;
    EXPECT_EQ(FindProviderName(name)->role, ProviderRole::kGateway) << name;
  }
  for (const std::string_view name : {"ollama", "lm-studio", "vllm", "ibm.watsonx.ai"}) {
    ASSERT_NE(FindProviderName(name), nullptr) << name;
    EXPECT_EQ(FindProviderName(name)->role, ProviderRole::kHost) << name;
  }
  EXPECT_EQ(FindProviderName("acme"), nullptr);
}

}  // namespace
}  // namespace sightline::model
