// SPDX-License-Identifier: Apache-2.0
#include "normalize/dialect.h"

#include <array>

namespace sightline::normalize {

std::span<const DialectSpec* const> AllDialects() {
  // Our own API, then products and frameworks, then exporters that wrap any framework, then plain
  // conventions.
  static const std::array<const DialectSpec*, 34> kAll = {
      &LifecycleSpec(), &ClaudeCodeSpec(),    &CodexSpec(),          &GeminiCliSpec(),
      &GoogleAdkSpec(), &StrandsSpec(),       &AgentFrameworkSpec(), &SemanticKernelSpec(),
      &AutoGenSpec(),   &MastraSpec(),        &SpringAiSpec(),       &LiveKitSpec(),
      &KoogSpec(),      &CrewAiSpec(),        &BeeAiSpec(),          &AgnoSpec(),
      &LiteLlmSpec(),   &AzureAiSpec(),       &SentrySpec(),         &VercelAiSpec(),
      &VercelAi7Spec(), &PydanticAiSpec(),    &OpenLitSpec(),        &LangSmithSpec(),
      &MlflowSpec(),    &LangWatchSpec(),     &LaminarSpec(),        &LangfuseSpec(),
      &TraceloopSpec(), &OpenInferenceSpec(), &GenAiSpec(),          &GenAiDeprecatedSpec(),
      &McpSpec(),       &OpenTelemetrySpec()};
  return kAll;
}

bool MatchesName(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) {
    return name.starts_with(pattern.substr(0, pattern.size() - 1));
  }
  if (pattern.starts_with('*')) {
    return name.ends_with(pattern.substr(1));
  }
  return pattern == name;
}

const DialectSpec* FindDialect(model::Dialect dialect) {
  if (dialect == model::Dialect::kNone) {
    return nullptr;
  }
  for (const DialectSpec* spec : AllDialects()) {
    if (spec->dialect == dialect) {
      return spec;
    }
  }
  return nullptr;
}

}  // namespace sightline::normalize
