// SPDX-License-Identifier: Apache-2.0
#include "api/request/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace sightline::api {
namespace {

constexpr std::size_t kMostCompared = 64;  // Names are shorter; what is asked for may be anything.

std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view NearestName(std::string_view name, std::span<const std::string_view> names) {
  const std::string_view asked = name.substr(0, kMostCompared);
  std::string_view nearest;
  std::size_t least = 0;
  for (const std::string_view known : names) {
    const std::size_t distance = Distance(asked, known);
    if (nearest.empty() || distance < least) {
      nearest = known;
      least = distance;
    }
  }
  return nearest;
}

}  // namespace sightline::api
