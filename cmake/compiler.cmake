# SPDX-License-Identifier: Apache-2.0
# Warnings for our own code only; third-party headers are SYSTEM.
add_library(sightline_warnings INTERFACE)
target_compile_options(sightline_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports false positives from inlined standard library code at -O2.
  target_compile_options(sightline_warnings INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds
    -Wno-stringop-overread -Wno-dangling-pointer)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(sightline_warnings INTERFACE -Wthread-safety -Wno-missing-field-initializers)
endif()
target_compile_options(sightline_warnings INTERFACE -Wno-missing-field-initializers)

if(SIGHTLINE_SANITIZE)
  add_compile_options(-fsanitize=${SIGHTLINE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SIGHTLINE_SANITIZE})
  if(SIGHTLINE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  # g++'s fences are invisible to TSan only in third-party code; -Wtsan would fail our build for it.
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-tsan>)
endif()

find_program(SIGHTLINE_MOLD mold)
if(SIGHTLINE_MOLD AND NOT SIGHTLINE_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()
