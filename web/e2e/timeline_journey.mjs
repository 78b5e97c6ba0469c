// SPDX-License-Identifier: Apache-2.0
// One run over time: the timeline by keys and by pointer, the range that all views share, the calls as a
// table; in both themes, and at the width of a phone.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';

const parameter = (name) => new URL(location.href).searchParams.get(name);

/** The finished run with the most model calls. */
function pickRun(page) {
  return page.evaluate(async () => {
    const list = await fetch('/api/v1/observability/traces?status=completed&limit=100');
    const { traces } = await list.json();
    let best;
    for (const { trace_id: id } of traces.filter((trace) => trace.models.length > 0).slice(0, 30)) {
      const answer = await fetch(`/api/v1/observability/traces/${id}/rows?limit=1000`);
      const { rows } = await answer.json();
      const calls = rows.filter((row) => row.kind === 'llm').length;
      if (calls > (best?.calls ?? 0)) best = { id, calls };
    }
    return best?.id;
  });
}

/** Something was drawn: a canvas that stays empty is found by nobody else. */
function isDrawn(testId) {
  const canvas = document.querySelector(`[data-testid=${testId}] canvas`);
  if (canvas === null || canvas.width === 0) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, index) => index % 4 === 3 && value > 0);
}

async function assertGood(page, what, shoot, name) {
  await assertNoOverflow(page);
  await assertAccessible(page, what);
  await shoot(page, name);
}

async function byKeys(page) {
  await page.getByRole('tree', { name: 'Spans by time' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByTestId('span-panel').waitFor();
  const before = await page.evaluate(parameter, 'span');
  assert.ok(before !== null);
  await page.keyboard.press('ArrowUp');
  await until(page, (id) => new URL(location.href).searchParams.get('span') !== id, before);
  await page.keyboard.press('w');
  await until(page, () => new URL(location.href).searchParams.has('range'));
  await page.keyboard.press('0');
  await until(page, () => !new URL(location.href).searchParams.has('range'));
}

/** A stretch is selected for its sums; what is chosen in the map is what all views show. */
async function byPointer(page) {
  const tree = page.getByRole('tree', { name: 'Spans by time' });
  const drag = async (locator, [from, to], height) => {
    const box = await locator.boundingBox();
    const y = box.y + box.height * height;
    await page.mouse.move(box.x + box.width * from, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * to, y, { steps: 4 });
    await page.mouse.up();
  };
  await drag(tree, [0.2, 0.6], 0.9);
  const sums = page.getByTestId('range-sums');
  await sums.getByText('Selected', { exact: true }).waitFor();
  await page.getByTestId('timeline-selection').waitFor();
  await sums.getByRole('button', { name: 'Clear' }).click();
  await page.mouse.move(400, 400);
  const all = await page.evaluate(() => document.querySelectorAll('[data-testid=minimap]').length);
  assert.equal(all, 1);
  await drag(page.getByTestId('minimap').locator('canvas'), [0.02, 0.3], 0.5);
  await until(page, () => new URL(location.href).searchParams.has('range'));
  await sums.getByText('In view', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Tree' }).click();
  await page.waitForSelector('[role=treeitem]');
  assert.ok(await page.evaluate(parameter, 'range'), 'the range stays');
  await page.getByRole('button', { name: /Show the whole run/ }).click();
  await until(page, () => !new URL(location.href).searchParams.has('range'));
}

async function calls(page, shoot) {
  await page.getByRole('tab', { name: 'Calls' }).click();
  await page.getByTestId('calls').waitFor();
  await until(page, () => new URL(location.href).searchParams.get('view') === 'calls');
  await page.getByRole('button', { name: 'Duration' }).click();
  await until(page, () => new URL(location.href).searchParams.get('sort') === '-duration');
  const first = page.locator('[data-run]').first();
  const longest = await first.getAttribute('data-run');
  await assertGood(page, 'the calls of a run', shoot, 'run-calls');
  await first.locator('td').last().click();
  await page.getByTestId('span-panel').waitFor();
  assert.equal(await page.evaluate(parameter, 'span'), longest);
  await page.keyboard.press('Escape');
  await page.getByTestId('run-panel').waitFor();
  // Keys come to the views by their words, too.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What to do' }).fill('timeline');
  await page.keyboard.press('Enter');
  await page.getByTestId('timeline').waitFor();
}

export async function runTimelineJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto('/runs');
  await page.waitForSelector('[data-run]');
  const id = await pickRun(page);
  assert.ok(id !== undefined, 'no run with a model call');
  await page.goto(`/runs/${id}?view=tree`);
  await page.waitForSelector('[role=treeitem]');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.getByTestId('timeline').waitFor();
  await until(page, () => new URL(location.href).searchParams.get('view') === 'time');
  await until(page, isDrawn, 'timeline');
  await until(page, isDrawn, 'minimap');
  await assertGood(page, 'a run over time', shoot, 'run-timeline');
  await byKeys(page);
  await assertGood(page, 'a run over time with details', shoot, 'run-timeline-details');
  await page.keyboard.press('Escape');
  await byPointer(page);
  await calls(page, shoot);
  await check();
  for (const [name, options] of [
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 } }],
  ]) {
    const other = await openPage(browser, baseUrl, options);
    await other.page.goto(`/runs/${id}?view=time`);
    await other.page.getByTestId('timeline').waitFor();
    await until(other.page, isDrawn, 'timeline');
    await assertGood(other.page, `a run over time, ${name}`, shoot, `run-timeline-${name}`);
    await other.page.goto(`/runs/${id}?view=calls&sort=-duration`);
    await other.page.getByTestId('calls').waitFor();
    await assertGood(other.page, `the calls of a run, ${name}`, shoot, `run-calls-${name}`);
    await other.check();
  }
}
