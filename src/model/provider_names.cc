// SPDX-License-Identifier: Apache-2.0
#include "model/provider_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace sightline::model {
namespace {

using enum ProviderRole;

constexpr ProviderName kOpenAi = {"openai", "openai"};
constexpr ProviderName kAzureOpenAi = {"azure.ai.openai", "azure"};
constexpr ProviderName kAzureInference = {"azure.ai.inference", "azure"};
constexpr ProviderName kFoundry = {"microsoft.foundry", "azure"};
constexpr ProviderName kAnthropic = {"anthropic", "anthropic"};
constexpr ProviderName kBedrock = {"aws.bedrock", "aws"};
constexpr ProviderName kVertex = {"gcp.vertex_ai", "google"};
constexpr ProviderName kGemini = {"gcp.gemini", "google"};
constexpr ProviderName kGoogle = {"gcp.gen_ai", "google"};
constexpr ProviderName kMistral = {"mistral_ai", "mistral"};
constexpr ProviderName kXai = {"x_ai", "x-ai"};
constexpr ProviderName kCohere = {"cohere", "cohere"};
constexpr ProviderName kDeepSeek = {"deepseek", "deepseek"};
constexpr ProviderName kPerplexity = {"perplexity", "perplexity"};
constexpr ProviderName kMoonshot = {"moonshot_ai", "moonshotai"};
constexpr ProviderName kGroq = {"groq", "groq"};
constexpr ProviderName kVoyage = {"voyageai", "voyageai"};
constexpr ProviderName kMiniMax = {"minimax", "minimax"};
constexpr ProviderName kZhipu = {"zhipuai", "zhipuai"};
constexpr ProviderName kFireworks = {"fireworks", "fireworks"};
constexpr ProviderName kTogether = {"togetherai", "together"};
constexpr ProviderName kCerebras = {"cerebras", "cerebras"};
constexpr ProviderName kOpenRouter = {"openrouter", "openrouter"};
constexpr ProviderName kAnyGateway = {"", "", kGateway};

// Up to two words that a name must have; '*' at the end of a word: it begins so.
struct Rule {
  std::string_view first;
  std::string_view second;
  ProviderName provider;
};

// Hosts come before whom they host: "google-vertex-anthropic" is Vertex AI.
constexpr auto kRules = std::to_array<Rule>({
    {"azure*", "openai", kAzureOpenAi},
    {"azureopenai*", "", kAzureOpenAi},
    {"az", "openai", kAzureOpenAi},
    {"microsoft", "foundry", kFoundry},
    {"azure*", "foundry", kFoundry},
    // Its agents: the SDKs that wrote "az.ai.agents" now write "microsoft.foundry".
    {"az", "agents", kFoundry},
    {"azure*", "agents", kFoundry},
    {"microsoft", "agents", kFoundry},
    {"azure*", "", kAzureInference},
    {"az", "ai", kAzureInference},
    {"sagemaker", "", {"aws.sagemaker", "", kHost}},
    {"bedrock*", "", kBedrock},
    {"aws", "", kBedrock},
    {"amazon*", "", kBedrock},
    {"vertex*", "", kVertex},
    {"huggingface", "", {"huggingface", "", kHost}},
    {"openrouter", "", kOpenRouter},
    {"litellm", "", kAnyGateway},
    {"portkey*", "", kAnyGateway},
    {"helicone", "", kAnyGateway},
    {"gateway", "", kAnyGateway},
    {"vercel", "", kAnyGateway},
    {"proxy", "", kAnyGateway},
    {"router", "", kAnyGateway},
    {"requesty", "", kAnyGateway},
    {"bifrost", "", kAnyGateway},
    {"truefoundry", "", kAnyGateway},
    {"openai", "compatible", kAnyGateway},
    {"openai", "like", kAnyGateway},
    {"openai", "custom", kAnyGateway},
    {"ollama", "", {"ollama", "", kHost}},
    {"vllm", "", {"vllm", "", kHost}},
    {"lmstudio", "", {"lmstudio", "", kHost}},
    {"lm", "studio", {"lmstudio", "", kHost}},
    {"llamacpp", "", {"llamacpp", "", kHost}},
    {"llama", "cpp", {"llamacpp", "", kHost}},
    {"llamafile", "", {"llamafile", "", kHost}},
    {"localai", "", {"localai", "", kHost}},
    {"sglang", "", {"sglang", "", kHost}},
    {"tgi", "", {"tgi", "", kHost}},
    {"mlx", "", {"mlx", "", kHost}},
    {"ibm", "", {"ibm.watsonx.ai", "", kHost}},
    {"watson*", "", {"ibm.watsonx.ai", "", kHost}},
    {"nvidia*", "", {"nvidia", "", kHost}},
    {"sambanova", "", {"sambanova", "", kHost}},
    {"replicate", "", {"replicate", "", kHost}},
    {"databricks", "", {"databricks", "", kHost}},
    {"deepinfra", "", {"deepinfra", "", kHost}},
    {"gcp", "gen", kGoogle},
    {"gemini*", "", kGemini},
    {"google*", "", kGemini},
    {"gcp", "gemini", kGemini},
    {"openai", "", kOpenAi},
    {"open", "ai", kOpenAi},
    {"anthropic*", "", kAnthropic},
    {"mistral*", "", kMistral},
    {"xai", "", kXai},
    {"grok", "", kXai},
    {"x", "ai", kXai},
    {"cohere*", "", kCohere},
    {"deepseek*", "", kDeepSeek},
    {"perplexity*", "", kPerplexity},
    {"moonshot*", "", kMoonshot},
    {"groq", "", kGroq},
    {"voyage*", "", kVoyage},
    {"minimax*", "", kMiniMax},
    {"zhipu*", "", kZhipu},
    {"zai", "", {"z_ai", "zai"}},
    {"z", "ai", {"z_ai", "zai"}},
    {"fireworks*", "", kFireworks},
    {"together*", "", kTogether},
    {"cerebras", "", kCerebras},
    {"novita*", "", {"novita", "novita"}},
    {"github", "copilot", {"github_copilot", "github-copilot"}},
});

struct ModelRule {
  std::string_view beginning;
  ProviderName provider;
};

// In lower case; the first match wins.
constexpr auto kModels = std::to_array<ModelRule>({
    {"gpt-oss", {}},  // Open: anybody may serve it.
    {"gpt-", kOpenAi},
    {"chatgpt", kOpenAi},
    {"o1", kOpenAi},
    {"o3", kOpenAi},
    {"o4-", kOpenAi},
    {"codex-", kOpenAi},
    {"computer-use-preview", kOpenAi},
    {"text-embedding-3", kOpenAi},
    {"text-embedding-ada", kOpenAi},
    {"dall-e", kOpenAi},
    {"whisper-", kOpenAi},
    {"ft:gpt-", kOpenAi},
    {"claude-", kAnthropic},
    {"gemini-", kGoogle},
    {"models/gemini-", kGoogle},
    {"mistral-", kMistral},
    {"ministral-", kMistral},
    {"codestral-", kMistral},
    {"magistral-", kMistral},
    {"devstral-", kMistral},
    {"pixtral-", kMistral},
    {"grok-", kXai},
    {"command-", kCohere},
    {"rerank-", kCohere},
    {"embed-english", kCohere},
    {"embed-multilingual", kCohere},
    {"deepseek-r1-distill", {}},  // Open.
    {"deepseek-", kDeepSeek},
    {"sonar", kPerplexity},
    {"kimi-", kMoonshot},
    {"moonshot-", kMoonshot},
    {"voyage-", kVoyage},
    {"minimax-m", kMiniMax},
    {"glm-", kZhipu},
    {"accounts/fireworks/", kFireworks},
});

constexpr auto kRegions = std::to_array<std::string_view>(
    {"us", "eu", "apac", "global", "us-gov", "jp", "au", "ca", "in", "sa", "me", "af", "uk"});

constexpr auto kBedrockVendors = std::to_array<std::string_view>(
    {"anthropic", "amazon", "meta", "mistral", "cohere", "ai21", "deepseek", "openai", "qwen",
     "stability", "writer", "nvidia", "google", "minimax", "moonshot", "moonshotai", "zai",
     "twelvelabs", "luma"});

// Authors of open models and makers whose name other hosts put in front of them.
constexpr auto kAuthors = std::to_array<std::string_view>(
    {"mistralai", "google", "deepseek-ai", "amazon", "nvidia", "minimaxai", "moonshotai",
     "cohereforai", "microsoft", "x-ai", "z-ai", "zai-org"});

// Longer than any provider's name.
constexpr std::size_t kMaxLength = 96;

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// True if one of the words of `lower` is `word`, or begins with it if it ends in '*'.
bool HasWord(std::string_view lower, std::string_view word) {
  const bool is_beginning = word.ends_with('*');
  const std::string_view text = is_beginning ? word.substr(0, word.size() - 1) : word;
  for (std::size_t at = lower.find(text); at != std::string_view::npos;
       at = lower.find(text, at + 1)) {
    const std::size_t end = at + text.size();
    const bool starts = at == 0 || !IsWordChar(lower[at - 1]);
    const bool ends = is_beginning || end == lower.size() || !IsWordChar(lower[end]);
    if (starts && ends) {
      return true;
    }
  }
  return false;
}

}  // namespace

const ProviderName* FindProviderName(std::string_view wire) {
  if (wire.empty() || wire.size() > kMaxLength) {
    return nullptr;
  }
  if (wire == "Azure") {
    return &kAzureOpenAi;
  }
  if (wire == "Google") {
    return &kGoogle;
  }
  const std::string lower = Lower(wire);
  const auto* found = std::ranges::find_if(kRules, [&lower](const Rule& rule) {
    return HasWord(lower, rule.first) && (rule.second.empty() || HasWord(lower, rule.second));
  });
  return found == kRules.end() ? nullptr : &found->provider;
}

const ProviderName* FindProviderOfModelPrefix(std::string_view prefix) {
  const std::string lower = Lower(prefix);
  if (lower.find('.') != std::string::npos ||
      std::ranges::find(kAuthors, lower) != kAuthors.end()) {
    return nullptr;
  }
  const ProviderName* found = FindProviderName(lower);
  return found == nullptr || found->role == kGateway ? nullptr : found;
}

const ProviderName* FindProviderOfModel(std::string_view model) {
  const std::string lower = Lower(model.substr(0, kMaxLength));
  const std::string_view name = lower;
  if (name.starts_with("arn:aws")) {
    return &kBedrock;
  }
  if (name.starts_with("publishers/") || name.starts_with("projects/")) {
    return &kVertex;
  }
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
    const std::string_view first = name.substr(0, dot);
    const std::string_view rest = name.substr(dot + 1);
    if (IsBedrockVendor(IsRegionPrefix(first) ? rest.substr(0, rest.find('.')) : first)) {
      return &kBedrock;
    }
  }
  const auto* found = std::ranges::find_if(
      kModels, [name](const ModelRule& rule) { return name.starts_with(rule.beginning); });
  return found == kModels.end() || found->provider.name.empty() ? nullptr : &found->provider;
}

bool IsRegionPrefix(std::string_view lower) {
  return std::ranges::find(kRegions, lower) != kRegions.end();
}

bool IsBedrockVendor(std::string_view lower) {
  return std::ranges::find(kBedrockVendors, lower) != kBedrockVendors.end();
}

}  // namespace sightline::model
