// SPDX-License-Identifier: Apache-2.0
// The kinds of values that are told by their own shape, whatever message they stand in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sightline::analytics {

enum class ValueKind : std::uint8_t {
  kNone,      // Not a value by its shape.
  kNumber,    // 12, -0.5, 1,024 comes as two; also with a unit: 15ms, 64MB, 99%.
  kId,        // Any other word with a digit: org-4fX, node-17, v1.2.3, 12:30:05, 10.0.0.1:80, ssh2.
  kHex,       // Eight or more hex digits without a decimal one.
  kTypeName,  // str, NoneType ...
  kLiteral,   // true, False, null, None, NaN ...
  kEmail,
  kHost,  // Three or more lower-case labels: eu.api.example.com, org.apache.log.
  kPath,  // /var/log/x, ./a, ~/b, C:\Users, a/b/c.
};

// Of one word: no white space, no quotes, no brackets, no marks at its end.
ValueKind KindOfValue(std::string_view word);

// Length of the URL, or of the address with colons (MAC, IPv6), that `text` begins with; 0: none.
std::size_t UrlLength(std::string_view text);
std::size_t ColonAddressLength(std::string_view text);

// Names of days, months and time zones, of which dates are made ("Thu Aug", "PDT").
bool IsDayName(std::string_view word);
bool IsMonthName(std::string_view word);
bool IsTimeZone(std::string_view word);

// Letters, digits, underscores and all that is not ASCII.
bool IsWordChar(char c);

}  // namespace sightline::analytics
