// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/otlp_walk.h"
#include "otlp/decode.h"
#include "otlp/request.h"

// The first byte picks the signal, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sightline::otlp::Signal;
  if (size == 0) {
    return 0;
  }
  const auto signal = static_cast<Signal>(data[0] % 3);
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  sightline::otlp::Request request;
  if (sightline::otlp::Decode(signal, body, request).has_value()) {
    sightline::fuzz::Keep(sightline::fuzz::WalkRequest(request));
  }
  // Bytes that no Decode has checked.
  sightline::fuzz::CheckRoundTrip(sightline::otlp::DecodeValue(body));
  return 0;
}
