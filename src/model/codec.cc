// SPDX-License-Identifier: Apache-2.0
#include "model/codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/columns.h"
#include "model/varint.h"

namespace sightline::model {
namespace {

constexpr char kFormatVersion = 1;

// About; a number of rows is believed as far as the bytes can hold them.
constexpr std::uint64_t kLeastRowBytes = 16;

// What every column is compared with.
template <typename Row>
const Row& DefaultRow() {
  static const Row kRow{};
  return kRow;
}

template <typename T>
constexpr bool kIsId = std::is_same_v<T, TraceId> || std::is_same_v<T, SpanId>;

template <typename T>
void AppendField(std::string& out, const T& field) {
  if constexpr (kIsId<T>) {
    out.append(field.view());
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    AppendText(out, field);
  } else if constexpr (std::is_same_v<T, double>) {
    std::array<char, sizeof(double)> raw{};
    std::memcpy(raw.data(), &field, sizeof field);
    out.append(raw.data(), raw.size());
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    AppendSigned(out, field);
  } else {
    AppendVarint(out, static_cast<std::uint64_t>(field));
  }
}

template <typename T>
void ReadField(VarintReader& reader, T& field) {
  if constexpr (kIsId<T>) {
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

// One bit a column.
template <typename Row>
class Bitmap {
 public:
  static constexpr std::size_t kWords = (kColumnCount<Row> + 63) / 64;

  void Set(std::size_t column) { words_[column / 64] |= std::uint64_t{1} << (column % 64); }

  bool Get(std::size_t column) const { return (words_[column / 64] >> (column % 64) & 1U) != 0; }

  void Append(std::string& out) const {
    for (const std::uint64_t word : words_) {
      AppendVarint(out, word);
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

template <typename Row>
void AppendRow(std::string& out, const Row& row, const Row& before) {
  Bitmap<Row> set;
  Bitmap<Row> same;
  ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    if (!SameField(column.get(row), column.get(DefaultRow<Row>()))) {
      set.Set(index);
      if (SameField(column.get(row), column.get(before))) {
        same.Set(index);
      }
    }
  });
  set.Append(out);
  same.Append(out);
  ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    if (set.Get(index) && !same.Get(index)) {
      AppendField(out, column.get(row));
    }
  });
}

template <typename Row>
void ReadRow(VarintReader& reader, Row& row, const Row& before) {
  Bitmap<Row> set;
  Bitmap<Row> same;
  set.Read(reader);
  same.Read(reader);
  ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    if (!set.Get(index)) {
      return;
    }
    if (same.Get(index)) {
      column.get(row) = column.get(before);
    } else {
      ReadField(reader, column.get(row));
    }
  });
}

template <typename Row>
void AppendRows(std::string& out, const std::vector<Row>& rows) {
  AppendVarint(out, rows.size());
  const Row* before = &DefaultRow<Row>();
  for (const Row& row : rows) {
    AppendRow(out, row, *before);
    before = &row;
  }
}

template <typename Row>
void ReadRows(VarintReader& reader, std::vector<Row>& rows) {
  const std::uint64_t count = reader.Varint();
  rows.reserve(std::min<std::uint64_t>(count, reader.left() / kLeastRowBytes));
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    Row& row = rows.emplace_back();
    ReadRow(reader, row, i == 0 ? DefaultRow<Row>() : rows[i - 1]);
  }
}

void AppendBodies(std::string& out, const std::vector<Body>& bodies) {
  AppendVarint(out, bodies.size());
  for (const Body& body : bodies) {
    AppendVarint(out, body.id);
    AppendVarint(out, body.hash.high);
    AppendVarint(out, body.hash.low);
    AppendText(out, body.bytes);
  }
}

void ReadBodies(VarintReader& reader, std::vector<Body>& bodies) {
  const std::uint64_t count = reader.Varint();
  bodies.reserve(std::min<std::uint64_t>(count, reader.left() / kLeastRowBytes));
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    Body body;
    body.id = reader.Varint();
    body.hash.high = reader.Varint();
    body.hash.low = reader.Varint();
    body.bytes = reader.Text();
    bodies.push_back(body);
  }
}

}  // namespace

void EncodeBatch(const Batch& batch, std::string& out) {
  out.push_back(kFormatVersion);
  AppendSigned(out, batch.received_ns);
  AppendSigned(out, batch.day);
  AppendRows(out, batch.spans);
  AppendRows(out, batch.pending);
  AppendRows(out, batch.logs);
  AppendRows(out, batch.points);
  AppendBodies(out, batch.bodies);
}

base::Result<std::shared_ptr<Batch>> DecodeBatch(std::string record) {
  auto batch = std::make_shared<Batch>();
  batch->encoded = std::move(record);
  const std::string_view bytes = batch->encoded;
  if (bytes.empty() || bytes.front() != kFormatVersion) {
    return base::Error(base::Code::kDataLoss, "cannot decode batch: unknown format version");
  }
  VarintReader reader(bytes.substr(1));
  batch->received_ns = reader.Signed();
  batch->day = static_cast<std::int32_t>(reader.Signed());
  ReadRows(reader, batch->spans);
  ReadRows(reader, batch->pending);
  ReadRows(reader, batch->logs);
  ReadRows(reader, batch->points);
  ReadBodies(reader, batch->bodies);
  if (!reader.ok() || !reader.done()) {
    return base::Error(base::Code::kDataLoss, "cannot decode batch: malformed record");
  }
  return batch;
}

}  // namespace sightline::model
