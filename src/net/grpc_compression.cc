// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_compression.h"

#include <utility>

namespace sightline::net {

// No message that we serve starts like these: 0x1F and 0xFF would be fields of a wire type that
// does not exist, the others numbers of fields that a request does not have.
std::string_view CompressionOf(std::string_view message) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kBeginnings[] = {
      {"gzip", "\x1F\x8B"sv},
      {"zstd", "\x28\xB5\x2F\xFD"sv},
      {"snappy", "\xFF\x06\x00\x00sNaPpY"sv},
      {"lz4", "\x04\x22\x4D\x18"sv},
  };
  for (const auto& [name, beginning] : kBeginnings) {
    if (message.starts_with(beginning)) {
      return name;
    }
  }
  // RFC 1950: a window of 32 KB, and the first two bytes as a number are a multiple of 31.
  constexpr int kZlib = 0x78;
  if (message.size() >= 2 && message[0] == kZlib &&
      (kZlib * 256 + static_cast<unsigned char>(message[1])) % 31 == 0) {
    return "deflate";
  }
  return {};
}

}  // namespace sightline::net
