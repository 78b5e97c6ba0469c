// SPDX-License-Identifier: Apache-2.0
// The list of runs as a tool: counts of values and of time narrow it.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';
import { checkLooks } from './pages.mjs';

const rows = '[data-run]';
const parameter = (name) => new URL(location.href).searchParams.get(name);

/** A value is a filter at one click, and the count is how many runs the list then has. */
async function facetsNarrow(page, shoot) {
  await page.goto('/runs?hold=1');
  const facets = page.getByTestId('facets');
  const status = facets.getByRole('region', { name: 'Status' });
  await status.getByRole('button', { name: /^completed/ }).waitFor();
  await assertAccessible(page, 'the list with facets');
  await shoot(page, 'runs-facets');
  await status.getByRole('button', { name: /^completed/ }).click();
  await until(page, parameter, 'status');
  assert.equal(await page.evaluate(parameter, 'status'), 'completed');
  const pressed = status.getByRole('button', { name: /^completed/, pressed: true });
  await pressed.waitFor();
  assert.ok((await status.getByRole('button').count()) > 1, 'others can be chosen instead');
  const counted = Number((await pressed.innerText()).replace(/\D/g, ''));
  await until(page, () => {
    const states = [...document.querySelectorAll('[data-run] [data-column=status]')];
    return states.length > 0 && states.every((cell) => cell.textContent.includes('completed'));
  });
  const said = await page.getByTestId('total').innerText();
  const total = Number(said.replace(/\D/g, ''));
  // Runs go on to end while the two are asked for; a long list is not counted to its end.
  const most = said.startsWith('≥') ? Infinity : 5;
  assert.ok(counted - total <= most && total - counted <= 5, `${counted} counted, ${said} listed`);
  await pressed.click();
  await until(page, () => location.search === '?hold=1');
}

/** A stretch of the histogram becomes the time of the page, by pointer and by keys. */
async function brushSetsTime(page) {
  await page.goto('/runs?hold=1&t=1h');
  const chart = page.getByTestId('runs-over-time').getByRole('slider');
  await chart.waitFor();
  const box = await chart.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.8, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, y, { steps: 4 });
  await page.mouse.up();
  await until(page, parameter, 'from');
  assert.equal(await page.evaluate(parameter, 't'), null);
  await page.waitForSelector(rows);
  const from = Date.parse(await page.evaluate(parameter, 'from'));
  const to = Date.parse(await page.evaluate(parameter, 'to'));
  assert.ok(to > from && to - from <= 30 * 60_000, 'a part of the hour was chosen');
  await page.getByLabel('Time range').selectOption('');
  await until(page, () => location.search === '?hold=1');
}

/** The panel can be closed, and stays so. */
async function facetsClose(page) {
  const toggle = page.getByRole('button', { name: 'Facets', exact: true });
  await page.locator('main').press('f');
  await page.getByTestId('facets').waitFor({ state: 'detached' });
  await page.reload();
  await page.waitForSelector(rows);
  assert.equal(await page.getByTestId('facets').count(), 0);
  await toggle.click();
  await page.getByTestId('facets').waitFor();
}

/** Two ticked runs are compared, ticked by pointer and by key; coming back finds them ticked. */
async function comparesTicked(page, shoot) {
  await page.goto('/runs?hold=1&status=completed');
  await page.waitForSelector(rows);
  const group = page.getByTestId('compare-picked');
  await page.locator(rows).nth(1).getByRole('checkbox').check();
  await group.getByText('Compare 1 of 2').waitFor();
  assert.equal(await page.evaluate(parameter, 'run'), null, 'a tick opens nothing');
  await page.locator('a[data-index="0"]').focus();
  await page.keyboard.press(' ');
  await group.getByText('Compare 2 of 2').waitFor();
  const ticked = (await page.evaluate(parameter, 'pick')).split(',');
  await assertAccessible(page, 'two ticked runs');
  await shoot(page, 'runs-ticked');
  await page.keyboard.press('c');
  await page.waitForURL(/\/compare\?/);
  assert.deepEqual(
    [await page.evaluate(parameter, 'a'), await page.evaluate(parameter, 'b')],
    ticked,
  );
  await page.goBack();
  await group.getByText('Compare 2 of 2').waitFor();
  await group.getByRole('button', { name: 'Take the ticks away' }).click();
  await until(page, () => !location.search.includes('pick'));
}

/** Columns of an address are shown whatever the reader chose, and rows have one line or two. */
async function columnsOfAddress(page, shoot) {
  await page.goto('/runs?hold=1&hide=errors,tokens');
  await page.waitForSelector(rows);
  const head = (name) => page.getByRole('columnheader', { name, exact: true });
  assert.deepEqual([await head('Errors').count(), await head('Tokens').count()], [0, 0]);
  await page.locator(rows).first().getByText(/\w/).first().waitFor();
  const high = (await page.locator(rows).first().boundingBox()).height;
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Tokens' }).check();
  await until(page, () => location.search === '?hold=1&hide=errors');
  await head('Tokens').waitFor();
  await page.getByRole('checkbox', { name: /^Two lines/ }).uncheck();
  await until(
    page,
    (before) => document.querySelector('[data-run]').getBoundingClientRect().height < before,
    high,
  );
  await assertAccessible(page, 'rows of one line');
  await shoot(page, 'runs-compact');
  await page.getByRole('checkbox', { name: /^Two lines/ }).check();
  await page.keyboard.press('Escape');
}

async function facetsOnPhone(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl, {
    viewport: { width: 390, height: 844 },
  });
  await page.goto('/runs');
  await page.waitForSelector(rows);
  assert.equal(await page.getByTestId('facets').count(), 0);
  await page.getByRole('button', { name: 'Facets', exact: true }).click();
  const status = page.getByTestId('facets').getByRole('region', { name: 'Status' });
  await status.getByRole('button').first().waitFor();
  await assertNoOverflow(page);
  await assertAccessible(page, 'facets on a phone');
  await shoot(page, 'runs-facets-phone');
  await status.getByRole('button').first().click();
  await until(page, parameter, 'status');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.waitForSelector(rows);
  await page.locator(rows).first().locator('td').last().click();
  const tick = page.getByTestId('peek').getByRole('button', { name: 'Compare', exact: true });
  await tick.click();
  await page.getByTestId('peek').getByRole('button', { name: 'Compare', pressed: true }).waitFor();
  await assertAccessible(page, 'a run that is ticked on a phone');
  await check();
}

export async function runRunsJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await facetsNarrow(page, shoot);
  await brushSetsTime(page);
  await facetsClose(page);
  await comparesTicked(page, shoot);
  await columnsOfAddress(page, shoot);
  await check();
  await facetsOnPhone(browser, baseUrl, shoot);
  await checkLooks(browser, baseUrl, { path: '/runs', selector: rows, name: 'runs', shoot });
}
