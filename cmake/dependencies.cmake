# SPDX-License-Identifier: Apache-2.0
# Third-party libraries: Debian packages, and DuckDB from npm (tools/setup puts it into .deps/).
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(PkgConfig REQUIRED)
pkg_check_modules(grpcpp REQUIRED IMPORTED_TARGET grpc++)
pkg_check_modules(protobuf REQUIRED IMPORTED_TARGET protobuf)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)

add_library(sightline_asio INTERFACE)
target_compile_definitions(sightline_asio INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_USE_STD_STRING_VIEW)
target_link_libraries(sightline_asio INTERFACE Boost::headers Threads::Threads)

# DuckDB: a system-wide package first, else the pinned official library from npm.
find_package(DuckDB CONFIG QUIET)
add_library(sightline_duckdb INTERFACE)
if(DuckDB_FOUND)
  target_link_libraries(sightline_duckdb INTERFACE duckdb)
else()
  set(SIGHTLINE_DUCKDB_DIR "${CMAKE_SOURCE_DIR}/.deps/duckdb" CACHE PATH "Folder with duckdb.h and libduckdb.so")
  if(NOT EXISTS "${SIGHTLINE_DUCKDB_DIR}/duckdb.h")
    message(FATAL_ERROR "DuckDB not found in ${SIGHTLINE_DUCKDB_DIR}; run tools/setup")
  endif()
  add_library(duckdb_npm SHARED IMPORTED)
  set_target_properties(duckdb_npm PROPERTIES
    IMPORTED_LOCATION "${SIGHTLINE_DUCKDB_DIR}/libduckdb.so"
    IMPORTED_NO_SONAME TRUE
    INTERFACE_INCLUDE_DIRECTORIES "${SIGHTLINE_DUCKDB_DIR}")
  target_link_libraries(sightline_duckdb INTERFACE duckdb_npm)
endif()
