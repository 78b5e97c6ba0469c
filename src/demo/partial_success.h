// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "otlp/response.h"

namespace sightline::demo {

// Reads the protobuf body of an Export<Signal>ServiceResponse; the three have the same form. An
// empty body is full success. kInvalidArgument when it is not well-formed protobuf.
base::Result<otlp::PartialSuccess> DecodePartialSuccess(std::string_view body);

}  // namespace sightline::demo
