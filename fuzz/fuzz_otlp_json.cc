// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "fuzz/otlp_walk.h"
#include "otlp/decode.h"
#include "otlp/json.h"
#include "otlp/request.h"
#include "otlp/value.h"
#include "otlp/value_json.h"

// The first byte picks the signal, the rest is the body; the body is also read as a plain value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sightline::otlp::Signal;
  if (size == 0) {
    return 0;
  }
  const auto signal = static_cast<Signal>(data[0] % 3);
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  if (const auto bytes = sightline::otlp::JsonToProtobuf(signal, body)) {
    sightline::otlp::Request request;
    // Empty elements may be too many; anything else that was transcoded must decode.
    const auto decoded = sightline::otlp::Decode(signal, *bytes, request);
    CHECK(decoded.has_value() || decoded.error().message().find("empty") != std::string::npos);
    sightline::fuzz::Keep(sightline::fuzz::WalkRequest(request));
  }
  if (const auto bytes = sightline::otlp::JsonToValue(body)) {
    sightline::fuzz::CheckRoundTrip(sightline::otlp::DecodeValue(*bytes));
  }
  return 0;
}
