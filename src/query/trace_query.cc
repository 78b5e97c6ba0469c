// SPDX-License-Identifier: Apache-2.0
#include "query/trace_query.h"

#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace sightline::query {
std::string TraceCursor::ToText() const {
  return fmt::format("{}.{}", start_ns, trace_id.ToHex());
}

std::optional<TraceCursor> TraceCursor::Parse(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  TraceCursor cursor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, cursor.start_ns);
  const auto id = model::TraceId::FromHex(text.substr(dot + 1));
  if (error != std::errc() || end != text.data() + dot || !id) {
    return std::nullopt;
  }
  cursor.trace_id = *id;
  return cursor;
}

}  // namespace sightline::query
