# SPDX-License-Identifier: Apache-2.0
# One library per folder of src/, headers in a header set so that each is compiled alone in CI
# (target all_verify_interface_header_sets), and tests beside their sources.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

# sightline_library(<folder> SOURCES ... HEADERS ... DEPS <public> PRIVATE_DEPS <private> [ALONE ...])
#
# For the sanitizers several sources are compiled as one, since reading headers is most of the time;
# those in ALONE have names in their anonymous namespace that others of the folder have as well;
# ALONE ALL compiles each by itself.
function(sightline_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPS;PRIVATE_DEPS;ALONE" ${ARGN})
  set(target sightline_${folder})
  add_library(${target} STATIC ${ARG_SOURCES})
  if(SIGHTLINE_SANITIZE AND NOT "ALL" IN_LIST ARG_ALONE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    # What is in an anonymous namespace of a source that is included is in no other.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
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
  set_tests_properties(${folder} PROPERTIES TIMEOUT 600
    ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/tsan_suppressions.txt")
endfunction()
