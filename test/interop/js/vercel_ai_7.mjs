// SPDX-License-Identifier: Apache-2.0

// Agents on the Vercel AI SDK 7 with @ai-sdk/otel: a run with a tool, and a streamed answer.

import { createOpenAI } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { generateText, registerTelemetry, stepCountIs, streamText, tool } from 'ai';
import process from 'node:process';
import { z } from 'zod';

const { FAKE_PROVIDER_URL, OTEL_SERVICE_NAME, SESSION_ID } = process.env;

const tracing = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': OTEL_SERVICE_NAME }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
tracing.register();
registerTelemetry(new OpenTelemetry({ runtimeContext: true, usage: true }));

const openai = createOpenAI({ apiKey: 'none', baseURL: `${FAKE_PROVIDER_URL}/v1` });
const common = (functionId) => ({
  runtimeContext: { sessionId: SESSION_ID },
  telemetry: { functionId, includeRuntimeContext: { sessionId: true } },
});

const getWeather = tool({
  description: 'Current weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, celsius: 18, sky: 'sunny' }),
});

await generateText({
  model: openai.responses('gpt-4o-mini'),
  system: 'You are a weather assistant.',
  prompt: 'What is the weather in Paris?',
  tools: { get_weather: getWeather },
  stopWhen: stepCountIs(4),
  ...common('weather-agent'),
});
const stream = streamText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'Tell me a story.',
  ...common('story-agent'),
});
for await (const piece of stream.textStream) void piece;
await tracing.shutdown();
