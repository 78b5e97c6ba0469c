// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace sightline::model {

// What stands behind a provider's name.
enum class ProviderRole : std::uint8_t {
  kSeller,   // Sells models at its own prices.
  kGateway,  // Passes calls on: the model's name tells who sells it.
  kHost,     // Serves models whose prices nobody publishes, or none: a machine of one's own.
};

// A provider under all of its names.
//
// Thread: value; texts live in static storage.
struct ProviderName {
  std::string_view name;  // Canonical: "aws.bedrock". "" for gateways: they keep their own name.
  std::string_view price_id;  // Its id in the price data, "" if it has no prices there.
  ProviderRole role = ProviderRole::kSeller;
};

// The one table of provider names, for what is shown, priced and counted alike. A name is told by
// its words, so that "azure-openai.responses", "azure_openai" and "az.ai.openai" are one: the first
// rule all of whose words it has. "Azure" and "Google" with a capital are more than "azure" and
// "google". Null for names that nobody knows.
const ProviderName* FindProviderName(std::string_view wire);

// The same for what a router puts in front of a model's name: "openai/gpt-4o", "bedrock/...". Null
// also for authors of open models ("meta-llama/...", "mistralai/..."): anybody may serve these.
const ProviderName* FindProviderOfModelPrefix(std::string_view prefix);

// The provider that the form or the beginning of a model's name gives away:
// "us.anthropic.claude-..." and ARNs are Bedrock, "publishers/..." Vertex AI, "gpt-..." OpenAI.
// Null if it gives away none. Not for open models.
const ProviderName* FindProviderOfModel(std::string_view model);

// A cloud region in front of a Bedrock model name, in lower case: "us", "eu", "global" ...
bool IsRegionPrefix(std::string_view lower);

// Who makes models that Bedrock serves, as its model names begin: "anthropic", "amazon" ...
bool IsBedrockVendor(std::string_view lower);

}  // namespace sightline::model
