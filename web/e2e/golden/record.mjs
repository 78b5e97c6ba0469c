// SPDX-License-Identifier: Apache-2.0
// Records what the server named by SIGHTLINE_URL answers in the scenes of the golden pictures:
// SIGHTLINE_URL=http://... node e2e/golden/record.mjs [SCENE...]

import { requestKey, writeRecording } from './recordings.mjs';
import { scenes } from './scenes.mjs';
import { enter, launchPainter, looks, openStage } from './stage.mjs';

const baseUrl = process.env.SIGHTLINE_URL?.replace(/\/$/, '');
if (baseUrl === undefined) throw new Error('SIGHTLINE_URL names no server');

/** How long nothing new must have been asked for before a recording is complete. */
const quietMs = 1000;

async function ask(path) {
  const answer = await fetch(baseUrl + path);
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
  return answer.json();
}

async function readAnswer(response) {
  const request = requestKey(response.request().method(), new URL(response.url()));
  const status = response.status();
  const type = (await response.headerValue('content-type')) ?? '';
  const text = await response.text();
  if (type.startsWith('application/json')) return { request, status, body: JSON.parse(text) };
  return { request, status, type, text };
}

/** Notes the first answer to each request and the first message of each feed. */
function listen(page, { answers, feeds }) {
  const reading = [];
  page.on('response', (response) => {
    if (!['fetch', 'xhr'].includes(response.request().resourceType())) return;
    const key = requestKey(response.request().method(), new URL(response.url()));
    if (answers.has(key)) return;
    answers.set(key, undefined);
    reading.push(readAnswer(response).then((answer) => answers.set(key, answer)));
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

async function record(browser, scene) {
  const address = await scene.find(ask);
  const at = new Date().toISOString();
  const noted = { answers: new Map(), feeds: new Map() };
  for (const { viewport } of looks) {
    const { page, check } = await openStage(browser, baseUrl, { viewport, at });
    const read = listen(page, noted);
    await enter(page, scene, address);
    await untilNothingNew(page, noted.answers);
    await read();
    await check();
  }
  const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  const answers = sorted(noted.answers);
  writeRecording(scene.name, { address, at, feeds: sorted(noted.feeds), answers });
  console.log(`${scene.name}: ${answers.length} answers, ${address}`);
}

const wanted = process.argv.slice(2);
const browser = await launchPainter();
try {
  for (const scene of scenes) {
    if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
    await record(browser, scene).catch((error) => {
      console.error(`${scene.name}: ${error.message}`);
      process.exitCode = 1;
    });
  }
} finally {
  await browser.close();
}
