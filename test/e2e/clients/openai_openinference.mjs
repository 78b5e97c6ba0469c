// SPDX-License-Identifier: Apache-2.0

// The OpenAI SDK traced by OpenInference: chat, streamed chat, responses, a tool call with its
// result, and embeddings. Each call is a trace of its own; the session joins them.
//
// The instrumentation never ends the span of a call that fails, so a refusal shows only in the
// caller's own span, which is what a user of this package has too.

import { setSession, setUser } from '@arizeai/openinference-core';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import OpenAI from 'openai';

import { required, startTracing } from './tracing.mjs';

const tracing = startTracing();
new OpenAIInstrumentation().manuallyInstrument(OpenAI);

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

async function chat() {
  await client.chat.completions.create({
    model,
    temperature: 0.2,
    messages: [
      { role: 'system', content: 'You are polite.' },
      { role: 'user', content: 'Say hello.' },
    ],
  });
}

async function streamedChat() {
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'Tell me a story.' }],
  });
  for await (const chunk of stream) void chunk;
}

async function responses() {
  await client.responses.create({
    model,
    instructions: 'You are polite.',
    input: 'Say hello.',
  });
}

async function toolCall() {
  const messages = [{ role: 'user', content: 'What is the weather in Paris?' }];
  const first = await client.chat.completions.create({ model, messages, tools });
  const asked = first.choices[0].message;
  const result = { role: 'tool', tool_call_id: asked.tool_calls[0].id, content: '18 degrees' };
  await client.chat.completions.create({ model, messages: [...messages, asked, result], tools });
}

async function embeddings() {
  await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: ['one', 'two'],
    encoding_format: 'float',
  });
}

async function refused() {
  const attributes = { 'session.id': required('SESSION_ID') };
  await trace.getTracer('app').startActiveSpan('handle_request', { attributes }, async (span) => {
    try {
      await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Break the rules.' }],
      });
      throw new Error('the provider should have refused');
    } catch (error) {
      if (error.status !== 400) throw error;
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    } finally {
      span.end();
    }
  });
}

const inSession = setUser(setSession(context.active(), { sessionId: required('SESSION_ID') }), {
  userId: 'user-7',
});
await context.with(inSession, async () => {
  for (const call of [chat, streamedChat, responses, toolCall, embeddings, refused]) await call();
});

await tracing.shutdown();
