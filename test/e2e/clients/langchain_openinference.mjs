// SPDX-License-Identifier: Apache-2.0

// A LangChain.js agent with one tool, traced by OpenInference: a run that calls the tool, a run
// whose model call is refused.

import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import * as callbackManager from '@langchain/core/callbacks/manager';
import { ChatOpenAI } from '@langchain/openai';
import { createAgent, tool } from 'langchain';
import { z } from 'zod';

import { required, startTracing } from './tracing.mjs';

const tracing = startTracing();
new LangChainInstrumentation().manuallyInstrument(callbackManager);

const model = new ChatOpenAI({
  model: 'gpt-4o-mini',
  temperature: 0,
  apiKey: 'none',
  maxRetries: 0,
  configuration: { baseURL: `${required('FAKE_PROVIDER_URL')}/v1` },
});

const getWeather = tool(async ({ city }) => `18 degrees and sunny in ${city}`, {
  name: 'get_weather',
  description: 'Current weather of a city',
  schema: z.object({ city: z.string() }),
});

const agent = createAgent({
  name: 'weather-agent',
  model,
  tools: [getWeather],
  systemPrompt: 'You are a weather assistant.',
});

const options = { metadata: { session_id: required('SESSION_ID') } };
const ask = (content) => agent.invoke({ messages: [{ role: 'user', content }] }, options);

await ask('What is the weather in Paris?');
try {
  await ask('Break the rules.');
  throw new Error('the provider should have refused');
} catch (error) {
  if (error.status !== 400) throw error;
}

await tracing.shutdown();
