# SPDX-License-Identifier: Apache-2.0
# Compiler cache when it is installed; results are shared between build folders and checkouts.
find_program(SIGHTLINE_CCACHE ccache)
if(SIGHTLINE_CCACHE)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${SIGHTLINE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
