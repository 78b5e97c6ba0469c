// SPDX-License-Identifier: Apache-2.0
// Watching an agent at work: its run appears in the list while it goes on, and its page grows step by step,
// until it ends. The run is sent to the server by this journey; nothing is loaded anew.

import assert from 'node:assert/strict';
import { openPage, until } from './browser.mjs';
import { agentStep, LiveRun, modelEnd, modelStep, otlpUrlOf, toolStep } from './live_run.mjs';

/** A name of its own, so that the journey can be played again on the same server. */
const agent = `live-journey-${Date.now().toString(36)}`;
const rowCount = (page, count) =>
  until(page, (wanted) => document.querySelectorAll('[role=treeitem]').length === wanted, count);

export async function runLiveJourney(browser, baseUrl, shoot) {
  const run = new LiveRun({
    otlpUrl: await otlpUrlOf(baseUrl),
    startMs: Date.now() - 10_000,
    resource: { 'service.name': 'live-journey' },
  });
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto(`/runs?agent=${agent}`);
  await page.getByText('No run matches these filters').waitFor();
  await page.waitForSelector('[data-feed=live]');
  await page.evaluate(() => document.body.setAttribute('data-marked', ''));

  const rootId = await run.begin(`invoke_agent ${agent}`, 0, agentStep(agent));
  const listed = page.locator(`[data-run="${run.traceId}"]`);
  await listed.getByText('running', { exact: true }).waitFor();
  await shoot(page, 'live-journey-list');
  await listed.getByRole('link').click();
  await rowCount(page, 1);
  await page.waitForSelector('[data-feed=live]');

  const callId = await run.begin('chat gpt-4o', 1, modelStep(`invoke_agent ${agent}`, 'gpt-4o'));
  await rowCount(page, 2);
  const call = page.locator(`[data-span="${callId}"]`);
  await call.locator('[data-shape=open]').waitFor();
  assert.equal(await call.getAttribute('data-status'), 'running');
  await call.click();
  await page.getByTestId('span-panel').getByText('not ended').waitFor();
  await run.end('chat gpt-4o', 4, modelEnd(1200, 80));
  await call.locator('[data-shape=bar]').waitFor();
  assert.equal(await call.getAttribute('data-status'), 'completed');
  await page.getByTestId('span-panel').getByText('1,200', { exact: true }).waitFor();

  await run.begin('execute_tool search', 4.2, toolStep(`invoke_agent ${agent}`, 'search'));
  await rowCount(page, 3);
  await shoot(page, 'live-journey-trace');
  await run.end('execute_tool search', 6);
  await run.end(`invoke_agent ${agent}`, 7);
  await page.locator(`[data-span="${rootId}"][data-status=completed]`).waitFor();
  await page.locator('header').getByText('completed', { exact: true }).waitFor();
  await page.waitForSelector('[data-feed=settling]');
  await page.locator('header').getByText('1,280', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Runs' }).click();
  await listed.getByText('completed', { exact: true }).waitFor();
  assert.ok(await page.evaluate(() => document.body.hasAttribute('data-marked')));
  await check();
}
