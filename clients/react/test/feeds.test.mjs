// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { httpUrl, socketUrl } from '../dist/address.js';
import { executionFeed, executionOfTrace } from '../dist/execution.js';
import { RefusedError } from '../dist/feed.js';
import { metricsFeed } from '../dist/metrics.js';

const ADDRESS = { baseUrl: 'http://server:8000' };
const NEVER = new AbortController().signal;
const REAL_TIME = { running_executions: 3, system_load: 'normal' };
const HEALTH = { success_rate: 99.5, health_status: 'healthy' };

/** A fetch that answers from a table of path and query, and remembers what was asked. */
function fakeFetch(answers) {
  const asked = [];
  const fetch = async (url) => {
    const { pathname, search } = new URL(url);
    asked.push(pathname + search);
    const answer = answers[pathname + search];
    if (answer === undefined) return Response.json({ detail: `no ${pathname}` }, { status: 404 });
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return { fetch, asked };
}

const noFetch = () => assert.fail('asked over HTTP');

describe('addresses', () => {
  const cases = [
    ['http://server:8000', 'ws://server:8000/api/v1/x'],
    ['http://server:8000/', 'ws://server:8000/api/v1/x'],
    ['https://server', 'wss://server/api/v1/x'],
    ['https://server/tools/sightline/', 'wss://server/tools/sightline/api/v1/x'],
  ];
  for (const [baseUrl, expected] of cases) {
    test(`${baseUrl} gives ${expected}`, () => {
      assert.equal(socketUrl({ baseUrl }, '/x'), expected);
      assert.equal(httpUrl({ baseUrl }, '/x'), expected.replace(/^ws/, 'http'));
    });
  }

  test('default to the origin of the page, and may be relative to it', () => {
    globalThis.location = { href: 'https://page.example/app/run?id=1' };
    try {
      assert.equal(socketUrl({ baseUrl: undefined }, '/x'), 'wss://page.example/api/v1/x');
      assert.equal(socketUrl({ baseUrl: '/sl' }, '/x'), 'wss://page.example/sl/api/v1/x');
    } finally {
      delete globalThis.location;
    }
  });

  test('escape queries and leave out what is absent', () => {
    const url = httpUrl(ADDRESS, '/x', { workflow_id: 'a b&c', wait: undefined });
    assert.equal(url, 'http://server:8000/api/v1/x?workflow_id=a+b%26c');
  });
});

describe('metrics', () => {
  const feed = metricsFeed(ADDRESS, undefined, noFetch);
  const frame = (type) => ({
    type,
    timestamp: '2026-01-01T00:00:00Z',
    data: { real_time: REAL_TIME, health: HEALTH },
  });

  for (const type of ['initial', 'update']) {
    test(`are read from a frame "${type}"`, () => {
      assert.deepEqual(feed.read(frame(type)), {
        kind: 'value',
        value: { timestamp: '2026-01-01T00:00:00Z', real_time: REAL_TIME, health: HEALTH },
      });
    });
  }

  test('tell how many updates were left out', () => {
    assert.equal(feed.read({ ...frame('update'), skipped: 4 }).value.skipped, 4);
  });

  test('are not taken from pongs and frames of the future', () => {
    for (const message of [{ type: 'pong' }, { type: 'new' }, 7, null, []]) {
      assert.deepEqual(feed.read(message), { kind: 'other' });
    }
  });

  test('without a part are an error, not half a value', () => {
    const message = frame('update');
    delete message.data.health;
    assert.throws(() => feed.read(message), /lack/);
  });

  test('report what the server complains of', () => {
    const problem = { kind: 'problem', message: 'too many' };
    assert.deepEqual(feed.read({ type: 'error', message: 'too many' }), problem);
  });

  test('never end', () => {
    assert.equal(feed.isFinal(feed.read(frame('update')).value), false);
  });

  test('name the workflow in the address of the socket', () => {
    const { socketUrl: url } = metricsFeed(ADDRESS, 'wf/1', noFetch);
    const path = 'ws://server:8000/api/v1/observability/ws/metrics';
    assert.equal(url(), `${path}?workflow_id=wf%2F1`);
    assert.equal(feed.socketUrl(), path);
  });

  test('are polled from health and overview', async () => {
    const { fetch, asked } = fakeFetch({
      '/api/v1/monitoring/health': HEALTH,
      '/api/v1/observability/overview': {
        timestamp: '2026-01-01T00:00:01Z',
        system_health: { other: true },
        real_time_metrics: REAL_TIME,
      },
    });
    assert.deepEqual(await metricsFeed(ADDRESS, undefined, fetch).poll(NEVER), {
      timestamp: '2026-01-01T00:00:01Z',
      real_time: REAL_TIME,
      health: HEALTH,
    });
    assert.equal(asked.length, 2);
  });

  test('of one workflow are polled from the first event of its stream', async () => {
    let isCut = false;
    const pieces = [': hello\n\nretry: 5000\r\n\r\nid: 1\nda', 'ta: {"timestamp":"t","real_time":'];
    const rest = `${JSON.stringify(REAL_TIME)},\ndata: "health":${JSON.stringify(HEALTH)}}\n\n`;
    const body = new ReadableStream({
      start: (stream) => {
        for (const piece of [...pieces, rest, 'data: {"timestamp":"later"']) {
          stream.enqueue(new TextEncoder().encode(piece));
        }
      },
      cancel: () => {
        isCut = true;
      },
    });
    const stream = '/api/v1/observability/metrics/stream?workflow_id=w';
    const { fetch, asked } = fakeFetch({ [stream]: new Response(body) });
    const metrics = await metricsFeed(ADDRESS, 'w', fetch).poll(NEVER);
    assert.deepEqual(metrics, { timestamp: 't', real_time: REAL_TIME, health: HEALTH });
    assert.deepEqual(asked, [stream]);
    assert.equal(isCut, true);
  });

  test('that cannot be polled say why', async () => {
    const down = () => Promise.resolve(Response.json({ detail: 'starting' }, { status: 503 }));
    await assert.rejects(
      metricsFeed(ADDRESS, undefined, down).poll(NEVER),
      /^HttpError: starting$/,
    );
    const proxy = () => Promise.resolve(new Response('<html>', { status: 502 }));
    const expected = { message: 'GET /api/v1/observability/metrics/stream answered 502' };
    await assert.rejects(metricsFeed(ADDRESS, 'w', proxy).poll(NEVER), expected);
  });
});

describe('executions', () => {
  const feed = executionFeed(ADDRESS, 'run/1', false, noFetch);
  const update = { type: 'status_update', execution_id: 'run/1', status: 'running', steps: [] };

  test('are read from status updates', () => {
    assert.deepEqual(feed.read(update), {
      kind: 'value',
      value: { execution_id: 'run/1', status: 'running', steps: [] },
    });
    assert.deepEqual(feed.read({ type: 'pong' }), { kind: 'other' });
    assert.throws(() => feed.read({ ...update, steps: undefined }), /lacks/);
  });

  test('are escaped in the address, and waited for on request', () => {
    const path = 'ws://server:8000/api/v1/observability/ws/executions/run%2F1';
    assert.equal(feed.socketUrl(), path);
    assert.equal(executionFeed(ADDRESS, 'run/1', true, noFetch).socketUrl(), `${path}?wait=1`);
  });

  const finality = {
    running: false,
    abandoned: false,
    completed: true,
    failed: true,
    cancelled: true,
  };
  for (const [status, expected] of Object.entries(finality)) {
    test(`that are ${status} are ${expected ? '' : 'not '}over`, () => {
      assert.equal(feed.isFinal({ ...update, status }), expected);
    });
  }

  const span = (fields) => ({
    span_id: 's1',
    parent_span_id: 's0',
    name: 'plan',
    display_name: 'plan a trip',
    kind: 'agent',
    status: 'completed',
    start_time: '2026-01-01T00:00:00Z',
    end_time: '2026-01-01T00:00:02Z',
    attributes: {},
    ...fields,
  });
  const trace = (fields) => ({
    trace_id: 't1',
    execution_id: 'run/1',
    status: 'completed',
    start_time: '2026-01-01T00:00:00Z',
    end_time: '2026-01-01T00:00:02Z',
    duration: 2,
    spans: [span({ agent_id: 'planner' }), span({ span_id: 's2', kind: 'http' })],
    ...fields,
  });
  const step = {
    step_id: 's1',
    parent_step_id: 's0',
    step_name: 'plan a trip',
    agent_id: 'planner',
    kind: 'agent',
    status: 'completed',
    started_at: '2026-01-01T00:00:00Z',
    completed_at: '2026-01-01T00:00:02Z',
    error_message: null,
  };

  test('are polled as a trace, of which only steps are steps', async () => {
    const path = '/api/v1/observability/traces/run%2F1';
    const { fetch } = fakeFetch({ [path]: trace() });
    assert.deepEqual(await executionFeed(ADDRESS, 'run/1', false, fetch).poll(NEVER), {
      execution_id: 'run/1',
      status: 'completed',
      started_at: '2026-01-01T00:00:00Z',
      completed_at: '2026-01-01T00:00:02Z',
      execution_time: 2,
      error_message: null,
      steps: [step],
    });
  });

  test('that still run have no end', () => {
    const running = executionOfTrace(
      trace({ status: 'running', spans: [span({ status: 'running' })] }),
    );
    assert.equal(running.completed_at, null);
    assert.equal(running.execution_time, null);
    assert.equal(running.steps[0].completed_at, null);
    assert.equal(running.steps[0].agent_id, null);
  });

  test('that are unknown are refused, unless one waits for them', async () => {
    const { fetch } = fakeFetch({});
    const refused = executionFeed(ADDRESS, 'x', false, fetch).poll(NEVER);
    await assert.rejects(refused, (error) => error instanceof RefusedError);
    assert.equal(await executionFeed(ADDRESS, 'x', true, fetch).poll(NEVER), undefined);
  });

  test('that cannot be polled now are not refused', async () => {
    const down = () => Promise.resolve(Response.json({ detail: 'starting' }, { status: 503 }));
    for (const wait of [false, true]) {
      const poll = executionFeed(ADDRESS, 'x', wait, down).poll(NEVER);
      await assert.rejects(poll, (error) => !(error instanceof RefusedError));
    }
  });
});
