// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <protozero/pbf_reader.hpp>
#include <protozero/types.hpp>
#include <protozero/varint.hpp>

#include "otlp/request.h"
#include "otlp/value.h"

// Internal to otlp/: what the walkers of the three signals share. Every function here lets
// protozero's exceptions pass; Decode and DecodeValue catch them.
namespace sightline::otlp::internal {

using Reader = protozero::pbf_reader;

// Case labels: a field of another wire type than expected is an unknown field.
constexpr std::uint32_t BytesField(std::uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::length_delimited);
}

constexpr std::uint32_t VarintField(std::uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::varint);
}

constexpr std::uint32_t Fixed64Field(std::uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::fixed64);
}

constexpr std::uint32_t Fixed32Field(std::uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::fixed32);
}

inline Reader MakeReader(std::string_view message) {
  return {message.data(), message.size()};
}

inline std::string_view ReadView(Reader& reader) {
  const protozero::data_view view = reader.get_view();
  return {view.data(), view.size()};
}

// Unlike protozero's own two, these read overlong and out-of-range varints as protobuf does.
inline bool ReadBool(Reader& reader) {
  return reader.get_uint64() != 0;
}

inline std::int32_t ReadSint32(Reader& reader) {
  return protozero::decode_zigzag32(static_cast<std::uint32_t>(reader.get_uint64()));
}

inline std::uint32_t ReadEnum(Reader& reader) {
  return static_cast<std::uint32_t>(reader.get_enum());
}

// How many elements a body may decode to. Empty messages take two bytes on the wire and a hundred
// times that in memory, so their number is held to what a body of useful messages could contain:
// with ids or time (spans, links, logs, points), a key (attributes), a name (the others). The
// allowance keeps small odd requests whole, so that their bad spans are rejected one by one.
struct Limits {
  static constexpr std::size_t kAllowance = 4096;

  // What one pool of a Request may take, whatever the size of the body: no more than a portion of a
  // body and one item that is far larger than any useful one.
  static constexpr std::size_t kMaxPoolBytes = std::size_t{64} << 20U;

  explicit Limits(std::size_t body_bytes)
      : groups(body_bytes / 8 + kAllowance),
        spans(body_bytes / 30 + kAllowance),
        logs(body_bytes / 16 + kAllowance),
        points(body_bytes / 20 + kAllowance),
        small(body_bytes / 5 + kAllowance) {}

  std::size_t groups;  // Resources, scopes.
  std::size_t spans;   // Spans, links.
  std::size_t logs;
  std::size_t points;
  std::size_t small;  // Attributes, events, metrics.

  // What is left of them after `request` was filled.
  void Take(const Request& request) {
    const auto take = [](std::size_t& limit, std::size_t used) { limit -= std::min(limit, used); };
    take(groups, std::max(request.resources.size(), request.scopes.size()));
    take(spans, std::max(request.spans.size(), request.links.size()));
    take(logs, request.logs.size());
    take(points, request.points.size());
    take(small,
         std::max({request.attributes.size(), request.events.size(), request.metrics.size()}));
  }
};

// One walk through a body or a portion of it.
struct Walk {
  Walk(Request& into, const Limits& allowed) : request(into), limits(allowed) {}

  // Appends to one of the request's pools, or marks the body as refused.
  template <typename T>
  void Push(std::vector<T>& pool, std::size_t limit, const T& item) {
    if (!HasRoom(pool, limit)) [[unlikely]] {
      is_over_limit = true;
      return;
    }
    pool.push_back(item);
  }

  // Appends repeated scalars.
  template <typename T, typename Packed>
  void PushAll(std::vector<T>& pool, const Packed& packed) {
    constexpr std::size_t kMost = Limits::kMaxPoolBytes / sizeof(T);
    if (static_cast<std::size_t>(packed.size()) > kMost - std::min(kMost, pool.size()))
        [[unlikely]] {
      is_over_limit = true;
      return;
    }
    pool.insert(pool.end(), packed.begin(), packed.end());
  }

  template <typename T>
  static bool HasRoom(const std::vector<T>& pool, std::size_t limit) {
    return pool.size() < std::min(limit, Limits::kMaxPoolBytes / sizeof(T));
  }

  Request& request;
  const Limits limits;
  bool is_over_limit = false;
  // Sub-messages of the item at hand that are read after its attributes, which must lie together.
  std::vector<std::string_view> later;
  std::vector<std::string_view> later_links;
};

// Which resource and scope an item belongs to.
struct Origin {
  std::uint32_t resource = 0;
  std::uint32_t scope = 0;
};

template <typename T>
std::uint32_t SizeOf(const std::vector<T>& pool) {
  return static_cast<std::uint32_t>(pool.size());
}

// The slice of `pool` from `begin` to its end.
template <typename T>
Range RangeFrom(std::uint32_t begin, const std::vector<T>& pool) {
  return {.begin = begin, .count = SizeOf(pool) - begin};
}

// Merges one AnyValue message into `value`: the last member that is set wins.
inline void ReadValue(std::string_view any_value, Value& value) {
  Reader reader = MakeReader(any_value);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        value = {.kind = ValueKind::kString, .bytes = ReadView(reader)};
        break;
      case VarintField(2):
        value = {.kind = ValueKind::kBool, .integer = ReadBool(reader) ? 1 : 0};
        break;
      case VarintField(3):
        value = {.kind = ValueKind::kInt, .integer = reader.get_int64()};
        break;
      case Fixed64Field(4):
        value = {.kind = ValueKind::kDouble, .number = reader.get_double()};
        break;
      case BytesField(5):
        value = {.kind = ValueKind::kArray, .bytes = ReadView(reader)};
        break;
      case BytesField(6):
        value = {.kind = ValueKind::kMap, .bytes = ReadView(reader)};
        break;
      case BytesField(7):
        value = {.kind = ValueKind::kBytes, .bytes = ReadView(reader)};
        break;
      default:
        reader.skip();
    }
  }
}

// Merges one KeyValue message into `entry`.
inline void ReadKeyValue(std::string_view message, KeyValue& entry) {
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        entry.key = ReadView(reader);
        break;
      case BytesField(2):
        ReadValue(ReadView(reader), entry.value);
        break;
      default:
        reader.skip();
    }
  }
}

// Takes a length of one to three bytes off `bytes`. False unless it is the length of all the rest.
inline bool TakeLengthOfRest(std::string_view& bytes) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < 3 && i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << (7 * i);
    if (byte < 0x80) {
      bytes.remove_prefix(i + 1);
      return length == bytes.size();
    }
  }
  return false;
}

// Reads a varint that fills `bytes`.
inline bool ReadWholeVarint(std::string_view bytes, std::int64_t& value) {
  std::uint64_t bits = 0;
  if (bytes.empty() ||
      bytes.size() > 9) {  // Negative numbers take ten: left to the general reader.
    return false;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    bits |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if ((byte < 0x80) != (i + 1 == bytes.size())) {
      return false;
    }
  }
  value = static_cast<std::int64_t>(bits);
  return true;
}

// Reads an AnyValue that holds one scalar and nothing else.
inline bool ReadPlainValue(std::string_view message, Value& value) {
  if (message.empty()) {
    return false;
  }
  const char tag = message.front();
  message.remove_prefix(1);
  std::int64_t integer = 0;
  switch (tag) {
    case 0x0A:  // string_value
      if (!TakeLengthOfRest(message)) {
        return false;
      }
      value.kind = ValueKind::kString;
      value.bytes = message;
      return true;
    case 0x10:  // bool_value
      if (message.size() != 1 || !ReadWholeVarint(message, integer)) {
        return false;
      }
      value.kind = ValueKind::kBool;
      value.integer = integer != 0 ? 1 : 0;
      return true;
    case 0x18:  // int_value
      if (!ReadWholeVarint(message, integer)) {
        return false;
      }
      value.kind = ValueKind::kInt;
      value.integer = integer;
      return true;
    default:
      return false;
  }
}

// Reads a KeyValue message that is laid out as every known encoder does it: key, then a value that
// is a scalar and fills the rest. False, with `entry` untouched, for any other layout; the general
// reader then takes or refuses it. Twice as fast as the general reader, and most of all messages
// are attributes.
inline bool ReadPlainKeyValue(std::string_view message, KeyValue& entry) {
  if (message.size() < 4 || message[0] != 0x0A || static_cast<std::uint8_t>(message[1]) >= 0x80) {
    return false;
  }
  const std::size_t key_size = static_cast<std::uint8_t>(message[1]);
  const std::string_view key = message.substr(2, key_size);
  message.remove_prefix(2 + key.size());
  if (message.empty() || message[0] != 0x12) {
    return false;
  }
  message.remove_prefix(1);
  if (!TakeLengthOfRest(message) || !ReadPlainValue(message, entry.value)) {
    return false;
  }
  entry.key = key;
  return true;
}

inline bool IsContainer(const Value& value) {
  return value.kind == ValueKind::kArray || value.kind == ValueKind::kMap;
}

// Throws unless all values inside the container are well formed, down to kMaxValueDepth.
void CheckContainer(const Value& container, int depth);

// Appends one KeyValue message to the attribute pool.
inline void ReadAttribute(Walk& walk, std::string_view message) {
  std::vector<KeyValue>& pool = walk.request.attributes;
  if (!Walk::HasRoom(pool, walk.limits.small)) [[unlikely]] {
    walk.is_over_limit = true;
    return;
  }
  KeyValue& attribute = pool.emplace_back();
  if (ReadPlainKeyValue(message, attribute)) [[likely]] {
    return;
  }
  ReadKeyValue(message, attribute);
  if (IsContainer(attribute.value)) {
    CheckContainer(attribute.value, 1);
  }
}

// Adds a resource or scope group's own fields, without its members; they may come after these on
// the wire.
void PushResource(Walk& walk, std::string_view group);
void PushScope(Walk& walk, std::string_view group);

// The items of the three signals.
void ReadSpan(Walk& walk, std::string_view message, Origin origin);
void ReadLogRecord(Walk& walk, std::string_view message, Origin origin);
void ReadMetric(Walk& walk, std::string_view message, Origin origin);

}  // namespace sightline::otlp::internal
