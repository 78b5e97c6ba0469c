// SPDX-License-Identifier: Apache-2.0
#include "otlp/json_schema.h"

#include <string_view>

#include "otlp/decode.h"

namespace sightline::otlp::internal {
namespace {

using enum FieldKind;

constexpr Field One(std::string_view key, unsigned number, const Message& message) {
  return {.key = key, .number = number, .kind = kMessage, .message = &message};
}

constexpr Field Many(std::string_view key, unsigned number, const Message& message) {
  return {.key = key, .number = number, .kind = kMessage, .is_list = true, .message = &message};
}

constexpr Field List(std::string_view key, unsigned number, FieldKind kind) {
  return {.key = key, .number = number, .kind = kind, .is_list = true};
}

constexpr Field Enum(std::string_view key, unsigned number, const EnumNames& names) {
  return {.key = key, .number = number, .kind = kEnum, .names = &names};
}

// Values contain lists of values.
extern const Message kAnyValue;

constexpr Field kKeyValueFields[] = {{"key", 1, kText}, One("value", 2, kAnyValue)};
constexpr Message kKeyValue{kKeyValueFields};

constexpr Field kArrayValueFields[] = {Many("values", 1, kAnyValue)};
constexpr Message kArrayValue{kArrayValueFields};

constexpr Field kKeyValueListFields[] = {Many("values", 1, kKeyValue)};
constexpr Message kKeyValueList{kKeyValueListFields};

constexpr Field kAnyValueFields[] = {{"stringValue", 1, kText},
                                     {"boolValue", 2, kBool},
                                     {"intValue", 3, kInt},
                                     {"doubleValue", 4, kDouble},
                                     One("arrayValue", 5, kArrayValue),
                                     One("kvlistValue", 6, kKeyValueList),
                                     {"bytesValue", 7, kBase64}};
constexpr Message kAnyValue{kAnyValueFields, true};

constexpr Field kResourceFields[] = {Many("attributes", 1, kKeyValue),
                                     {"droppedAttributesCount", 2, kUint32}};
constexpr Message kResource{kResourceFields};

constexpr Field kScopeFields[] = {{"name", 1, kText},
                                  {"version", 2, kText},
                                  Many("attributes", 3, kKeyValue),
                                  {"droppedAttributesCount", 4, kUint32}};
constexpr Message kScope{kScopeFields};

constexpr Field kEventFields[] = {{"timeUnixNano", 1, kFixed64},
                                  {"name", 2, kText},
                                  Many("attributes", 3, kKeyValue),
                                  {"droppedAttributesCount", 4, kUint32}};
constexpr Message kEvent{kEventFields};

constexpr Field kLinkFields[] = {{"traceId", 1, kId},
                                 {"spanId", 2, kId},
                                 {"traceState", 3, kText},
                                 Many("attributes", 4, kKeyValue),
                                 {"droppedAttributesCount", 5, kUint32},
                                 {"flags", 6, kFixed32}};
constexpr Message kLink{kLinkFields};

constexpr std::string_view kStatusCodeNames[] = {"UNSET", "OK", "ERROR"};
constexpr EnumNames kStatusCodes{"STATUS_CODE_", kStatusCodeNames};

constexpr Field kStatusFields[] = {{"message", 2, kText}, Enum("code", 3, kStatusCodes)};
constexpr Message kStatus{kStatusFields};

constexpr std::string_view kSpanKindNames[] = {"UNSPECIFIED", "INTERNAL", "SERVER",
                                               "CLIENT",      "PRODUCER", "CONSUMER"};
constexpr EnumNames kSpanKinds{"SPAN_KIND_", kSpanKindNames};

constexpr Field kSpanFields[] = {{"traceId", 1, kId},
                                 {"spanId", 2, kId},
                                 {"traceState", 3, kText},
                                 {"parentSpanId", 4, kId},
                                 {"name", 5, kText},
                                 Enum("kind", 6, kSpanKinds),
                                 {"startTimeUnixNano", 7, kFixed64},
                                 {"endTimeUnixNano", 8, kFixed64},
                                 Many("attributes", 9, kKeyValue),
                                 {"droppedAttributesCount", 10, kUint32},
                                 Many("events", 11, kEvent),
                                 {"droppedEventsCount", 12, kUint32},
                                 Many("links", 13, kLink),
                                 {"droppedLinksCount", 14, kUint32},
                                 One("status", 15, kStatus),
                                 {"flags", 16, kFixed32}};
constexpr Message kSpan{kSpanFields, false, Level::kItem};

constexpr std::string_view kSeverityNames[] = {
    "UNSPECIFIED", "TRACE",  "TRACE2", "TRACE3", "TRACE4", "DEBUG",  "DEBUG2", "DEBUG3", "DEBUG4",
    "INFO",        "INFO2",  "INFO3",  "INFO4",  "WARN",   "WARN2",  "WARN3",  "WARN4",  "ERROR",
    "ERROR2",      "ERROR3", "ERROR4", "FATAL",  "FATAL2", "FATAL3", "FATAL4"};
constexpr EnumNames kSeverities{"SEVERITY_NUMBER_", kSeverityNames};

constexpr Field kLogRecordFields[] = {{"timeUnixNano", 1, kFixed64},
                                      Enum("severityNumber", 2, kSeverities),
                                      {"severityText", 3, kText},
                                      One("body", 5, kAnyValue),
                                      Many("attributes", 6, kKeyValue),
                                      {"droppedAttributesCount", 7, kUint32},
                                      {"flags", 8, kFixed32},
                                      {"traceId", 9, kId},
                                      {"spanId", 10, kId},
                                      {"observedTimeUnixNano", 11, kFixed64},
                                      {"eventName", 12, kText}};
constexpr Message kLogRecord{kLogRecordFields, false, Level::kItem};

constexpr Field kNumberPointFields[] = {
    {"startTimeUnixNano", 2, kFixed64}, {"timeUnixNano", 3, kFixed64},
    {"asDouble", 4, kDouble},           {"asInt", 6, kSfixed64},
    Many("attributes", 7, kKeyValue),   {"flags", 8, kUint32}};
constexpr Message kNumberPoint{kNumberPointFields};

constexpr Field kHistogramPointFields[] = {{"startTimeUnixNano", 2, kFixed64},
                                           {"timeUnixNano", 3, kFixed64},
                                           {"count", 4, kFixed64},
                                           {"sum", 5, kDouble},
                                           List("bucketCounts", 6, kFixed64),
                                           List("explicitBounds", 7, kDouble),
                                           Many("attributes", 9, kKeyValue),
                                           {"flags", 10, kUint32},
                                           {"min", 11, kDouble},
                                           {"max", 12, kDouble}};
constexpr Message kHistogramPoint{kHistogramPointFields};

constexpr Field kBucketsFields[] = {{"offset", 1, kSint32}, List("bucketCounts", 2, kUint64)};
constexpr Message kBuckets{kBucketsFields};

constexpr Field kExponentialPointFields[] = {Many("attributes", 1, kKeyValue),
                                             {"startTimeUnixNano", 2, kFixed64},
                                             {"timeUnixNano", 3, kFixed64},
                                             {"count", 4, kFixed64},
                                             {"sum", 5, kDouble},
                                             {"scale", 6, kSint32},
                                             {"zeroCount", 7, kFixed64},
                                             One("positive", 8, kBuckets),
                                             One("negative", 9, kBuckets),
                                             {"flags", 10, kUint32},
                                             {"min", 12, kDouble},
                                             {"max", 13, kDouble},
                                             {"zeroThreshold", 14, kDouble}};
constexpr Message kExponentialPoint{kExponentialPointFields};

constexpr Field kQuantileFields[] = {{"quantile", 1, kDouble}, {"value", 2, kDouble}};
constexpr Message kQuantile{kQuantileFields};

constexpr Field kSummaryPointFields[] = {{"startTimeUnixNano", 2, kFixed64},
                                         {"timeUnixNano", 3, kFixed64},
                                         {"count", 4, kFixed64},
                                         {"sum", 5, kDouble},
                                         Many("quantileValues", 6, kQuantile),
                                         Many("attributes", 7, kKeyValue),
                                         {"flags", 8, kUint32}};
constexpr Message kSummaryPoint{kSummaryPointFields};

constexpr std::string_view kTemporalityNames[] = {"UNSPECIFIED", "DELTA", "CUMULATIVE"};
constexpr EnumNames kTemporalities{"AGGREGATION_TEMPORALITY_", kTemporalityNames};

constexpr Field kGaugeFields[] = {Many("dataPoints", 1, kNumberPoint)};
constexpr Message kGauge{kGaugeFields};

constexpr Field kSumFields[] = {Many("dataPoints", 1, kNumberPoint),
                                Enum("aggregationTemporality", 2, kTemporalities),
                                {"isMonotonic", 3, kBool}};
constexpr Message kSum{kSumFields};

constexpr Field kHistogramFields[] = {Many("dataPoints", 1, kHistogramPoint),
                                      Enum("aggregationTemporality", 2, kTemporalities)};
constexpr Message kHistogram{kHistogramFields};

constexpr Field kExponentialFields[] = {Many("dataPoints", 1, kExponentialPoint),
                                        Enum("aggregationTemporality", 2, kTemporalities)};
constexpr Message kExponential{kExponentialFields};

constexpr Field kSummaryFields[] = {Many("dataPoints", 1, kSummaryPoint)};
constexpr Message kSummary{kSummaryFields};

constexpr Field kMetricFields[] = {{"name", 1, kText},
                                   {"description", 2, kText},
                                   {"unit", 3, kText},
                                   One("gauge", 5, kGauge),
                                   One("sum", 7, kSum),
                                   One("histogram", 9, kHistogram),
                                   One("exponentialHistogram", 10, kExponential),
                                   One("summary", 11, kSummary)};
constexpr Message kMetric{kMetricFields, false, Level::kItem};

// Before OTLP 0.15 a scope was an instrumentation library.
constexpr Field kScopeSpansFields[] = {One("scope", 1, kScope),
                                       One("instrumentationLibrary", 1, kScope),
                                       Many("spans", 2, kSpan),
                                       {"schemaUrl", 3, kText}};
constexpr Message kScopeSpans{kScopeSpansFields, false, Level::kEnvelope};
constexpr Field kScopeLogsFields[] = {One("scope", 1, kScope),
                                      One("instrumentationLibrary", 1, kScope),
                                      Many("logRecords", 2, kLogRecord),
                                      {"schemaUrl", 3, kText}};
constexpr Message kScopeLogs{kScopeLogsFields, false, Level::kEnvelope};
constexpr Field kScopeMetricsFields[] = {One("scope", 1, kScope),
                                         One("instrumentationLibrary", 1, kScope),
                                         Many("metrics", 2, kMetric),
                                         {"schemaUrl", 3, kText}};
constexpr Message kScopeMetrics{kScopeMetricsFields, false, Level::kEnvelope};

constexpr Field kResourceSpansFields[] = {One("resource", 1, kResource),
                                          Many("scopeSpans", 2, kScopeSpans),
                                          Many("instrumentationLibrarySpans", 2, kScopeSpans),
                                          {"schemaUrl", 3, kText}};
constexpr Message kResourceSpans{kResourceSpansFields, false, Level::kEnvelope};
constexpr Field kResourceLogsFields[] = {One("resource", 1, kResource),
                                         Many("scopeLogs", 2, kScopeLogs),
                                         Many("instrumentationLibraryLogs", 2, kScopeLogs),
                                         {"schemaUrl", 3, kText}};
constexpr Message kResourceLogs{kResourceLogsFields, false, Level::kEnvelope};
constexpr Field kResourceMetricsFields[] = {One("resource", 1, kResource),
                                            Many("scopeMetrics", 2, kScopeMetrics),
                                            Many("instrumentationLibraryMetrics", 2, kScopeMetrics),
                                            {"schemaUrl", 3, kText}};
constexpr Message kResourceMetrics{kResourceMetricsFields, false, Level::kEnvelope};

constexpr Field kTraceRequestFields[] = {Many("resourceSpans", 1, kResourceSpans)};
constexpr Message kTraceRequest{kTraceRequestFields, false, Level::kEnvelope};
constexpr Field kLogsRequestFields[] = {Many("resourceLogs", 1, kResourceLogs)};
constexpr Message kLogsRequest{kLogsRequestFields, false, Level::kEnvelope};
constexpr Field kMetricsRequestFields[] = {Many("resourceMetrics", 1, kResourceMetrics)};
constexpr Message kMetricsRequest{kMetricsRequestFields, false, Level::kEnvelope};

}  // namespace

const Message& RequestSchema(Signal signal) {
  switch (signal) {
    case Signal::kTraces:
      return kTraceRequest;
    case Signal::kLogs:
      return kLogsRequest;
    case Signal::kMetrics:
      return kMetricsRequest;
  }
  return kTraceRequest;
}

}  // namespace sightline::otlp::internal
