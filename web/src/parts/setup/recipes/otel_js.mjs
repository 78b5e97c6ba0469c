import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const exporter = new OTLPTraceExporter({ url: 'http://127.0.0.1:4318/v1/traces' });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const tracer = provider.getTracer('my-agent');

const run = tracer.startSpan('invoke_agent weather', {
  attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'weather' },
});
const inRun = trace.setSpan(context.active(), run);
const tool = {
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': 'get_weather',
  'gen_ai.tool.call.arguments': '{"city":"Oslo"}',
  'gen_ai.tool.call.result': '{"sky":"rain","celsius":9}',
};
tracer.startSpan('execute_tool get_weather', { attributes: tool }, inRun).end();
const text = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
const chat = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4.1-mini',
  'gen_ai.usage.input_tokens': 42,
  'gen_ai.usage.output_tokens': 7,
  'gen_ai.input.messages': text('user', 'Weather in Oslo?'),
  'gen_ai.output.messages': text('assistant', 'Rain, 9 degrees.'),
};
tracer.startSpan('chat gpt-4.1-mini', { attributes: chat }, inRun).end();
run.end();
await provider.shutdown();
console.log(`http://127.0.0.1:8000/runs/${run.spanContext().traceId}`);
