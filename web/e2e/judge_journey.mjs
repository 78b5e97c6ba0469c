// SPDX-License-Identifier: Apache-2.0
// A run is judged: a score and a note are given, read in its head and beside it, and taken back. Then it is
// collected in a new dataset, found there, sent as a file, and taken out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';
import { checkLooks } from './pages.mjs';

/** A name of its own, so that the journey can be played again on the same server. */
const mark = Date.now().toString(36);
const score = `quality-${mark}`;
const dataset = `Journey ${mark}`;

/** A finished run with a chat call, whose input and output were sent. */
function pickRun(page) {
  return page.evaluate(async () => {
    const root = '/api/v1/observability/traces';
    const { traces } = await (await fetch(`${root}?status=completed&limit=50`)).json();
    for (const { trace_id: id } of traces.filter(({ models }) => models.length > 0)) {
      const { rows } = await (await fetch(`${root}/${id}/rows?limit=1000`)).json();
      const [first] = rows;
      const call = rows.find(({ kind }) => kind === 'llm');
      if (call !== undefined && first.input_preview !== null && first.output_preview !== null)
        return { id, call: call.span_id };
    }
    return undefined;
  });
}

async function givesScore(page, shoot) {
  const panel = page.getByTestId('judgements');
  await panel.getByText('Give a score').click();
  const form = panel.getByRole('form', { name: 'Give a score' });
  await form.getByRole('button', { name: 'Keep this score' }).click();
  await form.getByText('Needed').first().waitFor();
  await assertAccessible(page, 'a score that lacks its name');
  await form.getByLabel('Name', { exact: true }).fill(score);
  await form.getByLabel('Value', { exact: true }).fill('0.8');
  await form.getByLabel('Comment').fill('Polite, but it asked twice.');
  await form.getByRole('button', { name: 'Keep this score' }).click();
  await panel.getByText('Polite, but it asked twice.').waitFor();
  await page.getByTestId('run-scores').getByText(score).waitFor();
  await page.getByTestId('run-scores').getByText('0.8', { exact: true }).waitFor();
  assert.equal(await form.getByLabel('Name', { exact: true }).inputValue(), '');
  await panel.getByText('Write a note').click();
  const note = panel.getByRole('form', { name: 'Write a note' });
  await note.getByLabel('Note').fill('Why was the stock not asked for?');
  await note.getByRole('button', { name: 'Keep this note' }).click();
  await panel.getByRole('listitem').getByText('Why was the stock not asked for?').waitFor();
  await assertNoOverflow(page);
  await assertAccessible(page, 'a judged run');
  await shoot(page, 'run-judged');
}

/** Of a step it is shown with the step, and beside the run with the way to the step. */
async function judgesStep(page, { id, call }) {
  await page.goto(`/runs/${id}?view=tree&span=${call}`);
  const panel = page.getByTestId('judgements');
  await panel.getByText('Nobody has judged this yet').waitFor();
  await panel.getByText('Give a score').click();
  const form = panel.getByRole('form', { name: 'Give a score' });
  await form.getByLabel('Name', { exact: true }).fill('tone');
  await form.getByLabel('Value', { exact: true }).fill('friendly');
  await form.getByRole('button', { name: 'Keep this score' }).click();
  await panel.getByRole('listitem').getByText('friendly').waitFor();
  await page.getByRole('button', { name: 'Close details' }).click();
  await panel
    .getByRole('listitem')
    .filter({ hasText: 'tone friendly' })
    .getByRole('button', { name: 'Show the step' })
    .click();
  await until(page, (span) => new URL(location.href).searchParams.get('span') === span, call);
  await panel.getByRole('button', { name: 'Delete the score tone…' }).click();
  await panel.getByRole('button', { name: 'Delete the score tone', exact: true }).click();
  await panel.getByText('Nobody has judged this yet').waitFor();
  await page.getByRole('button', { name: 'Close details' }).click();
}

async function takesBack(page) {
  const panel = page.getByTestId('judgements');
  await panel.getByRole('button', { name: `Delete the score ${score}…` }).click();
  await panel.getByRole('button', { name: `Delete the score ${score}`, exact: true }).click();
  await panel.getByText(score, { exact: true }).waitFor({ state: 'detached' });
  await page.getByTestId('run-scores').getByText(score).waitFor({ state: 'detached' });
  await panel.getByRole('button', { name: 'Delete this note…' }).click();
  await panel.getByRole('button', { name: 'Delete this note', exact: true }).click();
  await panel.getByText('Why was the stock not asked for?').waitFor({ state: 'detached' });
}

async function addsToDataset(page, { id, call }, shoot) {
  await page.goto(`/runs/${id}?view=tree&span=${call}`);
  await page.waitForSelector('[role=treeitem]');
  const open = page.locator('header').getByRole('button', { name: 'Add to dataset' });
  const menu = page.getByRole('group', { name: 'Add to dataset' });
  await open.click();
  const form = menu.getByRole('form', { name: 'New dataset' });
  await form.getByLabel('New dataset').fill(dataset);
  await form.getByRole('button', { name: 'Make it and add' }).click();
  await menu.getByRole('status').getByRole('link', { name: dataset }).waitFor();
  await assertAccessible(page, 'adding a run to a dataset');
  await shoot(page, 'dataset-picker');
  // A run is in a dataset once; its step is something else.
  const entry = menu.getByRole('list', { name: 'Datasets' }).getByRole('button', { name: dataset });
  await entry.click();
  await menu.getByRole('alert').getByText('Cannot add it').waitFor();
  await menu.getByRole('combobox', { name: 'What to add' }).selectOption('step');
  await entry.click();
  await menu.getByRole('alert').waitFor({ state: 'detached' });
  await entry.getByText('2', { exact: true }).waitFor();
  await menu.getByRole('status').getByRole('link', { name: dataset }).click();
}

async function readsDataset(page, { id, call }, shoot) {
  await page.getByRole('heading', { level: 1, name: dataset }).waitFor();
  const examples = page.locator('[data-example]');
  await until(page, () => document.querySelectorAll('[data-example]').length === 2);
  await examples.first().getByText('Input', { exact: true }).waitFor();
  await examples.first().getByText('All of it').click();
  await examples.first().getByRole('region', { name: 'Output' }).waitFor();
  await assertNoOverflow(page);
  await assertAccessible(page, 'a dataset');
  await shoot(page, 'dataset');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export JSONL' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /\.jsonl$/);
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map((one) => [one.trace_id, one.span_id]),
    [
      [id, null],
      [id, call],
    ],
  );
  const step = examples.nth(1).getByRole('link', { name: 'Open the step' });
  assert.match(await step.getAttribute('href'), new RegExp(`/runs/${id}\\?span=${call}`));
  await examples.nth(1).getByRole('button', { name: 'Take out…' }).click();
  await examples.nth(1).getByRole('button', { name: 'Take this example out' }).click();
  await until(page, () => document.querySelectorAll('[data-example]').length === 1);
  await page.getByText('Rename', { exact: true }).click();
  const rename = page.getByRole('form', { name: 'Rename' });
  await rename.getByLabel('What it is for').fill('Kept by a journey.');
  await rename.getByRole('button', { name: 'Keep these words' }).click();
  await page.getByText('Kept by a journey.', { exact: true }).waitFor();
}

async function deletesDataset(page) {
  await page.goto('/datasets');
  await page.getByRole('link', { name: dataset }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete it with all of its examples' }).click();
  await until(page, () => location.pathname === '/datasets');
  await page.getByRole('link', { name: dataset }).waitFor({ state: 'detached' });
}

export async function runJudgeJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto('/settings');
  await page.getByRole('link', { name: 'All datasets' }).click();
  await page.getByRole('form', { name: 'New dataset' }).waitFor();
  const run = await pickRun(page);
  assert.ok(run !== undefined, 'a run with an input and an output');
  await page.goto(`/runs/${run.id}?view=tree`);
  await givesScore(page, shoot);
  await judgesStep(page, run);
  await takesBack(page);
  await addsToDataset(page, run, shoot);
  await readsDataset(page, run, shoot);
  const path = new URL(page.url()).pathname;
  for (const [address, selector, name] of [
    ['/datasets', '[data-testid=datasets] [data-row]', 'datasets'],
    [path, '[data-example]', 'dataset'],
  ])
    await checkLooks(browser, baseUrl, { path: address, selector, name, shoot });
  await deletesDataset(page);
  await page.goto('/datasets/no-such-dataset');
  await page.getByText('There is no dataset with this id').waitFor();
  await check();
}
