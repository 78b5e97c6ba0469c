// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>
#include <vector>

#include "otlp/request.h"
#include "otlp/walk.h"

namespace sightline::otlp::internal {
namespace {

// Repeated scalars come packed, or one field each from old encoders: both are taken.
void ReadDoubles(Walk& walk, Reader& reader) {
  walk.PushAll(walk.request.doubles, reader.get_packed_double());
}

void ReadFixed64s(Walk& walk, Reader& reader) {
  walk.PushAll(walk.request.integers, reader.get_packed_fixed64());
}

void ReadNumberField(Walk& walk, Reader& reader, DataPoint& point) {
  switch (reader.tag_and_type()) {
    case Fixed64Field(2):
      point.start_ns = reader.get_fixed64();
      break;
    case Fixed64Field(3):
      point.time_ns = reader.get_fixed64();
      break;
    case Fixed64Field(4):
      point.number = reader.get_double();
      point.integer = 0;
      point.is_int = false;
      break;
    case Fixed64Field(6):
      point.integer = reader.get_sfixed64();
      point.number = 0;
      point.is_int = true;
      break;
    case BytesField(7):
      ReadAttribute(walk, ReadView(reader));
      break;
    case VarintField(8):
      point.flags = reader.get_uint32();
      break;
    default:
      reader.skip();
  }
}

void SetSum(Reader& reader, DataPoint& point) {
  point.number = reader.get_double();
  point.has_sum = true;
}

void SetMin(Reader& reader, DataPoint& point) {
  point.min = reader.get_double();
  point.has_min = true;
}

void SetMax(Reader& reader, DataPoint& point) {
  point.max = reader.get_double();
  point.has_max = true;
}

void ReadHistogramField(Walk& walk, Reader& reader, DataPoint& point) {
  switch (reader.tag_and_type()) {
    case Fixed64Field(2):
      point.start_ns = reader.get_fixed64();
      break;
    case Fixed64Field(3):
      point.time_ns = reader.get_fixed64();
      break;
    case Fixed64Field(4):
      point.count = reader.get_fixed64();
      break;
    case Fixed64Field(5):
      SetSum(reader, point);
      break;
    case BytesField(6):
      ReadFixed64s(walk, reader);
      break;
    case Fixed64Field(6):
      walk.request.integers.push_back(reader.get_fixed64());
      break;
    case BytesField(7):
      ReadDoubles(walk, reader);
      break;
    case Fixed64Field(7):
      walk.request.doubles.push_back(reader.get_double());
      break;
    case BytesField(9):
      ReadAttribute(walk, ReadView(reader));
      break;
    case VarintField(10):
      point.flags = reader.get_uint32();
      break;
    case Fixed64Field(11):
      SetMin(reader, point);
      break;
    case Fixed64Field(12):
      SetMax(reader, point);
      break;
    default:
      reader.skip();
  }
}

// One Buckets message: an offset, and counts that go to the integer pool.
void ReadBuckets(Walk& walk, std::string_view message, std::int32_t& offset) {
  std::vector<std::uint64_t>& pool = walk.request.integers;
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case VarintField(1):
        offset = ReadSint32(reader);
        break;
      case BytesField(2):
        walk.PushAll(pool, reader.get_packed_uint64());
        break;
      case VarintField(2):
        pool.push_back(reader.get_uint64());
        break;
      default:
        reader.skip();
    }
  }
}

void ReadExponentialField(Walk& walk, Reader& reader, DataPoint& point) {
  switch (reader.tag_and_type()) {
    case BytesField(1):
      ReadAttribute(walk, ReadView(reader));
      break;
    case Fixed64Field(2):
      point.start_ns = reader.get_fixed64();
      break;
    case Fixed64Field(3):
      point.time_ns = reader.get_fixed64();
      break;
    case Fixed64Field(4):
      point.count = reader.get_fixed64();
      break;
    case Fixed64Field(5):
      SetSum(reader, point);
      break;
    case VarintField(6):
      point.scale = ReadSint32(reader);
      break;
    case Fixed64Field(7):
      point.zero_count = reader.get_fixed64();
      break;
    case VarintField(10):
      point.flags = reader.get_uint32();
      break;
    case Fixed64Field(12):
      SetMin(reader, point);
      break;
    case Fixed64Field(13):
      SetMax(reader, point);
      break;
    case Fixed64Field(14):
      point.zero_threshold = reader.get_double();
      break;
    default:
      reader.skip();
  }
}

// Positive (field 8) and negative (field 9) buckets, each in one stretch of the pool.
void ReadBothBuckets(Walk& walk, std::string_view message, DataPoint& point) {
  const auto read_all = [&](std::uint32_t number, std::int32_t& offset) {
    const std::uint32_t begin = SizeOf(walk.request.integers);
    Reader reader = MakeReader(message);
    while (reader.next(number, protozero::pbf_wire_type::length_delimited)) {
      ReadBuckets(walk, ReadView(reader), offset);
    }
    return RangeFrom(begin, walk.request.integers);
  };
  point.counts = read_all(8, point.positive_offset);
  point.negative_counts = read_all(9, point.negative_offset);
}

void ReadSummaryField(Walk& walk, Reader& reader, DataPoint& point) {
  switch (reader.tag_and_type()) {
    case Fixed64Field(2):
      point.start_ns = reader.get_fixed64();
      break;
    case Fixed64Field(3):
      point.time_ns = reader.get_fixed64();
      break;
    case Fixed64Field(4):
      point.count = reader.get_fixed64();
      break;
    case Fixed64Field(5):
      SetSum(reader, point);
      break;
    case BytesField(7):
      ReadAttribute(walk, ReadView(reader));
      break;
    case VarintField(8):
      point.flags = reader.get_uint32();
      break;
    default:
      reader.skip();
  }
}

// Field `number` of each quantile message: 1 is the quantile, 2 its value.
Range ReadQuantiles(Walk& walk, std::string_view message, std::uint32_t number) {
  const std::uint32_t begin = SizeOf(walk.request.doubles);
  Reader reader = MakeReader(message);
  while (reader.next(6, protozero::pbf_wire_type::length_delimited)) {
    Reader quantile = MakeReader(ReadView(reader));
    double found = 0;
    while (quantile.next()) {
      if (quantile.tag_and_type() == Fixed64Field(number)) {
        found = quantile.get_double();
      } else {
        quantile.skip();
      }
    }
    walk.request.doubles.push_back(found);
  }
  return RangeFrom(begin, walk.request.doubles);
}

using ReadPointField = void (*)(Walk& walk, Reader& reader, DataPoint& point);

ReadPointField PointFieldReader(MetricKind kind) {
  switch (kind) {
    case MetricKind::kNone:
    case MetricKind::kGauge:
    case MetricKind::kSum:
      return ReadNumberField;
    case MetricKind::kHistogram:
      return ReadHistogramField;
    case MetricKind::kExponentialHistogram:
      return ReadExponentialField;
    case MetricKind::kSummary:
      return ReadSummaryField;
  }
  return ReadNumberField;
}

void ReadPoint(Walk& walk, std::string_view message, MetricKind kind, std::uint32_t metric) {
  Request& request = walk.request;
  DataPoint point;
  point.metric = metric;
  const std::uint32_t first_attribute = SizeOf(request.attributes);
  const std::uint32_t first_double = SizeOf(request.doubles);
  const std::uint32_t first_integer = SizeOf(request.integers);
  const ReadPointField read_field = PointFieldReader(kind);
  Reader reader = MakeReader(message);
  while (reader.next()) {
    read_field(walk, reader, point);
  }
  point.attributes = RangeFrom(first_attribute, request.attributes);
  point.bounds = RangeFrom(first_double, request.doubles);
  point.counts = RangeFrom(first_integer, request.integers);
  if (kind == MetricKind::kExponentialHistogram) {
    ReadBothBuckets(walk, message, point);
  }
  if (kind == MetricKind::kSummary) {
    point.has_sum = true;  // Not optional in a summary.
    point.bounds = ReadQuantiles(walk, message, 1);
    point.values = ReadQuantiles(walk, message, 2);
  }
  walk.Push(request.points, walk.limits.points, point);
}

// A Gauge, Sum, Histogram, ExponentialHistogram or Summary message: they share field numbers.
void ReadData(Walk& walk, std::string_view message, Metric& metric, std::uint32_t index) {
  const bool has_temporality =
      metric.kind != MetricKind::kGauge && metric.kind != MetricKind::kSummary;
  Reader reader = MakeReader(message);
  while (reader.next()) {
    const std::uint32_t field = reader.tag_and_type();
    if (field == BytesField(1)) {
      ReadPoint(walk, ReadView(reader), metric.kind, index);
    } else if (field == VarintField(2) && has_temporality) {
      metric.temporality = ReadEnum(reader);
    } else if (field == VarintField(3) && metric.kind == MetricKind::kSum) {
      metric.is_monotonic = ReadBool(reader);
    } else {
      reader.skip();
    }
  }
}

// Notes one member of the `data` oneof: members of one kind merge, another kind replaces them.
void NoteData(Walk& walk, Reader& reader, MetricKind kind, Metric& metric) {
  if (metric.kind != kind) {
    walk.later.clear();
  }
  metric.kind = kind;
  walk.later.push_back(ReadView(reader));
}

}  // namespace

void ReadMetric(Walk& walk, std::string_view message, Origin origin) {
  Metric metric;
  metric.resource = origin.resource;
  metric.scope = origin.scope;
  walk.later.clear();
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        metric.name = ReadView(reader);
        break;
      case BytesField(2):
        metric.description = ReadView(reader);
        break;
      case BytesField(3):
        metric.unit = ReadView(reader);
        break;
      case BytesField(5):
        NoteData(walk, reader, MetricKind::kGauge, metric);
        break;
      case BytesField(7):
        NoteData(walk, reader, MetricKind::kSum, metric);
        break;
      case BytesField(9):
        NoteData(walk, reader, MetricKind::kHistogram, metric);
        break;
      case BytesField(10):
        NoteData(walk, reader, MetricKind::kExponentialHistogram, metric);
        break;
      case BytesField(11):
        NoteData(walk, reader, MetricKind::kSummary, metric);
        break;
      default:
        reader.skip();
    }
  }
  const std::uint32_t index = SizeOf(walk.request.metrics);
  for (const std::string_view data : walk.later) {
    ReadData(walk, data, metric, index);
  }
  walk.Push(walk.request.metrics, walk.limits.small, metric);
}

}  // namespace sightline::otlp::internal
