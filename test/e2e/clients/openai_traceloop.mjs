// SPDX-License-Identifier: Apache-2.0

// The OpenAI SDK traced by Traceloop: a workflow that runs an agent, which calls the model, a tool
// and the model again; then a streamed chat and a refusal, each in a workflow of its own.
//
// Neither package ends the span of a call that fails: of the refused workflow only the task that
// worked is exported, and its parent never comes.

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import * as traceloop from '@traceloop/node-server-sdk';
import OpenAI from 'openai';

import { required } from './tracing.mjs';

traceloop.initialize({
  appName: required('OTEL_SERVICE_NAME'),
  exporter: new OTLPTraceExporter(),
  instrumentModules: { openAI: OpenAI },
  traceloopSyncEnabled: false,
  silenceInitializationMessage: true,
});

const client = new OpenAI({
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

const getWeather = (city) =>
  traceloop.withTool({ name: 'get_weather' }, async (place) => `18 degrees in ${place}`, city);

const weatherAgent = (question) =>
  traceloop.withAgent(
    { name: 'weather-agent' },
    async (content) => {
      const messages = [{ role: 'user', content }];
      const first = await client.chat.completions.create({ model, messages, tools });
      const asked = first.choices[0].message;
      const [call] = asked.tool_calls;
      const answer = await getWeather(JSON.parse(call.function.arguments).city);
      const result = { role: 'tool', tool_call_id: call.id, content: answer };
      const second = await client.chat.completions.create({
        model,
        messages: [...messages, asked, result],
        tools,
      });
      return second.choices[0].message.content;
    },
    question,
  );

async function streamedChat() {
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'Tell me a story.' }],
  });
  for await (const chunk of stream) void chunk;
}

async function refused() {
  const content = await traceloop.withTask({ name: 'prepare' }, async () => 'Break the rules.');
  await client.chat.completions.create({ model, messages: [{ role: 'user', content }] });
}

const inWorkflow = (name, body) =>
  traceloop.withWorkflow(
    {
      name,
      associationProperties: { session_id: required('SESSION_ID'), user_id: 'user-7' },
    },
    body,
  );

await inWorkflow('plan_trip', () => weatherAgent('What is the weather in Paris?'));
await inWorkflow('tell_story', streamedChat);
try {
  await inWorkflow('refused', refused);
  throw new Error('the provider should have refused');
} catch (error) {
  if (error.status !== 400) throw error;
}

await traceloop.forceFlush();
