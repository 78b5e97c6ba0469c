// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/ids.h"

namespace sightline::model {

// Ids that tests tell apart by a number.

inline TraceId TraceNumber(std::uint8_t number) {
  TraceId id;
  id.bytes[0] = 0xAB;
  id.bytes[15] = number;
  return id;
}

inline SpanId SpanNumber(std::uint8_t number) {
  SpanId id;
  id.bytes[7] = number;
  return id;
}

}  // namespace sightline::model
