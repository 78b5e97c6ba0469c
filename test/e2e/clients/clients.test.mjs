// SPDX-License-Identifier: Apache-2.0

// Real instrumented clients against a real server: each is run as a program of its own, its model
// calls are answered by the fake provider, and then its traces are read back as a user would.
//
// The tokens are compared with what the provider reported, call by call and in sum, so that a
// count that is lost, doubled by a roll-up span or taken from the wrong key fails.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { runClient } from './clients.mjs';
import { FIRST_PIECE_DELAY_MS, startFakeProvider } from './fake_provider.mjs';
import { openServer } from './server_under_test.mjs';
import {
  conversation,
  outline,
  readSession,
  spansOfKind,
  totalOf,
  usageOf,
} from './trace_reader.mjs';

const MODEL = 'gpt-4o-mini';
const REFUSAL = /Your request was rejected by the safety system\./;

const SYSTEM = 'system: You are a weather assistant.';
const ASK_PARIS = 'user: What is the weather in Paris?';
const CALL_PARIS = 'assistant: call call_paris_1 get_weather({"city":"Paris"})';
const ANSWER_PARIS = 'assistant: It is 18 degrees and sunny in Paris.';
const ASK_STORY = 'user: Tell me a story.';
const STORY = 'assistant: Once upon a time a small span found its parent.';
const ASK_HELLO = 'user: Say hello.';
const HELLO = 'assistant: Hello there, 你好, مرحبا 👋';

let server;

before(async () => {
  server = await openServer();
});

after(async () => {
  await server?.stop();
});

/** Runs a client; answers its traces, oldest first, and the usage that the provider reported. */
async function tracesOf(name, spanCount) {
  const provider = await startFakeProvider();
  try {
    const sessionId = `${name}-${process.pid}-${Date.now()}`;
    await runClient(name, {
      otlpHttp: server.otlpHttp,
      otlpGrpc: server.otlpGrpc,
      providerUrl: provider.url,
      sessionId,
    });
    const traces = await readSession(server.http, sessionId, spanCount);
    for (const trace of traces) assert.equal(trace.session_id, sessionId);
    const reported = provider.ledger.filter((row) => row.usage).map(({ usage }) => usage);
    return { traces, reported: reported.map(({ cacheWrite, ...usage }) => usage) };
  } finally {
    await provider.close();
  }
}

/** Every model call has the usage that the provider reported, and the trace has their sum. */
function assertUsage(trace, reported) {
  assert.deepEqual(spansOfKind(trace, 'llm').map(usageOf), reported);
  assert.equal(trace.total_tokens, totalOf(reported));
}

function assertModel(trace) {
  for (const span of spansOfKind(trace, 'llm')) {
    assert.ok(span.model.startsWith(MODEL), `model is ${span.model}`);
    assert.equal(span.provider, 'openai');
  }
  assert.equal(trace.models.length, 1);
  assert.ok(trace.models[0].startsWith(MODEL), `models are ${trace.models}`);
}

function assertTree(trace, lines) {
  assert.equal(outline(trace), lines.join('\n'));
}

function assertFirstToken(span) {
  const seconds = span.time_to_first_token;
  assert.ok(seconds * 1000 >= FIRST_PIECE_DELAY_MS, `first token after ${seconds} s`);
  assert.ok(seconds <= span.duration, `first token after ${seconds} of ${span.duration} s`);
}

function assertRefused(span, type) {
  assert.equal(span.status, 'failed');
  assert.equal(span.error_type, type);
  assert.match(span.error_message, REFUSAL);
}

function assertTool(span, { callId, input, output }) {
  assert.equal(span.tool.name, 'get_weather');
  if (callId) assert.equal(span.tool.call_id, callId);
  assert.match(JSON.stringify(span.input_data), input);
  if (output) assert.match(JSON.stringify(span.output_data), output);
}

for (const name of ['otel-js-grpc', 'otel-js-http-protobuf', 'otel-js-http-json']) {
  describe(`OpenTelemetry JS SDK, ${name}`, () => {
    let planner;
    let story;
    let rebel;
    let reported;

    before(async () => {
      const result = await tracesOf(name, 9);
      [planner, story, rebel] = result.traces;
      reported = result.reported;
      assert.equal(result.traces.length, 3);
    });

    test('shows the agent with its calls, though they arrived before it', () => {
      assertTree(planner, [
        'agent invoke_agent trip-planner',
        '  llm',
        '  tool get_weather FAILED',
        '  tool get_weather',
        '  llm',
      ]);
      assert.equal(planner.agent, 'trip-planner');
      assert.equal(planner.user_id, 'user-7');
      assert.equal(planner.status, 'completed');
      assert.equal(planner.error_count, 1);
    });

    test('counts tokens once, not again for the roll-up on the agent', () => {
      assertUsage(planner, reported.slice(0, 2));
      assertUsage(story, reported.slice(2, 3));
      for (const trace of [planner, story]) assertModel(trace);
    });

    test('shows the conversation with the tool call and its result', () => {
      const [first, second] = spansOfKind(planner, 'llm').map(conversation);
      assert.deepEqual(first, { input: [SYSTEM, ASK_PARIS], output: [CALL_PARIS] });
      const result = 'tool: result call_paris_1 18 degrees and sunny';
      assert.deepEqual(second, {
        input: [SYSTEM, ASK_PARIS, CALL_PARIS, result],
        output: [ANSWER_PARIS],
      });
    });

    test('shows the tool that failed and its retry', () => {
      const [failed, retried] = spansOfKind(planner, 'tool');
      const call = { callId: 'call_paris_1', input: /Paris/ };
      assertTool(failed, call);
      assertTool(retried, { ...call, output: /18 degrees and sunny/ });
      assert.equal(failed.error_type, 'WeatherTimeout');
      assert.equal(failed.error_message, 'the weather station did not answer');
      const [event] = failed.events;
      assert.equal(event.name, 'exception');
      assert.match(event.attributes['exception.stacktrace'], /otel_sdk\.mjs/);
    });

    test('keeps the link to what caused the run', () => {
      const [agent] = spansOfKind(planner, 'agent');
      assert.equal(agent.links.length, 1);
      assert.equal(agent.links[0].trace_id, '0af7651916cd43dd8448eb211c80319c');
      assert.equal(agent.links[0].span_id, 'b7ad6b7169203331');
    });

    test('shows the logs at the spans that wrote them', () => {
      const [agent] = spansOfKind(planner, 'agent');
      const [first, second] = spansOfKind(planner, 'llm');
      const logs = planner.logs.map(({ level, message, span_id }) => ({ level, message, span_id }));
      assert.deepEqual(logs, [
        { level: 'info', message: 'model answered with tool_calls', span_id: first.span_id },
        {
          level: 'error',
          message: 'tool failed: the weather station did not answer',
          span_id: agent.span_id,
        },
        { level: 'info', message: 'model answered with stop', span_id: second.span_id },
      ]);
    });

    test('shows the time to the first token of a streamed answer', () => {
      assertTree(story, ['agent invoke_agent storyteller', '  llm']);
      const [llm] = spansOfKind(story, 'llm');
      assertFirstToken(llm);
      assert.deepEqual(conversation(llm), { input: [ASK_STORY], output: [STORY] });
    });

    test('shows why the refused run failed', () => {
      assertTree(rebel, ['agent invoke_agent rebel FAILED', '  llm FAILED']);
      assert.equal(rebel.status, 'failed');
      assert.match(rebel.error_message, REFUSAL);
      for (const span of rebel.spans) assertRefused(span, 'BadRequestError');
    });
  });
}

describe('Vercel AI SDK', () => {
  let weather;
  let atlantis;
  let story;
  let refused;
  let reported;

  before(async () => {
    const result = await tracesOf('vercel-ai', 12);
    [weather, atlantis, story, refused] = result.traces;
    reported = result.reported;
    assert.equal(result.traces.length, 4);
  });

  test('shows the agent with two model steps and the tool between them', () => {
    assertTree(weather, ['agent ai.generateText', '  llm', '  tool get_weather', '  llm']);
    assert.equal(weather.agent, 'weather-agent');
    assert.equal(weather.user_id, 'user-7');
    assert.equal(weather.status, 'completed');
  });

  test('counts tokens once, not again for the totals on the outer span', () => {
    assertUsage(weather, reported.slice(0, 2));
    assertUsage(atlantis, reported.slice(2, 4));
    assertUsage(story, reported.slice(4, 5));
    for (const trace of [weather, atlantis, story]) assertModel(trace);
  });

  test('shows the conversation with the tool call and its result', () => {
    const [first, second] = spansOfKind(weather, 'llm').map(conversation);
    assert.deepEqual(first, { input: [SYSTEM, ASK_PARIS], output: [CALL_PARIS] });
    const [system, ask, call, result, ...rest] = second.input;
    assert.deepEqual([system, ask, call, rest], [SYSTEM, ASK_PARIS, CALL_PARIS, []]);
    assert.match(result, /^tool: result call_paris_1 .*"celsius":18/);
    assert.deepEqual(second.output, [ANSWER_PARIS]);
  });

  test('shows the tool with its arguments and result', () => {
    const [tool] = spansOfKind(weather, 'tool');
    assertTool(tool, { callId: 'call_paris_1', input: /Paris/, output: /sunny/ });
  });

  test('shows the tool that failed inside a run that did not', () => {
    assertTree(atlantis, ['agent ai.generateText', '  llm', '  tool get_weather FAILED', '  llm']);
    const [tool] = spansOfKind(atlantis, 'tool');
    assert.equal(tool.error_type, 'RangeError');
    assert.equal(tool.error_message, 'no such city: Atlantis');
    assert.equal(atlantis.status, 'completed');
    assert.equal(atlantis.error_count, 1);
  });

  test('shows the time to the first token of a streamed answer', () => {
    assertTree(story, ['agent ai.streamText', '  llm']);
    const [llm] = spansOfKind(story, 'llm');
    assertFirstToken(llm);
    assert.deepEqual(conversation(llm), { input: [ASK_STORY], output: [STORY] });
  });

  test('shows why the refused run failed', () => {
    assertTree(refused, ['agent ai.generateText FAILED', '  llm FAILED']);
    assert.equal(refused.status, 'failed');
    for (const span of refused.spans) assertRefused(span, 'AI_APICallError');
  });
});

describe('LangChain.js with OpenInference', () => {
  let weather;
  let refused;
  let reported;

  before(async () => {
    const result = await tracesOf('langchain-openinference', 14);
    [weather, refused] = result.traces;
    reported = result.reported;
    assert.equal(result.traces.length, 2);
  });

  test('shows the graph with its model calls and its tool', () => {
    assert.equal(weather.name, 'weather-agent');
    assert.equal(weather.status, 'completed');
    const root = weather.spans.find((span) => span.parent_span_id === null);
    const lines = outline(weather).split('\n');
    assert.equal(lines[0], `${root.kind} weather-agent`);
    assert.deepEqual(lines.slice(1), [
      '  task __start__',
      '  task model_request',
      '    llm',
      '    task RunnableLambda',
      '  task tools',
      '    tool get_weather',
      '  task model_request',
      '    llm',
      '    task RunnableLambda',
    ]);
  });

  // The name is only in the metadata, as lc_agent_name.
  test('names the agent', () => {
    assert.equal(weather.agent, 'weather-agent');
    assert.equal(refused.agent, 'weather-agent');
  });

  test('counts tokens as the provider did', () => {
    assertUsage(weather, reported);
    for (const span of spansOfKind(weather, 'llm')) assert.equal(span.model, MODEL);
  });

  test('shows the conversation with the tool call and its result', () => {
    // This instrumentation sends neither call ids nor the text of the system prompt.
    const withoutIds = (line) => line.replace(/(call|result) (call_paris_1|\?) /, '$1 ');
    const [first, second] = spansOfKind(weather, 'llm').map(conversation);
    const lines = (span) => span.filter((line) => !line.startsWith('system: ')).map(withoutIds);
    const call = withoutIds(CALL_PARIS);
    assert.deepEqual(lines(first.input), [ASK_PARIS]);
    assert.deepEqual(lines(first.output), [call]);
    const [ask, repeated, result, ...rest] = lines(second.input);
    assert.deepEqual([ask, repeated, rest], [ASK_PARIS, call, []]);
    assert.match(result, /^tool: .*18 degrees and sunny in Paris$/);
    assert.deepEqual(lines(second.output), [ANSWER_PARIS]);
  });

  test('shows the tool with its arguments and result', () => {
    const [tool] = spansOfKind(weather, 'tool');
    assertTool(tool, { input: /Paris/, output: /18 degrees and sunny/ });
  });

  test('shows why the refused run failed', () => {
    assert.equal(refused.status, 'failed');
    assert.match(refused.error_message, REFUSAL);
    const [llm] = spansOfKind(refused, 'llm');
    assert.equal(llm.status, 'failed');
    assert.match(llm.error_message, REFUSAL);
  });
});

describe('OpenAI SDK with OpenInference', () => {
  let traces;
  let reported;

  before(async () => {
    const result = await tracesOf('openai-openinference', 7);
    ({ traces, reported } = result);
    assert.equal(traces.length, 7);
  });

  test('shows each call as a trace of the session', () => {
    const kinds = traces.slice(0, 6).map(outline);
    assert.deepEqual(kinds, ['llm', 'llm', 'llm', 'llm', 'llm', 'embedding']);
    for (const trace of traces.slice(0, 6)) assert.equal(trace.user_id, 'user-7');
  });

  test('counts tokens as the provider did, and none where none were sent', () => {
    const [chat, streamed, responses, toolCall, toolAnswer, embeddings] = traces;
    assertUsage(chat, [reported[0]]);
    assertUsage(responses, [reported[2]]);
    assertUsage(toolCall, [reported[3]]);
    assertUsage(toolAnswer, [reported[4]]);
    // This instrumentation drops the usage of streams and of embeddings: unknown, not zero.
    for (const trace of [streamed, embeddings]) {
      assert.ok(!trace.spans[0].usage || Object.keys(trace.spans[0].usage).length === 0);
    }
    for (const trace of traces.slice(0, 5)) assertModel(trace);
    assert.equal(embeddings.spans[0].model, 'text-embedding-3-small');
  });

  test('shows the messages of chat, stream and responses', () => {
    const said = traces.slice(0, 3).map((trace) => conversation(trace.spans[0]));
    const polite = { input: ['system: You are polite.', ASK_HELLO], output: [HELLO] };
    assert.deepEqual(said, [polite, { input: [ASK_STORY], output: [STORY] }, polite]);
  });

  test('shows the tool call and its result', () => {
    const [toolCall, toolAnswer] = traces.slice(3, 5).map((t) => conversation(t.spans[0]));
    assert.deepEqual(toolCall, { input: [ASK_PARIS], output: [CALL_PARIS] });
    const result = 'tool: result call_paris_1 18 degrees';
    assert.deepEqual(toolAnswer, {
      input: [ASK_PARIS, CALL_PARIS, result],
      output: [ANSWER_PARIS],
    });
  });

  test('shows the exception that the caller recorded', () => {
    const [span] = traces[6].spans;
    assert.equal(span.name, 'handle_request');
    assert.equal(traces[6].status, 'failed');
    assertRefused(span, 'content_policy_violation');
  });
});

describe('OpenAI SDK with Traceloop', () => {
  let trip;
  let story;
  let orphan;
  let reported;

  before(async () => {
    const result = await tracesOf('openai-traceloop', 8);
    [trip, story, orphan] = result.traces;
    reported = result.reported;
    assert.equal(result.traces.length, 3);
  });

  test('shows workflow, agent, model calls and tool', () => {
    assertTree(trip, [
      'workflow plan_trip.workflow',
      '  agent weather-agent.agent',
      '    llm',
      '    tool get_weather',
      '    llm',
    ]);
    assert.equal(trip.workflow_id, 'plan_trip');
    assert.equal(trip.agent, 'weather-agent');
    assert.equal(trip.user_id, 'user-7');
    assert.equal(trip.status, 'completed');
  });

  test('counts tokens as the client sent them', () => {
    // This instrumentation does not send cached tokens.
    assertUsage(trip, reported.slice(0, 2).map((usage) => ({ ...usage, cached: 0 })));
    // For a stream it counts by itself, with a tokenizer of its own.
    assertUsage(story, [{ input: 5, output: 11, cached: 0, reasoning: 0 }]);
    for (const trace of [trip, story]) assertModel(trace);
  });

  test('shows the conversation with the tool call and its result', () => {
    const [first, second] = spansOfKind(trip, 'llm').map(conversation);
    assert.deepEqual(first, { input: [ASK_PARIS], output: [CALL_PARIS] });
    const result = 'tool: result call_paris_1 18 degrees in Paris';
    assert.deepEqual(second, {
      input: [ASK_PARIS, CALL_PARIS, result],
      output: [ANSWER_PARIS],
    });
  });

  test('shows the tool with its arguments and result', () => {
    const [tool] = spansOfKind(trip, 'tool');
    assertTool(tool, { input: /Paris/, output: /18 degrees in Paris/ });
  });

  test('shows the streamed answer', () => {
    assertTree(story, ['workflow tell_story.workflow', '  llm']);
    const [llm] = spansOfKind(story, 'llm');
    assert.deepEqual(conversation(llm), { input: [ASK_STORY], output: [STORY] });
  });

  test('keeps a span whose parent never comes, and says so', () => {
    assertTree(orphan, ['task prepare.task ORPHAN']);
    assert.equal(orphan.workflow_id, 'refused');
  });
});
