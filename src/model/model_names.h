// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::model {

// Whether a name means the model as its provider sells it.
enum class Tuning : std::uint8_t {
  kNone,
  kFineTuned,  // A fine-tune of the named model: never cheaper, often dearer than that.
};

struct ModelName {
  std::string name;
  Tuning tuning = Tuning::kNone;

  friend bool operator==(const ModelName&, const ModelName&) = default;
};

// The names to look a model up by, from the name as it is to ever more general ones. In this order
// and each on top of the one before: without a resource path ("models/", "projects/.../models/",
// ARNs), without a prefix that names the provider ("openai/"), without a Vertex version ("@..."),
// without a Bedrock region ("us."), the base of a fine-tune ("ft:<base>:..."), without a Bedrock
// version ("-v1:0"), without a date or "-latest". A date without dashes is also tried with them.
//
// Precondition: `lower` is trimmed and in lower case; `provider_id` is a price id of
// model/provider_names.h or "".
std::vector<ModelName> ModelNamesToTry(std::string_view lower, std::string_view provider_id);

// What two names of one model have in common, however each of its hops writes it: "openai/gpt-4o"
// and "gpt-4o-2024-08-06" are "gpt-4o", "us.anthropic.claude-sonnet-4-5-20250929-v1:0" and
// "anthropic/claude-sonnet-4.5" are "claude-sonnet-4-5". The most general of ModelNamesToTry,
// without any provider, vendor, variant (":free") or short version ("-001", "-0613") and with
// dashes for dots. Coarser than a price may be looked up by: two versions of a model can be one.
std::string ModelIdentity(std::string_view name);

}  // namespace sightline::model
