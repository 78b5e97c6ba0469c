// SPDX-License-Identifier: Apache-2.0
#include "pricing/embedded_prices.h"

#include <string_view>

// The assembler copies the files into the program: compiling them as text would take far longer.
// The build sets the two macros to the files' paths.
__asm__(
    ".section .rodata\n"
    ".global sightline_prices_begin\n"
    ".global sightline_prices_end\n"
    ".global sightline_overrides_end\n"
    "sightline_prices_begin:\n"
    ".incbin \"" SIGHTLINE_PRICES_FILE
    "\"\n"
    "sightline_prices_end:\n"
    ".incbin \"" SIGHTLINE_OVERRIDES_FILE
    "\"\n"
    "sightline_overrides_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char sightline_prices_begin[];
extern const char sightline_prices_end[];
extern const char sightline_overrides_end[];
}

namespace sightline::pricing {

std::string_view EmbeddedPrices() {
  return {sightline_prices_begin, sightline_prices_end};
}

std::string_view EmbeddedOverrides() {
  return {sightline_prices_end, sightline_overrides_end};
}

}  // namespace sightline::pricing
