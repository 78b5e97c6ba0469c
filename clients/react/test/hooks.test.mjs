// SPDX-License-Identifier: Apache-2.0

// The hooks in react-dom, against a server that speaks real WebSocket.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { WebSocket } from 'ws';

import { startFakeServer } from './support/fakeServer.mjs';
import { renderHook, until } from './support/render.mjs';

const { useExecutionUpdates, useObservabilityMetrics } = await import('@sightline/react');
const { createElement } = await import('react');
const { renderToString } = await import('react-dom/server');

const TIMING = { firstDelayMs: 5, maxDelayMs: 20, pollIntervalMs: 10 };
const METRICS_PATH = '/api/v1/observability/ws/metrics';
const EXECUTION_PATH = '/api/v1/observability/ws/executions/run-1';
const HEALTH = { success_rate: 99.5, health_status: 'healthy' };

const metrics = (running) => ({
  timestamp: '2026-01-01T00:00:00Z',
  real_time: { running_executions: running },
  health: HEALTH,
});
const frame = (type, running) => {
  const { timestamp, ...data } = metrics(running);
  return JSON.stringify({ type, timestamp, data });
};
const update = (status, steps = []) =>
  JSON.stringify({ type: 'status_update', execution_id: 'run-1', status, steps });
const resources = {
  '/api/v1/monitoring/health': HEALTH,
  '/api/v1/observability/overview': {
    timestamp: '2026-01-01T00:00:00Z',
    real_time_metrics: { running_executions: 8 },
  },
};

const cleanUps = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(options) {
  const server = await startFakeServer(options);
  cleanUps.push(() => server.stop());
  return server;
}

function render(useHook, options) {
  const view = renderHook(useHook, undefined, options);
  cleanUps.push(() => view.unmount());
  return view;
}

const optionsFor = (server) => ({ baseUrl: server.url, WebSocket, timing: TIMING });

describe('useObservabilityMetrics', () => {
  const greet = (socket) => socket.send(frame('initial', 1));

  test('shows the figures of the first frame and of each update', async () => {
    let send;
    const server = await start({
      onSocket: (socket) => {
        greet(socket);
        send = (running) => socket.send(frame('update', running));
      },
    });
    const view = render(() => useObservabilityMetrics(optionsFor(server)));
    const first = await view.until((result) => result.metrics);
    assert.deepEqual(first.metrics, metrics(1));
    assert.equal(first.isConnected, true);
    assert.equal(first.error, undefined);
    send(2);
    await view.until((result) => result.metrics.real_time.running_executions === 2);
  });

  test('has nothing in the first render', async () => {
    const server = await start({ onSocket: greet });
    const view = render(() => useObservabilityMetrics(optionsFor(server)));
    await view.until((result) => result.metrics);
    assert.equal(view.results[0].metrics, undefined);
    assert.equal(view.results[0].isConnected, false);
  });

  test('opens one socket under StrictMode', async () => {
    const server = await start({ onSocket: greet });
    const view = render(() => useObservabilityMetrics(optionsFor(server)), { strict: true });
    await view.until((result) => result.metrics);
    assert.deepEqual(server.upgrades, [METRICS_PATH]);
  });

  test('does not open another socket for options that are new objects', async () => {
    const server = await start({ onSocket: greet });
    const view = render(() => useObservabilityMetrics({ ...optionsFor(server), timing: {} }));
    await view.until((result) => result.metrics);
    const renders = view.results.length;
    view.rerender('again');
    await until(() => view.results.length > renders);
    assert.equal(server.upgrades.length, 1);
    assert.equal(view.result().reconnect, view.results[0].reconnect);
  });

  test('closes the socket normally when unmounted', async () => {
    const server = await start({ onSocket: greet });
    const view = render(() => useObservabilityMetrics(optionsFor(server)));
    await view.until((result) => result.metrics);
    view.unmount();
    await until(() => server.closeCodes.length > 0);
    assert.deepEqual(server.closeCodes, [1000]);
    assert.equal(server.upgrades.length, 1);
  });

  test('can be unmounted while the socket opens', async () => {
    let hasOpened;
    const opened = new Promise((resolve) => (hasOpened = resolve));
    const server = await start({ onSocket: hasOpened });
    const constructed = [];
    class WatchedSocket extends WebSocket {
      constructor(url) {
        super(url);
        constructed.push(this);
      }
    }
    const options = { ...optionsFor(server), WebSocket: WatchedSocket };
    const view = render(() => useObservabilityMetrics(options));
    await until(() => constructed.length > 0);
    view.unmount();
    await Promise.race([opened, until(() => constructed[0].readyState === WebSocket.CLOSED)]);
    await until(() => server.openSockets() === 0);
    assert.equal(view.result().metrics, undefined);
  });

  test('comes back after the server dropped it', async () => {
    const sockets = [];
    const server = await start({
      onSocket: (socket) => {
        sockets.push(socket);
        socket.send(frame('initial', sockets.length));
      },
    });
    const view = render(() => useObservabilityMetrics(optionsFor(server)));
    await view.until((result) => result.metrics);
    sockets[0].terminate();
    await view.until((result) => result.metrics.real_time.running_executions === 2);
    assert.equal(server.upgrades.length, 2);
    assert.equal(view.result().error, undefined);
  });

  test('polls while the socket cannot be opened, and stops when it can', async () => {
    const server = await start({ onSocket: greet, resources });
    server.isClosedToSockets = true;
    const view = render(() => useObservabilityMetrics(optionsFor(server)));
    const polled = await view.until((result) => result.metrics);
    assert.deepEqual(polled.metrics, metrics(8));
    assert.equal(polled.isConnected, false);
    assert.equal(polled.isPolling, true);
    server.isClosedToSockets = false;
    await view.until(
      (result) => result.isConnected && result.metrics.real_time.running_executions === 1,
    );
    assert.equal(view.result().isPolling, false);
  });

  test('opens no socket where only polling is wanted', async () => {
    const server = await start({ resources });
    const options = { ...optionsFor(server), transport: 'polling' };
    const view = render(() => useObservabilityMetrics(options));
    const result = await view.until(({ metrics: found }) => found);
    assert.equal(result.isPolling, true);
    assert.deepEqual(server.upgrades, []);
  });

  test('stays away from the server while it is not enabled', async () => {
    const server = await start({ onSocket: greet });
    const view = renderHook(
      (enabled) => useObservabilityMetrics({ ...optionsFor(server), enabled }),
      false,
    );
    cleanUps.push(() => view.unmount());
    await until(() => view.results.length > 0);
    assert.equal(view.result().isConnected, false);
    view.rerender(true);
    await view.until((result) => result.metrics);
    view.rerender(false);
    await until(() => server.openSockets() === 0);
    assert.equal(server.upgrades.length, 1);
  });

  test('sends pings', async () => {
    const server = await start({
      onSocket: (socket) => {
        greet(socket);
        socket.on('message', () => socket.send('{"type":"pong"}'));
      },
    });
    const timing = { ...TIMING, pingIntervalMs: 5, answerTimeoutMs: 5_000 };
    render(() => useObservabilityMetrics({ ...optionsFor(server), timing }));
    await until(() => server.received.length >= 2);
    assert.deepEqual(server.received.slice(0, 2), ['{"type":"ping"}', '{"type":"ping"}']);
    assert.equal(server.upgrades.length, 1);
  });

  test('renders on a server, without opening a WebSocket', () => {
    class Untouchable {
      constructor() {
        assert.fail('opened a WebSocket');
      }
    }
    const Page = () => {
      const result = useObservabilityMetrics({ WebSocket: Untouchable, fetch: Untouchable });
      return `${typeof result.metrics} ${result.isConnected} ${typeof result.error}`;
    };
    assert.equal(renderToString(createElement(Page)), 'undefined false undefined');
  });
});

describe('useExecutionUpdates', () => {
  const step = { step_id: 's1', step_name: 'plan', status: 'running' };

  test('follows the run to its end and does not come back', async () => {
    let finish;
    const server = await start({
      onSocket: (socket) => {
        socket.send(update('running', [step]));
        finish = () => {
          socket.send(update('completed', [{ ...step, status: 'completed' }]));
          socket.close(1000);
        };
      },
    });
    const view = render(() => useExecutionUpdates('run-1', optionsFor(server)));
    const running = await view.until((result) => result.execution);
    assert.equal(running.execution.status, 'running');
    assert.deepEqual(running.execution.steps, [step]);
    finish();
    const over = await view.until(
      (result) => result.execution.status === 'completed' && !result.isConnected,
    );
    assert.equal(over.execution.steps[0].status, 'completed');
    assert.equal(over.error, undefined);
    await until(() => server.openSockets() === 0);
    assert.deepEqual(server.upgrades, [EXECUTION_PATH]);
  });

  test('reports an unknown execution and does not ask again', async () => {
    const server = await start({
      onSocket: (socket) => {
        socket.send('{"type":"error","message":"unknown execution run-1"}');
        socket.close(1008);
      },
    });
    const view = render(() => useExecutionUpdates('run-1', optionsFor(server)));
    await view.until((result) => result.error && !result.isConnected);
    await until(() => server.openSockets() === 0);
    assert.equal(view.result().error, 'unknown execution run-1');
    assert.equal(view.result().execution, undefined);
    assert.equal(server.upgrades.length, 1);
  });

  test('asks again for an unknown execution on request', async () => {
    let isKnown = false;
    const server = await start({
      onSocket: (socket) => {
        if (isKnown) socket.send(update('running'));
        else socket.close(1008, 'unknown');
      },
    });
    const view = render(() => useExecutionUpdates('run-1', optionsFor(server)));
    await view.until((result) => result.error === 'unknown');
    isKnown = true;
    view.result().reconnect();
    await view.until((result) => result.execution?.status === 'running' && !result.error);
  });

  test('turns to another execution and forgets the first', async () => {
    const server = await start({
      onSocket: (socket, path) =>
        socket.send(
          JSON.stringify({
            type: 'status_update',
            execution_id: path.split('/').at(-1),
            status: 'running',
            steps: [],
          }),
        ),
    });
    const view = renderHook((id) => useExecutionUpdates(id, optionsFor(server)), undefined);
    cleanUps.push(() => view.unmount());
    await until(() => view.results.length > 0);
    assert.equal(view.result().execution, undefined);
    view.rerender('run-1');
    await view.until((result) => result.execution?.execution_id === 'run-1');
    const renders = view.results.length;
    view.rerender('run-2');
    await view.until((result) => result.execution?.execution_id === 'run-2');
    assert.equal(view.results[renders].execution, undefined);
    await until(() => server.openSockets() === 1);
  });

  test('polls the trace where there is no socket, until the run is over', async () => {
    const trace = { execution_id: 'run-1', status: 'running', spans: [] };
    const path = '/api/v1/observability/traces/run-1';
    const polled = { [path]: trace };
    const server = await start({ resources: polled });
    server.isClosedToSockets = true;
    const view = render(() => useExecutionUpdates('run-1', optionsFor(server)));
    await view.until((result) => result.execution?.status === 'running' && result.isPolling);
    polled[path] = { ...trace, status: 'failed', error_message: 'no money' };
    const over = await view.until((result) => result.execution.status === 'failed');
    assert.equal(over.execution.error_message, 'no money');
    await view.until((result) => !result.isPolling);
  });
});
