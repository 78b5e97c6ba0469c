// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::pricing {

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
// Precondition: `lower` is trimmed and in lower case; `provider_id` is an id of the price data.
std::vector<ModelName> ModelNamesToTry(std::string_view lower, std::string_view provider_id);

}  // namespace sightline::pricing
