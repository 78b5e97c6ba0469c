// SPDX-License-Identifier: Apache-2.0
// Reading what an agent did: its run opens as a transcript, turns that only called tools are folded, a tool
// call opens in place, and any line leads to the details of its span.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, until } from './browser.mjs';

/** The run with the most turns of one agent. */
function pickRun(page) {
  return page.evaluate(async () => {
    const list = await fetch('/api/v1/observability/traces?status=completed&limit=100');
    const { traces } = await list.json();
    let best;
    for (const { trace_id: id } of traces.filter((trace) => trace.models.length > 0)) {
      const answer = await fetch(`/api/v1/observability/traces/${id}/transcript?limit=1000`);
      const { entries, has_agent_loop: hasLoop } = await answer.json();
      const calls = entries.filter((entry) => entry.type === 'call');
      if (hasLoop && calls.length > (best?.calls.length ?? 1)) best = { id, calls };
    }
    return best;
  });
}

export async function readTranscript(page, shoot) {
  const run = await pickRun(page);
  assert.ok(run !== undefined, 'no run with an agent that called models more than once');
  await page.goto(`/runs/${run.id}`);
  const transcript = page.getByTestId('transcript');
  const last = run.calls.at(-1);
  await transcript.locator(`[data-span="${last.span.span_id}"]`).first().waitFor();
  await assertNoOverflow(page);
  await assertAccessible(page, 'a transcript');
  await shoot(page, 'transcript-light');

  // A fold opens.
  const folds = transcript.getByRole('button', { name: /more turns?$/ });
  const folded = await folds.count();
  if (folded > 0) {
    await folds.first().click();
    await until(
      page,
      (count) =>
        [...document.querySelectorAll('[data-testid=transcript] button')].filter((button) =>
          button.textContent.includes('more turn'),
        ).length < count,
      folded,
    );
  }
  // A tool opens in place.
  const tool = transcript
    .locator('details summary')
    .filter({ has: page.locator('code') })
    .first();
  if ((await tool.count()) > 0) {
    await tool.click();
    await until(
      page,
      () => document.querySelector('[data-testid=transcript] details[open]') !== null,
    );
  }
  // Keys go from line to line, and the details follow.
  const stops = transcript.locator('[data-stop]');
  await stops.first().focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('span-panel').waitFor();
  const before = new URL(page.url()).searchParams.get('span');
  await page.keyboard.press('ArrowDown');
  await until(page, (id) => new URL(location.href).searchParams.get('span') !== id, before);
  await assertAccessible(page, 'a transcript with details');
  await shoot(page, 'transcript-details');
  await page.keyboard.press('Escape');
  await page.getByTestId('run-panel').waitFor();
  await page.getByRole('tab', { name: 'Logs' }).click();
  await page.getByTestId('logs').waitFor();
  await until(page, () => new URL(location.href).searchParams.get('view') === 'logs');
  await assertAccessible(page, 'the log of a run');
  await shoot(page, 'run-logs');
}
