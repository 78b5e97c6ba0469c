// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "analytics/error_groups/token.h"

namespace sightline::analytics {

// Splits a message into words, marks and values, from left to right. What is told by its shape or
// by its delimiters becomes a value: numbers, ids, URLs, paths, addresses, times, quoted texts,
// what follows "key=", and JSON that is data. JSON that describes an error is read: its message,
// type and code are part of what went wrong. So is an HTTP request line in quotes.
//
// Codes that classify are kept as words: "HTTP 503", "status code: 404", "429 Too Many".
//
// At most `max_tokens`; what follows is left out. Pure. Cost: linear.
std::vector<Token> ScanMessage(std::string_view message, std::size_t max_tokens);

}  // namespace sightline::analytics
