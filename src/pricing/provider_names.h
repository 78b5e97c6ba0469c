// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sightline::pricing {

// The id in the price data of a provider under its canonical name ("aws.bedrock" is "aws") or one
// of the names seen on the wire; "" when the name is none of these. Precondition: lower case.
std::string_view KnownProvider(std::string_view lower);

// The same for the first part of a model name such as "vertex_ai/gemini-2.5-pro", as gateways write
// it. Stricter: "mistralai/..." or "meta-llama/..." is the author of an open model that anybody may
// serve, and tells no provider.
std::string_view ProviderOfModelPrefix(std::string_view lower);

// The provider that the form of a model name tells: "aws" for "us.anthropic.claude-..." and ARNs,
// "google" for "publishers/..."; "" otherwise. Precondition: lower case.
std::string_view ProviderOfModelForm(std::string_view lower);

// A gateway or a framework is not who sells the model: the model's name must tell.
bool IsGateway(std::string_view lower);

// A cloud region in front of a Bedrock model name: "us", "eu", "apac", "global" ...
bool IsRegionPrefix(std::string_view lower);

}  // namespace sightline::pricing
