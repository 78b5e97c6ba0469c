// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/arena.h"

namespace sightline::normalize {

// True if a value of a provider key names a framework ("langchain", "crewai" ...) instead.
bool IsFramework(std::string_view value);

// The name we use for a framework value, "" if it is none.
std::string_view FrameworkName(std::string_view value);

// The canonical provider of a wire value: "openai.chat" is "openai", "vertexai" is "gcp.vertex_ai".
// Gateways and values that nobody knows come back in lower case, in `arena` if that changes them.
std::string_view ProviderName(std::string_view value, base::Arena& arena);

// The provider that a model name gives away, "" if it gives away none: "claude-..." is anthropic,
// "us.anthropic.claude-..." is aws.bedrock, "openai/gpt-..." is openai.
std::string_view ProviderOfModel(std::string_view model);

// The framework that a scope name gives away, "": "openinference.instrumentation.crewai" is crewai.
std::string_view FrameworkOfScope(std::string_view scope);

}  // namespace sightline::normalize
