// SPDX-License-Identifier: Apache-2.0

// The hooks against a real server: SIGHTLINE_BIN names its binary.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';

import { openServer } from '../../../../test/e2e/clients/server_under_test.mjs';
import { renderHook, until } from '../support/render.mjs';

const { useExecutionUpdates, useObservabilityMetrics } = await import('@sightline/react');

const SPAN_OK = 1;
const SPAN_ERROR = 2;
const NO_PARENT = '0'.repeat(16);

const newId = (bytes) => randomBytes(bytes).toString('hex');
const nanosNow = () => `${Date.now()}000000`;
const text = (key, value) => ({ key, value: { stringValue: value } });

let server;
const views = [];
const sockets = [];

/** Remembers the sockets that the hooks open. */
class WatchedSocket extends WebSocket {
  constructor(url) {
    super(url);
    sockets.push(this);
    this.on('close', (code) => (this.closeCode = code));
  }
}

before(async () => {
  server = await openServer();
});
after(() => server?.stop());
afterEach(() => {
  for (const view of views.splice(0)) view.unmount();
  sockets.splice(0);
});

function render(useHook, options) {
  const all = { baseUrl: server.http, WebSocket: WatchedSocket, ...options };
  const view = renderHook(() => useHook(all), undefined, { strict: true });
  views.push(view);
  return view;
}

async function send(spans, workflow) {
  const resource = { attributes: [text('service.name', workflow)] };
  const scopeSpans = [{ scope: { name: 'hooks-test' }, spans }];
  const response = await fetch(`${server.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }),
  });
  assert.equal(response.status, 200, await response.text());
}

/** An agent run of two spans, told in pieces. */
function agentRun(workflow) {
  const traceId = newId(16);
  const startTimeUnixNano = nanosNow();
  const span = (name, operation, parentSpanId) => ({
    traceId,
    spanId: newId(8),
    ...(parentSpanId && { parentSpanId }),
    name: `${operation} ${name}`,
    kind: 1,
    startTimeUnixNano,
    attributes: [
      text('gen_ai.operation.name', operation),
      text('gen_ai.workflow.name', workflow),
      text(operation === 'execute_tool' ? 'gen_ai.tool.name' : 'gen_ai.agent.name', name),
    ],
  });
  const root = span('planner', 'invoke_agent');
  const tool = span('search', 'execute_tool', root.spanId);
  const start = (started) =>
    send(
      [
        {
          ...started,
          spanId: newId(8),
          parentSpanId: started.spanId,
          endTimeUnixNano: started.startTimeUnixNano,
          attributes: [
            ...started.attributes,
            text('logfire.span_type', 'pending_span'),
            text('logfire.pending_parent_id', started.parentSpanId ?? NO_PARENT),
          ],
        },
      ],
      workflow,
    );
  const end = (ended, status = { code: SPAN_OK }) =>
    send([{ ...ended, endTimeUnixNano: nanosNow(), status }], workflow);
  return {
    traceId,
    toolId: tool.spanId,
    start: () => start(root),
    startTool: () => start(tool),
    endTool: () => end(tool),
    end: () => end(root),
    fail: (message) => end(root, { code: SPAN_ERROR, message }),
  };
}

const stepOf = (result, id) => result.execution?.steps.find((step) => step.step_id === id);

describe('useObservabilityMetrics', () => {
  test('shows a healthy server that has run nothing', async () => {
    const view = render(useObservabilityMetrics);
    const { metrics, isConnected, error } = await view.until((result) => result.metrics);
    assert.equal(isConnected, true);
    assert.equal(error, undefined);
    assert.equal(metrics.health.health_status, 'healthy');
    assert.equal(metrics.health.total_executions, 0);
    assert.equal(metrics.real_time.system_load, 'normal');
    assert.ok(Number.isFinite(Date.parse(metrics.timestamp)));
    assert.equal(sockets.length, 1);
  });

  test('shows a run when it starts and when it has ended', async () => {
    const view = render(useObservabilityMetrics);
    const { metrics: old } = await view.until((result) => result.metrics);
    const run = agentRun('metrics-flow');
    await run.start();
    await view.until(
      ({ metrics }) =>
        metrics.real_time.running_executions === old.real_time.running_executions + 1,
    );
    await run.end();
    const { metrics } = await view.until(
      (result) =>
        result.metrics.health.completed_executions === old.health.completed_executions + 1,
    );
    assert.equal(metrics.real_time.running_executions, old.real_time.running_executions);
  });

  test('keeps its connection by pings that the server answers', async () => {
    const timing = { pingIntervalMs: 50, answerTimeoutMs: 5_000 };
    const view = render(useObservabilityMetrics, { timing });
    await view.until((result) => result.metrics);
    let pongs = 0;
    sockets[0].on('message', (data) => {
      if (JSON.parse(data).type === 'pong') pongs += 1;
    });
    await until(() => pongs >= 3);
    assert.equal(sockets.length, 1);
  });

  test('shows the same by polling', async () => {
    const view = render(useObservabilityMetrics, { transport: 'polling' });
    const { metrics, isPolling, error } = await view.until((result) => result.metrics);
    assert.equal(isPolling, true);
    assert.equal(error, undefined);
    assert.ok('health_status' in metrics.health, JSON.stringify(metrics.health));
    assert.ok('running_executions' in metrics.real_time, JSON.stringify(metrics.real_time));
    assert.equal(sockets.length, 0);
  });

  for (const transport of ['auto', 'polling']) {
    test(`shows the figures of one workflow alone (${transport})`, async () => {
      const workflow = `alone-${transport}`;
      const [one, other] = [agentRun(workflow), agentRun(`not-${workflow}`)];
      await Promise.all([one.start(), other.start()]);
      const timing = { pollIntervalMs: 50 };
      const view = render(useObservabilityMetrics, { workflowId: workflow, transport, timing });
      await view.until(({ metrics }) => metrics?.real_time.running_executions === 1);
      await Promise.all([one.end(), other.end()]);
      const { metrics } = await view.until(
        (result) => result.metrics.health.completed_executions === 1,
      );
      assert.equal(metrics.health.total_executions, 1);
    });
  }
});

describe('useExecutionUpdates', () => {
  test('follows a run from its first span to its end, and lets the server close', async () => {
    const run = agentRun('followed');
    const view = render((options) => useExecutionUpdates(run.traceId, { ...options, wait: true }));
    await until(() => sockets.at(-1)?.readyState === WebSocket.OPEN);
    await run.start();
    const started = await view.until((result) => result.execution);
    assert.equal(started.execution.status, 'running');
    assert.equal(started.execution.completed_at, null);
    await run.startTool();
    await view.until((result) => stepOf(result, run.toolId)?.status === 'running');
    await run.endTool();
    await view.until((result) => stepOf(result, run.toolId)?.status === 'completed');
    assert.equal(view.result().execution.status, 'running');
    await run.end();
    const over = await view.until(
      (result) => result.execution.status === 'completed' && !result.isConnected,
    );
    assert.equal(over.error, undefined);
    assert.equal(over.execution.steps.length, 2);
    await until(() => sockets[0].closeCode !== undefined);
    assert.equal(sockets[0].closeCode, 1000);
    assert.equal(sockets.length, 1);
  });

  test('says why a run failed', async () => {
    const run = agentRun('failing');
    await run.start();
    const view = render((options) => useExecutionUpdates(run.traceId, options));
    await view.until((result) => result.execution?.status === 'running');
    await run.fail('no money left');
    const { execution } = await view.until((result) => result.execution.status === 'failed');
    assert.equal(execution.error_message, 'no money left');
  });

  test('keeps its connection by pings that the server answers', async () => {
    const run = agentRun('pinged');
    await run.start();
    const timing = { pingIntervalMs: 50, answerTimeoutMs: 5_000 };
    const view = render((options) => useExecutionUpdates(run.traceId, { ...options, timing }));
    await view.until((result) => result.execution);
    let pongs = 0;
    sockets[0].on('message', (data) => {
      if (JSON.parse(data).type === 'pong') pongs += 1;
    });
    await until(() => pongs >= 3);
    assert.equal(sockets.length, 1);
  });

  for (const transport of ['auto', 'polling']) {
    test(`calls an unknown run an error and stops (${transport})`, async () => {
      const id = newId(16);
      const view = render((options) => useExecutionUpdates(id, { ...options, transport }));
      const { error, execution } = await view.until(
        (result) => result.error && !result.isConnected && !result.isPolling,
      );
      assert.equal(typeof error, 'string');
      assert.equal(execution, undefined);
      assert.equal(sockets.length, transport === 'auto' ? 1 : 0);
      if (transport === 'auto') {
        await until(() => sockets[0].closeCode !== undefined);
        assert.equal(sockets[0].closeCode, 1008);
      }
    });
  }

  test('shows the same run by polling', async () => {
    const run = agentRun('polled');
    await run.start();
    const all = { transport: 'polling', timing: { pollIntervalMs: 50 } };
    const view = render((options) => useExecutionUpdates(run.traceId, { ...options, ...all }));
    await view.until((result) => result.execution?.status === 'running');
    await run.startTool();
    await run.endTool();
    await run.end();
    const { execution } = await view.until((result) => result.execution.status === 'completed');
    const socket = render((options) => useExecutionUpdates(run.traceId, options));
    const said = await socket.until((result) => result.execution?.status === 'completed');
    const essence = ({ steps, ...rest }) => ({
      ...Object.fromEntries(Object.keys(execution).map((key) => [key, rest[key]])),
      steps: steps.map(({ step_id, kind, status }) => ({ step_id, kind, status })).sort(byId),
    });
    assert.deepEqual(essence(execution), essence(said.execution));
  });
});

function byId(a, b) {
  return a.step_id < b.step_id ? -1 : 1;
}
