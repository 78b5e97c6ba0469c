// SPDX-License-Identifier: Apache-2.0

// An agent run told to the OpenTelemetry Go SDK, sent by OTLP/gRPC or, when
// OTEL_EXPORTER_OTLP_PROTOCOL says http/protobuf, by OTLP/HTTP.
package main

import (
	"context"
	"errors"
	"log"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func newExporter(ctx context.Context) (sdktrace.SpanExporter, error) {
	if os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL") == "http/protobuf" {
		return otlptracehttp.New(ctx)
	}
	return otlptracegrpc.New(ctx)
}

func chat(ctx context.Context, tracer trace.Tracer) {
	_, span := tracer.Start(ctx, "chat gpt-4o-mini", trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	span.SetAttributes(
		attribute.String("gen_ai.operation.name", "chat"),
		attribute.String("gen_ai.provider.name", "openai"),
		attribute.String("gen_ai.request.model", "gpt-4o-mini"),
		attribute.StringSlice("gen_ai.response.finish_reasons", []string{"stop"}),
		attribute.Int("gen_ai.usage.input_tokens", 82),
		attribute.Int("gen_ai.usage.output_tokens", 17),
		attribute.String("gen_ai.input.messages",
			`[{"role":"user","parts":[{"type":"text","content":"What is the weather in Paris?"}]}]`),
		attribute.String("gen_ai.output.messages",
			`[{"role":"assistant","parts":[{"type":"text","content":"Sunny."}]}]`),
	)
}

func failingTool(ctx context.Context, tracer trace.Tracer) {
	_, span := tracer.Start(ctx, "execute_tool get_weather")
	defer span.End()
	span.SetAttributes(
		attribute.String("gen_ai.operation.name", "execute_tool"),
		attribute.String("gen_ai.tool.name", "get_weather"),
		attribute.String("gen_ai.tool.call.arguments", `{"city":"Paris"}`),
	)
	err := errors.New("the weather station did not answer")
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
}

func run() error {
	ctx := context.Background()
	exporter, err := newExporter(ctx)
	if err != nil {
		return err
	}
	// The exporter reports what the server refuses here and nowhere else.
	var exportErr error
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { exportErr = err }))
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", os.Getenv("OTEL_SERVICE_NAME")))),
	)
	tracer := provider.Tracer("interop")
	agentCtx, agent := tracer.Start(ctx, "invoke_agent weather-agent")
	agent.SetAttributes(
		attribute.String("gen_ai.operation.name", "invoke_agent"),
		attribute.String("gen_ai.agent.name", "weather-agent"),
		attribute.String("gen_ai.conversation.id", os.Getenv("SESSION_ID")),
	)
	chat(agentCtx, tracer)
	failingTool(agentCtx, tracer)
	agent.End()
	if err := provider.Shutdown(ctx); err != nil {
		return err
	}
	return exportErr
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
