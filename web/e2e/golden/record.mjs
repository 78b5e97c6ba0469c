// SPDX-License-Identifier: Apache-2.0
// Records what a server answers in the scenes of the golden pictures: the one that SIGHTLINE_URL names, or one
// with three hours of simulated runs that is made for it.
// node e2e/golden/record.mjs [SCENE...]

import { keepServers } from './demo_server.mjs';
import { requestKey, writeRecording } from './recordings.mjs';
import { scenes } from './scenes.mjs';
import { enter, launchPainter, looks, openStage, viewportOf } from './stage.mjs';
import { trimAll } from './trim.mjs';

/** How long nothing new must have been asked for before a recording is complete. */
const quietMs = 1000;

/** Asks the API of a server, or tells it something. */
function makeApi(baseUrl) {
  const read = async (path, options) => {
    const answer = await fetch(`${baseUrl}/api/v1${path}`, options);
    if (!answer.ok) throw new Error(`${path}: status ${answer.status}, ${await answer.text()}`);
    return answer.json();
  };
  const headers = { 'content-type': 'application/json' };
  return {
    ask: (path) => read(path),
    tell: (path, body) => read(path, { method: 'POST', headers, body: JSON.stringify(body) }),
  };
}

function toAnswer(request, status, type, text) {
  if (type.startsWith('application/json')) return { request, status, body: JSON.parse(text) };
  return { request, status, type, text };
}

async function askAgain(request, baseUrl) {
  const [method, path] = request.split(' ');
  const answer = await fetch(baseUrl + path, { method });
  const type = answer.headers.get('content-type') ?? '';
  return toAnswer(request, answer.status, type, await answer.text());
}

/** A cancelled request has an answer without a body. */
async function readAnswer(request, response) {
  const type = (await response.headerValue('content-type')) ?? '';
  const text = await response.text().catch(() => undefined);
  if (text === undefined) return askAgain(request, new URL(response.url()).origin);
  return toAnswer(request, response.status(), type, text);
}

/** Notes the first answer to each request and the first message of each feed. */
function listen(page, baseUrl, { answers, feeds }) {
  const reading = new Set();
  const read = (key, answer) => {
    const done = answer
      .then((value) => answers.set(key, value))
      .finally(() => reading.delete(done));
    reading.add(done);
  };
  const isData = (request) => ['fetch', 'xhr'].includes(request.resourceType());
  const keyOf = (request) => requestKey(request.method(), new URL(request.url()));
  page.on('request', (request) => {
    if (isData(request) && !answers.has(keyOf(request))) answers.set(keyOf(request), undefined);
  });
  page.on('response', (response) => {
    const key = keyOf(response.request());
    if (isData(response.request()) && answers.get(key) === undefined)
      read(key, readAnswer(key, response));
  });
  // The page did not wait for the answer; when it is played, it may come in time.
  page.on('requestfailed', (request) => {
    const key = keyOf(request);
    if (isData(request) && answers.get(key) === undefined) read(key, askAgain(key, baseUrl));
  });
  page.on('websocket', (socket) => {
    const path = new URL(socket.url()).pathname;
    socket.once('framereceived', ({ payload }) => {
      if (!feeds.has(path)) feeds.set(path, { path, message: JSON.parse(payload) });
    });
  });
  return () => Promise.all(reading);
}

/** Live feeds make the page ask again and again for what it has; only what is new counts. */
async function untilNothingNew(page, answers) {
  let known = answers.size;
  let since = Date.now();
  while (Date.now() - since < quietMs) {
    await page.waitForTimeout(50);
    if (answers.size !== known || [...answers.values()].includes(undefined)) since = Date.now();
    known = answers.size;
  }
}

/** The page shows of the present what comes later, an answer or a feed: both say the same. */
function agree(answers, feeds) {
  const feed = feeds.get('/api/v1/observability/ws/metrics');
  const overview = answers.find(({ request }) => request === 'GET /api/v1/observability/overview');
  if (feed !== undefined && overview !== undefined)
    overview.body.real_time_metrics = feed.message.data.real_time;
}

async function record(browser, baseUrl, scene) {
  const address = await scene.find(makeApi(baseUrl));
  const at = new Date().toISOString();
  const noted = { answers: new Map(), feeds: new Map() };
  for (const look of looks) {
    const viewport = viewportOf(scene, look);
    const { page, check } = await openStage(browser, baseUrl, { viewport, at });
    const read = listen(page, baseUrl, noted);
    await enter(page, scene, address);
    await untilNothingNew(page, noted.answers);
    await read();
    await check();
  }
  const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  const answers = trimAll(sorted(noted.answers));
  agree(answers, noted.feeds);
  writeRecording(scene.name, { address, at, feeds: sorted(noted.feeds), answers });
  console.log(`${scene.name}: ${answers.length} answers, ${address}`);
}

const wanted = process.argv.slice(2);
const browser = await launchPainter();
const servers = keepServers();
try {
  for (const scene of scenes) {
    if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
    const url = await servers.urlOf(scene.server ?? 'demo');
    await record(browser, url, scene).catch((error) => {
      console.error(`${scene.name}: ${error.message}`);
      process.exitCode = 1;
    });
  }
} finally {
  await browser.close();
  await servers.stop();
}
