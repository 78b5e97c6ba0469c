// SPDX-License-Identifier: Apache-2.0
#include "model/encoded_batch.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/check.h"
#include "base/reserve.h"
#include "model/byte_writer.h"
#include "model/row_codec.h"
#include "model/varint.h"

namespace sightline::model {
namespace {

constexpr char kFormatVersion = 3;

base::Error Malformed(std::string_view what) {
  return {base::Code::kDataLoss, "cannot decode batch: " + std::string(what)};
}

// A larger one is not kept for the next batch.
constexpr std::size_t kKeptBytes = std::size_t{4} << 20U;

constexpr std::size_t kBlockHeader = 16 + 1 + 2 * sizeof(std::uint32_t);

std::uint32_t ReadFixed32(VarintReader& reader) {
  std::uint32_t value = 0;
  const std::string_view raw = reader.Raw(sizeof value);
  if (raw.size() == sizeof value) {
    std::memcpy(&value, raw.data(), sizeof value);
  }
  return value;
}

void ReadTraceId(VarintReader& reader, TraceId& id) {
  const std::string_view raw = reader.Raw(id.bytes.size());
  if (raw.size() == id.bytes.size()) {
    std::memcpy(id.bytes.data(), raw.data(), raw.size());
  }
}

// Indexes of rows, those of one trace together, traces in order of their first row.
template <typename Row>
std::vector<std::uint32_t> GroupByTrace(const std::vector<Row>& rows) {
  std::vector<std::uint32_t> group_of(rows.size());
  std::vector<std::uint32_t> sizes;
  boost::unordered_flat_map<TraceId, std::uint32_t, TraceIdHasher> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i != 0 && rows[i].trace_id == rows[i - 1].trace_id) {
      group_of[i] = group_of[i - 1];
    } else {
      group_of[i] = groups.try_emplace(rows[i].trace_id, static_cast<std::uint32_t>(sizes.size()))
                        .first->second;
      if (group_of[i] == sizes.size()) {
        sizes.push_back(0);
      }
    }
    ++sizes[group_of[i]];
  }
  std::uint32_t begin = 0;
  for (std::uint32_t& size : sizes) {
    begin += std::exchange(size, begin);
  }
  std::vector<std::uint32_t> order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    order[sizes[group_of[i]]++] = static_cast<std::uint32_t>(i);
  }
  return order;
}

// Appends one block for each trace; how many.
template <typename Row>
std::uint64_t AppendBlocks(ByteWriter& out, const std::vector<Row>& rows, RowKind kind) {
  const std::vector<std::uint32_t> order = GroupByTrace(rows);
  std::uint64_t blocks = 0;
  for (std::size_t i = 0; i < order.size(); ++blocks) {
    const TraceId& trace_id = rows[order[i]].trace_id;
    out.Reserve(kBlockHeader);
    out.Raw(trace_id.view());
    out.Byte(static_cast<char>(kind));
    const std::size_t sizes_at = out.size();
    out.Fixed32(0);
    out.Fixed32(0);
    const std::size_t first = i;
    const Row* before = nullptr;
    for (; i < order.size() && rows[order[i]].trace_id == trace_id; ++i) {
      AppendRow(out, rows[order[i]], before);
      before = &rows[order[i]];
    }
    out.PutFixed32(sizes_at, static_cast<std::uint32_t>(i - first));
    out.PutFixed32(sizes_at + sizeof(std::uint32_t),
                   static_cast<std::uint32_t>(out.size() - sizes_at - 2 * sizeof(std::uint32_t)));
  }
  return blocks;
}

template <typename Row>
base::Result<void> ReadRun(std::string_view bytes, std::uint64_t count, const TraceId& trace_id,
                           std::vector<Row>& rows) {
  VarintReader reader(bytes);
  const std::size_t first = rows.size();
  base::ReserveMore(rows, std::min<std::uint64_t>(count, bytes.size() / kLeastRowBytes));
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    Row& row = rows.emplace_back();
    if constexpr (requires { row.trace_id; }) {
      row.trace_id = trace_id;
    }
    ReadRow(reader, row, i == 0 ? nullptr : &rows[first + i - 1]);
  }
  if (!reader.ok() || !reader.done()) {
    return Malformed("rows do not fit their block");
  }
  return {};
}

void AppendBodies(ByteWriter& out, const Batch& batch) {
  constexpr std::size_t kVarint = ByteWriter::kMaxVarintBytes;
  out.Reserve(kVarint);
  out.Varint(batch.bodies.size());
  for (const Body& body : batch.bodies) {
    out.Reserve(4 * kVarint + body.owner.bytes.size() + body.bytes.size());
    out.Varint(body.id);
    out.Varint(body.hash.high);
    out.Varint(body.hash.low);
    out.Raw(body.owner.view());
    out.Text(body.bytes);
  }
  out.Reserve(kVarint + batch.uses.size() * (kVarint + sizeof(TraceId)));
  out.Varint(batch.uses.size());
  for (const BodyUse& use : batch.uses) {
    out.Varint(use.id);
    out.Raw(use.trace_id.view());
  }
}

}  // namespace

base::Result<void> DecodeBlock(const RowBlock& block, Batch& into) {
  switch (block.kind) {
    case RowKind::kSpans:
      return ReadRun(block.bytes, block.rows, block.trace_id, into.spans);
    case RowKind::kPending:
      return ReadRun(block.bytes, block.rows, block.trace_id, into.pending);
    case RowKind::kLogs:
      return ReadRun(block.bytes, block.rows, block.trace_id, into.logs);
  }
  return Malformed("unknown kind of rows");
}

std::shared_ptr<EncodedBatch> EncodedBatch::Encode(const Batch& batch) {
  // Memory that was written before costs less than fresh pages, and the record is as large as it
  // has to be: it is held until it is sealed.
  static thread_local ByteWriter out;
  out.Clear(kKeptBytes);
  out.Reserve(1 + 2 * ByteWriter::kMaxVarintBytes + sizeof(std::uint32_t));
  out.Byte(kFormatVersion);
  out.Signed(batch.received_ns);
  out.Signed(batch.day);
  const std::size_t count_at = out.size();
  out.Fixed32(0);
  std::uint64_t blocks = AppendBlocks(out, batch.spans, RowKind::kSpans);
  blocks += AppendBlocks(out, batch.pending, RowKind::kPending);
  blocks += AppendBlocks(out, batch.logs, RowKind::kLogs);
  out.PutFixed32(count_at, static_cast<std::uint32_t>(blocks));
  out.Reserve(ByteWriter::kMaxVarintBytes + sizeof(std::uint32_t));
  out.Varint(batch.points.size());
  const std::size_t points_at = out.size();
  out.Fixed32(0);
  const MetricPoint* before = nullptr;
  for (const MetricPoint& point : batch.points) {
    AppendRow(out, point, before);
    before = &point;
  }
  out.PutFixed32(points_at,
                 static_cast<std::uint32_t>(out.size() - points_at - sizeof(std::uint32_t)));
  AppendBodies(out, batch);
  auto encoded = Parse(std::string(out.view()));
  CHECK(encoded.has_value());
  return std::move(*encoded);
}

base::Result<std::shared_ptr<EncodedBatch>> EncodedBatch::Parse(std::string record) {
  std::shared_ptr<EncodedBatch> batch(new EncodedBatch());
  batch->record_ = std::move(record);
  TRY(batch->ReadDirectory());
  return batch;
}

base::Result<void> EncodedBatch::ReadDirectory() {
  const std::string_view bytes = record_;
  if (bytes.empty() || bytes.front() != kFormatVersion) {
    return Malformed("unknown format version");
  }
  VarintReader reader(bytes.substr(1));
  received_ns_ = reader.Signed();
  day_ = static_cast<std::int32_t>(reader.Signed());
  const std::uint32_t block_count = ReadFixed32(reader);
  blocks_.reserve(std::min<std::uint64_t>(block_count, reader.left() / kBlockHeader));
  for (std::uint32_t i = 0; i < block_count && reader.ok(); ++i) {
    RowBlock& block = blocks_.emplace_back();
    ReadTraceId(reader, block.trace_id);
    const std::string_view kind = reader.Raw(1);
    block.kind = kind.empty() ? RowKind::kSpans : static_cast<RowKind>(kind[0]);
    block.rows = ReadFixed32(reader);
    block.bytes = reader.Raw(ReadFixed32(reader));
    if (block.kind < RowKind::kSpans || block.kind > RowKind::kLogs) {
      return Malformed("unknown kind of rows");
    }
  }
  point_count_ = reader.Varint();
  points_ = reader.Raw(ReadFixed32(reader));
  const std::uint64_t body_count = reader.Varint();
  bodies_.reserve(std::min<std::uint64_t>(body_count, reader.left() / kBlockHeader));
  for (std::uint64_t i = 0; i < body_count && reader.ok(); ++i) {
    Body& body = bodies_.emplace_back();
    body.id = reader.Varint();
    body.hash.high = reader.Varint();
    body.hash.low = reader.Varint();
    ReadTraceId(reader, body.owner);
    body.bytes = reader.Text();
  }
  const std::uint64_t use_count = reader.Varint();
  uses_.reserve(std::min<std::uint64_t>(use_count, reader.left() / kBlockHeader));
  for (std::uint64_t i = 0; i < use_count && reader.ok(); ++i) {
    BodyUse& use = uses_.emplace_back();
    use.id = reader.Varint();
    ReadTraceId(reader, use.trace_id);
  }
  if (!reader.ok() || !reader.done()) {
    return Malformed("malformed record");
  }
  return {};
}

std::uint64_t EncodedBatch::row_count() const {
  std::uint64_t rows = point_count_;
  for (const RowBlock& block : blocks_) {
    rows += block.rows;
  }
  return rows;
}

base::Result<void> EncodedBatch::DecodePoints(Batch& into) const {
  return ReadRun(points_, point_count_, TraceId{}, into.points);
}

base::Result<std::shared_ptr<Batch>> EncodedBatch::Decode(
    const std::shared_ptr<const EncodedBatch>& encoded) {
  auto batch = std::make_shared<Batch>();
  batch->position = encoded->position;
  batch->received_ns = encoded->received_ns_;
  batch->day = encoded->day_;
  for (const RowBlock& block : encoded->blocks_) {
    TRY(DecodeBlock(block, *batch));
  }
  TRY(encoded->DecodePoints(*batch));
  batch->bodies = encoded->bodies_;
  batch->uses = encoded->uses_;
  batch->held.push_back(encoded);
  return batch;
}

}  // namespace sightline::model
