// SPDX-License-Identifier: Apache-2.0

// An agent with the processor against a real server: SIGHTLINE_BIN names its binary.

import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

import { LiveSpanProcessor } from '@sightline/otel-live';

import { openServer } from '../../../../test/e2e/clients/server_under_test.mjs';
import { SDKS } from '../support/sdks.mjs';

const DEADLINE_MS = 10_000;
const POLL_MS = 20;
const NORMAL_CLOSURE = 1000;

let server;
const cleanUps = [];

before(async () => {
  server = await openServer();
});
after(() => server?.stop());
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Waits until `read` answers something. */
async function until(read, describeLast) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await read();
    if (answer) return answer;
    assert.ok(Date.now() < deadline, describeLast());
    await delay(POLL_MS);
  }
}

async function tracesOf(sessionId) {
  const url = `${server.http}/api/v1/observability/traces?session_id=${sessionId}`;
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return (await response.json()).traces;
}

/** The one trace of the session, as soon as `condition` holds for it. */
async function traceWhere(sessionId, condition) {
  let last;
  return until(
    async () => {
      last = await tracesOf(sessionId);
      assert.ok(last.length <= 1, JSON.stringify(last));
      return last[0] !== undefined && condition(last[0]) && last[0];
    },
    () => `the traces of the session are ${JSON.stringify(last)}`,
  );
}

/** Follows an execution over WebSocket; `updates` holds what was said. */
function follow(executionId) {
  const url = server.http.replace('http', 'ws');
  const socket = new WebSocket(`${url}/api/v1/observability/ws/executions/${executionId}`);
  const followed = { updates: [], closeCode: undefined, error: undefined };
  socket.on('message', (data) => followed.updates.push(JSON.parse(data)));
  socket.on('close', (code) => (followed.closeCode = code));
  socket.on('error', (error) => (followed.error = error));
  cleanUps.push(() => socket.terminate());
  const last = () => followed.updates.at(-1);
  followed.until = (condition) =>
    until(
      () => {
        assert.equal(followed.error, undefined);
        return last() !== undefined && condition(last()) && last();
      },
      () => `the last update is ${JSON.stringify(last())}`,
    );
  followed.untilClosed = () =>
    until(
      () => followed.closeCode,
      () => 'the server did not close',
    );
  return followed;
}

/** The exporter of version 2, which also takes ended spans of version 1. */
function exporterOfAnyMajor() {
  const exporter = new OTLPTraceExporter({ url: `${server.otlpHttp}/v1/traces` });
  const asVersion2 = (span) =>
    Object.create(span, {
      instrumentationScope: { value: span.instrumentationScope ?? span.instrumentationLibrary },
      parentSpanContext: {
        value: span.parentSpanContext ?? (span.parentSpanId && { spanId: span.parentSpanId }),
      },
    });
  return {
    export: (spans, done) => exporter.export(spans.map(asVersion2), done),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** An instrumented agent: pending spans by the processor, ended ones by `flush`. */
function startAgent({ sdk = SDKS[1], ...options } = {}) {
  const sessionId = randomUUID();
  const live = new LiveSpanProcessor({ endpoint: server.otlpHttp, delayMs: 20, ...options });
  const { SimpleSpanProcessor } = sdk.sdk;
  const ended = new SimpleSpanProcessor(exporterOfAnyMajor());
  const resource = sdk.makeResource({ 'service.name': 'shop' });
  const provider = sdk.makeProvider({ resource }, [live, ended]);
  cleanUps.push(() => provider.shutdown());
  const tracer = provider.getTracer('test');
  const start = (name, attributes, parent) =>
    tracer.startSpan(
      name,
      { attributes: { 'gen_ai.conversation.id': sessionId, ...attributes } },
      parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT,
    );
  const root = start('invoke_agent planner', {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'planner',
  });
  return {
    sessionId,
    live,
    root,
    startTool: () =>
      start(
        'execute_tool search',
        { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
        root,
      ),
    flush: () => provider.forceFlush(),
  };
}

const idOf = (span) => span.spanContext().spanId;

for (const sdk of SDKS) {
  describe(`an agent with ${sdk.name}`, () => {
    test('is seen running, with its tool, before anything of it has ended', async () => {
      const agent = startAgent({ sdk });
      const running = await traceWhere(agent.sessionId, ({ status }) => status === 'running');
      assert.equal(running.trace_id, agent.root.spanContext().traceId);
      assert.equal(running.agent, 'planner');

      const followed = follow(running.execution_id);
      await followed.until(({ status }) => status === 'running');
      const tool = agent.startTool();
      const stepOf = ({ steps }, span) => steps.find(({ step_id }) => step_id === idOf(span));
      const update = await followed.until((said) => stepOf(said, tool)?.status === 'running');
      assert.equal(stepOf(update, agent.root).status, 'running');
      assert.equal(agent.live.stats.sent, 2);

      tool.end();
      await followed.until((said) => stepOf(said, tool)?.status === 'completed');
      agent.root.setStatus({ code: SpanStatusCode.OK }).end();
      await agent.flush();
      const last = await followed.until(({ status }) => status === 'completed');
      assert.equal(last.steps.length, 2);
      assert.equal(await followed.untilClosed(), NORMAL_CLOSURE);
    });

    test('is one trace of two spans when it has ended: pending spans do not count', async () => {
      const agent = startAgent({ sdk });
      const tool = agent.startTool();
      await until(
        () => agent.live.stats.sent === 2,
        () => JSON.stringify(agent.live.stats),
      );
      await traceWhere(agent.sessionId, ({ status }) => status === 'running');
      tool.end();
      agent.root.end();
      await agent.flush();
      const over = await traceWhere(agent.sessionId, ({ status }) => status === 'completed');
      assert.equal(over.span_count, 2);
      const response = await fetch(`${server.http}/api/v1/observability/traces/${over.trace_id}`);
      const { spans } = await response.json();
      const found = spans.map(({ span_id, parent_span_id }) => [span_id, parent_span_id]);
      assert.deepEqual(
        new Map(found),
        new Map([
          [idOf(agent.root), null],
          [idOf(tool), idOf(agent.root)],
        ]),
      );
    });
  });
}

test("OpenTelemetry's own exporter can carry the pending spans", async () => {
  const exporter = new OTLPTraceExporter({ url: `${server.otlpHttp}/v1/traces` });
  const agent = startAgent({ exporter });
  const running = await traceWhere(agent.sessionId, ({ status }) => status === 'running');
  assert.equal(running.trace_id, agent.root.spanContext().traceId);
  agent.root.end();
});
