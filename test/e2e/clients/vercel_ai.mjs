// SPDX-License-Identifier: Apache-2.0

// Agents on the Vercel AI SDK: two model steps with a tool between them (responses API), the same
// with a tool that fails (chat API), a streamed answer, and a call that the provider refuses.

import { createOpenAI } from '@ai-sdk/openai';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

import { required, startTracing } from './tracing.mjs';

const tracing = startTracing();
const openai = createOpenAI({ apiKey: 'none', baseURL: `${required('FAKE_PROVIDER_URL')}/v1` });

const telemetry = (functionId) => ({
  isEnabled: true,
  functionId,
  metadata: { sessionId: required('SESSION_ID'), userId: 'user-7' },
});

const getWeather = tool({
  description: 'Current weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    if (city === 'Atlantis') throw new RangeError('no such city: Atlantis');
    return { city, celsius: 18, sky: 'sunny' };
  },
});

await generateText({
  model: openai.responses('gpt-4o-mini'),
  system: 'You are a weather assistant.',
  prompt: 'What is the weather in Paris?',
  tools: { get_weather: getWeather },
  stopWhen: stepCountIs(4),
  experimental_telemetry: telemetry('weather-agent'),
});

await generateText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'What is the weather in Atlantis?',
  tools: { get_weather: getWeather },
  stopWhen: stepCountIs(4),
  experimental_telemetry: telemetry('atlantis-agent'),
});

const stream = streamText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'Tell me a story.',
  experimental_telemetry: telemetry('story-agent'),
});
for await (const piece of stream.textStream) void piece;

try {
  await generateText({
    model: openai.chat('gpt-4o-mini'),
    prompt: 'Break the rules.',
    maxRetries: 0,
    experimental_telemetry: telemetry('refused-agent'),
  });
  throw new Error('the provider should have refused');
} catch (error) {
  if (error.statusCode !== 400) throw error;
}

await tracing.shutdown();
