# SPDX-License-Identifier: Apache-2.0
# One library per folder of src/, headers in a header set so that each is compiled alone in CI
# (target all_verify_interface_header_sets), and tests beside their sources.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

# sightline_library(<folder> SOURCES ... HEADERS ... DEPS <public> PRIVATE_DEPS <private>)
function(sightline_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPS;PRIVATE_DEPS" ${ARGN})
  set(target sightline_${folder})
  add_library(${target} STATIC ${ARG_SOURCES})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src
    FILES ${ARG_HEADERS})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS} sightline_warnings)
endfunction()

# sightline_test(<folder> SOURCES ... DEPS ...): one test binary per folder.
function(sightline_test folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  set(target sightline_${folder}_test)
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main sightline_warnings)
  add_test(NAME ${folder} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${folder} PROPERTIES TIMEOUT 300
    ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/tsan_suppressions.txt")
endfunction()
