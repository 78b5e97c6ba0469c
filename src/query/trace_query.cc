// SPDX-License-Identifier: Apache-2.0
#include "query/trace_query.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace sightline::query {
namespace {

constexpr std::array<std::string_view, 5> kStatusNames = {"running", "completed", "failed",
                                                          "cancelled", "abandoned"};

}  // namespace

std::string_view RunStatusName(RunStatus status) {
  return kStatusNames[static_cast<std::size_t>(status)];
}

std::optional<RunStatus> ParseRunStatus(std::string_view name) {
  for (std::size_t i = 0; i < kStatusNames.size(); ++i) {
    if (kStatusNames[i] == name) {
      return static_cast<RunStatus>(i);
    }
  }
  return std::nullopt;
}

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
