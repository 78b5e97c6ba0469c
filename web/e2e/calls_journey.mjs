// SPDX-License-Identifier: Apache-2.0
// The most expensive call, the longest call of a tool, the calls that failed: each at a click or two.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';
import { checkLooks } from './pages.mjs';

const rows = '[data-testid=calls] [data-run]';
const parameter = (name) => new URL(location.href).searchParams.get(name);

function answers(page, part) {
  return page.waitForResponse(
    (response) => response.url().includes('/observability/spans?') && response.url().includes(part),
  );
}

/** The figures of a column as the page has them, in its order. */
async function figuresOf(page, label) {
  return page.evaluate((wanted) => {
    const table = document.querySelector('[data-testid=calls] table');
    const heads = [...table.querySelectorAll('th')];
    const at = heads.findIndex((head) => head.textContent.startsWith(wanted));
    return [...table.querySelectorAll('[data-run]')].map((row) =>
      row.children[at].innerText.trim(),
    );
  }, label);
}

/** From the list of runs: two clicks. The order of the server is the one on the screen. */
async function mostExpensiveCall(page, shoot) {
  await page.goto('/runs?hold=1&workflow_id=coder');
  await page.waitForSelector('[data-run]');
  await page.getByTestId('grains').getByRole('link', { name: 'Calls' }).click();
  await page.waitForSelector(rows);
  assert.equal(await page.evaluate(parameter, 'workflow_id'), 'coder', 'the filter comes along');
  const listed = answers(page, 'sort=-cost');
  await page.getByTestId('calls').getByRole('button', { name: 'Cost' }).click();
  await listed;
  await until(page, parameter, 'sort');
  await page.locator('[data-testid=calls] th[aria-sort=descending]', { hasText: 'Cost' }).waitFor();
  await until(page, () =>
    document.querySelector('[data-testid=calls] caption').textContent.includes('expensive'),
  );
  const dollars = (await figuresOf(page, 'Cost')).map((text) => Number(text.replace('$', '')));
  assert.ok(dollars.length > 3 && dollars[0] > 0, `costs: ${dollars.join(' ')}`);
  assert.deepEqual(
    dollars,
    [...dollars].sort((left, right) => right - left),
  );
  await assertAccessible(page, 'calls by cost');
  await shoot(page, 'calls-by-cost');
  await page.locator(rows).first().getByRole('link').click();
  await until(page, () => /^\/runs\/[0-9a-f]{32}$/.test(location.pathname));
  const span = await page.evaluate(parameter, 'span');
  assert.match(span ?? '', /^[0-9a-f]{16}$/);
  await page.getByRole('heading', { name: /^Answer/ }).waitFor();
  await page.goBack();
  await page.waitForSelector(rows);
  assert.equal(await page.evaluate(parameter, 'sort'), '-cost', 'the order is kept');
}

/** Runs are sorted by the server, and stay so while they come in. */
async function sortsRuns(page, shoot) {
  await page.goto('/runs?t=1h');
  await page.waitForSelector('[data-run]');
  await page.getByTestId('runs').getByRole('button', { name: 'Cost' }).click();
  await until(page, () => new URL(location.href).searchParams.get('sort') === '-cost');
  await page.getByRole('table', { name: 'Runs, most expensive first' }).waitFor();
  const dollars = () =>
    page.evaluate(() => {
      const table = document.querySelector('[data-testid=runs] table');
      const at = [...table.querySelectorAll('th')].findIndex((head) =>
        head.textContent.startsWith('Cost'),
      );
      return [...table.querySelectorAll('[data-run]')].map((row) =>
        Number(row.children[at].textContent.replace(/[^\d.]/g, '')),
      );
    });
  const inOrder = async () => {
    const sums = await dollars();
    assert.ok(sums.length > 3 && sums[0] > 0, `costs: ${sums.join(' ')}`);
    assert.deepEqual(
      sums,
      [...sums].sort((left, right) => right - left),
    );
  };
  await until(page, () =>
    document.querySelector('[data-testid=runs] caption').textContent.includes('expensive'),
  );
  await page.waitForResponse((response) => response.url().includes('sort=-cost'));
  await page.mouse.move(2, 2);
  await inOrder();
  // The list is read again with the next messages of the feed.
  await page.waitForResponse((response) => response.url().includes('sort=-cost'));
  await inOrder();
  await assertAccessible(page, 'runs by cost');
  await shoot(page, 'runs-by-cost');
  const field = page.getByRole('combobox', { name: 'Search names, ids and messages' });
  await field.fill('cost>0.0001 tokens>10');
  await field.press('Enter');
  await until(page, () => new URL(location.href).searchParams.get('min_cost') === '0.0001');
  assert.equal(await page.evaluate(parameter, 'min_tokens'), '10');
  assert.equal(await page.evaluate(parameter, 'sort'), '-cost');
  await page.goto('/runs?sort=luck');
  await page.getByTestId('address-problems').getByText('sort=luck').waitFor();
}

/** Figures of other pages lead to the calls behind them. */
async function figuresLead(page, shoot) {
  await page.goto('/cost?t=1h&hold=1');
  const top = page.getByTestId('top-calls-table').locator('[data-row]');
  await top.first().waitFor();
  assert.ok((await top.count()) <= 10);
  await shoot(page, 'cost-top-calls');
  await page.getByRole('link', { name: 'All calls by cost' }).click();
  await page.waitForSelector(rows);
  assert.equal(await page.evaluate(parameter, 't'), '1h');
  await page.goBack();
  await top.first().getByRole('link').first().click();
  await until(page, () => new URL(location.href).searchParams.has('span'));

  await page.goto('/?t=1h&hold=1');
  const model = page.getByTestId('top-models').locator('tbody tr').first();
  const calls = model.locator('td').nth(2).getByRole('link');
  await calls.waitFor();
  await shoot(page, 'overview-links');
  const counted = Number((await calls.innerText()).replace(/\D/g, ''));
  await calls.click();
  await page.waitForSelector(rows);
  assert.match((await page.evaluate(parameter, 'model')) ?? '', /\//, 'a model and its provider');
  const loaded = Number((await page.getByTestId('loaded').innerText()).replace(/\D/g, ''));
  assert.ok(
    loaded === 100 || Math.abs(loaded - counted) <= 5,
    `${counted} counted, ${loaded} listed`,
  );

  await page.goto('/workflows/coder?t=1h&hold=1');
  const step = page.getByTestId('steps').locator('[data-row] a').first();
  await step.waitFor();
  await step.click();
  await page.waitForSelector(rows);
  assert.equal(await page.evaluate(parameter, 'workflow_id'), 'coder');
  assert.equal(await page.evaluate(parameter, 'sort'), '-duration');
}

/** Heads are reached and pressed by keys, and keep the focus; another press turns the order around. */
async function sortsByKeys(page) {
  const head = page.getByTestId('calls').getByRole('button', { name: 'Duration' });
  await head.focus();
  await page.keyboard.press('Enter');
  await until(page, () => new URL(location.href).searchParams.get('sort') === '-duration');
  await page.keyboard.press('Enter');
  await until(page, () => new URL(location.href).searchParams.get('sort') === 'duration');
  await page.locator('[data-testid=calls] th[aria-sort=ascending]').waitFor();
  const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
  assert.ok(focused.startsWith('Duration'), `the focus is on ${focused}`);
}

/** What is typed becomes filters; calls of tools are one click away. */
async function narrows(page, shoot) {
  await page.goto('/calls?hold=1');
  await page.waitForSelector(rows);
  const field = page.getByRole('combobox', { name: 'Name of the call, or filters' });
  await field.fill('agent:coder cost>0.0001');
  await field.press('Enter');
  await until(page, () => new URL(location.href).searchParams.get('min_cost') === '0.0001');
  await page.getByTestId('filters').getByText('cost at least $0.0001').waitFor();
  await field.fill('tokens<5');
  await field.press('Enter');
  await page.getByTestId('unknown-filters').waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  const tools = answers(page, 'kind=tool');
  await page.getByRole('button', { name: 'Tool calls' }).click();
  await tools;
  await until(page, () => {
    const kinds = [...document.querySelectorAll('[data-testid=calls] [data-run] td:first-child')];
    return kinds.length > 0 && kinds.every((cell) => cell.textContent.includes('Tool'));
  });
  const costs = new Set(await figuresOf(page, 'Cost'));
  assert.deepEqual([...costs], ['–'], 'tools have no cost, which is neither unknown nor 0');
  await shoot(page, 'calls-of-tools');
}

/** What is not known is said, and is not 0: the demo has a model without a price, and calls that failed. */
async function unknownIsSaid(page) {
  await page.goto('/calls?hold=1&status=failed');
  await page.waitForSelector(rows);
  const costs = await figuresOf(page, 'Cost');
  assert.ok(costs.includes('unknown'), `costs of failed calls: ${costs.join(' ')}`);
  assert.ok(!costs.includes('$0.00'));
}

/** A call beside the list; J and K walk. */
async function peeks(page, shoot) {
  await page.goto('/calls?hold=1&kind=tool&step_name=read_file');
  await page.waitForSelector(rows);
  await page.locator(rows).first().locator('td').last().click();
  const peek = page.getByTestId('peek');
  await peek.getByText(/^1 of /).waitFor();
  await peek.getByRole('heading', { name: 'Result' }).waitFor();
  await page.keyboard.press('j');
  await peek.getByText(/^2 of /).waitFor();
  await page.keyboard.press('k');
  await peek.getByText(/^1 of /).waitFor();
  await assertAccessible(page, 'a call beside the list');
  await shoot(page, 'calls-peek');
  await page.keyboard.press('Escape');
  await peek.waitFor({ state: 'detached' });
  await until(page, () => !new URL(location.href).searchParams.has('call'));
}

/** The file has what the list has. */
async function exportsCsv(page) {
  await page.goto('/calls?hold=1&sort=-cost');
  await page.waitForSelector(rows);
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'calls.csv');
  await page.keyboard.press('Escape');
}

/** Further pages come as one scrolls, without a call twice. */
async function scrollsOn(page) {
  await page.goto('/calls?hold=1&kind=all');
  await page.waitForSelector(rows);
  await page.getByTestId('loaded').getByText('first 100').waitFor();
  const second = answers(page, 'cursor=');
  await page.getByTestId('calls').evaluate((list) => list.scrollTo({ top: 100 * 34 }));
  await second;
  await until(
    page,
    () => !document.querySelector('[data-testid=loaded]').textContent.endsWith(' 100'),
  );
  const ids = await page.evaluate(
    (selector) => [...document.querySelectorAll(selector)].map((row) => row.dataset.run),
    rows,
  );
  assert.equal(new Set(ids).size, ids.length);
}

async function onPhone(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl, {
    viewport: { width: 390, height: 844 },
  });
  await page.goto('/calls?sort=-cost&workflow_id=coder');
  await page.waitForSelector(rows);
  await assertNoOverflow(page);
  const costs = await figuresOf(page, 'Cost');
  assert.ok(costs[0]?.startsWith('$'), 'the cost is there on a phone');
  await page.locator(rows).first().locator('td').last().click();
  await page.getByTestId('peek').getByRole('heading', { name: 'Answer' }).waitFor();
  await assertNoOverflow(page);
  await assertAccessible(page, 'a call on a phone');
  await shoot(page, 'calls-peek-phone');
  await check();
}

export async function runCallsJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await mostExpensiveCall(page, shoot);
  await sortsByKeys(page);
  await narrows(page, shoot);
  await unknownIsSaid(page);
  await peeks(page, shoot);
  await exportsCsv(page);
  await scrollsOn(page);
  await sortsRuns(page, shoot);
  await figuresLead(page, shoot);
  await page.goto('/calls?kind=thought&colour=red');
  await page.getByTestId('address-problems').getByText('kind=thought').waitFor();
  await assertAccessible(page, 'calls that nobody understands');
  await page.goto('/calls?agent=nobody');
  await page.getByText('No call matches these filters').waitFor();
  await assertAccessible(page, 'no calls');
  await shoot(page, 'calls-nothing');
  await check();
  await onPhone(browser, baseUrl, shoot);
  await checkLooks(browser, baseUrl, { path: '/calls', selector: rows, name: 'calls', shoot });
}
