// SPDX-License-Identifier: Apache-2.0
#include "otlp/decode.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <protozero/exception.hpp>

#include "base/error.h"
#include "base/result.h"
#include "otlp/request.h"
#include "otlp/walk.h"

namespace sightline::otlp {
namespace internal {
namespace {

void ReadResource(Walk& walk, std::string_view message) {
  Reader reader = MakeReader(message);
  while (reader.next(1, protozero::pbf_wire_type::length_delimited)) {
    ReadAttribute(walk, ReadView(reader));
  }
}

void ReadScope(Walk& walk, std::string_view message, Scope& scope) {
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        scope.name = ReadView(reader);
        break;
      case BytesField(2):
        scope.version = ReadView(reader);
        break;
      case BytesField(3):
        ReadAttribute(walk, ReadView(reader));
        break;
      default:
        reader.skip();
    }
  }
}

// What describes a group comes before its members here, though not necessarily on the wire: hence
// two passes over the group's fields.
void WalkScopeGroup(Walk& walk, std::string_view group, std::uint32_t resource,
                    ReadItem read_item) {
  Request& request = walk.request;
  Scope scope;
  const std::uint32_t first_attribute = SizeOf(request.attributes);
  for (Reader reader = MakeReader(group); reader.next();) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        ReadScope(walk, ReadView(reader), scope);
        break;
      case BytesField(3):
        scope.schema_url = ReadView(reader);
        break;
      default:
        reader.skip();
    }
  }
  scope.attributes = RangeFrom(first_attribute, request.attributes);
  const Origin origin{.resource = resource, .scope = SizeOf(request.scopes)};
  walk.Push(request.scopes, walk.limits.groups, scope);
  Reader reader = MakeReader(group);
  while (reader.next(2, protozero::pbf_wire_type::length_delimited)) {
    read_item(walk, ReadView(reader), origin);
  }
}

void WalkResourceGroup(Walk& walk, std::string_view group, ReadItem read_item) {
  Request& request = walk.request;
  Resource resource;
  const std::uint32_t first_attribute = SizeOf(request.attributes);
  for (Reader reader = MakeReader(group); reader.next();) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        ReadResource(walk, ReadView(reader));
        break;
      case BytesField(3):
        resource.schema_url = ReadView(reader);
        break;
      default:
        reader.skip();
    }
  }
  resource.attributes = RangeFrom(first_attribute, request.attributes);
  const std::uint32_t index = SizeOf(request.resources);
  walk.Push(request.resources, walk.limits.groups, resource);
  Reader reader = MakeReader(group);
  while (reader.next(2, protozero::pbf_wire_type::length_delimited)) {
    WalkScopeGroup(walk, ReadView(reader), index, read_item);
  }
}

void ReadEvent(Walk& walk, std::string_view message) {
  SpanEvent event;
  const std::uint32_t first_attribute = SizeOf(walk.request.attributes);
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case Fixed64Field(1):
        event.time_ns = reader.get_fixed64();
        break;
      case BytesField(2):
        event.name = ReadView(reader);
        break;
      case BytesField(3):
        ReadAttribute(walk, ReadView(reader));
        break;
      case VarintField(4):
        event.dropped_attributes = reader.get_uint32();
        break;
      default:
        reader.skip();
    }
  }
  event.attributes = RangeFrom(first_attribute, walk.request.attributes);
  walk.Push(walk.request.events, walk.limits.small, event);
}

void ReadLink(Walk& walk, std::string_view message) {
  SpanLink link;
  const std::uint32_t first_attribute = SizeOf(walk.request.attributes);
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(1):
        link.trace_id = ReadView(reader);
        break;
      case BytesField(2):
        link.span_id = ReadView(reader);
        break;
      case BytesField(3):
        link.trace_state = ReadView(reader);
        break;
      case BytesField(4):
        ReadAttribute(walk, ReadView(reader));
        break;
      case VarintField(5):
        link.dropped_attributes = reader.get_uint32();
        break;
      case Fixed32Field(6):
        link.flags = reader.get_fixed32();
        break;
      default:
        reader.skip();
    }
  }
  link.attributes = RangeFrom(first_attribute, walk.request.attributes);
  walk.Push(walk.request.links, walk.limits.spans, link);
}

void ReadStatus(std::string_view message, Span& span) {
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(2):
        span.status_message = ReadView(reader);
        break;
      case VarintField(3):
        span.status_code = ReadEnum(reader);
        break;
      default:
        reader.skip();
    }
  }
}

// The fields of a span but its attributes, events and links.
void ReadSpanField(Reader& reader, Span& span) {
  switch (reader.tag_and_type()) {
    case BytesField(1):
      span.trace_id = ReadView(reader);
      break;
    case BytesField(2):
      span.span_id = ReadView(reader);
      break;
    case BytesField(3):
      span.trace_state = ReadView(reader);
      break;
    case BytesField(4):
      span.parent_span_id = ReadView(reader);
      break;
    case BytesField(5):
      span.name = ReadView(reader);
      break;
    case VarintField(6):
      span.kind = ReadEnum(reader);
      break;
    case Fixed64Field(7):
      span.start_ns = reader.get_fixed64();
      break;
    case Fixed64Field(8):
      span.end_ns = reader.get_fixed64();
      break;
    case VarintField(10):
      span.dropped_attributes = reader.get_uint32();
      break;
    case VarintField(12):
      span.dropped_events = reader.get_uint32();
      break;
    case VarintField(14):
      span.dropped_links = reader.get_uint32();
      break;
    case BytesField(15):
      ReadStatus(ReadView(reader), span);
      break;
    case Fixed32Field(16):
      span.flags = reader.get_fixed32();
      break;
    default:
      reader.skip();
  }
}

}  // namespace

void WalkGroups(Walk& walk, std::string_view body, ReadItem read_item) {
  Reader reader = MakeReader(body);
  while (reader.next(1, protozero::pbf_wire_type::length_delimited)) {
    WalkResourceGroup(walk, ReadView(reader), read_item);
  }
}

void ReadSpan(Walk& walk, std::string_view message, Origin origin) {
  Request& request = walk.request;
  Span span;
  span.resource = origin.resource;
  span.scope = origin.scope;
  walk.later.clear();
  walk.later_links.clear();
  const std::uint32_t first_attribute = SizeOf(request.attributes);
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case BytesField(9):
        ReadAttribute(walk, ReadView(reader));
        break;
      case BytesField(11):
        walk.later.push_back(ReadView(reader));
        break;
      case BytesField(13):
        walk.later_links.push_back(ReadView(reader));
        break;
      default:
        ReadSpanField(reader, span);
    }
  }
  span.attributes = RangeFrom(first_attribute, request.attributes);
  const std::uint32_t first_event = SizeOf(request.events);
  for (const std::string_view event : walk.later) {
    ReadEvent(walk, event);
  }
  span.events = RangeFrom(first_event, request.events);
  const std::uint32_t first_link = SizeOf(request.links);
  for (const std::string_view link : walk.later_links) {
    ReadLink(walk, link);
  }
  span.links = RangeFrom(first_link, request.links);
  walk.Push(request.spans, walk.limits.spans, span);
}

}  // namespace internal

namespace {

internal::ReadItem ItemReader(Signal signal) {
  switch (signal) {
    case Signal::kTraces:
      return internal::ReadSpan;
    case Signal::kLogs:
      return internal::ReadLogRecord;
    case Signal::kMetrics:
      return internal::ReadMetric;
  }
  return internal::ReadSpan;
}

}  // namespace

base::Result<void> Decode(Signal signal, std::string_view body, Request& request) {
  request.Clear();
  internal::Walk walk(request, body.size());
  try {
    internal::WalkGroups(walk, body, ItemReader(signal));
  } catch (const protozero::exception& exception) {
    request.Clear();
    return base::Error(
        base::Code::kInvalidArgument,
        std::string("cannot decode request: malformed protobuf: ") + exception.what());
  }
  if (walk.is_over_limit) {
    request.Clear();
    return base::Error(base::Code::kInvalidArgument,
                       "cannot decode request: more empty elements than its size allows");
  }
  return {};
}

}  // namespace sightline::otlp
