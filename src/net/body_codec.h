// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sightline::net {

// True for a Content-Encoding that Decompress understands: empty, identity, gzip, x-gzip, deflate,
// zstd, in any letter case. A list of several codings is not supported.
bool IsSupportedEncoding(std::string_view encoding);

// The body before `encoding` was applied. Pure; CPU-bound: call it on a worker, not on a network
// thread. Never holds more than `max_bytes` of output, so a bomb ends early.
// kUnimplemented: unknown encoding. kInvalidArgument: corrupt or truncated input.
// kResourceExhausted: the output is larger than `max_bytes`, or zstd asks for a window over 8 MiB.
base::Result<std::string> Decompress(std::string_view encoding, std::string_view bytes,
                                     std::size_t max_bytes);

// One gzip member. Level 1: answers are made once and read once, so time matters more than size.
std::string GzipCompress(std::string_view bytes);

// True when an Accept-Encoding value allows gzip: listed, or covered by "*", and not with q=0.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace sightline::net
