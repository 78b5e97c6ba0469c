// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sightline::normalize {

// What stands between quotes, with its escapes undone.
//
// Thread: value.
struct QuotedText {
  std::string text;
  bool is_closed = false;  // False: the text ended before the quote came.
};

// Reads a string of JSON, JavaScript or Python whose quote, single or double, is at `at`, and moves
// `at` after it. A surrogate without its partner becomes U+FFFD; an escape that nobody knows stays
// as it is.
QuotedText ReadQuotedText(std::string_view text, std::size_t& at);

}  // namespace sightline::normalize
