// SPDX-License-Identifier: Apache-2.0
// Serves web/dist and plausible answers, for work on the interface without a server and for the test
// of the five states. `node e2e/mock_server.mjs [port]`; the scenario is switched by setScenario().

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  answerText,
  bigContent,
  makeBigTrace,
  makeOverview,
  makeRun,
  makeRunMetrics,
  makeTrace,
} from './mock_data.mjs';
import { countOverTime, countValues } from './mock_counts.mjs';
import { toRows, toTranscript } from './mock_rows.mjs';
import { acceptWebSocket } from './mock_socket.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const root = '/api/v1/observability/';
const runCount = 260;
const bigSpans = 50_000;

function sendJson(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function sendFile(response, path) {
  const wanted = normalize(join(dist, path));
  const isAsset = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile();
  const file = isAsset ? wanted : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy':
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'",
  });
  createReadStream(file).pipe(response);
}

/** What a run is found by: its names, its ids and what it answered. */
const searched = [
  'name',
  'agent',
  'workflow_id',
  'execution_id',
  'trace_id',
  'session_id',
  'user_id',
];

function hasText(run, text) {
  return [...searched.map((field) => run[field] ?? ''), answerText].some((value) =>
    value.toLowerCase().includes(text),
  );
}

function matches(run, query) {
  const status = query.get('status');
  const text = query.get('q')?.toLowerCase();
  return (
    (status === null || run.status === status) &&
    ['agent', 'workflow_id', 'session_id', 'user_id', 'service'].every(
      (field) => !query.has(field) || run[field] === query.get(field),
    ) &&
    (query.get('has_error') !== 'true' || run.error_count > 0) &&
    (text === undefined || hasText(run, text))
  );
}

function matchingRuns(query, ownRuns) {
  const wanted = query.get('execution_id');
  const others = Array.from({ length: runCount }, (_, index) => makeRun(index));
  return [...ownRuns, ...others].filter(
    (run) => matches(run, query) && (wanted === null || run.trace_id === wanted),
  );
}

function listRuns(query, ownRuns) {
  const all = matchingRuns(query, ownRuns);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  return {
    traces: all.slice(from, to),
    total: all.length,
    next_cursor: to < all.length ? String(to) : null,
  };
}

/** Made once: it is asked for page by page. */
let bigTrace;

function findTrace(id, runs) {
  if (runs.has(id)) return runs.get(id);
  if (id === 'b16') return (bigTrace ??= makeBigTrace(bigSpans));
  return Number.parseInt(id, 16) <= runCount ? makeTrace(id) : undefined;
}

/** Log records of a run, newest first. */
function toLogs(query, runs) {
  const spanId = query.get('span_id');
  const logs = (findTrace(query.get('trace_id'), runs)?.logs ?? []).filter(
    (log) => spanId === null || log.span_id === spanId,
  );
  return { logs: [...logs].reverse(), next_cursor: null };
}

/** What people have made or said: nothing. */
const nothingKept = {
  '/api/v1/views': { views: [] },
  '/api/v1/scores': { scores: [], next_cursor: null },
  '/api/v1/annotations': { annotations: [], next_cursor: null },
  '/api/v1/datasets': { datasets: [] },
};

function answer({ scenario, runs, url, response, hanging }) {
  const isList = url.pathname === '/api/v1/observability/traces';
  if (scenario === 'hang') return void hanging.add(response);
  if (scenario === 'error') return sendJson(response, 503, { detail: 'the store is starting' });
  if (scenario === 'broken') return void response.writeHead(200).end('{"traces": 12}');
  if (url.pathname === '/api/v1/observability/overview')
    return sendJson(response, 200, makeOverview(scenario === 'empty'));
  if (url.pathname === '/api/v1/monitoring/metrics/workflow-executions')
    return sendJson(response, 200, makeRunMetrics(url.searchParams, scenario === 'empty'));
  const kept = nothingKept[url.pathname];
  if (kept !== undefined) return sendJson(response, 200, kept);
  const counts = { facets: countValues, histogram: countOverTime }[url.pathname.slice(root.length)];
  if (counts !== undefined) {
    const counted = scenario === 'empty' ? [] : matchingRuns(url.searchParams, runs.values());
    return sendJson(response, 200, counts(url.searchParams, counted));
  }
  if (isList && scenario === 'empty')
    return sendJson(response, 200, { traces: [], total: 0, next_cursor: null });
  if (isList) return sendJson(response, 200, listRuns(url.searchParams, runs.values()));
  if (url.pathname.startsWith('/api/v1/observability/content/'))
    return void response.writeHead(200).end(bigContent);
  const [, wholeId, form] =
    /^\/api\/v1\/observability\/traces\/(\w+)\/(rows|transcript)$/.exec(url.pathname) ?? [];
  const whole = wholeId === undefined ? undefined : findTrace(wholeId, runs);
  if (whole !== undefined) {
    const made = form === 'rows' ? toRows(whole, url.searchParams) : toTranscript(whole);
    return sendJson(response, 200, made);
  }
  if (url.pathname === '/api/v1/observability/logs')
    return sendJson(response, 200, toLogs(url.searchParams, runs));
  const [, id, spanId] =
    /^\/api\/v1\/observability\/traces\/(\w+)(?:\/spans\/(\w+))?$/.exec(url.pathname) ?? [];
  const trace = id === undefined ? undefined : findTrace(id, runs);
  const found = spanId === undefined ? trace : trace?.spans.find((span) => span.span_id === spanId);
  if (found !== undefined) return sendJson(response, 200, found);
  return sendJson(response, 404, { detail: 'no such trace' });
}

/** The first message of a feed. */
function greeting(path) {
  if (!path.endsWith('/ws/metrics')) return { type: 'initial' };
  const { real_time_metrics, system_health } = makeOverview(false);
  return { type: 'initial', data: { real_time: real_time_metrics, health: system_health } };
}

/**
 * Starts on the given port (0: any free one) of loopback. `put` gives a run an answer of its own, in the
 * list (before all others) and by its id; `push` sends a message to all pages that follow a feed.
 */
export function startMockServer(port = 0) {
  let scenario = 'full';
  let refusesFeeds = false;
  const runs = new Map();
  const feeds = new Set();
  /** A browser opens only so many connections: those of requests that wait for ever would block the next page. */
  const hanging = new Set();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/')) return sendFile(response, url.pathname);
    if (scenario === 'offline') return void request.socket.destroy();
    return answer({ scenario, runs, url, response, hanging });
  });
  server.on('upgrade', (request, socket) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (refusesFeeds || scenario === 'offline') return void socket.destroy();
    const feed = {
      path: pathname.replace('/api/v1/observability', ''),
      ...acceptWebSocket(request, socket, () => feeds.delete(feed)),
    };
    feeds.add(feed);
    if (scenario !== 'hang') feed.send(greeting(pathname));
    return undefined;
  });
  const closeFeeds = () => feeds.forEach((feed) => feed.close());
  const handle = () => ({
    url: `http://127.0.0.1:${server.address().port}`,
    setScenario: (name) => {
      scenario = name;
      for (const response of hanging) response.destroy();
      hanging.clear();
      if (name === 'offline') closeFeeds();
    },
    refuseFeeds: (isRefused) => {
      refusesFeeds = isRefused;
      if (isRefused) closeFeeds();
    },
    put: (run) => runs.set(run.trace_id, run),
    push: (path, message) => {
      for (const feed of feeds) if (feed.path === path) feed.send(message);
    },
    close: () =>
      new Promise((closed) => {
        feeds.forEach((feed) => feed.close());
        server.closeAllConnections();
        server.close(closed);
      }),
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve(handle()));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startMockServer(Number(process.argv[2] ?? 0));
  console.log(url);
}
