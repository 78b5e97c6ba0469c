// SPDX-License-Identifier: Apache-2.0
// What the list of runs shows around its rows while counts are on their way, refused, or of nothing.

import assert from 'node:assert/strict';
import { assertAccessible, openPage } from './browser.mjs';
import { startMockServer } from './mock_server.mjs';

const rows = '[data-run]';

async function countStates(page, mock, shoot) {
  mock.setScenario('hang');
  await page.goto('/runs');
  await page.locator('[data-testid=facets][aria-busy=true]').waitFor();
  const strip = await page.getByTestId('run-histogram').boundingBox();
  const list = await page.getByTestId('runs-loading').boundingBox();
  mock.setScenario('full');
  await page.reload();
  await page.waitForSelector(rows);
  await page.getByTestId('runs-over-time').waitFor();
  assert.deepEqual(await page.getByTestId('run-histogram').boundingBox(), strip);
  assert.deepEqual(await page.getByTestId('runs').boundingBox(), list, 'loading moves nothing');

  mock.setScenario('error');
  await page.reload();
  await page.getByText('Cannot count runs: the store is starting').waitFor();
  await page.getByText('Cannot count runs over time: the store is starting').waitFor();
  await assertAccessible(page, 'counts that are refused');
  await shoot(page, 'runs-counts-error');

  mock.setScenario('full');
  await page.goto('/runs?agent=nobody');
  await page.getByText('No run matches these filters').waitFor();
  const chosen = page.getByTestId('facets').getByRole('button', { name: 'nobody', pressed: true });
  await chosen.waitFor();
  await assertAccessible(page, 'facets of nothing');
  await shoot(page, 'runs-facets-nothing');
  await chosen.click();
  await page.waitForSelector(rows);

  mock.setScenario('empty');
  await page.goto('/runs');
  await page.getByTestId('first-trace').waitFor();
  assert.equal(await page.getByTestId('facets').count(), 0, 'an empty store has no counts');
  assert.equal(await page.getByTestId('run-histogram').count(), 0);
  mock.setScenario('full');
}

export async function runRunsStates(browser, shoot) {
  const mock = await startMockServer();
  try {
    const { page, check } = await openPage(browser, mock.url);
    await countStates(page, mock, shoot);
    await check();
  } finally {
    await mock.close();
  }
}
