// SPDX-License-Identifier: Apache-2.0
// Reading one run: a long coding agent, what another agent of a crew did, where the time went, a prompt to
// use elsewhere, a span to show to somebody.

import assert from 'node:assert/strict';
import { openPage, until } from './browser.mjs';
import { ask, linkOf, narrow, openRuns, parameter, rows } from './tasks_find.mjs';

const crew = 'research-crew/research-crew';
const longTurns = 30;
/** Heights of the window that so many turns may take; as a list of messages they took 28. */
const mostScreens = 2;

async function transcriptOf(page, id) {
  return ask(page, `/traces/${id}/transcript?limit=1000`);
}

/** A finished run of those listed that has what is looked for. */
async function findRun(page, traces, matches) {
  for (const trace of traces.filter(({ status }) => status === 'completed')) {
    const found = await matches(trace);
    if (found !== undefined) return { id: trace.trace_id, found };
  }
  return assert.fail('no such run among those listed');
}

/** Opens a run that the list has, scrolled to it if need be. */
async function openListed(page, task, id) {
  await page.getByTestId('runs').evaluate((list) => list.scrollTo({ top: 0 }));
  await until(
    page,
    ([selector, wanted]) => {
      if (document.querySelector(`[data-run="${wanted}"]`) !== null) return true;
      document.querySelector(selector).scrollBy({ top: 200 });
      return false;
    },
    ['[data-testid=runs]', id],
  );
  await task.click(linkOf(page, id));
}

/** Every turn of thirty and more is there at once, folded where only tools worked, and so is what came of it. */
export async function readCodingAgent({ page, task, shoot }) {
  await openRuns(page);
  const traces = await narrow(page, task, 'Workflow', 'coder', 'workflow_id');
  const { id, found } = await findRun(page, traces, async ({ trace_id: run }) => {
    const { entries } = await transcriptOf(page, run);
    const calls = entries.filter((entry) => entry.type === 'call');
    return calls.length >= longTurns ? calls : undefined;
  });
  await openListed(page, task, id);
  const transcript = page.getByTestId('transcript');
  const lastTurn = found.at(-1).span.span_id;
  await transcript.locator(`[data-span="${lastTurn}"]`).waitFor({ state: 'attached' });
  const shown = await transcript.evaluate((view) => {
    const single = view.querySelectorAll('article[aria-label^="turn "]').length;
    const folds = [...view.querySelectorAll('button[data-stop=""]')].map((fold) =>
      Number(/(\d+) more turn/.exec(fold.textContent)?.[1] ?? 0),
    );
    return {
      turns: folds.reduce((sum, count) => sum + count, single),
      screens: view.scrollHeight / view.clientHeight,
    };
  });
  assert.equal(shown.turns, found.length, 'no turn is left out');
  console.log(`    ${shown.turns} turns on ${shown.screens.toFixed(1)} screens`);
  assert.ok(shown.screens <= mostScreens, `${shown.screens} screens`);
  await shoot(page, 'task-coding-agent');
  await transcript.evaluate((view) => view.scrollTo({ top: view.scrollHeight }));
  await until(
    page,
    (span) => {
      const view = document.querySelector('[data-testid=transcript]').getBoundingClientRect();
      const last = document.querySelector(`[data-span="${span}"]`).getBoundingClientRect();
      return last.bottom > view.top && last.top < view.bottom;
    },
    lastTurn,
  );
}

/** Its task stands where it began; a click shows what came of it and what all below it took. */
export async function readSubAgent({ page, task, shoot }) {
  await openRuns(page);
  const traces = await narrow(page, task, 'Workflow', crew, 'workflow_id');
  const { id, found } = await findRun(page, traces, async ({ trace_id: run }) => {
    const { agents } = await transcriptOf(page, run);
    return agents.find((agent) => agent.name === 'researcher' && agent.output_preview !== null);
  });
  await openListed(page, task, id);
  const card = page.getByRole('article', { name: 'agent researcher' }).first();
  await card.getByText(found.input_preview.slice(0, 40)).first().waitFor();
  await task.click(card.locator(`[data-stop="${found.span.span_id}"]`));
  const panel = page.getByTestId('span-panel');
  await panel.getByRole('heading', { name: 'Task' }).waitFor();
  await panel.getByRole('heading', { name: 'Result' }).waitFor();
  const { rows: spans } = await ask(page, `/traces/${id}/rows?limit=2000`);
  const parents = new Map(spans.map((span) => [span.span_id, span.parent_span_id]));
  const isBelow = (span) => {
    for (let at = span; at; at = parents.get(at)) if (at === found.span.span_id) return true;
    return false;
  };
  const isCall = ({ kind }) => kind === 'llm' || kind === 'embedding';
  const calls = spans.filter((span) => isCall(span) && isBelow(span.span_id)).length;
  await panel
    .getByTestId('sums')
    .getByText(`${calls} model call${calls === 1 ? '' : 's'}`)
    .waitFor();
  await shoot(page, 'task-sub-agent');
}

/** Beside the run stands what took its time, the most first; a click shows the longest of a name. */
export async function whereTheTimeWent({ page, task, shoot }) {
  await openRuns(page);
  const traces = await narrow(page, task, 'Workflow', 'coder', 'workflow_id');
  await openListed(page, task, traces.find(({ status }) => status === 'completed').trace_id);
  const shares = page.getByTestId('time-by-name').getByRole('listitem');
  await shares.first().waitFor();
  const widths = await shares.evaluateAll((items) =>
    items.map((item) => item.querySelector('[style*=width]').getBoundingClientRect().width),
  );
  assert.ok(widths.length > 1);
  assert.deepEqual(
    widths,
    [...widths].sort((left, right) => right - left),
  );
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const { rows: spans } = await ask(page, `/traces/${id}/rows?limit=2000`);
  const selfTimes = new Map();
  const nameOf = (span) => `${span.kind} ${span.display_name ?? span.name}`;
  for (const span of spans)
    selfTimes.set(nameOf(span), (selfTimes.get(nameOf(span)) ?? 0) + (span.self_time ?? 0));
  const [most] = [...selfTimes].sort(([, left], [, right]) => right - left)[0];
  await shoot(page, 'task-time');
  await task.click(shares.first().getByRole('button'));
  await until(page, parameter, 'span');
  const chosen = await page.evaluate(parameter, 'span');
  const ofMost = nameOf(spans.find((span) => span.span_id === chosen));
  assert.equal(ofMost, most, 'the name whose spans took the most time of their own');
}

/** The first turn of a run, or its first model call where it is shown as a tree. */
async function selectCall(page, task) {
  const call = page.locator(
    'article[aria-label^="turn "] [data-stop], [role=treeitem][data-kind=llm]',
  );
  await task.click(call.first());
  await until(page, parameter, 'span');
  return page.evaluate(parameter, 'span');
}

async function openRunWithCall(page, task) {
  await openRuns(page);
  const { traces } = await ask(page, '/traces?limit=100');
  const shown = await page
    .locator(rows)
    .evaluateAll((listed) => listed.map((row) => row.dataset.run));
  const run = traces.find(
    (trace) =>
      shown.includes(trace.trace_id) && trace.status === 'completed' && trace.models.length > 0,
  );
  assert.ok(run !== undefined, 'a run with a model call');
  await task.click(linkOf(page, run.trace_id));
  return run.trace_id;
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

function plainText(content) {
  return typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('');
}

/** What the model was asked is on the clipboard, whole, in the form that other programs take. */
export async function copyPrompt({ page, task }) {
  const traceId = await openRunWithCall(page, task);
  const spanId = await selectCall(page, task);
  await page.getByTestId('messages').waitFor();
  await task.click(page.getByRole('button', { name: 'Copy prompt' }));
  await page.getByText('Copied: Request as OpenAI JSON').waitFor();
  const request = JSON.parse(await clipboard(page));
  const { messages, model } = await ask(page, `/traces/${traceId}/spans/${spanId}`);
  assert.ok(model.endsWith(request.model), `${request.model} of ${model}`);
  const asked = messages.input.findLast((message) => message.role === 'user');
  const sent = request.messages.findLast((message) => message.role === 'user');
  const text = asked.parts.find((part) => part.type === 'text').content;
  assert.equal(plainText(sent.content), text);
}

/** The link on the clipboard shows the same span to whoever opens it. */
export async function shareSpan({ page, task, browser, url }) {
  await openRunWithCall(page, task);
  const spanId = await selectCall(page, task);
  const title = await page.getByRole('heading', { level: 2 }).first().innerText();
  await task.click(page.getByRole('button', { name: 'Copy link' }));
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const link = await clipboard(page);
  const other = await openPage(browser, url);
  await other.page.goto(link);
  await other.page.getByTestId('span-panel').waitFor();
  assert.equal(await other.page.evaluate(parameter, 'span'), spanId);
  await other.page.getByRole('heading', { level: 2, name: title }).waitFor();
  const selected = other.page.locator('[data-selected=true], [role=treeitem][aria-selected=true]');
  assert.equal(await selected.first().getAttribute('data-span'), spanId);
  await other.check();
}
