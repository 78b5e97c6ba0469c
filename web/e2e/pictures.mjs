// SPDX-License-Identifier: Apache-2.0
// Takes the pictures of the documents from the server named by SIGHTLINE_URL, which must have played
// `serve --demo` for a minute: node e2e/pictures.mjs FOLDER

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openPage } from './browser.mjs';
import { launchPainter } from './golden/stage.mjs';

const [folder] = process.argv.slice(2);
const baseUrl = process.env.SIGHTLINE_URL;
if (folder === undefined || baseUrl === undefined) {
  throw new Error('usage: SIGHTLINE_URL=http://... node e2e/pictures.mjs FOLDER');
}

/** A completed run that shows much at a glance: agents, tools and models, an error, but not hundreds of spans. */
async function pickRun(page) {
  return page.evaluate(async () => {
    const answer = await fetch(
      '/api/v1/observability/traces?status=completed&limit=200&include=steps',
    );
    const { traces } = await answer.json();
    const worth = (trace) =>
      new Set(trace.spans.map((step) => step.kind)).size * 10 +
      new Set(trace.spans.map((step) => step.agent_id)).size * 10 +
      trace.models.length * 10 -
      Math.abs(trace.span_count - 24);
    const english = [];
    for (const { trace_id: id } of traces.sort((a, b) => worth(b) - worth(a)).slice(0, 20)) {
      const { input_data: asked } = await (
        await fetch(`/api/v1/observability/traces/${id}`)
      ).json();
      if (/^[\x20-\x7e]+$/.test(asked ?? '')) english.push(id);
    }
    return english[0];
  });
}

const browser = await launchPainter();
try {
  mkdirSync(folder, { recursive: true });
  const { page, check } = await openPage(browser, baseUrl);
  const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.goto('/?t=1h');
  await page.getByRole('heading', { name: 'Running now' }).waitFor();
  await page.getByRole('heading', { name: 'Slowest steps' }).waitFor();
  await picture('overview');
  // Held, so that all rows have what was asked and answered.
  await page.goto('/runs?t=1h&hold=1');
  await page.waitForSelector('[data-run]');
  await page.waitForLoadState('networkidle');
  await picture('runs');
  await page.goto(`/runs/${await pickRun(page)}?view=transcript`);
  await page.getByTestId('transcript').waitFor();
  await picture('run');
  await page.goto('/workflows/coder?t=1h');
  await page.getByRole('heading', { name: 'What runs wait for' }).waitFor();
  await picture('workflow');
  await check();
} finally {
  await browser.close();
}
