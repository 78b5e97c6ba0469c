// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "otlp/request.h"
#include "otlp/walk.h"

namespace sightline::otlp::internal {

void ReadLogRecord(Walk& walk, std::string_view message, Origin origin) {
  LogRecord log;
  log.resource = origin.resource;
  log.scope = origin.scope;
  const std::uint32_t first_attribute = SizeOf(walk.request.attributes);
  Reader reader = MakeReader(message);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case Fixed64Field(1):
        log.time_ns = reader.get_fixed64();
        break;
      case VarintField(2):
        log.severity_number = ReadEnum(reader);
        break;
      case BytesField(3):
        log.severity_text = ReadView(reader);
        break;
      case BytesField(5):
        ReadValue(ReadView(reader), log.body);
        break;
      case BytesField(6):
        ReadAttribute(walk, ReadView(reader));
        break;
      case VarintField(7):
        log.dropped_attributes = reader.get_uint32();
        break;
      case Fixed32Field(8):
        log.flags = reader.get_fixed32();
        break;
      case BytesField(9):
        log.trace_id = ReadView(reader);
        break;
      case BytesField(10):
        log.span_id = ReadView(reader);
        break;
      case Fixed64Field(11):
        log.observed_time_ns = reader.get_fixed64();
        break;
      case BytesField(12):
        log.event_name = ReadView(reader);
        break;
      default:
        reader.skip();
    }
  }
  if (IsContainer(log.body)) {
    CheckContainer(log.body, 1);
  }
  log.attributes = RangeFrom(first_attribute, walk.request.attributes);
  walk.Push(walk.request.logs, walk.limits.logs, log);
}

}  // namespace sightline::otlp::internal
