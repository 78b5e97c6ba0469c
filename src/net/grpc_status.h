// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sightline::net {

// The canonical gRPC number of an error code (google.rpc.Code): 3 for kInvalidArgument ...
int GrpcCodeOf(base::Code code);

// A google.rpc.Status as protobuf bytes, with a google.rpc.RetryInfo detail when a delay is given.
// It is the body of an OTLP/HTTP error and the content of grpc-status-details-bin.
// A negative delay counts as zero.
std::string EncodeRpcStatus(int grpc_code, std::string_view message,
                            std::optional<std::chrono::nanoseconds> retry_delay = std::nullopt);

}  // namespace sightline::net
