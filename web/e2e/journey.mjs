// SPDX-License-Identifier: Apache-2.0
// What a person does first: open the list, narrow it, open a run, read a model call, by mouse and by
// keyboard, in both themes. Works on any server that has received the demo's runs.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';
import { readTranscript } from './transcript_journey.mjs';
import { searchFinds } from './search_journey.mjs';

const rows = '[data-run]';
const span = '[role=treeitem]';
/** Whichever view a run opens with. */
const opened = `${span}, [data-testid=transcript] article`;

async function readList(page, shoot) {
  await page.goto('/runs');
  await page.waitForSelector(rows);
  assert.equal(await page.title(), 'Runs · Sightline');
  await page.waitForSelector('[data-feed=live]');
  await page.getByText('Demo', { exact: true }).first().waitFor();
  await assertNoOverflow(page);
  await assertAccessible(page, 'the list');
  await shoot(page, 'list-light');
}

/** The verdict on failures gives its reasons and the runs that it is about. */
async function askForReasons(page, shoot) {
  await page.getByRole('button', { name: /usual|too (few|little)/ }).click();
  await page.getByText('of those of the 24 hours before').waitFor();
  await page.getByText('by a fixed rule').waitFor();
  await assertAccessible(page, 'the reasons');
  await shoot(page, 'list-reasons');
  await page.getByRole('link', { name: 'Failed runs of the last hour' }).click();
  await until(page, () => location.search === '?status=failed&t=1h');
  await until(page, () => document.title.startsWith('Runs: status failed'));
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await until(page, () => location.search === '');
}

/** An address that asks for what nobody understands shows nothing, and never more than was asked for. */
async function mistypedAddress(page, shoot) {
  await page.goto('/runs?user=dana&status=melting');
  const problems = page.getByTestId('address-problems');
  await problems.getByText('user=dana').waitFor();
  await problems.getByText('status=melting').waitFor();
  assert.equal(await page.locator(rows).count(), 0);
  await assertAccessible(page, 'an address that is not understood');
  await shoot(page, 'list-address');
  await page.getByRole('button', { name: 'Use user_id' }).click();
  await until(page, () => new URL(location.href).searchParams.get('user_id') === 'dana');
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await until(page, () => location.search === '?user_id=dana');
  await page.getByText('No run matches these filters').waitFor();
  await page.getByTestId('filters').first().getByRole('button').click();
  await until(page, () => location.search === '');
}

async function filterList(page) {
  await page.getByRole('combobox', { name: 'Status' }).selectOption('completed');
  await until(page, () => new URL(location.href).searchParams.get('status') === 'completed');
  await until(page, () => {
    const cells = [...document.querySelectorAll('[data-run] [data-column=status]')];
    return cells.length > 0 && cells.every((cell) => cell.textContent === 'completed');
  });
  await page
    .getByLabel('Search names, ids and messages', { exact: true })
    .fill('no run says zzqx-zzqx');
  await page.getByText('No run matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.waitForSelector(rows);
  assert.equal(new URL(page.url()).search, '');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('completed');
  await page.waitForSelector(rows);
}

/** Holds the list still, so that rows do not move between two keys. */
async function openByKeyboard(page) {
  await page.getByRole('button', { name: 'Pause refreshing' }).first().click();
  await page.waitForSelector('[data-feed=paused]');
  await page.locator('a[data-index="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await until(page, () => document.activeElement?.getAttribute('data-index') === '1');
  await page.keyboard.press('ArrowUp');
  await until(page, () => document.activeElement?.getAttribute('data-index') === '0');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\/\w+/);
  await page.waitForSelector(opened);
  await until(page, () => document.activeElement?.tagName === 'H1');
  await until(page, () => document.title.startsWith(document.querySelector('h1').textContent));
}

/** Everything that can be done is found by its words or its key. */
async function commands(page, shoot) {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await page.getByRole('combobox', { name: 'What to do' }).fill('utc');
  await assertAccessible(page, 'the palette');
  await shoot(page, 'palette');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('header').textContent.includes('UTC'));
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.getByText('Search names, ids and messages').waitFor();
  await assertAccessible(page, 'the list of keys');
  await shoot(page, 'keys');
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
}

/** The time range stays in the address from page to page. */
async function keepsScope(page) {
  await page.getByLabel('Time range').selectOption('24h');
  await until(page, () => new URL(location.href).searchParams.get('t') === '24h');
  await page.waitForSelector(rows);
  await page.locator('a[data-index="0"]').click();
  await page.waitForURL(/\/runs\/\w+\?t=24h/);
  await page.waitForSelector(opened);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await until(page, () => location.pathname === '/runs' && location.search === '?t=24h');
  await page.getByLabel('Time range').selectOption('');
  await until(page, () => location.search === '');
}

/** Columns are taken away and come back, and the choice is remembered. */
async function choosesColumns(page, shoot) {
  await page.waitForSelector(rows);
  const head = page.getByRole('columnheader', { name: 'Errors', exact: true });
  await head.waitFor();
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Errors' }).uncheck();
  await head.waitFor({ state: 'detached' });
  await assertAccessible(page, 'the menu of columns');
  await shoot(page, 'columns');
  await page.reload();
  await page.waitForSelector(rows);
  assert.equal(await head.count(), 0, 'the choice is remembered');
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('button', { name: 'As at first' }).click();
  await head.waitFor();
  await page.keyboard.press('Escape');
}

const peekedRun = () => new URL(location.href).searchParams.get('run');

/** A click on any cell shows the run beside the list; J and K walk the list, Escape closes it. */
async function peeks(page, row, id) {
  await row.locator('[data-column=started]').click();
  const peek = page.getByTestId('peek');
  await peek.getByText('Started', { exact: true }).waitFor();
  assert.equal(await page.evaluate(peekedRun), id);
  await assertAccessible(page, 'a run beside the list');
  await page.keyboard.press('j');
  await until(page, (first) => new URL(location.href).searchParams.get('run') !== first, id);
  await page.keyboard.press('k');
  await until(page, (first) => new URL(location.href).searchParams.get('run') === first, id);
  await page.keyboard.press('Escape');
  await peek.waitFor({ state: 'detached' });
}

/** Filters can be typed; one that is not known narrows nothing and says what was meant. */
async function typedFilters(page) {
  const field = page.getByLabel('Search names, ids and messages', { exact: true });
  await field.fill('status:faild');
  await field.press('Enter');
  await page.getByTestId('unknown-filters').getByText('did you mean status:failed?').waitFor();
  assert.equal(new URL(page.url()).search, '');
  await field.fill('status:failed has:error');
  await field.press('Enter');
  await until(page, () => location.search === '?status=failed&has_error=true');
  assert.equal(await field.inputValue(), '', 'what became a filter is no text any more');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await until(page, () => location.search === '');
}

/** The name opens the run, and coming back finds the list where it was. */
async function openByPointerAndReturn(page) {
  const row = page.locator(rows).nth(3);
  const id = await row.getAttribute('data-run');
  const cost = row.locator('[data-column=cost]');
  assert.match((await cost.locator('span').getAttribute('title')) ?? 'USD', /USD|price/);
  const top = await cost.evaluate((cell) => {
    const { x, y, width, height } = cell.getBoundingClientRect();
    const hit = document.elementFromPoint(x + width / 2, y + height / 2);
    return cell.contains(hit);
  });
  assert.ok(top, 'nothing lies over the cells');
  await peeks(page, row, id);
  await row.locator('a').first().click();
  await page.waitForURL(new RegExp(`/runs/${id}`));
  await page.waitForSelector(opened);
  await page.goBack();
  await until(
    page,
    (wanted) => document.activeElement?.closest('[data-run]')?.getAttribute('data-run') === wanted,
    id,
  );
}

/** Goes through runs until one has a model call, which any demo has among its first. */
async function openRunWithModelCall(page) {
  const ids = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/observability/traces?status=completed&limit=50');
    const { traces } = await answer.json();
    return traces.filter((trace) => trace.models.length > 0).map((trace) => trace.trace_id);
  });
  assert.ok(ids.length > 0, 'no completed run with a model call');
  await page.goto(`/runs/${ids[0]}?view=tree`);
  await page.waitForSelector(`${span}[data-kind=llm]`);
}

async function readModelCall(page, shoot) {
  await page.locator(`${span}[data-kind=llm]`).first().click();
  await until(page, () => new URL(location.href).searchParams.has('span'));
  await page.getByTestId('messages').waitFor();
  const text = await page.getByTestId('messages').innerText();
  assert.match(text, /assistant/, 'the answer of the model is shown');
  assert.ok(text.length > 40, 'the messages have content');
  await assertNoOverflow(page);
  await assertAccessible(page, 'a run');
  await shoot(page, 'trace-light');
  await copies(page);
  await copiesRequest(page);
  await page.getByText('Span id', { exact: true }).waitFor();
  const attributes = page.getByTestId('attributes');
  await attributes.locator('summary').first().click();
  await attributes.getByRole('rowheader').first().waitFor();
  await page.getByTestId('raw').locator('summary').first().click();
  await page.getByTestId('raw').getByText('span_id', { exact: true }).waitFor();
  await assertAccessible(page, 'a span with everything open');
  await shoot(page, 'span-open');
}

/** What is copied is on the clipboard, and the page says so. */
async function copies(page) {
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await clipboard(), page.url());
  const message = page.getByTestId('messages').locator('[data-output=true]').first();
  await message.getByRole('button', { name: 'Copy this message of assistant' }).click();
  await until(
    page,
    async () => (await navigator.clipboard.readText()).startsWith('http') === false,
  );
  assert.ok((await clipboard()).length > 0);
}

/** A call can be made again elsewhere: its request is copied whole. */
async function copiesRequest(page) {
  await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
  await page.getByRole('button', { name: 'Request as OpenAI JSON' }).click();
  await page.getByText('Copied: Request as OpenAI JSON').waitFor();
  const request = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.ok(request.messages.length > 0);
  assert.ok(request.model.length > 0);
}

/** A link to a span that is not there says so, and shows the run. */
async function missingSpan(page) {
  const { pathname } = new URL(page.url());
  await page.goto(`${pathname}?span=unknown&view=costs`);
  await page.getByTestId('span-missing').getByText('unknown').waitFor();
  await page.getByTestId('address-note').getByText('view=costs').waitFor();
  await page.getByRole('button', { name: 'Show the run' }).click();
  await page.getByTestId('span-missing').waitFor({ state: 'detached' });
  await page.goto(`${pathname}?view=tree`);
  await page.waitForSelector(span);
}

/** Of a failed run, the first error shown is what it failed of, and its message stands in the panel. */
async function failedRun(page, shoot) {
  const found = await page.evaluate(async () => {
    const list = await fetch('/api/v1/observability/traces?status=failed&limit=50');
    for (const { trace_id: id } of (await list.json()).traces) {
      const { spans } = await (await fetch(`/api/v1/observability/traces/${id}`)).json();
      const failed = spans.filter((step) => step.status === 'failed' && step.error_message);
      const call = failed.find(
        (step) => step.kind === 'llm' && step.messages && step.messages.input.length > 0,
      );
      if (call !== undefined) return { id, span: call.span_id, message: call.error_message };
    }
    return undefined;
  });
  if (found === undefined) return false;
  await page.goto(`/runs/${found.id}?view=tree&span=${found.span}`);
  await page.getByTestId('messages').waitFor();
  await page.getByTestId('failure').getByText(found.message.split('\n')[0]).waitFor();
  await page.goto(`/runs/${found.id}?view=tree`);
  await page.getByTestId('cause').waitFor();
  await page.getByRole('button', { name: /\d+ errors?/ }).click();
  await page.getByTestId('failure').waitFor();
  const below = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('[role=treeitem]')];
    const at = rows.findIndex((row) => row.getAttribute('aria-selected') === 'true');
    const level = (row) => Number(row.getAttribute('aria-level'));
    const end = rows.findIndex((row, index) => index > at && level(row) <= level(rows[at]));
    const under = rows.slice(at + 1, end < 0 ? undefined : end);
    return under.filter((row) => row.getAttribute('data-status') === 'failed').length;
  });
  assert.equal(below, 0, 'the first error is one that no other error below it explains');
  await assertAccessible(page, 'a failed run');
  await shoot(page, 'trace-failed');
  return true;
}

async function walkTreeByKeyboard(page) {
  const selected = () =>
    page.evaluate(() =>
      document.querySelector('[role=treeitem][aria-selected=true]')?.getAttribute('data-span'),
    );
  const before = await selected();
  await page.getByRole('tree').focus();
  await page.keyboard.press('ArrowUp');
  await until(
    page,
    (id) => {
      const now = document.querySelector('[role=treeitem][aria-selected=true]');
      return now !== null && now.getAttribute('data-span') !== id;
    },
    before,
  );
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await until(
    page,
    () =>
      document.querySelectorAll('[role=treeitem]').length === 1 ||
      document.querySelector('[role=treeitem]')?.getAttribute('aria-expanded') === 'false',
  );
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelectorAll('[role=treeitem]').length > 1);
  await page.keyboard.press('Escape');
  await page.getByTestId('run-panel').waitFor();
  await until(page, () => document.activeElement?.getAttribute('role') === 'tree');
}

async function switchThemes(page, shoot) {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const toggle = page.getByRole('button', { name: /^Theme:/ });
  await toggle.click();
  const light = await ground();
  await toggle.click();
  const dark = await ground();
  assert.notEqual(light, dark, 'the themes differ');
  await page.reload();
  await page.waitForSelector(span);
  assert.equal(await ground(), dark, 'the theme is remembered');
  await page.locator(`${span}[data-kind=llm]`).first().click();
  await page.getByTestId('messages').waitFor();
  await assertAccessible(page, 'a run, dark');
  await shoot(page, 'trace-dark');
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.waitForSelector(rows);
  await assertAccessible(page, 'the list, dark');
  await shoot(page, 'list-dark');
}

export async function runJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await readList(page, shoot);
  await askForReasons(page, shoot);
  await mistypedAddress(page, shoot);
  await searchFinds(page);
  await typedFilters(page);
  await commands(page, shoot);
  await keepsScope(page);
  await choosesColumns(page, shoot);
  await filterList(page);
  await openByKeyboard(page);
  await page.goBack();
  await until(page, () => new URL(location.href).searchParams.get('status') === 'completed');
  await openByPointerAndReturn(page);
  await openRunWithModelCall(page);
  await readModelCall(page, shoot);
  await walkTreeByKeyboard(page);
  await missingSpan(page);
  await switchThemes(page, shoot);
  await readTranscript(page, shoot);
  const hasFailed = await failedRun(page, shoot);
  if (!hasFailed) console.log('  no failed model call was there to look at');
  await check();
}
