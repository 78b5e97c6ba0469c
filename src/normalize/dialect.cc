// SPDX-License-Identifier: Apache-2.0
#include "normalize/dialect.h"

#include <array>

namespace sightline::normalize {

std::span<const DialectSpec* const> AllDialects() {
  // Our own API, then products and frameworks, then exporters that wrap any framework, then plain
  // conventions.
  static const std::array<const DialectSpec*, 21> kAll = {
      &LifecycleSpec(),     &ClaudeCodeSpec(), &CodexSpec(),           &GeminiCliSpec(),
      &GoogleAdkSpec(),     &StrandsSpec(),    &AgentFrameworkSpec(),  &AutoGenSpec(),
      &VercelAiSpec(),      &VercelAi7Spec(),  &PydanticAiSpec(),      &OpenLitSpec(),
      &LangSmithSpec(),     &MlflowSpec(),     &LangfuseSpec(),        &TraceloopSpec(),
      &OpenInferenceSpec(), &GenAiSpec(),      &GenAiDeprecatedSpec(), &McpSpec(),
      &OpenTelemetrySpec()};
  return kAll;
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
