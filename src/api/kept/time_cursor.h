// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "api/request/parameters.h"
#include "base/result.h"

namespace sightline::api {

// Cursors of lists in order of time and id: "<nanoseconds>.<id>".

template <typename Item>
std::string CursorAfter(const Item& item) {
  return fmt::format("{}.{}", item.time_ns, item.id);
}

// The place that the parameter `cursor` names; empty when there is none.
template <typename Place>
base::Result<std::optional<Place>> ReadTimeCursor(const Parameters& parameters) {
  const std::optional<std::string> text = parameters.Text("cursor");
  if (!text) {
    return std::optional<Place>();
  }
  Place place;
  const char* const end = text->data() + text->size();
  const auto [read_to, error] = std::from_chars(text->data(), end, place.time_ns);
  if (error != std::errc() || read_to == end || *read_to != '.') {
    return BadParameter("cursor", "one of an answer");
  }
  place.id.assign(read_to + 1, end);
  return std::optional(std::move(place));
}

}  // namespace sightline::api
