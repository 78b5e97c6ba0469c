// SPDX-License-Identifier: Apache-2.0
// Pages that stay open: a run grows while a pointer rests on one of its rows, and the server goes away and
// comes back.

import assert from 'node:assert/strict';
import { until } from './browser.mjs';
import { agentStep, LiveRun, modelEnd, modelStep, toolStep } from './live_run.mjs';
import { linkOf, openRuns, rows } from './tasks_find.mjs';

const agent = 'grower';
const root = `invoke_agent ${agent}`;

/** An agent that began a second ago, after all others, and has made its first steps: one in 10 ms. */
async function beginRun(otlpUrl, steps) {
  const run = new LiveRun({
    otlpUrl,
    startMs: Date.now() - 1000,
    resource: { 'service.name': 'tasks-journey' },
  });
  await run.begin(root, 0, agentStep(agent));
  for (let step = 1; step <= steps; step++)
    await run.sendEnded(
      `execute_tool look ${step}`,
      [step / 100, step / 100 + 0.005],
      toolStep(root, 'look'),
    );
  return run;
}

const mark = (page) => page.evaluate(() => document.body.setAttribute('data-marked', ''));
const isMarked = (page) => page.evaluate(() => document.body.hasAttribute('data-marked'));

/** What lies below a pointer, and where its top is. */
const below = (page, place) =>
  page.evaluate(({ x, y }) => {
    const row = document.elementFromPoint(x, y).closest('[data-span], [data-run]');
    const { span, run } = row.dataset;
    return { id: span ?? run, top: row.getBoundingClientRect().top };
  }, place);

async function restOn(page, locator) {
  const box = await locator.boundingBox();
  const place = { x: box.x + box.width / 4, y: box.y + box.height / 2 };
  await page.mouse.move(place.x, place.y);
  return { place, before: await below(page, place) };
}

/** Steps come and end below what is looked at; the row under the pointer stays the same, in the same place. */
export async function runGrows({ page, task, otlpUrl }) {
  await openRuns(page);
  await page.waitForSelector('[data-feed=live]');
  await mark(page);
  const run = await beginRun(otlpUrl, 60);
  const listed = page.locator(`[data-run="${run.traceId}"]`);
  await listed.getByText('running', { exact: true }).waitFor();

  const inList = await restOn(page, page.locator(rows).nth(3));
  const other = await beginRun(otlpUrl, 2);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  assert.deepEqual(await below(page, inList.place), inList.before, 'no run moves');
  assert.equal(await page.locator(`[data-run="${other.traceId}"]`).count(), 0);

  await task.click(linkOf(page, run.traceId));
  await page.getByRole('treeitem').nth(20).waitFor();
  await page.waitForSelector('[data-feed=live]');
  const inRun = await restOn(page, page.getByRole('tree', { name: 'Spans' }));
  const count = (wanted) =>
    until(
      page,
      (text) => document.querySelector('[data-testid=span-count]').textContent.startsWith(text),
      wanted,
    );
  await run.begin('chat gpt-4o', 0.7, modelStep(root, 'gpt-4o'));
  await count('60 spans, 2 open');
  await run.end('chat gpt-4o', 0.8, modelEnd(1200, 80));
  await count('61 spans, 1 open');
  await run.sendEnded('execute_tool look again', [0.85, 0.9], toolStep(root, 'look'));
  await count('62 spans, 1 open');
  assert.deepEqual(await below(page, inRun.place), inRun.before, 'no row moves');
  await run.end(root, 0.95);
  await page.locator('header').getByText('completed', { exact: true }).waitFor();
  assert.deepEqual(await below(page, inRun.place), inRun.before, 'nor when the run has ended');
  assert.ok(await isMarked(page), 'nothing was loaded again');
  await other.end(root, 0.95);
}

/** The page says that the server is gone, keeps what it shows, and goes on by itself when it is back. */
export async function serverRestarts({ page, server }) {
  await openRuns(page);
  await page.waitForSelector('[data-feed=live]');
  await mark(page);
  const run = await beginRun(server.otlpUrl, 3);
  await page.locator(`[data-run="${run.traceId}"]`).waitFor();
  await linkOf(page, run.traceId).click();
  await page.waitForSelector('[role=treeitem]');
  await page.waitForSelector('[data-feed=live]');

  await server.takeAway();
  await page.waitForSelector('[data-feed=reconnecting], [data-feed=offline]');
  assert.ok((await page.getByRole('treeitem').count()) === 4, 'what was loaded stays');
  await server.bringBack();
  await page.waitForSelector('[data-feed=live]');
  await run.sendEnded('execute_tool after', [0.7, 0.8], toolStep(root, 'after'));
  await page.getByRole('treeitem').filter({ hasText: 'after' }).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click();
  await page.locator(`[data-run="${run.traceId}"]`).waitFor();
  const late = await beginRun(server.otlpUrl, 1);
  // The focus has come back to the row of the run, so that the list waits to be asked.
  await page.getByRole('button', { name: '1 new' }).click();
  await page.locator(`[data-run="${late.traceId}"]`).waitFor();
  assert.ok(await isMarked(page), 'the page was never loaded again');
}
