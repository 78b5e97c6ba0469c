// SPDX-License-Identifier: Apache-2.0
#include "normalize/provider.h"

#include <string_view>

#include <gtest/gtest.h>

#include "base/arena.h"

namespace sightline::normalize {
namespace {

struct Case {
  std::string_view wire;
  std::string_view name;
};

TEST(ProviderTest, MapsWireValuesToOneNameEach) {
  constexpr Case kCases[] = {
      {"openai", "openai"},
      {"OpenAI", "openai"},
      {"openai.chat", "openai"},
      {"openai.responses", "openai"},
      {"azure.ai.openai", "azure.ai.openai"},
      {"az.ai.openai", "azure.ai.openai"},
      {"azure-openai.chat", "azure.ai.openai"},
      {"Azure", "azure.ai.openai"},
      {"azure", "azure.ai.inference"},
      {"az.ai.inference", "azure.ai.inference"},
      {"Anthropic", "anthropic"},
      {"anthropic.messages", "anthropic"},
      {"AWS", "aws.bedrock"},
      {"amazon-bedrock", "aws.bedrock"},
      {"bedrock_converse", "aws.bedrock"},
      {"aws.bedrock", "aws.bedrock"},
      {"vertexai", "gcp.vertex_ai"},
      {"google.vertex.chat", "gcp.vertex_ai"},
      {"google-vertex-anthropic", "gcp.vertex_ai"},
      {"gemini", "gcp.gemini"},
      {"google.generative-ai", "gcp.gemini"},
      {"google", "gcp.gemini"},
      {"Google", "gcp.gen_ai"},
      {"gcp.gen_ai", "gcp.gen_ai"},
      {"mistralai", "mistral_ai"},
      {"mistral.chat", "mistral_ai"},
      {"xai.chat", "x_ai"},
      {"Watsonx", "ibm.watsonx.ai"},
      {"groq.chat", "groq"},
      {"togetherai.completion", "togetherai"},
      {"my.own.gateway", "my.own.gateway"},
      {"MyGateway", "mygateway"},
  };
  base::Arena arena;
  for (const Case& c : kCases) {
    EXPECT_EQ(ProviderName(c.wire, arena), c.name) << c.wire;
  }
}

TEST(ProviderTest, TellsFrameworksFromProviders) {
  for (const std::string_view framework :
       {"langchain", "LangGraph", "crewai", "autogen", "strands-agents", "gcp.vertex.agent",
        "microsoft.agent_framework", "llama_index", "haystack", "openai_agents", "pydantic_ai",
        "google_adk", "mcp"}) {
    EXPECT_TRUE(IsFramework(framework)) << framework;
  }
  for (const std::string_view provider : {"openai", "gcp.vertex_ai", "groq", ""}) {
    EXPECT_FALSE(IsFramework(provider)) << provider;
  }
}

TEST(ProviderTest, InfersTheProviderFromTheModel) {
  constexpr Case kCases[] = {
      {"gpt-4.1", "openai"},
      {"o3-mini", "openai"},
      {"claude-sonnet-4-5", "anthropic"},
      {"us.anthropic.claude-sonnet-4-20250514-v1:0", "aws.bedrock"},
      {"anthropic.claude-3-haiku", "aws.bedrock"},
      {"anthropic/claude-sonnet-4", "anthropic"},
      {"openai/gpt-4o", "openai"},
      {"gemini-2.5-pro", "gcp.gen_ai"},
      {"grok-4", "x_ai"},
      {"my-finetune", ""},
      {"", ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ProviderOfModel(c.wire), c.name) << c.wire;
  }
}

TEST(ProviderTest, FindsTheFrameworkInTheScopeName) {
  EXPECT_EQ(FrameworkOfScope("openinference.instrumentation.crewai"), "crewai");
  EXPECT_EQ(FrameworkOfScope("opentelemetry.instrumentation.langchain"), "langchain");
  EXPECT_EQ(FrameworkOfScope("@arizeai/openinference-instrumentation-langchain"), "langchain");
  EXPECT_EQ(FrameworkOfScope("opentelemetry.instrumentation.openai"), "");
}

}  // namespace
}  // namespace sightline::normalize
