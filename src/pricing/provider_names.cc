// SPDX-License-Identifier: Apache-2.0
#include "pricing/provider_names.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sightline::pricing {
namespace {

struct Name {
  std::string_view name;
  std::string_view id;
};

// Whole names.
constexpr auto kNames = std::to_array<Name>({
    {"openai", "openai"},
    {"openai.chat", "openai"},
    {"openai.responses", "openai"},
    {"azure", "azure"},
    {"azure.ai.openai", "azure"},
    {"azure.ai.inference", "azure"},
    {"az.ai.openai", "azure"},
    {"az.ai.inference", "azure"},
    {"anthropic", "anthropic"},
    {"anthropic.messages", "anthropic"},
    {"aws.bedrock", "aws"},
    {"aws", "aws"},
    {"amazon", "aws"},
    {"gcp.vertex_ai", "google"},
    {"gcp.gemini", "google"},
    {"gcp.gen_ai", "google"},
    {"vertex_ai", "google"},
    {"vertexai", "google"},
    {"gemini", "google"},
    {"google", "google"},
    {"mistral_ai", "mistral"},
    {"x_ai", "x-ai"},
    {"xai", "x-ai"},
    {"moonshot_ai", "moonshotai"},
    {"fireworks_ai", "fireworks"},
    {"z_ai", "zai"},
    {"z.ai", "zai"},
    {"github_copilot", "github-copilot"},
    {"voyage", "voyageai"},
});

// Beginnings of names. They are decided here since the price data looks for parts of names, and
// would take "azure-openai" for OpenAI and "google-vertex-anthropic" for Anthropic.
constexpr auto kPrefixes = std::to_array<Name>({
    {"azure", "azure"},
    {"bedrock", "aws"},
    {"amazon-bedrock", "aws"},
    {"aws.", "aws"},
    {"google", "google"},
    {"gcp.", "google"},
    {"mistral", "mistral"},
    {"together", "together"},
    {"fireworks", "fireworks"},
    {"cohere", "cohere"},
    {"groq", "groq"},
    {"deepseek", "deepseek"},
    {"perplexity", "perplexity"},
    {"cerebras", "cerebras"},
    {"openrouter", "openrouter"},
});

constexpr auto kModelPrefixes = std::to_array<Name>({
    {"openai", "openai"},
    {"azure", "azure"},
    {"azure_ai", "azure"},
    {"anthropic", "anthropic"},
    {"bedrock", "aws"},
    {"bedrock_converse", "aws"},
    {"vertex_ai", "google"},
    {"gemini", "google"},
    {"google-gla", "google"},
    {"google-vertex", "google"},
    {"mistral", "mistral"},
    {"xai", "x-ai"},
    {"groq", "groq"},
    {"cohere", "cohere"},
    {"cohere_chat", "cohere"},
    {"deepseek", "deepseek"},
    {"fireworks_ai", "fireworks"},
    {"together_ai", "together"},
    {"perplexity", "perplexity"},
    {"cerebras", "cerebras"},
    {"openrouter", "openrouter"},
    {"voyage", "voyageai"},
    {"moonshot", "moonshotai"},
});

constexpr auto kGateways = std::to_array<std::string_view>({"litellm", "portkey", "helicone"});

constexpr auto kRegions = std::to_array<std::string_view>(
    {"us", "eu", "apac", "global", "us-gov", "jp", "au", "ca", "in", "sa", "me", "af", "uk"});

constexpr auto kBedrockVendors = std::to_array<std::string_view>(
    {"anthropic", "amazon", "meta", "mistral", "cohere", "ai21", "deepseek", "openai", "qwen",
     "stability", "writer", "nvidia", "google", "minimax", "moonshot", "moonshotai", "zai",
     "twelvelabs", "luma"});

template <std::size_t size>
std::string_view Find(const std::array<Name, size>& names, std::string_view name) {
  const auto* found = std::ranges::find(names, name, &Name::name);
  return found == names.end() ? std::string_view() : found->id;
}

}  // namespace

std::string_view KnownProvider(std::string_view lower) {
  const std::string_view id = Find(kNames, lower);
  if (!id.empty()) {
    return id;
  }
  const auto* prefix = std::ranges::find_if(
      kPrefixes, [lower](const Name& name) { return lower.starts_with(name.name); });
  return prefix == kPrefixes.end() ? std::string_view() : prefix->id;
}

std::string_view ProviderOfModelPrefix(std::string_view lower) {
  return Find(kModelPrefixes, lower);
}

std::string_view ProviderOfModelForm(std::string_view lower) {
  if (lower.starts_with("arn:aws")) {
    return "aws";
  }
  if (lower.starts_with("publishers/") || lower.starts_with("projects/")) {
    return "google";
  }
  const std::size_t dot = lower.find('.');
  if (dot == std::string_view::npos) {
    return {};
  }
  const std::string_view first = lower.substr(0, dot);
  const std::string_view rest = lower.substr(dot + 1);
  const std::string_view vendor = IsRegionPrefix(first) ? rest.substr(0, rest.find('.')) : first;
  return std::ranges::find(kBedrockVendors, vendor) != kBedrockVendors.end() ? "aws" : "";
}

bool IsGateway(std::string_view lower) {
  return std::ranges::find(kGateways, lower) != kGateways.end();
}

bool IsRegionPrefix(std::string_view lower) {
  return std::ranges::find(kRegions, lower) != kRegions.end();
}

}  // namespace sightline::pricing
