// SPDX-License-Identifier: Apache-2.0
// What a person does first: open the list, narrow it, open a run, read a model call, by mouse and by
// keyboard, in both themes. Works on any server that has received the demo's runs.

import assert from 'node:assert/strict';
import { assertNoOverflow, openPage, until } from './browser.mjs';

const rows = '[data-run]';
const span = '[role=treeitem]';

async function readList(page, shoot) {
  await page.goto('/');
  await page.waitForSelector(rows);
  assert.equal(await page.title(), 'Sightline');
  await page.waitForSelector('[data-feed=live]');
  await page.getByText('Demo', { exact: true }).first().waitFor();
  await assertNoOverflow(page);
  await shoot(page, 'list-light');
}

async function filterList(page) {
  await page.getByLabel('Status').selectOption('completed');
  await until(page, () => new URL(location.href).searchParams.get('status') === 'completed');
  await until(page, () => {
    const cells = [...document.querySelectorAll('[data-run] td:first-child')];
    return cells.length > 0 && cells.every((cell) => cell.textContent === 'completed');
  });
  await page.getByLabel('Search messages and names', { exact: true }).fill('no run says zzqx-zzqx');
  await page.getByText('No run matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.waitForSelector(rows);
  assert.equal(new URL(page.url()).search, '');
  await page.getByLabel('Status').selectOption('completed');
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
  await page.waitForURL(/\/traces\/\w+/);
  await page.waitForSelector(span);
}

/** Goes through runs until one has a model call, which any demo has among its first. */
async function openRunWithModelCall(page) {
  const ids = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/observability/traces?status=completed&limit=50');
    const { traces } = await answer.json();
    return traces.filter((trace) => trace.models.length > 0).map((trace) => trace.trace_id);
  });
  assert.ok(ids.length > 0, 'no completed run with a model call');
  await page.goto(`/traces/${ids[0]}`);
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
  await shoot(page, 'trace-light');
  await page.getByRole('tab', { name: 'Attributes' }).click();
  await page.getByRole('rowheader').first().waitFor();
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByText('Span id', { exact: true }).waitFor();
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
  await page.getByRole('tab', { name: 'Messages' }).click();
  await page.getByTestId('messages').waitFor();
  await shoot(page, 'trace-dark');
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.waitForSelector(rows);
  await shoot(page, 'list-dark');
}

export async function runJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await readList(page, shoot);
  await filterList(page);
  await openByKeyboard(page);
  await page.goBack();
  await until(page, () => new URL(location.href).searchParams.get('status') === 'completed');
  await openRunWithModelCall(page);
  await readModelCall(page, shoot);
  await walkTreeByKeyboard(page);
  await switchThemes(page, shoot);
  await check();
}
