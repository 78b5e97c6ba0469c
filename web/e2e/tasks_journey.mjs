// SPDX-License-Identifier: Apache-2.0
// What people do with runs every day, each from the page where they are to the answer, in at most three
// clicks. Played on a server of its own with simulated runs, the same ones each time.

import { openPage } from './browser.mjs';
import { sendDemo, startServer } from './own_server.mjs';
import { countClicks } from './task_clicks.mjs';
import { compareRuns, dearestCall, failingRun, runsOfSession, runsOfUser } from './tasks_find.mjs';
import { byEar, byKeyboard } from './tasks_keys.mjs';
import { openAndScroll, searchInside, sendLargeRun } from './tasks_large.mjs';
import { runGrows, serverRestarts } from './tasks_live.mjs';
import {
  copyPrompt,
  readCodingAgent,
  readSubAgent,
  shareSpan,
  whereTheTimeWent,
} from './tasks_read.mjs';

/** Enough for some fifteen coding agents and every kind of failure. */
const demo = { seed: 7, seconds: 900 };
const patienceMs = 90_000;

/** The last one takes the server away. */
const tasks = [
  ['a failing run and its cause', failingRun],
  ['the most expensive model call', dearestCall],
  ['a coding agent of 30 turns', readCodingAgent],
  ['what the sub-agent did', readSubAgent],
  ['where the time went', whereTheTimeWent],
  ['all runs of a session', runsOfSession],
  ['all runs of a user', runsOfUser],
  ['two runs compared', compareRuns],
  ['a prompt to use elsewhere', copyPrompt],
  ['a span to show to somebody', shareSpan],
  ['by keyboard alone', byKeyboard],
  ['by ear', byEar],
  ['a run of 50,000 spans, scrolled', openAndScroll],
  ['a search in 50,000 spans', searchInside],
  ['a run that grows', runGrows],
  ['a server that restarts', serverRestarts],
];

/** Runs are listed at once, their calls when they are stored. */
async function untilStored(url) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await fetch(`${url}/api/v1/observability/spans?kind=llm&limit=1000`);
    if ((await answer.json()).spans.length >= 500) return;
    if (Date.now() > deadline) throw new Error('the simulated runs are not stored');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

export async function runTasksJourney(browser, shoot) {
  const server = await startServer();
  try {
    await sendDemo(server.otlpUrl, demo);
    const large = await sendLargeRun(server.otlpUrl);
    await untilStored(server.url);
    for (const [name, play] of tasks) {
      const { page, check } = await openPage(browser, server.url, {
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const task = countClicks(name);
      const { url, otlpUrl } = server;
      await play({ page, task, browser, shoot, server, url, otlpUrl, large });
      await check();
      console.log(`  ${name}: ${task.count()} clicks`);
    }
  } finally {
    await server.stop();
  }
}
