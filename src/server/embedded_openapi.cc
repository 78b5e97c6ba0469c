// SPDX-License-Identifier: Apache-2.0
#include "server/embedded_openapi.h"

// The build sets the macro to the path of the converted file.
__asm__(
    ".section .rodata\n"
    ".global sightline_openapi_begin\n"
    ".global sightline_openapi_end\n"
    "sightline_openapi_begin:\n"
    ".incbin \"" SIGHTLINE_OPENAPI_FILE
    "\"\n"
    "sightline_openapi_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char sightline_openapi_begin[];
extern const char sightline_openapi_end[];
}

namespace sightline::server {

std::string_view EmbeddedOpenApi() {
  return {sightline_openapi_begin, sightline_openapi_end};
}

}  // namespace sightline::server
