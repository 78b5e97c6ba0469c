// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "model/money.h"
#include "normalize/slots.h"

namespace sightline::normalize {

// The cost that the sender states, in US dollars; empty if it states none. A zero from OpenLIT
// means that it knows no price and is not a statement.
std::optional<model::Money> ReadCost(const Slots& slots);

}  // namespace sightline::normalize
