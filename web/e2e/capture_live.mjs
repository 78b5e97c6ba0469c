// SPDX-License-Identifier: Apache-2.0
// Takes the picture of docs/live.md: an agent's run is sent to an empty server step by step, and the page
// that follows it is photographed on the way. Nothing is loaded anew between the frames. Needs a build of
// server and page: node e2e/capture_live.mjs FILE

import { launchBrowser, openPage, until } from './browser.mjs';
import { agentStep, LiveRun, modelEnd, modelStep, otlpUrlOf, toolStep } from './live_run.mjs';
import { startServer } from './own_server.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node e2e/capture_live.mjs FILE');

const agent = 'invoke_agent trip-planner';
const flights = (number) => `flights ${number}`;
const search = {
  ...toolStep(agent, 'search_flights'),
  name: 'execute_tool search_flights',
  'gen_ai.tool.call.arguments': '{"from":"HAM","to":"LIS","day":"2026-12-04"}',
};
const viewport = { width: 780, height: 1120 };
/** The head of the run and its spans; the panel below is left out. */
const clip = { x: 0, y: 44, width: 780, height: 440 };

/** What is sent, what the page shows then, and what there is to say about it. */
const frames = [
  {
    caption: 'The agent begins and asks its model. Nothing has ended yet.',
    send: async (run) => {
      await run.begin(agent, 0, agentStep('trip-planner'));
      await run.begin('chat gpt-4o', 0.3, modelStep(agent, 'gpt-4o'));
    },
    rows: 2,
    ended: 0,
  },
  {
    caption: 'The model has answered. Two tools run at the same time.',
    send: async (run) => {
      await run.end('chat gpt-4o', 2.1, modelEnd(1840, 96));
      await run.begin(flights(1), 2.2, search);
      await run.begin('execute_tool search_hotels', 2.3, toolStep(agent, 'search_hotels'));
    },
    rows: 4,
    ended: 1,
  },
  {
    caption:
      'The hotel service sends spans when they end: the one above its query is still to come.',
    send: async (run) => {
      run.expect('POST /hotels', 2.5, {
        parent: 'execute_tool search_hotels',
        'http.request.method': 'POST',
      });
      await run.sendEnded('SELECT rooms', [2.9, 4.6], {
        parent: 'POST /hotels',
        'db.system.name': 'postgresql',
      });
    },
    rows: 6,
    ended: 2,
  },
  {
    caption: 'It has come and taken its place, with what is below it.',
    send: async (run) => {
      await run.end('POST /hotels', 5.1);
      await run.end('execute_tool search_hotels', 5.2);
      await run.end(flights(1), 5.6);
    },
    rows: 6,
    ended: 5,
  },
  {
    caption:
      'The same call for the third time: a sign of trouble, while something can be done about it.',
    send: async (run) => {
      for (const [number, at] of [
        [2, 5.8],
        [3, 7.6],
      ]) {
        await run.begin(flights(number), at, search);
        await run.end(flights(number), at + 1.6);
      }
      await run.begin('answer', 9.4, {
        ...modelStep(agent, 'gpt-4o'),
        name: 'chat gpt-4o',
      });
    },
    rows: 9,
    ended: 7,
    text: 'search_flights',
  },
  {
    caption: 'The run is over. It is read once more as a whole.',
    send: async (run) => {
      await run.end('answer', 12.2, modelEnd(2630, 210));
      await run.end(agent, 12.4);
    },
    rows: 9,
    ended: 9,
  },
];

/** Waits until the page shows as many rows, and its head as many spans, as have been sent. */
async function shows(page, { rows, ended }) {
  await until(
    page,
    (expected) => {
      const facts = [...document.querySelectorAll('header dl > div')];
      const spans = facts.find((fact) => fact.querySelector('dt').textContent === 'Spans');
      const count = document.querySelectorAll('[role=treeitem]').length;
      return count === expected.rows && spans?.querySelector('dd').textContent === expected.ended;
    },
    { rows, ended: String(ended) },
  );
}

async function photograph(page, run) {
  const pictures = [];
  for (const frame of frames) {
    await frame.send(run);
    if (pictures.length === 0) await page.goto(`/runs/${run.traceId}`);
    await shows(page, frame);
    if (frame.text !== undefined) await page.getByTestId('signs').getByText(frame.text).waitFor();
    pictures.push(await page.screenshot({ clip, animations: 'disabled' }));
  }
  return pictures;
}

const style = `
  body { margin: 0; padding: 20px; width: 1600px; background: #f6f7f9; font: 17px system-ui, sans-serif; color: #1b1e23; }
  main { display: grid; grid-template-columns: 1fr 1fr; gap: 20px 24px; }
  figure { margin: 0; }
  figcaption { margin-bottom: 8px; line-height: 22px; }
  b { margin-right: 8px; }
  img { display: block; border: 1px solid #ccd2d9; border-radius: 4px; }`;

/** All frames on one page, each below what there is to say about it. */
function makeStrip(pictures) {
  const figures = pictures.map(
    (picture, i) =>
      `<figure><figcaption><span><b>${i + 1}</b>${frames[i].caption}</span></figcaption>` +
      `<img src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
  );
  return `<style>${style}</style><main>${figures.join('')}</main>`;
}

const server = await startServer();
const browser = await launchBrowser();
try {
  const run = new LiveRun({
    otlpUrl: await otlpUrlOf(server.url),
    startMs: Date.now() - 13_000,
    resource: { 'service.name': 'travel' },
  });
  const { page, check } = await openPage(browser, server.url, { viewport });
  const pictures = await photograph(page, run);
  await check();
  const strip = await openPage(browser, server.url, { viewport: { width: 1640, height: 900 } });
  await strip.page.setContent(makeStrip(pictures));
  await strip.page.screenshot({ path: file, fullPage: true });
  await strip.check();
} finally {
  await browser.close();
  await server.stop();
}
