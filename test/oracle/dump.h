// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/hex.h"
#include "otlp/request.h"
#include "otlp_oracle.pb.h"

namespace sightline::oracle {

// Writes what was decoded as text that differs whenever a field does. The walker's request and the
// oracle's messages are written by separate code, field by field, and then compared as text.
//
// Thread: value.
class Dump {
 public:
  void Begin(std::string_view what) { text_.append("\n").append(what); }

  // In hex: values may be any bytes.
  void Text(std::string_view name, std::string_view value) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(value.data());
    const std::string hex = base::HexEncode(std::span(begin, value.size()));
    text_.append(fmt::format(" {}={}", name, hex));
  }

  void Number(std::string_view name, std::uint64_t value) {
    text_.append(fmt::format(" {}={}", name, value));
  }

  void Signed(std::string_view name, std::int64_t value) {
    text_.append(fmt::format(" {}={}", name, value));
  }

  // By its bits: distinguishes zeros.
  void Double(std::string_view name, double value) {
    text_.append(fmt::format(" {}={:016x}", name, std::bit_cast<std::uint64_t>(value)));
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string DumpRequest(const otlp::Request& request);

std::string DumpOracle(const TraceRequest& request);
std::string DumpOracle(const LogsRequest& request);
std::string DumpOracle(const MetricsRequest& request);

}  // namespace sightline::oracle
