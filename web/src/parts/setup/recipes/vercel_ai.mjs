import { openai } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { generateText, registerTelemetry } from 'ai';

const exporter = new OTLPTraceExporter({ url: 'http://127.0.0.1:4318/v1/traces' });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();
registerTelemetry(new OpenTelemetry({ usage: true }));

// From here on, your own agent.
await generateText({
  model: openai('gpt-4.1-mini'),
  prompt: 'What is the weather in Oslo?',
  telemetry: { functionId: 'weather' },
});
await provider.shutdown();
