// SPDX-License-Identifier: Apache-2.0
// The states that a healthy server never shows: loading, empty, filtered to nothing, refused, broken,
// gone and back; and the traces that are hard: unknown, odd, enormous. Played with the mock server.

import assert from 'node:assert/strict';
import { assertNoOverflow, openPage, until } from './browser.mjs';
import { runLiveStates } from './live_states.mjs';
import { startMockServer } from './mock_server.mjs';

const rows = '[data-run]';
const span = '[role=treeitem]';
const id = (number) => number.toString(16).padStart(32, '0');

async function listStates(page, mock, shoot) {
  mock.setScenario('hang');
  await page.goto('/');
  await page.getByTestId('runs-loading').waitFor();
  const headBefore = await page.locator('thead').boundingBox();
  await shoot(page, 'state-loading');

  mock.setScenario('full');
  await page.reload();
  await page.waitForSelector(rows);
  assert.deepEqual(await page.locator('thead').boundingBox(), headBefore, 'loading moves nothing');

  mock.setScenario('empty');
  await page.reload();
  await page.getByTestId('first-trace').waitFor();
  const hint = await page.getByTestId('first-trace').innerText();
  assert.match(hint, /:4318/);
  assert.match(hint, /:4317/);
  await shoot(page, 'state-empty');

  await page.goto('/?status=failed');
  await page.getByText('No run matches these filters').waitFor();
  await shoot(page, 'state-filtered');

  mock.setScenario('error');
  await page.goto('/');
  await page.getByRole('alert').filter({ hasText: 'the store is starting' }).waitFor();
  await shoot(page, 'state-error');
  mock.setScenario('full');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForSelector(rows);

  mock.setScenario('broken');
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'cannot be read' }).waitFor();
}

async function goneAndBack(page, mock, shoot) {
  mock.setScenario('full');
  await page.goto('/');
  await page.waitForSelector('[data-feed=live]');
  mock.setScenario('offline');
  await page.waitForSelector('[data-feed=offline]');
  assert.ok((await page.locator(rows).count()) > 0, 'what was loaded stays');
  await shoot(page, 'state-offline');
  mock.setScenario('full');
  await page.waitForSelector('[data-feed=live]');
}

async function pagesOfRuns(page) {
  await page.goto('/');
  await page.waitForSelector(rows);
  await page.locator('a[data-index="0"]').focus();
  // 260 runs in pages of 100: each End goes to the last loaded run and so asks for the next page.
  for (const last of [99, 199, 259]) {
    await until(
      page,
      (count) => document.querySelector('[data-testid=runs]').scrollHeight > count * 34,
      last,
    );
    await page.keyboard.press('End');
    await until(
      page,
      (index) => document.activeElement?.getAttribute('data-index') === String(index),
      last,
    );
  }
}

async function oddTrace(page, shoot) {
  await page.goto(`/traces/${id(999)}`);
  await page.getByText('There is no run with this id').waitFor();

  await page.goto(`/traces/${id(1)}`);
  await page.waitForSelector(`${span} [data-shape=open]`);
  await page.locator(span, { hasText: 'send_email' }).click();
  await page.getByText('Its parent was never exported to this server.').waitFor();
  await page.getByText(/clocks of the sending machines disagree/).waitFor();
  await shoot(page, 'span-orphan');

  await page.getByRole('tab', { name: 'Attributes' }).click();
  await page.getByText('unmapped', { exact: true }).waitFor();
  await shoot(page, 'span-attributes');

  await page.locator(span, { hasText: 'search handbook' }).click();
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Load all' }).click();
  await page.getByRole('button', { name: 'Load all' }).waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Links' }).click();
  await page.getByRole('tabpanel').getByRole('link').waitFor();

  await page.getByRole('button', { name: '1 error' }).click();
  await page.waitForSelector(`${span}[aria-selected=true][data-status=failed]`);
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page
    .getByTestId('span-panel')
    .getByText('order service did not answer within 500 ms')
    .waitFor();
  await shoot(page, 'span-error');

  await page.getByLabel('Find span', { exact: true }).fill('handbook');
  await until(page, () => document.querySelectorAll('[role=treeitem]').length === 2);
  await page.getByLabel('Find span', { exact: true }).fill('');

  // Text of a message is text, whatever it looks like.
  await page.locator(`${span}[data-kind=llm]`).first().click();
  await page.getByRole('tab', { name: 'Messages' }).click();
  await page.getByText('<b>not bold</b>').waitFor();
}

async function enormousTrace(page, shoot) {
  const startedAt = performance.now();
  await page.goto('/traces/b16');
  await page.waitForSelector(span);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const drawn = await page.locator(span).count();
  assert.ok(drawn < 120, `${drawn} rows are drawn`);
  await page.getByRole('tree').focus();
  await page.keyboard.press('End');
  await until(page, () => document.querySelector('[data-active=true]')?.id === 'row-49999');
  const slowest = await page.evaluate(async () => {
    const tree = document.querySelector('[role=tree]');
    let worst = 0;
    let last = performance.now();
    for (let frame = 0; frame < 60; frame++) {
      tree.scrollTop = (frame / 60) * tree.scrollHeight;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      worst = Math.max(worst, now - last);
      last = now;
    }
    return Math.round(worst);
  });
  await shoot(page, 'trace-50000');
  console.log(
    `  50,000 spans: first rows after ${seconds} s, slowest frame of a scroll ${slowest} ms`,
  );
}

export async function runStates(browser, shoot) {
  const mock = await startMockServer();
  try {
    const { page, check } = await openPage(browser, mock.url);
    await listStates(page, mock, shoot);
    await goneAndBack(page, mock, shoot);
    await pagesOfRuns(page);
    await oddTrace(page, shoot);
    await enormousTrace(page, shoot);
    await runLiveStates(page, mock, shoot);
    await page.goto('/widgets');
    await page.getByText('Split pane').waitFor();
    await shoot(page, 'widgets');
    await check();
    const narrow = await openPage(browser, mock.url, {
      viewport: { width: 720, height: 900 },
      colorScheme: 'dark',
    });
    await narrow.page.goto('/');
    await narrow.page.waitForSelector(rows);
    await assertNoOverflow(narrow.page);
    const tableWidths = await narrow.page.evaluate(() => {
      const right = (selector) => document.querySelector(selector).getBoundingClientRect().right;
      return [right('table'), right('[data-run] td:last-child')];
    });
    assert.equal(tableWidths[1], tableWidths[0], 'the columns fill the table');
    await shoot(narrow.page, 'list-narrow-dark');
    await narrow.page.goto(`/traces/${id(1)}?span=${'3'.padStart(16, '0')}`);
    await narrow.page.waitForSelector(span);
    await assertNoOverflow(narrow.page);
    await shoot(narrow.page, 'trace-narrow-dark');
    await narrow.check();
  } finally {
    await mock.close();
  }
}
