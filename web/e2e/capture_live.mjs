// SPDX-License-Identifier: Apache-2.0
// Takes the picture of docs/live.md from the server named by SIGHTLINE_URL, which should be empty: a run is told
// step by step, and the page that shows it is never loaded again. node e2e/capture_live.mjs FILE.png

import { launchBrowser, openPage } from './browser.mjs';

const [file] = process.argv.slice(2);
const baseUrl = process.env.SIGHTLINE_URL;
if (file === undefined || baseUrl === undefined) {
  throw new Error('usage: SIGHTLINE_URL=http://... node e2e/capture_live.mjs FILE.png');
}

const run = { execution_id: 'refund-4711', workflow_name: 'refunds', workflow_id: 'refunds' };

async function tell(...events) {
  const answer = await fetch(`${baseUrl}/api/v1/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(
      events.map((event) => ({ timestamp: new Date().toISOString(), ...run, ...event })),
    ),
  });
  const { rejected } = await answer.json();
  if (!answer.ok || rejected.length > 0) throw new Error(JSON.stringify(rejected));
}

const started = (step_id, step_name, kind, more = {}) => ({
  type: 'step.started',
  step_id,
  step_name,
  kind,
  agent_id: 'triage',
  ...more,
});
const finished = (step_id, more = {}) => ({
  type: 'step.finished',
  step_id,
  status: 'completed',
  ...more,
});

// What is told before each frame, what the frame must show, and its caption.
const frames = [
  [[{ type: 'execution.started' }], 'refunds', 'The run starts: its root is open'],
  [[started('plan', 'triage agent', 'agent')], 'triage agent', 'An agent starts below it'],
  [
    [
      started('call-1', 'chat gpt-5', 'llm', { parent_step_id: 'plan' }),
      finished('call-1', { output: 'Look up the order.' }),
      started('lookup', 'lookup_order', 'tool', { parent_step_id: 'plan' }),
    ],
    'lookup_order',
    'A model call has ended, a tool call is open',
  ],
  [
    [
      finished('lookup', { output: '{"order":4711,"state":"delivered"}' }),
      started('refund', 'issue_refund', 'tool', { parent_step_id: 'plan' }),
    ],
    'issue_refund',
    'The next tool call',
  ],
  [
    [finished('refund', { status: 'failed', error_message: 'payment service timed out' })],
    /error|failed|timed out/i,
    'It fails; the run goes on',
  ],
  [
    [
      finished('plan'),
      { type: 'execution.finished', status: 'completed', output: 'Refund queued.' },
    ],
    'completed',
    'The run is over',
  ],
];

const browser = await launchBrowser();
try {
  const { page } = await openPage(browser, baseUrl, { viewport: { width: 760, height: 560 } });
  const shots = [];
  for (const [events, wanted, caption] of frames) {
    await tell(...events);
    if (shots.length === 0) await page.goto(`/traces/${run.execution_id}`);
    await page.getByText(wanted).first().waitFor();
    // Until the figures in the head of the page have followed.
    await page.waitForTimeout(700);
    const image = await page.screenshot();
    shots.push({ caption, data: image.toString('base64') });
  }
  const strip = await browser.newPage({ viewport: { width: 1180, height: 1300 } });
  const cell = ({ caption, data }, i) =>
    `<figure><img src="data:image/png;base64,${data}"><figcaption>${i + 1}. ${caption}</figcaption></figure>`;
  await strip.setContent(
    `<style>body{margin:10px;display:grid;grid-template-columns:1fr 1fr;gap:10px;font:15px sans-serif}
     figure{margin:0}img{width:100%;border:1px solid #ccc;border-radius:4px}</style>` +
      shots.map(cell).join(''),
  );
  await strip.screenshot({ path: file, fullPage: true });
} finally {
  await browser.close();
}
