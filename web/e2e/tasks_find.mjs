// SPDX-License-Identifier: Apache-2.0
// Finding things from the list of runs: why a run failed, the dearest call, all runs of a session and of a
// user, and how two runs differ.

import assert from 'node:assert/strict';
import { until } from './browser.mjs';

export const rows = '[data-testid=runs] [data-run]';
export const parameter = (name) => new URL(location.href).searchParams.get(name);

/** What the server answers to the page's own question. */
export function ask(page, path) {
  return page.evaluate(async (asked) => {
    const answer = await fetch(`/api/v1/observability${asked}`);
    if (!answer.ok) throw new Error(`${asked}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }, path);
}

/** The list of runs, as it stands before anything is asked of it. */
export async function openRuns(page) {
  await page.goto('/runs');
  await page.waitForSelector(rows);
  await page.getByTestId('facets').getByRole('button').first().waitFor();
}

/** The value of a field among the counts beside the list. */
export function facet(page, field, value) {
  return page
    .getByTestId('facets')
    .getByRole('region', { name: field })
    .getByRole('button', { name: new RegExp(`^${value}`) });
}

/** Narrows the list by a click on a value, and waits until only such runs are in it. */
export async function narrow(page, task, field, value, key) {
  await task.click(facet(page, field, value));
  await until(page, parameter, key);
  await page.getByTestId('filters').first().waitFor();
  const { traces } = await ask(page, `/traces?${key}=${encodeURIComponent(value)}&limit=1000`);
  await until(
    page,
    ([selector, ids]) => {
      const listed = [...document.querySelectorAll(selector)];
      return listed.length > 0 && listed.every((row) => ids.includes(row.dataset.run));
    },
    [rows, traces.map(({ trace_id: id }) => id)],
  );
  return traces;
}

export const linkOf = (page, id) => page.locator(`[data-run="${id}"] a[data-index]`);

/** The run says what it failed of, and a click shows it whole where it happened. */
export async function failingRun({ page, task }) {
  await openRuns(page);
  await narrow(page, task, 'Status', 'failed', 'status');
  const id = await page.locator(rows).first().getAttribute('data-run');
  await task.click(linkOf(page, id));
  const cause = page.getByTestId('cause');
  await cause.waitFor();
  const { spans } = await ask(page, `/traces/${id}`);
  const failed = spans.filter((span) => span.status === 'failed');
  const isDeepest = (span) => !failed.some((other) => other.parent_span_id === span.span_id);
  await task.click(cause.getByRole('button', { name: /^Show it/ }));
  await until(page, parameter, 'span');
  const shown = await page.evaluate(parameter, 'span');
  const span = failed.find((other) => other.span_id === shown);
  assert.ok(span !== undefined && isDeepest(span), 'no other failure below it explains it');
  assert.ok(span.error_message, 'the run tells why it failed');
  const [line] = span.error_message.split('\n');
  assert.ok((await cause.innerText()).includes(line), `the cause is “${line}”`);
  await page.getByTestId('failure').getByText(line).first().waitFor();
}

/** Of all calls of models there are, whatever their order. */
async function dearestOf(page) {
  let dearest = { cost: -1 };
  for (let cursor = ''; cursor !== null;) {
    const at = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { spans, next_cursor: next } = await ask(page, `/spans?kind=llm&limit=1000${at}`);
    for (const span of spans) if ((span.cost ?? -1) > dearest.cost) dearest = span;
    cursor = next;
  }
  return dearest;
}

export async function dearestCall({ page, task }) {
  await openRuns(page);
  await task.click(page.getByTestId('grains').getByRole('link', { name: 'Calls' }));
  const calls = page.getByTestId('calls');
  await calls.locator('[data-run]').first().waitFor();
  await task.click(calls.getByRole('button', { name: 'Cost' }));
  await calls.getByRole('table', { name: /expensive/ }).waitFor();
  const dearest = await dearestOf(page);
  assert.ok(dearest.cost > 0);
  await calls.locator(`tbody tr:has([data-index="0"])[data-run$="${dearest.span_id}"]`).waitFor();
  await task.click(calls.locator('a[data-index="0"]'));
  await until(page, parameter, 'span');
  assert.equal(await page.evaluate(parameter, 'span'), dearest.span_id);
  await page.getByRole('heading', { name: /^Answer/ }).waitFor();
}

/** From a run that lies beside the list to all runs of the session or the user it belongs to. */
async function allRunsOf({ page, task }, { label, field, path }) {
  await openRuns(page);
  const { traces } = await ask(page, '/traces?limit=100');
  const runsWith = (id) => traces.filter((trace) => trace[field] === id).length;
  const shown = await page
    .locator(rows)
    .evaluateAll((listed) => listed.map((row) => row.dataset.run));
  const run = traces.find(
    (trace) => shown.includes(trace.trace_id) && trace[field] && runsWith(trace[field]) > 1,
  );
  assert.ok(run !== undefined, `a run whose ${label} has more of them`);
  const id = run[field];
  await task.click(page.locator(`[data-run="${run.trace_id}"] [data-column=started]`));
  const peek = page.getByTestId('peek');
  await task.click(peek.locator(`dl a[href^="/${path}/"]`));
  await page.getByTestId(label).getByRole('heading', { level: 1, name: id }).waitFor();
  const all = (await ask(page, `/traces?${field}=${encodeURIComponent(id)}&limit=1000`)).traces;
  await until(
    page,
    (count) => document.querySelectorAll('[data-turn]').length === count,
    all.length,
  );
  const turns = await page
    .locator('[data-turn]')
    .evaluateAll((listed) => listed.map((turn) => turn.dataset.turn));
  assert.deepEqual(turns.sort(), all.map((trace) => trace.trace_id).sort());
}

export const runsOfSession = (scene) =>
  allRunsOf(scene, { label: 'session', field: 'session_id', path: 'sessions' });

export const runsOfUser = (scene) =>
  allRunsOf(scene, { label: 'user', field: 'user_id', path: 'users' });

/** Two runs of the same name, of those that are on the screen. */
async function pairOf(page) {
  return page.locator(rows).evaluateAll((listed) => {
    const seen = new Map();
    for (const row of listed) {
      if (row.querySelector('[data-column=status]').textContent !== 'completed') continue;
      const name = row.querySelector('a[data-index]').textContent;
      if (seen.has(name)) return [seen.get(name), row.dataset.run];
      seen.set(name, row.dataset.run);
    }
    return [];
  });
}

export async function compareRuns({ page, task }) {
  await openRuns(page);
  const pair = await pairOf(page);
  assert.equal(pair.length, 2, 'two runs of one name');
  for (const id of pair) await task.tick(page.locator(`[data-run="${id}"]`).getByRole('checkbox'));
  await task.click(page.getByTestId('compare-picked').getByRole('button', { name: /^Compare/ }));
  await page.getByTestId('differences-of-runs').getByText('Duration', { exact: true }).waitFor();
  assert.deepEqual(
    [await page.evaluate(parameter, 'a'), await page.evaluate(parameter, 'b')],
    pair,
  );
  assert.ok((await page.getByTestId('aligned-steps').locator('[data-step]').count()) > 0);
  await page.getByTestId('pair').waitFor();
}
