// SPDX-License-Identifier: Apache-2.0
#include "otlp/decode.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
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

void PushResource(Walk& walk, std::string_view group) {
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
  walk.Push(request.resources, walk.limits.groups, resource);
}

void PushScope(Walk& walk, std::string_view group) {
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
  walk.Push(request.scopes, walk.limits.groups, scope);
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

using internal::Origin;
using internal::Reader;
using internal::ReadView;
using internal::Walk;

constexpr auto kMessage = protozero::pbf_wire_type::length_delimited;

void ReadItem(Signal signal, Walk& walk, std::string_view message, Origin origin) {
  switch (signal) {
    case Signal::kTraces:
      return internal::ReadSpan(walk, message, origin);
    case Signal::kLogs:
      return internal::ReadLogRecord(walk, message, origin);
    case Signal::kMetrics:
      return internal::ReadMetric(walk, message, origin);
  }
}

std::size_t RowsOf(const Request& request) {
  return request.spans.size() + request.logs.size() + request.points.size();
}

}  // namespace

// Where the walk through the two outer levels is, which all signals share: resource groups (field
// 1) with scope groups (field 2) with items (field 2).
class Decoder::Place {
 public:
  Place(Signal signal, std::string_view body)
      : signal_(signal), end_(body.data()), body_(internal::MakeReader(body)) {}

  // Reads items until `is_full` or the end; false at the end. Throws what protozero throws.
  template <typename IsFull>
  bool Fill(Walk& walk, const IsFull& is_full) {
    if (is_in_resource_) {
      internal::PushResource(walk, resource_group_);
    }
    if (is_in_scope_) {
      internal::PushScope(walk, scope_group_);
    }
    do {
      if (!Step(walk)) {
        return false;
      }
    } while (!is_full(end_) && !walk.is_over_limit);
    return true;
  }

  const char* end() const { return end_; }

 private:
  // Reads one item, or what describes a group, which comes before its members here.
  bool Step(Walk& walk) {
    if (is_in_scope_) {
      if (items_.next(2, kMessage)) {
        const std::string_view item = ReadView(items_);
        end_ = item.data() + item.size();
        ReadItem(signal_, walk, item,
                 {.resource = internal::SizeOf(walk.request.resources) - 1,
                  .scope = internal::SizeOf(walk.request.scopes) - 1});
      } else {
        is_in_scope_ = false;
      }
    } else if (is_in_resource_) {
      is_in_scope_ = scopes_.next(2, kMessage);
      is_in_resource_ = is_in_scope_;
      if (is_in_scope_) {
        scope_group_ = ReadView(scopes_);
        items_ = internal::MakeReader(scope_group_);
        internal::PushScope(walk, scope_group_);
      }
    } else {
      is_in_resource_ = body_.next(1, kMessage);
      if (!is_in_resource_) {
        return false;
      }
      resource_group_ = ReadView(body_);
      scopes_ = internal::MakeReader(resource_group_);
      internal::PushResource(walk, resource_group_);
    }
    return true;
  }

  Signal signal_;
  const char* end_;  // Of the last item.
  Reader body_;
  std::string_view resource_group_;
  Reader scopes_;
  std::string_view scope_group_;
  Reader items_;
  bool is_in_resource_ = false;
  bool is_in_scope_ = false;
};

Decoder::Decoder(Signal signal, std::string_view body, const Portion& portion)
    : portion_(portion),
      place_(std::make_unique<Place>(signal, body)),
      limits_(std::make_unique<internal::Limits>(body.size())) {}

Decoder::Decoder(const Decoder& other)
    : portion_(other.portion_),
      place_(std::make_unique<Place>(*other.place_)),
      limits_(std::make_unique<internal::Limits>(*other.limits_)),
      is_done_(other.is_done_) {}

Decoder::~Decoder() = default;

base::Result<std::size_t> Decoder::Next(Request& request) {
  request.Clear();
  Walk walk(request, *limits_);
  const char* const begin = place_->end();
  try {
    is_done_ = !place_->Fill(walk, [&](const char* end) {
      return RowsOf(request) >= portion_.rows ||
             static_cast<std::size_t>(end - begin) >= portion_.bytes;
    });
  } catch (const protozero::exception& exception) {
    request.Clear();
    return base::Error(
        base::Code::kInvalidArgument,
        std::string("cannot decode request: malformed protobuf: ") + exception.what());
  }
  if (walk.is_over_limit) {
    request.Clear();
    return base::Error(base::Code::kInvalidArgument,
                       "cannot decode request: more empty elements than its size allows, or too "
                       "many in one span, log record or metric");
  }
  limits_->Take(request);
  return static_cast<std::size_t>(place_->end() - begin);
}

std::size_t HeldBytes(const Request& request) {
  const auto held = [](const auto& pool) { return pool.capacity() * sizeof(pool[0]); };
  return held(request.resources) + held(request.scopes) + held(request.spans) + held(request.logs) +
         held(request.metrics) + held(request.points) + held(request.attributes) +
         held(request.events) + held(request.links) + held(request.doubles) +
         held(request.integers);
}

base::Result<void> Decode(Signal signal, std::string_view body, Request& request) {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  Decoder decoder(signal, body, {.rows = kAll, .bytes = kAll});
  TRY(decoder.Next(request));
  return {};
}

}  // namespace sightline::otlp
