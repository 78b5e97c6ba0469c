// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <duckdb.h>

#include "base/arena.h"
#include "model/columns.h"
#include "model/enum_range.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// Moves rows of the model between structs and DuckDB vectors, driven by model/columns.h.

// How a field is stored: trace ids as UHUGEINT, span ids as UBIGINT (both in byte order), hashes as
// UBIGINT (by value), texts as VARCHAR, the rest as integers and doubles.
template <typename T>
constexpr duckdb_type DuckType() {
  if constexpr (std::is_same_v<T, model::TraceId>) {
    return DUCKDB_TYPE_UHUGEINT;
  } else if constexpr (std::is_same_v<T, model::SpanId> || std::is_same_v<T, std::uint64_t>) {
    return DUCKDB_TYPE_UBIGINT;
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    return DUCKDB_TYPE_VARCHAR;
  } else if constexpr (std::is_same_v<T, double>) {
    return DUCKDB_TYPE_DOUBLE;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return DUCKDB_TYPE_BIGINT;
  } else if constexpr (std::is_same_v<T, bool>) {
    return DUCKDB_TYPE_BOOLEAN;
  } else if constexpr (sizeof(T) == 4) {
    return DUCKDB_TYPE_UINTEGER;
  } else {
    static_assert(sizeof(T) == 1);
    return DUCKDB_TYPE_UTINYINT;
  }
}

template <typename Row, typename C>
using FieldType = std::remove_cvref_t<decltype(std::declval<C>().get(std::declval<Row&>()))>;

template <typename Row>
std::vector<duckdb_type> DuckTypes() {
  std::vector<duckdb_type> types;
  model::ForEachColumn<Row>([&](std::size_t, const auto& column) {
    using Field = FieldType<Row, decltype(column)>;
    types.push_back(DuckType<Field>());
  });
  return types;
}

// Texts are not copied: they live until DuckDB has taken the chunk over.
template <typename T>
void WriteField(void* data, std::uint64_t row, const T& field) {
  if constexpr (std::is_same_v<T, model::TraceId>) {
    static_cast<duckdb_uhugeint*>(data)[row] = ToUhugeint(field.view());
  } else if constexpr (std::is_same_v<T, model::SpanId>) {
    static_cast<std::uint64_t*>(data)[row] = field.number();
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    PutText(data, row, field);
  } else if constexpr (std::is_enum_v<T>) {
    static_cast<std::underlying_type_t<T>*>(data)[row] =
        static_cast<std::underlying_type_t<T>>(field);
  } else {
    static_cast<T*>(data)[row] = field;
  }
}

template <typename T>
void ReadField(const void* data, std::uint64_t row, base::Arena& arena, T& field) {
  if constexpr (std::is_same_v<T, model::TraceId>) {
    FromUhugeint(static_cast<const duckdb_uhugeint*>(data)[row],
                 reinterpret_cast<char*>(field.bytes.data()));
  } else if constexpr (std::is_same_v<T, model::SpanId>) {
    field = model::SpanId::FromNumber(static_cast<const std::uint64_t*>(data)[row]);
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    field = arena.Copy(TextAt(data, row));
  } else if constexpr (std::is_enum_v<T>) {
    const auto raw = static_cast<const std::underlying_type_t<T>*>(data)[row];
    field = raw <= static_cast<std::underlying_type_t<T>>(model::LastOf(T{})) ? static_cast<T>(raw)
                                                                              : T{};
  } else {
    field = static_cast<const T*>(data)[row];
  }
}

// The columns of Row as an SQL list.
template <typename Row>
std::string SelectList() {
  std::string list;
  model::ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    list += index == 0 ? "\"" : ", \"";
    list += column.name;
    list += '"';
  });
  return list;
}

// Appends every row of a chunk selected with SelectList<Row>.
template <typename Row>
void ReadRows(const Chunk& chunk, base::Arena& arena, std::vector<Row>& rows) {
  const std::uint64_t size = chunk.size();
  const std::size_t first = rows.size();
  rows.resize(first + size);
  model::ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    const void* data = chunk.column(index);
    for (std::uint64_t row = 0; row < size; ++row) {
      ReadField(data, row, arena, column.get(rows[first + row]));
    }
  });
}

}  // namespace sightline::store::embedded
