// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    // Who sends.
    {"service.name", Field::kService, 0},
    {"service.instance.id", Field::kServiceInstance, 0},
    {"service.version", Field::kRelease, 2},
    {"deployment.environment.name", Field::kEnvironment, 1},
    {"deployment.environment", Field::kEnvironment, 2},
    {"host.name", Field::kHost, 0},
    {"host.id", Field::kHost, 1},
    {"container.id", Field::kHost, 2},
    {"process.pid", Field::kProcessId, 0},
    {"telemetry.sdk.name", Field::kTelemetrySdk, 0},
    {"sightline.demo", Field::kDemo, 0},
    {"sightline.", Field::kKnown},

    // For whom.
    {"session.id", Field::kSessionId, 1},
    {"user.id", Field::kUserId, 0},
    {"enduser.id", Field::kUserId, 2},
    {"enduser.", Field::kKnown},
    {"user.", Field::kKnown},

    // How a model call was served. A resource's region is that of the caller: not asked.
    {"openai.response.service_tier", Field::kServiceTier, 0},
    {"gen_ai.openai.response.service_tier", Field::kServiceTier, 1},
    {"gen_ai.response.service_tier", Field::kServiceTier, 2},
    {"gen_ai.usage.service_tier", Field::kServiceTier, 3},
    {"openai.request.service_tier", Field::kServiceTier, 4},
    {"gen_ai.openai.request.service_tier", Field::kServiceTier, 5},
    {"gen_ai.request.service_tier", Field::kServiceTier, 6},
    {"cloud.region", Field::kRegion, 0},
    {"aws.region", Field::kRegion, 1},

    // What went wrong.
    {"error.type", Field::kErrorType, 0},
    {"error.message", Field::kErrorMessage, 0},
    {"error", Field::kErrorMessage, 1},
    {"error_type", Field::kErrorType, 1},
    {"http.response.status_code", Field::kHttpStatus, 0},
    {"http.status_code", Field::kHttpStatus, 1},
    {"exception.", Field::kKnown},
    // Results of tools, whose own word is that they failed. All dialects: see normalize/errors.cc.
    {"gen_ai.tool.call.result", Field::kToolResult, 0},
    {"tool_response", Field::kToolResult, 1},
    {"ai.toolCall.result", Field::kToolResult, 2},
    {"gcp.vertex.agent.tool_response", Field::kToolResult, 3},
    {"gen_ai.tool.output", Field::kToolResult, 4},
    {"mcp.response.value", Field::kToolResult, 5},
    {"output.value", Field::kToolResult, 6},
    {"langfuse.observation.output", Field::kToolResult, 7},
    {"mlflow.spanOutputs", Field::kToolResult, 8},
    {"traceloop.entity.output", Field::kToolResult, 9},
    {"gen_ai.completion", Field::kToolResult, 10},
    {"output", Field::kToolResult, 11},
    {"lmnr.span.output", Field::kToolResult, 12},
    {"langwatch.output", Field::kToolResult, 13},
    {"gen_ai.output.messages", Field::kToolResult, 14},

    // What else is traced.
    {"db.system.name", Field::kDbSystem, 0},
    {"db.system", Field::kDbSystem, 1},
    {"http.request.method", Field::kHttpMethod, 0},
    {"http.method", Field::kHttpMethod, 1},
    {"rpc.response.status_code", Field::kRpcStatus, 0},
    {"rpc.", Field::kMessaging},
    {"messaging.", Field::kMessaging},

    // Log events.
    {"event.name", Field::kEventName, 0},
    {"event_name", Field::kEventName, 1},  // LiteLLM.

    // Namespaces of the OpenTelemetry conventions that only describe.
    {"client.", Field::kKnown},
    {"cloud.", Field::kKnown},
    {"code.", Field::kKnown},
    {"container.", Field::kKnown},
    {"db.", Field::kKnown},
    {"deployment.", Field::kKnown},
    {"event.", Field::kKnown},
    {"faas.", Field::kKnown},
    {"host.", Field::kKnown},
    {"http.", Field::kKnown},
    {"k8s.", Field::kKnown},
    {"log.", Field::kKnown},
    {"net.", Field::kKnown},
    {"network.", Field::kKnown},
    {"os.", Field::kKnown},
    {"otel.", Field::kKnown},
    {"peer.", Field::kKnown},
    {"process.", Field::kKnown},
    {"server.", Field::kKnown},
    {"service.", Field::kKnown},
    {"telemetry.", Field::kKnown},
    {"thread.", Field::kKnown},
    {"tls.", Field::kKnown},
    {"url.", Field::kKnown},
    {"user_agent.", Field::kKnown},
});

}  // namespace

const DialectSpec& OpenTelemetrySpec() {
  static constexpr DialectSpec kSpec = {.keys = kKeys};
  return kSpec;
}

}  // namespace sightline::normalize
