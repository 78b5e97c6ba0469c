// SPDX-License-Identifier: Apache-2.0

// An agent that is instrumented by hand with the OpenTelemetry JS SDK and the current GenAI
// conventions: traces, logs and metrics over the protocol in OTEL_EXPORTER_OTLP_PROTOCOL.
//
// Three traces: an agent whose tool fails once and then works, a streamed answer, and a refusal.
// The first is flushed half way, so that children arrive before their parent.

import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';
import process from 'node:process';

import { required } from './tracing.mjs';

const PACKAGE_SUFFIX = { grpc: 'grpc', 'http/protobuf': 'proto', 'http/json': 'http' };
const suffix = PACKAGE_SUFFIX[required('OTEL_EXPORTER_OTLP_PROTOCOL')];
const [{ OTLPTraceExporter }, { OTLPLogExporter }, { OTLPMetricExporter }] = await Promise.all([
  import(`@opentelemetry/exporter-trace-otlp-${suffix}`),
  import(`@opentelemetry/exporter-logs-otlp-${suffix}`),
  import(`@opentelemetry/exporter-metrics-otlp-${suffix}`),
]);

const resource = resourceFromAttributes({
  'service.name': required('OTEL_SERVICE_NAME'),
  'service.version': '1.2.3',
  'service.instance.id': 'instance-1',
  'deployment.environment.name': 'test',
});
const tracing = new NodeTracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
tracing.register();
const logging = new LoggerProvider({
  resource,
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
});
const metering = new MeterProvider({
  resource,
  readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
  views: [
    {
      instrumentName: 'gen_ai.client.operation.duration',
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
    },
  ],
});

const tracer = tracing.getTracer('trip-planner', '1.2.3');
const logger = logging.getLogger('trip-planner', '1.2.3');
const meter = metering.getMeter('trip-planner', '1.2.3');
const tokenUsage = meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' });
const operationDuration = meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' });
meter
  .createObservableCounter('process.cpu.time', { unit: 's' })
  .addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe(user / 1e6, { 'cpu.mode': 'user' });
    result.observe(system / 1e6, { 'cpu.mode': 'system' });
  });
meter
  .createObservableGauge('process.memory.usage', { unit: 'By' })
  .addCallback((result) => result.observe(process.memoryUsage.rss()));

const provider = new OpenAI({
  apiKey: 'none',
  baseURL: `${required('FAKE_PROVIDER_URL')}/v1`,
  maxRetries: 0,
});
const model = 'gpt-4o-mini';

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Current weather of a city',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
      },
    },
  },
];

/** Finer than the SDK's own milliseconds: a retry at once starts behind what failed. */
const now = () => performance.timeOrigin + performance.now();

/** Runs `body` in a span; an exception marks the span and goes on. */
async function inSpan(name, options, body) {
  return tracer.startActiveSpan(name, { startTime: now(), ...options }, async (span) => {
    try {
      return await body(span);
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      span.setAttribute('error.type', error.constructor.name);
      throw error;
    } finally {
      span.end(now());
    }
  });
}

/** A chat message of the provider in the shape of the conventions. */
function toParts(message) {
  const parts = [];
  if (message.role === 'tool') {
    const { tool_call_id: id, content } = message;
    return { role: 'tool', parts: [{ type: 'tool_call_response', id, response: content }] };
  }
  if (message.content) parts.push({ type: 'text', content: message.content });
  for (const { id, function: called } of message.tool_calls ?? []) {
    const { name } = called;
    parts.push({ type: 'tool_call', id, name, arguments: JSON.parse(called.arguments) });
  }
  return { role: message.role, parts };
}

function usageAttributes(usage) {
  return {
    'gen_ai.usage.input_tokens': usage.prompt_tokens,
    'gen_ai.usage.output_tokens': usage.completion_tokens,
    'gen_ai.usage.cache_read.input_tokens': usage.prompt_tokens_details.cached_tokens,
    'gen_ai.usage.reasoning.output_tokens': usage.completion_tokens_details.reasoning_tokens,
  };
}

const modelAttributes = (messages) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': model,
  'gen_ai.request.temperature': 0.2,
  'gen_ai.input.messages': JSON.stringify(messages.map(toParts)),
});

function recordUsage(usage, startedAt) {
  const common = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': model };
  tokenUsage.record(usage.prompt_tokens, { ...common, 'gen_ai.token.type': 'input' });
  tokenUsage.record(usage.completion_tokens, { ...common, 'gen_ai.token.type': 'output' });
  operationDuration.record((performance.now() - startedAt) / 1000, common);
}

/** One plain model call in its span; answers the provider's message and usage. */
function chat(messages) {
  const options = { kind: SpanKind.CLIENT, attributes: modelAttributes(messages) };
  return inSpan(`chat ${model}`, options, async (span) => {
    const startedAt = performance.now();
    const answer = await provider.chat.completions.create({ model, messages, tools });
    const { message, finish_reason } = answer.choices[0];
    span.setAttributes({
      ...usageAttributes(answer.usage),
      'gen_ai.response.id': answer.id,
      'gen_ai.response.model': answer.model,
      'gen_ai.response.finish_reasons': [finish_reason],
      'gen_ai.output.messages': JSON.stringify([{ ...toParts(message), finish_reason }]),
      'gen_ai.tool.definitions': JSON.stringify(tools.map((t) => ({ type: t.type, ...t.function }))),
    });
    recordUsage(answer.usage, startedAt);
    logger.emit({
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      body: `model answered with ${finish_reason}`,
      attributes: { attempt: 1, nested: { kept: [true, 2.5, 'three'] } },
    });
    return { message, usage: answer.usage };
  });
}

/** One streamed model call in its span. */
function streamedChat(messages) {
  const attributes = { ...modelAttributes(messages), 'gen_ai.request.stream': true };
  return inSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const startedAt = performance.now();
    const stream = await provider.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let firstAt;
    for await (const chunk of stream) {
      firstAt ??= performance.now();
      text += chunk.choices[0]?.delta.content ?? '';
      if (!chunk.usage) continue;
      const parts = [{ type: 'text', content: text }];
      span.setAttributes({
        ...usageAttributes(chunk.usage),
        'gen_ai.response.id': chunk.id,
        'gen_ai.response.model': chunk.model,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.response.time_to_first_chunk': (firstAt - startedAt) / 1000,
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts, finish_reason: 'stop' },
        ]),
      });
      recordUsage(chunk.usage, startedAt);
    }
  });
}

class WeatherTimeout extends Error {
  name = 'WeatherTimeout';
}

function getWeather(call, attempt) {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.function.name,
    'gen_ai.tool.call.id': call.id,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.arguments': call.function.arguments,
  };
  return inSpan(`execute_tool ${call.function.name}`, { attributes }, async (span) => {
    if (attempt === 1) throw new WeatherTimeout('the weather station did not answer');
    const result = '18 degrees and sunny';
    span.setAttribute('gen_ai.tool.call.result', JSON.stringify({ result }));
    return result;
  });
}

async function withOneRetry(operation) {
  try {
    return await operation(1);
  } catch (error) {
    logger.emit({
      severityNumber: SeverityNumber.ERROR,
      severityText: 'ERROR',
      body: `tool failed: ${error.message}`,
      attributes: { 'exception.type': error.name, 'exception.message': error.message },
    });
    return operation(2);
  }
}

const agentAttributes = (name) => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': name,
  'gen_ai.agent.id': `${name}-v1`,
  'gen_ai.provider.name': 'openai',
  'gen_ai.conversation.id': required('SESSION_ID'),
  'user.id': 'user-7',
});

const cause = {
  context: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
  attributes: { 'messaging.operation.name': 'receive' },
};

async function tripPlanner() {
  const options = { attributes: agentAttributes('trip-planner'), links: [cause] };
  await inSpan('invoke_agent trip-planner', options, async (span) => {
    const messages = [
      { role: 'system', content: 'You are a weather assistant.' },
      { role: 'user', content: 'What is the weather in Paris?' },
    ];
    const first = await chat(messages);
    const [call] = first.message.tool_calls;
    const content = await withOneRetry((attempt) => getWeather(call, attempt));
    await tracing.forceFlush();
    const result = { role: 'tool', tool_call_id: call.id, content };
    const second = await chat([...messages, first.message, result]);
    // The conventions allow an agent span to repeat the sum of its calls.
    span.setAttributes({
      'gen_ai.usage.input_tokens': first.usage.prompt_tokens + second.usage.prompt_tokens,
      'gen_ai.usage.output_tokens': first.usage.completion_tokens + second.usage.completion_tokens,
      'gen_ai.input.messages': JSON.stringify(messages.map(toParts)),
      'gen_ai.output.messages': JSON.stringify([toParts(second.message)]),
    });
  });
}

const storyteller = () =>
  inSpan('invoke_agent storyteller', { attributes: agentAttributes('storyteller') }, () =>
    streamedChat([{ role: 'user', content: 'Tell me a story.' }]),
  );

async function refused() {
  try {
    await inSpan('invoke_agent rebel', { attributes: agentAttributes('rebel') }, () =>
      chat([{ role: 'user', content: 'Break the rules.' }]),
    );
    throw new Error('the provider should have refused');
  } catch (error) {
    if (error.status !== 400) throw error;
  }
}

for (const run of [tripPlanner, storyteller, refused]) await run();
await Promise.all([tracing.shutdown(), logging.shutdown(), metering.shutdown()]);
