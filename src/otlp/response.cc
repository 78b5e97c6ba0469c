// SPDX-License-Identifier: Apache-2.0
#include "otlp/response.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_quote.h"
#include "base/utf8.h"
#include "otlp/decode.h"
#include "otlp/message_writer.h"
#include "otlp/value_json.h"

namespace sightline::otlp {
namespace {

using internal::MessageWriter;

std::string_view RejectedKey(Signal signal) {
  switch (signal) {
    case Signal::kTraces:
      return "rejectedSpans";
    case Signal::kLogs:
      return "rejectedLogRecords";
    case Signal::kMetrics:
      return "rejectedDataPoints";
  }
  return "rejectedSpans";
}

// Messages quote what was sent, and strict readers refuse a whole body over invalid UTF-8.
std::string Valid(std::string_view message) {
  return base::RepairUtf8(message);
}

std::string ResponseJson(Signal signal, const PartialSuccess& partial) {
  std::string json = R"({"partialSuccess":{)";
  if (partial.rejected != 0) {
    json.append("\"").append(RejectedKey(signal)).append("\":\"");
    AppendJsonInt(partial.rejected, json);
    json.append("\"");
  }
  if (!partial.error_message.empty()) {
    json.append(partial.rejected != 0 ? "," : "").append("\"errorMessage\":");
    base::AppendJsonString(partial.error_message, json);
  }
  return json.append("}}");
}

}  // namespace

std::string EncodeResponse(Signal signal, const PartialSuccess& partial, Encoding encoding) {
  if (partial.rejected == 0 && partial.error_message.empty()) {
    return encoding == Encoding::kJson ? "{}" : "";
  }
  if (encoding == Encoding::kJson) {
    return ResponseJson(signal, partial);
  }
  std::string bytes;
  MessageWriter response(bytes);
  response.AddMessage(1, [&](MessageWriter& message) {
    message.PutInt64(1, partial.rejected);
    message.PutBytes(2, Valid(partial.error_message));
  });
  return bytes;
}

std::string EncodeStatus(std::int32_t grpc_code, std::string_view message, Encoding encoding) {
  if (encoding == Encoding::kJson) {
    std::string json = "{\"code\":";
    AppendJsonInt(grpc_code, json);
    json.append(",\"message\":");
    base::AppendJsonString(message, json);
    return json.append("}");
  }
  std::string bytes;
  MessageWriter status(bytes);
  status.PutInt32(1, grpc_code);
  status.PutBytes(2, Valid(message));
  return bytes;
}

}  // namespace sightline::otlp
