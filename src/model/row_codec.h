// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

#include "model/byte_writer.h"
#include "model/columns.h"
#include "model/enum_range.h"
#include "model/varint.h"

namespace sightline::model {

// The encoded form of rows: what the journal, the head and the frames on disk hold.
//
// A row is two bitmaps over the columns of model/columns.h, `set` (differs from the default) and
// `same` (equals the row before), then the set columns that are not same: integers as zigzag
// varints, doubles as 8 bytes, texts as length and bytes, ids raw. Rows that follow each other in
// one run depend on each other; a run depends on nothing outside it. The trace id is not part of a
// row: it is the same for a whole run and told beside it.

namespace row_codec {

// What every column is compared with.
template <typename Row>
const Row& DefaultRow() {
  static const Row kRow{};
  return kRow;
}

// No field takes more, the bytes of texts apart.
inline constexpr std::size_t kMaxFieldBytes = ByteWriter::kMaxVarintBytes;

template <typename T>
void AppendField(ByteWriter& out, const T& field) {
  if constexpr (std::is_same_v<T, SpanId>) {
    static_assert(sizeof field.bytes <= kMaxFieldBytes);
    out.Raw(field.view());
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    out.Text(field);
  } else if constexpr (std::is_same_v<T, double>) {
    static_assert(sizeof field <= kMaxFieldBytes);
    out.Raw({reinterpret_cast<const char*>(&field), sizeof field});
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    out.Signed(field);
  } else {
    out.Varint(static_cast<std::uint64_t>(field));
  }
}

template <typename T>
void ReadField(VarintReader& reader, T& field) {
  if constexpr (std::is_same_v<T, SpanId>) {
    const std::string_view raw = reader.Raw(field.bytes.size());
    if (raw.size() == field.bytes.size()) {
      std::memcpy(field.bytes.data(), raw.data(), raw.size());
    }
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    field = reader.Text();
  } else if constexpr (std::is_same_v<T, double>) {
    const std::string_view raw = reader.Raw(sizeof field);
    if (raw.size() == sizeof field) {
      std::memcpy(&field, raw.data(), sizeof field);
    }
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    field = reader.Signed();
  } else if constexpr (std::is_enum_v<T>) {
    field = static_cast<T>(reader.VarintUpTo(static_cast<std::uint64_t>(LastOf(T{}))));
  } else {
    field = static_cast<T>(reader.Varint());
  }
}

template <typename T>
bool SameField(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return a.size() == b.size() && (a.data() == b.data() || a == b);
  } else if constexpr (std::is_same_v<T, double>) {
    // NaN equals itself here, 0.0 differs from -0.0.
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  } else {
    return a == b;
  }
}

// Calls `visit(index, column)` for each column that is encoded.
template <typename Row, typename Visitor>
constexpr void ForEachEncoded(Visitor&& visit) {
  ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    using Field = std::remove_cvref_t<decltype(column.get(std::declval<Row&>()))>;
    if constexpr (!std::is_same_v<Field, TraceId>) {
      visit(index, column);
    }
  });
}

// One bit a column.
template <typename Row>
class Bitmap {
 public:
  static constexpr std::size_t kWords = (kColumnCount<Row> + 63) / 64;

  void Set(std::size_t column) { words_[column / 64] |= std::uint64_t{1} << (column % 64); }

  bool Get(std::size_t column) const { return (words_[column / 64] >> (column % 64) & 1U) != 0; }

  void Append(ByteWriter& out) const {
    for (const std::uint64_t word : words_) {
      out.Varint(word);
    }
  }

  void Read(VarintReader& reader) {
    for (std::uint64_t& word : words_) {
      word = reader.Varint();
    }
  }

 private:
  std::array<std::uint64_t, kWords> words_{};
};

}  // namespace row_codec

// Appends `row` to a run whose last row is `before`; null for the first.
template <typename Row>
void AppendRow(ByteWriter& out, const Row& row, const Row* before) {
  using namespace row_codec;  // NOLINT(google-build-using-namespace): the parts of this function.
  Bitmap<Row> set;
  Bitmap<Row> same;
  std::size_t text_bytes = 0;
  ForEachEncoded<Row>([&](std::size_t index, const auto& column) {
    const auto& field = column.get(row);
    if (SameField(field, column.get(DefaultRow<Row>()))) {
      return;
    }
    set.Set(index);
    if (before != nullptr && SameField(field, column.get(*before))) {
      same.Set(index);
    } else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field)>, std::string_view>) {
      text_bytes += field.size();
    }
  });
  out.Reserve((2 * Bitmap<Row>::kWords + kColumnCount<Row>)*kMaxFieldBytes + text_bytes);
  set.Append(out);
  same.Append(out);
  ForEachEncoded<Row>([&](std::size_t index, const auto& column) {
    if (set.Get(index) && !same.Get(index)) {
      AppendField(out, column.get(row));
    }
  });
}

// Reads a row of a run into `row`, which is a default row but for its trace id. Texts are views
// into what the reader reads. After malformed bytes reader.ok() is false.
template <typename Row>
void ReadRow(VarintReader& reader, Row& row, const Row* before) {
  using namespace row_codec;  // NOLINT(google-build-using-namespace): the parts of this function.
  Bitmap<Row> set;
  Bitmap<Row> same;
  set.Read(reader);
  same.Read(reader);
  ForEachEncoded<Row>([&](std::size_t index, const auto& column) {
    if (!set.Get(index)) {
      return;
    }
    if (same.Get(index) && before != nullptr) {
      column.get(row) = column.get(*before);
    } else {
      ReadField(reader, column.get(row));
    }
  });
}

// About; a number of rows is believed as far as the bytes can hold them.
inline constexpr std::uint64_t kLeastRowBytes = 2;

}  // namespace sightline::model
