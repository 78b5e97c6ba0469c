// SPDX-License-Identifier: Apache-2.0
#include "normalize/provider.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "model/provider_names.h"

namespace sightline::normalize {
namespace {

struct Alias {
  std::string_view wire;  // In lower case.
  std::string_view name;
};

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

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
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
  const model::ProviderName* known = model::FindProviderName(value);
  if (known != nullptr && !known->name.empty()) {
    return known->name;
  }
  const std::string lower = Lower(value);
  return lower == value ? value : arena.Copy(lower);
}

std::string_view ProviderOfModel(std::string_view model) {
  // Routers prefix the provider: "anthropic/claude-sonnet-4".
  const std::size_t slash = model.find('/');
  if (slash != std::string_view::npos) {
    if (const auto* prefix = model::FindProviderOfModelPrefix(model.substr(0, slash))) {
      return prefix->name;
    }
  }
  for (const std::string_view name : {model, model.substr(model.rfind('/') + 1)}) {
    if (const auto* known = model::FindProviderOfModel(name)) {
      return known->name;
    }
  }
  return {};
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
