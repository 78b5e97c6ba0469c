// SPDX-License-Identifier: Apache-2.0
// The states that a healthy server never shows: loading, empty, filtered to nothing, refused, broken,
// gone and back; and the traces that are hard: unknown, odd, enormous. Played with the mock server.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';
import { runLiveStates } from './live_states.mjs';
import { startMockServer } from './mock_server.mjs';

const rows = '[data-run]';
const span = '[role=treeitem]';
const id = (number) => number.toString(16).padStart(32, '0');

/** The button asks again, and once the server answers, that or the feed brings what was asked for. */
async function tryAgain(page, mock, { path, selector }) {
  const isAsked = page.waitForRequest((request) => request.url().includes(path));
  await page
    .getByRole('alert')
    .filter({ hasText: 'Cannot load' })
    .getByRole('button', { name: 'Try again' })
    .click();
  await isAsked;
  mock.setScenario('full');
  await page.evaluate(() =>
    [...document.querySelectorAll('button')]
      .filter((button) => button.textContent === 'Try again')
      .forEach((button) => button.click()),
  );
  await page.waitForSelector(selector);
}

async function listStates(page, mock, shoot) {
  mock.setScenario('hang');
  await page.goto('/runs');
  await page.getByTestId('runs-loading').waitFor();
  await assertAccessible(page, 'a list that is loading');
  const headBefore = await page.locator('thead').boundingBox();
  await shoot(page, 'state-loading');

  mock.setScenario('full');
  await page.reload();
  await page.waitForSelector(rows);
  assert.deepEqual(await page.locator('thead').boundingBox(), headBefore, 'loading moves nothing');

  mock.setScenario('empty');
  await page.reload();
  await page.getByTestId('first-trace').waitFor();
  await page.getByRole('tab', { name: 'LangChain' }).waitFor();
  const hint = await page.getByTestId('first-trace').innerText();
  assert.match(hint, /Nothing has arrived yet/);
  await page.getByRole('tab', { name: 'Python' }).click();
  await page.getByText('pip install opentelemetry-sdk').waitFor();
  assert.match(hint, /:4318/);
  assert.match(hint, /:4317/);
  await assertAccessible(page, 'an empty server');
  await shoot(page, 'state-empty');

  await page.goto('/runs?status=failed');
  await page.getByText('No run matches these filters').waitFor();
  await page.getByRole('button', { name: 'status failed' }).first().waitFor();
  await assertAccessible(page, 'a list filtered to nothing');
  await shoot(page, 'state-filtered');

  mock.setScenario('error');
  await page.goto('/runs');
  await page.getByText('Cannot load runs: the store is starting').waitFor();
  await assertAccessible(page, 'a list that cannot be loaded');
  await shoot(page, 'state-error');
  await tryAgain(page, mock, { path: '/traces?', selector: rows });

  mock.setScenario('broken');
  await page.reload();
  await page.getByText(/Cannot load runs: .* cannot be read/).waitFor();
}

async function goneAndBack(page, mock, shoot) {
  mock.setScenario('full');
  await page.goto('/runs');
  await page.waitForSelector('[data-feed=live]');
  mock.setScenario('offline');
  await page.waitForSelector('[data-feed=offline]');
  assert.ok((await page.locator(rows).count()) > 0, 'what was loaded stays');
  await shoot(page, 'state-offline');
  mock.setScenario('full');
  await page.waitForSelector('[data-feed=live]');
}

async function pagesOfRuns(page) {
  await page.goto('/runs');
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

/** The page of a run that is on its way, refused, or not there: no state pretends to be another. */
async function runStates404(page, mock, shoot) {
  const skeletons = () => page.locator('header [aria-hidden=true][class*=skeleton]').count();
  mock.setScenario('hang');
  await page.goto(`/runs/${id(1)}?view=tree`);
  await page.getByTestId('trace-loading').waitFor();
  assert.ok((await skeletons()) > 0, 'facts that are on their way');
  await assertAccessible(page, 'a run that is loading');
  await shoot(page, 'run-loading');

  mock.setScenario('error');
  await page.reload();
  await page.getByRole('alert').filter({ hasText: 'the store is starting' }).waitFor();
  assert.equal(await skeletons(), 0, 'nothing is on its way');
  await assertAccessible(page, 'a run that cannot be loaded');
  await shoot(page, 'run-error');
  await tryAgain(page, mock, { path: `/traces/${id(1)}`, selector: span });

  await page.goto(`/runs/${id(999)}`);
  await page.getByText('There is no run with this id').waitFor();
  assert.equal(await skeletons(), 0, 'nothing is on its way');
  assert.equal(await page.title(), 'No such run · Sightline');
  await assertAccessible(page, 'a run that is not there');
  await shoot(page, 'run-unknown');
}

async function oddTrace(page, shoot) {
  await page.goto(`/runs/${id(1)}?view=tree`);
  await page.waitForSelector(`${span} [data-shape=open]`);
  await page.locator(span, { hasText: 'send_email' }).click();
  await page.getByText('Its parent was never exported to this server.').waitFor();
  await page.getByText(/clocks of the sending machines disagree/).waitFor();
  await shoot(page, 'span-orphan');

  await page.getByTestId('attributes').locator('summary').first().click();
  await page.getByText('unmapped', { exact: true }).waitFor();
  await shoot(page, 'span-attributes');

  await page.locator(span, { hasText: 'search handbook' }).click();
  await page.getByRole('button', { name: 'Load all' }).click();
  await page.getByRole('button', { name: 'Load all' }).waitFor({ state: 'detached' });
  await page.getByTestId('links').locator('summary').first().click();
  await page.getByTestId('links').getByRole('link').waitFor();

  await page.getByRole('button', { name: '1 error' }).click();
  await page.waitForSelector(`${span}[aria-selected=true][data-status=failed]`);
  await page
    .getByTestId('failure')
    .getByText('order service did not answer within 500 ms')
    .first()
    .waitFor();
  await shoot(page, 'span-error');

  await page.getByLabel('Find in run', { exact: true }).fill('handbook');
  await until(page, () => document.querySelectorAll('[role=treeitem]').length === 2);
  await page.getByLabel('Find in run', { exact: true }).fill('');

  // Text of a message is text, whatever it looks like.
  await page.locator(`${span}[data-kind=llm]`).first().click();
  const messages = page.getByTestId('messages');
  await messages.getByText('<b>not bold</b>').waitFor();
  // A paragraph runs in its own direction also where the text begins in another.
  const isAtRight = await messages.getByText('طلبك في الطريق').evaluate((paragraph) => {
    const text = document.createRange();
    text.selectNodeContents(paragraph);
    const right = Math.max(...[...text.getClientRects()].map((line) => line.right));
    return Math.abs(right - paragraph.getBoundingClientRect().right) < 2;
  });
  assert.ok(isAtRight, 'Arabic begins at the right');
}

async function enormousTrace(page, shoot) {
  const startedAt = performance.now();
  await page.goto('/runs/b16');
  await page.waitForSelector(span);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const drawn = await page.locator(span).count();
  assert.ok(drawn < 120, `${drawn} rows are drawn`);
  // The rest comes while the first rows are read.
  await until(page, () =>
    document.querySelector('[data-testid=span-count]')?.textContent.startsWith('50,000 spans'),
  );
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

/** At the width of a phone: the rows, then the details as a sheet, and back. */
async function onPhone(browser, mock, shoot) {
  const { page, check } = await openPage(browser, mock.url, {
    viewport: { width: 390, height: 844 },
  });
  await page.goto('/runs');
  await page.waitForSelector(rows);
  await assertNoOverflow(page);
  await assertAccessible(page, 'the list on a phone');
  const firstRow = await page.locator(rows).first().boundingBox();
  assert.ok(firstRow.y < 250, `the first run begins ${firstRow.y} px below the top`);
  await shoot(page, 'list-phone');
  await page.goto(`/runs/${id(1)}?view=tree`);
  await page.waitForSelector(span);
  await assertNoOverflow(page);
  const firstSpan = await page.locator(span).first().boundingBox();
  assert.ok(firstSpan.y < 210, `the first span begins ${firstSpan.y} px below the top`);
  await page.getByRole('button', { name: 'Show details' }).click();
  await page.getByTestId('run-panel').waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.locator(span).nth(2).click();
  await page.getByTestId('span-panel').waitFor();
  await shoot(page, 'span-phone');
  await page.getByRole('button', { name: 'Close details' }).click();
  await page.getByTestId('span-panel').waitFor({ state: 'detached' });
  await check();
}

export async function runStates(browser, shoot) {
  const mock = await startMockServer();
  try {
    const { page, check } = await openPage(browser, mock.url);
    await listStates(page, mock, shoot);
    await goneAndBack(page, mock, shoot);
    await pagesOfRuns(page);
    await runStates404(page, mock, shoot);
    await oddTrace(page, shoot);
    await enormousTrace(page, shoot);
    await runLiveStates(page, mock, shoot);
    await page.goto('/widgets');
    await page.getByText('Split pane').waitFor();
    await assertAccessible(page, 'the widgets');
    await shoot(page, 'widgets');
    await check();
    const narrow = await openPage(browser, mock.url, {
      viewport: { width: 720, height: 900 },
      colorScheme: 'dark',
    });
    await narrow.page.goto('/runs');
    await narrow.page.waitForSelector(rows);
    await assertNoOverflow(narrow.page);
    const tableWidths = await narrow.page.evaluate(() => {
      const right = (selector) => document.querySelector(selector).getBoundingClientRect().right;
      return [right('table'), right('[data-run] td:last-child')];
    });
    assert.equal(tableWidths[1], tableWidths[0], 'the columns fill the table');
    await shoot(narrow.page, 'list-narrow-dark');
    await narrow.page.goto(`/runs/${id(1)}?view=tree&span=${'3'.padStart(16, '0')}`);
    await narrow.page.waitForSelector(span);
    await assertNoOverflow(narrow.page);
    await shoot(narrow.page, 'trace-narrow-dark');
    await assertAccessible(narrow.page, 'a span on a sheet');
    await narrow.check();
    await onPhone(browser, mock, shoot);
  } finally {
    await mock.close();
  }
}
