// SPDX-License-Identifier: Apache-2.0
// The pages that answer over many runs: what is going on, where the time goes, why runs fail, what differs.
// Works on any server that has received the demo's runs; each task takes at most three clicks.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';

const mostClicks = 3;

/** Clicks that are counted, so that a task cannot grow longer unseen. */
function clicker() {
  let clicks = 0;
  return {
    click: async (locator) => {
      clicks += 1;
      await locator.click();
    },
    check: (task) => assert.ok(clicks <= mostClicks, `${task} took ${clicks} clicks`),
  };
}

function rail(page, name) {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
}

/** Nothing is on its way, and nothing has failed. */
async function settled(page, testId) {
  await page.getByTestId(testId).waitFor();
  await until(page, () => document.querySelector('[data-testid=loading]') === null);
  assert.equal(await page.getByRole('alert').count(), 0, 'no error is shown');
}

async function look(page, shoot, name) {
  await assertNoOverflow(page);
  await assertAccessible(page, name);
  await shoot(page, name);
}

/** One look says how things are; every figure leads to its runs. */
async function readOverview(page, shoot) {
  await page.goto('/?t=24h');
  await settled(page, 'overview-page');
  assert.equal(await page.title(), 'Overview · Sightline');
  await page.getByTestId('state').getByText('going on').waitFor();
  const tiles = page.getByTestId('tiles');
  assert.equal(await tiles.locator('dt').count(), 5, 'five figures');
  await page.getByTestId('ingest').getByText('spans/s').waitFor();
  for (const table of ['top-workflows', 'top-models', 'top-steps'])
    await page.getByTestId(table).waitFor();
  await look(page, shoot, 'overview-light');
  const figure = tiles.getByRole('link').first();
  const count = Number((await figure.innerText()).replaceAll(',', ''));
  assert.ok(count > 0, 'runs are counted');
  await figure.click();
  await until(page, () => location.pathname === '/runs' && location.search === '?t=24h');
  await page.goBack();
  await settled(page, 'overview-page');
}

/** By keys: two steps of time are selected, and become the time of the page. */
async function brush(page) {
  const chart = page.getByTestId('runs-over-time').getByRole('slider');
  await chart.focus();
  await page.keyboard.press('End');
  const text = await chart.getAttribute('aria-valuetext');
  assert.match(text, /: .*completed [\d,]+/, 'a step of time is read aloud');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await until(page, () => {
    const search = new URL(location.href).searchParams;
    return search.has('from') && search.has('to') && !search.has('t');
  });
  await settled(page, 'overview-page');
  await page.getByLabel('Time range').selectOption('24h');
  await until(page, () => location.search === '?t=24h');
}

/** An address that asks for what the page does not know gets no figures. */
async function mistyped(page) {
  await page.goto('/?status=failed');
  await page.getByTestId('address-problems').getByText('status=failed').waitFor();
  assert.equal(await page.getByTestId('tiles').count(), 0);
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await settled(page, 'overview-page');
}

/** Where the time went: two clicks. */
async function whereTheTimeWent(page, shoot) {
  await page.goto('/?t=24h');
  await settled(page, 'overview-page');
  const { click, check } = clicker();
  await click(rail(page, 'Workflows'));
  await page.waitForSelector('[data-testid=workflows] [data-run]');
  await look(page, shoot, 'workflows-light');
  await click(page.locator('[data-testid=workflows] a[data-index="0"]'));
  await settled(page, 'workflow-page');
  await page.getByTestId('path').getByText('%').first().waitFor();
  check('where the time went');
  assert.ok((await page.getByTestId('steps').getByRole('row').count()) > 1, 'steps are listed');
  const outcome = page.getByTestId('what-if-outcome');
  if ((await outcome.count()) > 0) assert.match(await outcome.innerText(), /[\d.]+.% shorter/);
  await look(page, shoot, 'workflow-path');
}

async function openView(page, name) {
  await page.getByRole('tab', { name, exact: true }).click();
  await until(page, () => document.querySelector('[data-testid=loading]') === null);
  assert.equal(await page.getByRole('alert').count(), 0, `no error in ${name}`);
}

async function readViews(page, shoot) {
  await openView(page, 'Failures');
  await look(page, shoot, 'workflow-failures');
  await openView(page, 'Forecast');
  await page.getByTestId('forecast').waitFor();
  await until(
    page,
    () =>
      document.querySelector('[data-testid=past-error]') !== null ||
      document.body.textContent.includes('There is no forecast'),
  );
  await look(page, shoot, 'workflow-forecast');
  await openView(page, 'Resources');
  await look(page, shoot, 'workflow-resources');
  await openView(page, 'Runs');
  await page.getByTestId('short-runs').getByRole('link').first().waitFor();
  await walkFlame(page, shoot);
}

/** The flame graph by keys: down, zoom, out again. */
async function walkFlame(page, shoot) {
  await openView(page, 'Flame graph');
  const flame = page.getByTestId('flame').getByRole('tree');
  const readout = page.getByTestId('flame').getByRole('status');
  await flame.focus();
  await page.keyboard.press('ArrowDown');
  await until(
    page,
    () =>
      !document.querySelector('[data-testid=flame] [role=status]').textContent.startsWith('All'),
  );
  assert.match(await readout.innerText(), /, [\d.]+ %$/, 'a box tells its share');
  await page.keyboard.press('Enter');
  const out = page.getByRole('button', { name: 'Zoom out' });
  const isWhole = (await readout.innerText()).endsWith('100.0 %');
  if (!isWhole) await out.waitFor();
  await page.keyboard.press('Escape');
  await out.waitFor({ state: 'detached' });
  await page.getByLabel('Width of the boxes').selectOption('tokens');
  await until(page, () => new URL(location.href).searchParams.get('weight') === 'tokens');
  await until(page, () => document.querySelector('[data-testid=loading]') === null);
  await look(page, shoot, 'workflow-flame');
}

/** Two periods of a workflow: three clicks from the start. */
async function comparePeriods(page, shoot) {
  await page.goto('/?t=15m');
  await settled(page, 'overview-page');
  const { click, check } = clicker();
  await click(rail(page, 'Workflows'));
  await page.waitForSelector('[data-testid=workflows] [data-run]');
  await click(page.locator('[data-testid=workflows] a[data-index="0"]'));
  await settled(page, 'workflow-page');
  await click(page.getByRole('link', { name: 'Compare with the time before' }));
  await settled(page, 'compare-page');
  check('comparing with the time before');
  await page.getByTestId('figures').waitFor();
  const verdicts = await page
    .locator('[data-figure]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-verdict')));
  assert.equal(verdicts.length, 4);
  for (const verdict of verdicts)
    assert.ok(['higher', 'lower', 'no_change', 'not_enough_data'].includes(verdict));
  await look(page, shoot, 'compare-baskets');
}

/** A failing run and its cause: errors, the group, the failing step. */
async function findCause(page, shoot) {
  await page.goto('/?t=24h');
  await settled(page, 'overview-page');
  const { click, check } = clicker();
  await click(rail(page, 'Errors'));
  await settled(page, 'errors-page');
  if ((await page.locator('[data-testid=errors] [data-run]').count()) === 0) {
    await page.getByText('No run failed in this time').waitFor();
    return false;
  }
  await look(page, shoot, 'errors-light');
  await click(page.locator('[data-testid=errors] a[data-index="0"]'));
  await settled(page, 'error-page');
  await page.getByTestId('sample').getByText('failed').first().waitFor();
  await page.getByTestId('error-runs').getByRole('link').first().waitFor();
  await look(page, shoot, 'error-light');
  await click(page.getByRole('link', { name: 'Open where it failed' }));
  await page.waitForURL(/\/runs\/\w+\?.*span=\w+/);
  check('a failing run and its cause');
  return true;
}

/** Filtered to nothing, and back. */
async function filterErrors(page) {
  await page.goto('/errors?find=zzqx-zzqx');
  await page.getByText('No error of this time has this').waitFor();
  await assertAccessible(page, 'errors, filtered to nothing');
  await page.getByRole('button', { name: 'Show all of them' }).click();
  await page.waitForSelector('[data-testid=errors] [data-run]');
}

/** Two runs of one workflow: steps side by side, and the texts of a pair word by word. */
async function compareRuns(page, shoot) {
  const ids = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/observability/traces?status=completed&limit=200');
    const { traces } = await answer.json();
    const withModel = traces.filter(({ models }) => models.length > 0);
    for (const first of withModel) {
      const second = withModel.find(
        (other) => other.workflow_id === first.workflow_id && other.trace_id !== first.trace_id,
      );
      if (second !== undefined) return [first.trace_id, second.trace_id];
    }
    return [];
  });
  assert.equal(ids.length, 2, 'two runs of one workflow');
  await page.goto(`/compare?a=${ids[0]}&b=${ids[1]}`);
  await settled(page, 'compare-page');
  await page.getByTestId('differences-of-runs').waitFor();
  const steps = page.getByTestId('aligned-steps').locator('[data-step]');
  assert.ok((await steps.count()) > 0, 'steps are aligned');
  await steps.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(page, () => new URL(location.href).searchParams.has('step'));
  await page.getByTestId('pair').waitFor();
  await look(page, shoot, 'compare-light');
  await page.getByRole('button', { name: 'Swap sides' }).click();
  await until(page, (id) => new URL(location.href).searchParams.get('a') === id, ids[1]);
  await settled(page, 'compare-page');
  await page.goto(`/compare?a=${ids[0]}&b=workflow_id%3Dx`);
  await page.getByText('A run can be compared with a run').waitFor();
}

/** An unreachable answer is said where it would stand, and asked for again. */
async function failingAnswers(page) {
  const answers = '**/api/v1/observability/aggregate**';
  await page.route(answers, (route) =>
    route.fulfill({ status: 503, contentType: 'application/json', body: '{"detail":"try later"}' }),
  );
  await page.goto('/workflows');
  await page.getByRole('alert').getByText('Cannot load workflows: try later').waitFor();
  await assertAccessible(page, 'workflows that cannot be loaded');
  await page.unroute(answers);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForSelector('[data-testid=workflows] [data-run]');
}

/** A server without runs says how to begin; a quiet time says so. */
async function nothingYet(page, shoot) {
  await page.goto('/?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z');
  await page.getByText('No run started in this time').waitFor();
  await page.goto('/workflows?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z');
  await page.getByText('No workflow ran in this time').waitFor();
  await page.goto('/errors?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z');
  await page.getByText('No run failed in this time').waitFor();
  await look(page, shoot, 'errors-empty');
}

async function onPhone(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl, {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  await page.goto('/?t=24h');
  await settled(page, 'overview-page');
  await look(page, shoot, 'overview-phone');
  await page.goto('/workflows');
  await page.waitForSelector('[data-testid=workflows] [data-run]');
  await look(page, shoot, 'workflows-phone');
  await page.locator('[data-testid=workflows] a[data-index="0"]').click();
  await settled(page, 'workflow-page');
  await look(page, shoot, 'workflow-phone');
  await page.goto('/errors');
  await settled(page, 'errors-page');
  await look(page, shoot, 'errors-phone');
  await check();
}

export async function runAnswersJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await readOverview(page, shoot);
  await brush(page);
  await mistyped(page);
  await whereTheTimeWent(page, shoot);
  await readViews(page, shoot);
  await comparePeriods(page, shoot);
  if (await findCause(page, shoot)) await filterErrors(page);
  else console.log('  no failed run was there to look at');
  await compareRuns(page, shoot);
  await failingAnswers(page);
  await nothingYet(page, shoot);
  await check();
  await onPhone(browser, baseUrl, shoot);
}
