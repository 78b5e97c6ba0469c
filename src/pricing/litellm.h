// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pricing/own_price.h"

namespace sightline::pricing {

// A price list of LiteLLM as own prices.
//
// Thread: value.
struct LiteLlmPrices {
  struct Skipped {
    std::string model;  // As the file names it.
    std::string reason;
  };

  std::vector<OwnPrice> prices;  // In the order of the file; no two of one provider and model.
  std::vector<Skipped> skipped;
};

// Reads model_prices_and_context_window.json: {name: {"litellm_provider": ...,
// "input_cost_per_token":
// ...}}. Every price holds from `from_ns` on. Long-context prices become tiers; batch, flex and
// priority prices become multipliers where input and output have the same one. What has no price
// per token (images by the piece, seconds of audio) is skipped and said so.
//
// kInvalidArgument when it is not an object of objects.
base::Result<LiteLlmPrices> ReadLiteLlmPrices(std::string_view json, std::int64_t from_ns);

}  // namespace sightline::pricing
