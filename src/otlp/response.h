// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "otlp/decode.h"

namespace sightline::otlp {

// How a body is written; a response is written like its request.
enum class Encoding : std::uint8_t { kProtobuf, kJson };

// What an accepted request is told. Nothing rejected and no message means full success; a message
// alone is a warning.
struct PartialSuccess {
  std::int64_t rejected = 0;  // Spans, log records or data points.
  std::string error_message;
};

// The body of an Export<Signal>ServiceResponse: empty (protobuf) or `{}` (JSON) for full success.
std::string EncodeResponse(Signal signal, const PartialSuccess& partial, Encoding encoding);

// The body of a google.rpc.Status; `grpc_code` is a number of gRPC's status codes.
std::string EncodeStatus(std::int32_t grpc_code, std::string_view message, Encoding encoding);

}  // namespace sightline::otlp
