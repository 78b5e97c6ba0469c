// SPDX-License-Identifier: Apache-2.0
#include "pricing/price_json.h"

#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

namespace sightline::pricing {
namespace {

// Length of the string literal at the start of `text`, its quotes included.
std::size_t LiteralLength(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// Puts quotes around each number outside of string literals.
std::string QuoteNumbers(std::string_view text) {
  constexpr std::string_view kNumberStart = "-0123456789";
  constexpr std::string_view kNumberPart = "+-.eE0123456789";
  std::string quoted;
  quoted.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    std::size_t length = 1;
    if (text.front() == '"') {
      length = LiteralLength(text);
      quoted.append(text.substr(0, length));
    } else if (kNumberStart.find(text.front()) != std::string_view::npos) {
      length = text.find_first_not_of(kNumberPart);
      length = length == std::string_view::npos ? text.size() : length;
      quoted.append("\"").append(text.substr(0, length)).append("\"");
    } else {
      quoted.push_back(text.front());
    }
    text.remove_prefix(length);
  }
  return quoted;
}

}  // namespace

base::Result<boost::json::value> ParsePriceJson(std::string_view text) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(QuoteNumbers(text), error);
  if (error) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("cannot parse prices: {}", error.message()));
  }
  return value;
}

}  // namespace sightline::pricing
