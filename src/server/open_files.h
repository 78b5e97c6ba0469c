// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace sightline::server {

// Raises the limit of open files of this process as far as it may, and returns it.
std::size_t RaiseOpenFilesLimit();

// How many connections each of `ports` may have when `limit` files may be open and `wanted` are
// wanted: half of the files are left to the store, which fails badly without.
std::size_t ConnectionsFor(std::size_t limit, std::size_t ports, std::size_t wanted);

}  // namespace sightline::server
