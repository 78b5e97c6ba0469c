// SPDX-License-Identifier: Apache-2.0

package interop;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent run told to the OpenTelemetry Java SDK, sent span by span over OTLP/gRPC with gzip. */
public final class Client {
  private static final int EXPORT_DEADLINE_SECONDS = 10;

  private Client() {}

  private static void chat(Tracer tracer) {
    Span span =
        tracer
            .spanBuilder("chat gpt-4o-mini")
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", "chat")
            .setAttribute("gen_ai.provider.name", "openai")
            .setAttribute("gen_ai.request.model", "gpt-4o-mini")
            .setAttribute(
                AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop"))
            .setAttribute("gen_ai.usage.input_tokens", 82)
            .setAttribute("gen_ai.usage.output_tokens", 17)
            .setAttribute(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\","
                    + "\"content\":\"What is the weather in Paris?\"}]}]")
            .setAttribute(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Sunny.\"}]}]")
            .startSpan();
    span.end();
  }

  private static void failingTool(Tracer tracer) {
    Span span =
        tracer
            .spanBuilder("execute_tool get_weather")
            .setAttribute("gen_ai.operation.name", "execute_tool")
            .setAttribute("gen_ai.tool.name", "get_weather")
            .setAttribute("gen_ai.tool.call.arguments", "{\"city\":\"Paris\"}")
            .startSpan();
    IllegalStateException error =
        new IllegalStateException("the weather station did not answer");
    span.recordException(error);
    span.setStatus(StatusCode.ERROR, error.getMessage());
    span.end();
  }

  public static void main(String[] arguments) {
    OtlpGrpcSpanExporter exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
            .setCompression("gzip")
            .build();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        System.getenv("OTEL_SERVICE_NAME"))))
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    Tracer tracer = provider.get("interop");
    Span agent =
        tracer
            .spanBuilder("invoke_agent weather-agent")
            .setAttribute("gen_ai.operation.name", "invoke_agent")
            .setAttribute("gen_ai.agent.name", "weather-agent")
            .setAttribute("gen_ai.conversation.id", System.getenv("SESSION_ID"))
            .startSpan();
    try (Scope ignored = agent.makeCurrent()) {
      chat(tracer);
      failingTool(tracer);
    }
    agent.end();
    provider.shutdown().join(EXPORT_DEADLINE_SECONDS, TimeUnit.SECONDS);
  }
}
