// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

namespace sightline::base {

// Makes room in a vector for `more` elements, growing at least to twice its capacity. What is
// filled in many small steps with reserve(size() + more) is copied in each of them.
template <typename Vector>
void ReserveMore(Vector& vector, std::size_t more) {
  const std::size_t wanted = vector.size() + more;
  if (wanted > vector.capacity()) {
    vector.reserve(std::max(wanted, 2 * vector.capacity()));
  }
}

}  // namespace sightline::base
