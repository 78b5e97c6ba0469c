// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sightline::net {

// How a gRPC message is compressed, by its first bytes: "gzip", "deflate", "zstd", "snappy", "lz4",
// or "" for a plain one. gRPC 1.51 hands compressed messages over as they came and shows neither
// `grpc-encoding` nor `content-type` of a call: it takes what it does not know for plain.
std::string_view CompressionOf(std::string_view message);

}  // namespace sightline::net
