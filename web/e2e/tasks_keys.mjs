// SPDX-License-Identifier: Apache-2.0
// Without a pointer: keys lead from the list into a run and back to where one was, and what is on the screen
// has names, places and sizes for those who hear it.

import assert from 'node:assert/strict';
import { until } from './browser.mjs';
import { ask, parameter, rows } from './tasks_find.mjs';

const crew = 'research-crew/research-crew';

const focusedRun = (page) =>
  page.evaluate(() => document.activeElement?.closest('[data-run]')?.dataset.run);

/** The list is opened, filtered, walked; a run is opened, its steps are walked, and the way back leads to its row. */
export async function byKeyboard({ page }) {
  await page.goto('/');
  await page.getByTestId('overview-page').waitFor();
  await page.keyboard.press('2');
  await page.waitForSelector(rows);
  await page.keyboard.press('/');
  await page.keyboard.type(`status:completed workflow:${crew}`);
  await page.keyboard.press('Enter');
  await until(page, () => location.search.includes('status=completed'));
  await page.getByTestId('filters').first().waitFor();
  const { traces } = await ask(
    page,
    `/traces?status=completed&workflow_id=${encodeURIComponent(crew)}&limit=1000`,
  );
  await until(
    page,
    ([selector, ids]) => {
      const listed = [...document.querySelectorAll(selector)];
      return listed.length > 3 && listed.every((row) => ids.includes(row.dataset.run));
    },
    [rows, traces.map(({ trace_id: id }) => id)],
  );
  // Out of the field, into the rows, down.
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await until(page, () => document.activeElement?.getAttribute('data-index') === '0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await until(page, () => document.activeElement?.getAttribute('data-index') === '2');
  const opened = await focusedRun(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/runs/${opened}`));
  await until(page, () => document.activeElement?.tagName === 'H1');
  await page.waitForSelector('[data-testid=transcript] [data-stop]');

  await page.keyboard.press('l');
  await until(page, () => document.activeElement?.hasAttribute('data-stop') === true);
  await page.keyboard.press('Enter');
  await page.getByTestId('span-panel').waitFor();
  const first = await page.evaluate(parameter, 'span');
  await page.keyboard.press('ArrowDown');
  await until(page, (id) => new URL(location.href).searchParams.get('span') !== id, first);
  await page.keyboard.press('Escape');
  await page.getByTestId('run-panel').waitFor();
  const isOnStep = await page.evaluate(() => document.activeElement?.hasAttribute('data-stop'));
  assert.ok(isOnStep, 'closing the details leaves the focus on the step');

  await page.goBack({ waitUntil: 'commit' });
  await until(page, () => location.pathname === '/runs');
  await until(
    page,
    (id) => document.activeElement?.closest('[data-run]')?.dataset.run === id,
    opened,
  );
}

/** What is heard of the list: where one is, how long it is, and each run by its name. */
async function listIsNamed(page) {
  await page.goto('/runs?status=failed&hold=1');
  await page.waitForSelector(rows);
  await until(page, () => document.title === 'Runs: status failed · Sightline');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.getByRole('search', { name: 'Filter runs' }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor({ state: 'attached' });
  const here = page.getByRole('link', { name: 'Runs', exact: true }).first();
  assert.equal(await here.getAttribute('aria-current'), 'page');
  const table = page.getByRole('table', { name: 'Runs, newest first' });
  const { traces } = await ask(page, '/traces?status=failed&limit=1000');
  assert.equal(Number(await table.getAttribute('aria-rowcount')), traces.length + 1);
  const places = await page
    .locator(rows)
    .evaluateAll((listed) => listed.map((row) => Number(row.getAttribute('aria-rowindex'))));
  assert.deepEqual(
    places,
    places.map((_, index) => index + 2),
  );
  const row = page.locator(rows).first();
  const name = await row.locator('a[data-index]').innerText();
  await row.getByRole('link', { name, exact: true }).waitFor();
  await row.getByRole('checkbox', { name: `Compare ${name}` }).waitFor();
  await row.getByRole('cell', { name: 'failed', exact: true }).first().waitFor();
  return row.getAttribute('data-run');
}

/** What is heard of a run's spans: how deep, the how manyth of how many, their kind, and the error of one that failed. */
async function treeIsNamed(page, id) {
  await page.goto(`/runs/${id}?view=tree`);
  const items = page.getByRole('tree', { name: 'Spans' }).getByRole('treeitem');
  await items.first().waitFor();
  const { rows: spans, name } = await ask(page, `/traces/${id}/rows?limit=2000`);
  await until(page, (run) => document.title === `${run} · failed · Sightline`, name);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const facts = await items.evaluateAll((listed) =>
    listed.map((item) => ({
      id: item.dataset.span,
      level: Number(item.getAttribute('aria-level')),
      size: Number(item.getAttribute('aria-setsize')),
      place: Number(item.getAttribute('aria-posinset')),
    })),
  );
  const depthOf = (span) => {
    const parent = spans.find((other) => other.span_id === span.parent_span_id);
    return parent === undefined ? 1 : 1 + depthOf(parent);
  };
  for (const [index, { id: spanId, level, size, place }] of facts.entries()) {
    assert.equal(level, depthOf(spans.find((span) => span.span_id === spanId)));
    assert.equal(size, spans.length);
    assert.equal(place, index + 1);
  }
  const failed = spans.find((span) => span.status === 'failed' && span.error_message !== null);
  assert.ok(failed !== undefined, 'a span that failed');
  const heard = await page.locator(`[data-span="${failed.span_id}"]`).ariaSnapshot();
  assert.match(heard, new RegExp(`${failed.kind}.*failed`));
  assert.ok(
    heard.includes(failed.error_message.split('\n')[0].slice(0, 30).replaceAll('"', '\\"')),
    `the error is heard: ${heard}`,
  );
  await page.getByRole('tablist', { name: 'Views' }).waitFor();
  await page.getByRole('tab', { name: 'Tree', selected: true }).waitFor();
  await page.getByRole('tabpanel', { name: 'Tree' }).waitFor();
}

export async function byEar({ page }) {
  await treeIsNamed(page, await listIsNamed(page));
}
