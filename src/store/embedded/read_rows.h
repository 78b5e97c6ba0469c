// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "model/columns.h"
#include "model/span.h"
#include "store/embedded/day_file.h"
#include "store/embedded/rows.h"

namespace sightline::store::embedded {

// How reads get rows out of day files and the head.

// What summaries leave out: nothing that a list shows, all that is large.
inline constexpr std::array<std::string_view, 7> kLargeColumns = {
    "attributes",          "content",          "events",  "links",
    "resource_attributes", "scope_attributes", "unmapped"};

inline model::Span WithoutLarge(const model::Span& span) {
  model::Span light = span;
  light.attributes = light.content = light.events = light.links = {};
  light.resource_attributes = light.scope_attributes = light.unmapped = {};
  return light;
}

inline const DayFile* FindDay(const std::vector<DayFile>& days, std::int32_t day) {
  const auto it =
      std::find_if(days.begin(), days.end(), [&](const DayFile& file) { return file.day == day; });
  return it == days.end() ? nullptr : &*it;
}

// A copy whose texts live in `arena`.
template <typename Row>
Row CopyRow(const Row& row, base::Arena& arena) {
  Row copy = row;
  model::ForEachColumn<Row>([&](std::size_t, const auto& column) {
    if constexpr (std::is_same_v<FieldType<Row, decltype(column)>, std::string_view>) {
      column.get(copy) = arena.Copy(column.get(row));
    }
  });
  return copy;
}

template <typename Row>
base::Result<void> SelectRows(Connection& connection, const std::string& sql,
                              const std::vector<Param>& params, base::Arena& arena,
                              std::vector<Row>& rows) {
  QueryResult result = TRY(connection.Query(sql, params));
  while (const auto chunk = result.Next()) {
    ReadRows(*chunk, arena, rows);
  }
  return {};
}

}  // namespace sightline::store::embedded
