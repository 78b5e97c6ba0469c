// SPDX-License-Identifier: Apache-2.0
#include "normalize/provider.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace sightline::normalize {
namespace {

struct Alias {
  std::string_view wire;  // '*' at the end: every value with this prefix.
  std::string_view name;
};

// Spellings where only the letter case tells two providers apart.
constexpr auto kCaseSensitive = std::to_array<Alias>({
    {"Azure", "azure.ai.openai"},
    {"Google", "gcp.gen_ai"},
});

// In lower case; the first match wins, so longer prefixes come first.
constexpr auto kAliases = std::to_array<Alias>({
    {"openai", "openai"},
    {"azure.ai.openai", "azure.ai.openai"},
    {"az.ai.openai", "azure.ai.openai"},
    {"azure-openai*", "azure.ai.openai"},
    {"azure_openai*", "azure.ai.openai"},
    {"azure.ai.inference", "azure.ai.inference"},
    {"az.ai.inference", "azure.ai.inference"},
    {"azure", "azure.ai.inference"},
    {"anthropic", "anthropic"},
    {"aws.bedrock", "aws.bedrock"},
    {"aws", "aws.bedrock"},
    {"amazon", "aws.bedrock"},
    {"amazon-bedrock*", "aws.bedrock"},
    {"amazon_bedrock*", "aws.bedrock"},
    {"bedrock*", "aws.bedrock"},
    {"gcp.vertex_ai", "gcp.vertex_ai"},
    {"vertex_ai*", "gcp.vertex_ai"},
    {"vertexai", "gcp.vertex_ai"},
    {"google.vertex*", "gcp.vertex_ai"},
    {"google-vertex*", "gcp.vertex_ai"},
    {"google_vertexai", "gcp.vertex_ai"},
    {"gcp.gemini", "gcp.gemini"},
    {"gemini", "gcp.gemini"},
    {"google.generative-ai*", "gcp.gemini"},
    {"google_genai", "gcp.gemini"},
    {"google", "gcp.gemini"},
    {"gcp.gen_ai", "gcp.gen_ai"},
    {"mistral*", "mistral_ai"},
    {"x_ai", "x_ai"},
    {"xai", "x_ai"},
    {"ibm.watsonx.ai", "ibm.watsonx.ai"},
    {"ibm.watson.ai", "ibm.watsonx.ai"},
    {"watsonx", "ibm.watsonx.ai"},
    {"moonshot", "moonshot_ai"},
    {"moonshotai", "moonshot_ai"},
    {"cohere", "cohere"},
    {"deepseek", "deepseek"},
    {"groq", "groq"},
    {"perplexity", "perplexity"},
    {"moonshot_ai", "moonshot_ai"},
    {"ollama", "ollama"},
    {"fireworks", "fireworks"},
    {"togetherai", "togetherai"},
    {"together", "together"},
    {"cerebras", "cerebras"},
    {"openrouter", "openrouter"},
    {"deepinfra", "deepinfra"},
    {"vercel", "vercel"},
});

constexpr auto kFrameworks = std::to_array<Alias>({
    {"langchain", "langchain"},
    {"langgraph", "langgraph"},
    {"crewai", "crewai"},
    {"autogen", "autogen"},
    {"ag2", "ag2"},
    {"strands-agents", "strands"},
    {"strands", "strands"},
    {"gcp.vertex.agent", "google_adk"},
    {"google_adk", "google_adk"},
    {"microsoft.agent_framework", "agent_framework"},
    {"agent_framework", "agent_framework"},
    {"llama_index", "llama_index"},
    {"llamaindex", "llama_index"},
    {"haystack", "haystack"},
    {"openai_agents", "openai_agents"},
    {"openai-agents", "openai_agents"},
    {"pydantic_ai", "pydantic_ai"},
    {"pydantic-ai", "pydantic_ai"},
    {"dspy", "dspy"},
    {"agno", "agno"},
    {"smolagents", "smolagents"},
    {"semantic_kernel", "semantic_kernel"},
    {"spring_ai", "spring_ai"},
    {"beeai", "beeai"},
    {"koog", "koog"},
    {"mastra", "mastra"},
    {"mcp", "mcp"},
});

// Names of models, in lower case; the first match wins.
constexpr auto kModels = std::to_array<Alias>({
    {"gpt-*", "openai"},
    {"chatgpt*", "openai"},
    {"o1*", "openai"},
    {"o3*", "openai"},
    {"o4-*", "openai"},
    {"codex-*", "openai"},
    {"text-embedding-3*", "openai"},
    {"text-embedding-ada*", "openai"},
    {"dall-e*", "openai"},
    {"whisper-*", "openai"},
    {"claude-*", "anthropic"},
    {"anthropic.*", "aws.bedrock"},
    {"us.*", "aws.bedrock"},
    {"eu.*", "aws.bedrock"},
    {"apac.*", "aws.bedrock"},
    {"global.anthropic.*", "aws.bedrock"},
    {"amazon.*", "aws.bedrock"},
    {"meta.llama*", "aws.bedrock"},
    {"arn:aws:bedrock*", "aws.bedrock"},
    {"gemini-*", "gcp.gen_ai"},
    {"models/gemini-*", "gcp.gen_ai"},
    {"mistral-*", "mistral_ai"},
    {"ministral-*", "mistral_ai"},
    {"codestral-*", "mistral_ai"},
    {"magistral-*", "mistral_ai"},
    {"grok-*", "x_ai"},
    {"command-*", "cohere"},
    {"rerank-*", "cohere"},
    {"embed-english*", "cohere"},
    {"embed-multilingual*", "cohere"},
    {"deepseek-*", "deepseek"},
    {"sonar*", "perplexity"},
    {"kimi-*", "moonshot_ai"},
});

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

template <std::size_t size>
std::string_view Look(const std::array<Alias, size>& table, std::string_view value) {
  for (const Alias& alias : table) {
    const bool matches = alias.wire.ends_with('*')
                             ? value.starts_with(alias.wire.substr(0, alias.wire.size() - 1))
                             : value == alias.wire;
    if (matches) {
      return alias.name;
    }
  }
  return {};
}

}  // namespace

bool IsFramework(std::string_view value) {
  return !FrameworkName(value).empty();
}

std::string_view FrameworkName(std::string_view value) {
  for (const Alias& alias : kFrameworks) {
    if (alias.wire.size() == value.size() && Lower(value) == alias.wire) {
      return alias.name;
    }
  }
  return {};
}

std::string_view ProviderName(std::string_view value, base::Arena& arena) {
  if (const auto name = Look(kCaseSensitive, value); !name.empty()) {
    return name;
  }
  const std::string lower = Lower(value);
  if (const auto name = Look(kAliases, lower); !name.empty()) {
    return name;
  }
  // The Vercel AI SDK appends the API: "openai.responses", "anthropic.messages", "xai.chat".
  if (const std::size_t dot = lower.find('.'); dot != std::string::npos) {
    if (const auto name = Look(kAliases, std::string_view(lower).substr(0, dot)); !name.empty()) {
      return name;
    }
  }
  return lower == value ? value : arena.Copy(lower);
}

std::string_view ProviderOfModel(std::string_view model) {
  // Routers prefix the provider: "anthropic/claude-sonnet-4".
  if (const std::size_t slash = model.find('/'); slash != std::string_view::npos) {
    if (const auto name = Look(kAliases, Lower(model.substr(0, slash))); !name.empty()) {
      return name;
    }
  }
  return Look(kModels, Lower(model.substr(0, 64)));
}

std::string_view FrameworkOfScope(std::string_view scope) {
  // Python: <project>.instrumentation.<library>; npm: @<project>/[...instrumentation-]<library>.
  const std::size_t cut = scope.find_last_of("./");
  std::string_view library = cut == std::string_view::npos ? scope : scope.substr(cut + 1);
  constexpr std::string_view kMarker = "instrumentation-";
  if (const std::size_t at = library.find(kMarker); at != std::string_view::npos) {
    library = library.substr(at + kMarker.size());
  }
  return FrameworkName(library);
}

}  // namespace sightline::normalize
