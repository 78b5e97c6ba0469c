// SPDX-License-Identifier: Apache-2.0
// Pages that follow what happens, with feeds that the test plays: the list, a run that grows and ends,
// feeds that fail or skip, signs of trouble, and a large run while spans pour in.

import assert from 'node:assert/strict';
import { until } from './browser.mjs';
import { makeBigTrace, makeLiveSpan, makeLiveTrace, makeOverview } from './mock_data.mjs';

const span = '[role=treeitem]';
const runId = (number) => number.toString(16).padStart(32, 'a');

/** What a page forgets when it is loaded anew. */
const markDocument = (page) => page.evaluate(() => document.body.setAttribute('data-marked', ''));
const isMarked = (page) => page.evaluate(() => document.body.hasAttribute('data-marked'));

function pushFigures(mock, changes) {
  const { real_time_metrics, system_health } = makeOverview(false);
  const real_time = { ...real_time_metrics, ...changes };
  mock.push('/ws/metrics', { type: 'update', data: { real_time, health: system_health } });
}

async function listFollows(page, mock, shoot) {
  const row = (number) => page.locator(`[data-run="${runId(number)}"]`);
  // Outside of the list, so that it follows what happens.
  await page.mouse.move(5, 5);
  await page.goto('/runs');
  await page.waitForSelector('[data-feed=live]');
  await markDocument(page);
  const signs = [
    { kind: 'silent', span_id: null, message: 'Nothing heard for 40 s.', raised_at: null },
    {
      kind: 'step_overdue',
      span_id: '3'.padStart(16, '0'),
      message: 'lookup_order has been running for 42 s; it usually takes 0.6 s.',
      raised_at: new Date().toISOString(),
    },
  ];
  mock.put({ ...makeLiveTrace(runId(1)), signs });
  pushFigures(mock, { running_executions: 77 });
  await row(1).getByText('running', { exact: true }).waitFor();
  await row(1).getByText('Overdue +1').waitFor();
  await page.getByTestId('overview').getByText('77', { exact: true }).waitFor();
  await shoot(page, 'live-list');

  await staysStillWhileRead(page, mock, signs);
  await page.getByRole('button', { name: 'Pause refreshing' }).click();
  await page.waitForSelector('[data-feed=paused]');
  await until(page, () => new URL(location.href).searchParams.get('hold') === '1');
  mock.put(makeLiveTrace(runId(2)));
  pushFigures(mock, { running_executions: 78 });
  await page.getByRole('button', { name: 'Resume refreshing' }).click();
  await row(2).waitFor();
  await page.waitForSelector('[data-feed=live]');

  mock.refuseFeeds(true);
  await page.waitForSelector('[data-feed=reconnecting]');
  mock.put(makeLiveTrace(runId(3)));
  await row(3).waitFor();
  await shoot(page, 'live-reconnecting');
  mock.refuseFeeds(false);
  await page.waitForSelector('[data-feed=live]');

  // News that cannot be read: the server says that there is something, and then does not answer.
  mock.setScenario('hang');
  pushFigures(mock, { running_executions: 79 });
  await page.waitForSelector('[data-feed=behind]');
  mock.setScenario('full');
  assert.ok(await isMarked(page), 'the page was never loaded anew');
}

/** Under a pointer rows do not move: what comes is counted, and shown when it is asked for. */
async function staysStillWhileRead(page, mock, signs) {
  const first = page.locator('[data-run]').first();
  await page.locator('[data-run]').nth(4).hover();
  const before = await first.getAttribute('data-run');
  mock.put({ ...makeLiveTrace(runId(9)), status: 'running' });
  mock.put({ ...makeLiveTrace(runId(1)), signs, name: 'the run by its new name' });
  pushFigures(mock, { running_executions: 76 });
  await page.getByText('the run by its new name').waitFor();
  assert.equal(await first.getAttribute('data-run'), before, 'no row moves under the pointer');
  await page.getByRole('button', { name: '1 new' }).click();
  await page.locator(`[data-run="${runId(9)}"]`).waitFor();
  await page.mouse.move(5, 5);
}

const statusOf = (page, id) =>
  page.locator(`[data-span="${id}"]`).evaluate((row) => row.getAttribute('data-status'));

async function traceGrows(page, mock, shoot) {
  const id = runId(4);
  const feed = `/ws/traces/${id}`;
  const base = Date.now() - 20_000;
  const root = makeLiveSpan(1, null, 'agent', 'support-agent', base, null);
  const trace = { ...makeLiveTrace(id), spans: [root] };
  mock.put(trace);
  await page.goto(`/runs/${id}`);
  await page.waitForSelector('[data-feed=live]');
  await markDocument(page);
  assert.equal(await page.locator(span).count(), 1);

  // A step is announced, and ends.
  const call = makeLiveSpan(2, 1, 'llm', 'chat gpt-4.1', base + 1000, null);
  trace.spans.push(call);
  mock.push(feed, { type: 'spans', spans: [call] });
  const callRow = page.locator(`[data-span="${call.span_id}"]`);
  await callRow.locator('[data-shape=open]').waitFor();
  await callRow.getByText('running').first().waitFor();
  const ended = makeLiveSpan(2, 1, 'llm', 'chat gpt-4.1', base + 1000, 4);
  trace.spans[1] = ended;
  mock.push(feed, { type: 'spans', spans: [ended] });
  await callRow.locator('[data-shape=bar]').waitFor();
  assert.equal(await statusOf(page, call.span_id), 'completed');

  // A child comes before its parent: it waits below a row that stands for the parent, and stays there.
  const parent = makeLiveSpan(3, 1, 'tool', 'search', base + 6000, 3);
  const child = makeLiveSpan(4, 3, 'http', 'GET /search', base + 6500, 1);
  trace.spans.push({ ...child, parent_missing: 'not yet arrived: spans are sent when they end' });
  mock.push(feed, { type: 'spans', spans: [child] });
  const parentRow = page.locator(`[data-span="${parent.span_id}"]`);
  await page.waitForSelector(`[data-span="${parent.span_id}"][data-awaited=true]`);
  await page.locator(`[data-span="${child.span_id}"]`).click();
  await shoot(page, 'live-awaited');
  trace.spans.splice(2, 1, parent, child);
  mock.push(feed, { type: 'spans', spans: [parent] });
  await page.waitForSelector(`[data-span="${parent.span_id}"][data-awaited=false]`);
  assert.equal(await parentRow.getAttribute('aria-level'), '2', 'it hangs below the agent now');
  assert.equal(
    await page.locator(`${span}[aria-selected=true]`).getAttribute('data-span'),
    child.span_id,
    'what was selected stays selected',
  );
  await staysInPlace(page, mock, { trace, feed, base });
  await shoot(page, 'live-trace');
  await ends(page, mock, { trace, feed, base });
  assert.ok(await isMarked(page), 'the page was never loaded anew');
}

/** Rows come above what is being read, and below a row that is collapsed: nothing moves. */
async function staysInPlace(page, mock, { trace, feed, base }) {
  const parentId = trace.spans[2].span_id;
  await page.locator(`[data-toggle="${parentId}"]`).click();
  await page.waitForSelector(`[data-span="${parentId}"][aria-expanded=false]`);
  const later = Array.from({ length: 80 }, (_, i) =>
    makeLiveSpan(100 + i, 1, 'task', `step ${i}`, base + 10_000 + i * 10, 0.005),
  );
  trace.spans.push(...later);
  mock.push(feed, { type: 'spans', spans: later });
  const tree = page.getByRole('tree');
  await until(page, () => document.querySelector('[role=tree]').scrollHeight > 80 * 26);
  await tree.evaluate((element) => (element.scrollTop = 40 * 26));
  const firstRow = () =>
    page.evaluate(() => {
      const top = document.querySelector('[role=tree]').getBoundingClientRect().top;
      const rows = [...document.querySelectorAll('[role=treeitem]')];
      const visible = rows.filter((row) => row.getBoundingClientRect().top >= top - 1);
      const first = visible.reduce((a, b) =>
        a.getBoundingClientRect().top <= b.getBoundingClientRect().top ? a : b,
      );
      return first.getAttribute('data-span');
    });
  await until(page, () => document.querySelector('[data-span$="0090"]') !== null);
  const before = await firstRow();
  const heightBefore = await tree.evaluate((element) => element.scrollHeight);
  const above = Array.from({ length: 10 }, (_, i) =>
    makeLiveSpan(300 + i, 1, 'task', `early ${i}`, base + 2000 + i, 0.001),
  );
  trace.spans.push(...above);
  mock.push(feed, { type: 'spans', spans: above });
  await until(
    page,
    (height) => document.querySelector('[role=tree]').scrollHeight === height + 260,
    heightBefore,
  );
  assert.equal(await firstRow(), before, 'what is being read stays in place');
  await tree.evaluate((element) => (element.scrollTop = 0));
  await page.waitForSelector(`[data-span="${parentId}"][aria-expanded=false]`);
}

/** The end is read as a whole: what the feed told gives way to it. */
async function ends(page, mock, { trace, feed, base }) {
  const [root, ...others] = trace.spans;
  const final = {
    ...trace,
    status: 'completed',
    end_time: new Date(base).toISOString(),
    duration: 12,
    total_tokens: 4242,
    spans: [{ ...root, ...makeLiveSpan(1, null, 'agent', 'support-agent', base, 12) }, ...others],
  };
  mock.put({ ...final, end_time: new Date(base - 100_000).toISOString() });
  mock.push(feed, { type: 'trace', status: 'completed' });
  await page.getByText('4,242').waitFor();
  await page.waitForSelector('[data-feed=settled]');
  assert.equal(await statusOf(page, root.span_id), 'completed');
}

async function signsShow(page, mock, shoot) {
  await page.goto(`/runs/${runId(1)}?view=tree`);
  const signs = page.getByTestId('signs');
  await signs.getByText('it usually takes 0.6 s').waitFor();
  await signs.getByText('Nothing heard for 40 s.').waitFor();
  await signs.getByRole('button', { name: 'Show span' }).click();
  await page.waitForSelector(`${span}[aria-selected=true][data-span="${'3'.padStart(16, '0')}"]`);
  await shoot(page, 'live-signs');
}

/** The frames until the page shows so many spans, and the slowest in milliseconds; it has half a minute. */
function watchFrames(page, note) {
  return page.evaluate(async (wanted) => {
    const count = document.querySelector('[data-testid=span-count]');
    const startedAt = performance.now();
    let worst = 0;
    let frames = 0;
    for (let last = startedAt; !count.textContent.startsWith(wanted);) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      worst = Math.max(worst, now - last);
      frames++;
      last = now;
      if (now - startedAt > 30_000) throw new Error(`still ${count.textContent}`);
    }
    return { worst: Math.round(worst), frames };
  }, note);
}

async function largeTraceGrows(page, mock) {
  const count = 50_000;
  const id = runId(5);
  const feed = `/ws/traces/${id}`;
  const whole = `/api/v1/observability/traces/${id}/rows?limit=2000`;
  const big = { ...makeBigTrace(count), trace_id: id, status: 'running', end_time: null };
  mock.put(big);
  let reads = 0;
  page.on('response', (response) => (reads += response.url().endsWith(whole) ? 1 : 0));
  // Once to see whether it goes on, once more when its feed is open.
  const isFollowed = page.waitForResponse((r) => r.url().endsWith(whole) && reads === 2);
  await page.goto(`/runs/${id}`);
  await (await isFollowed).finished();
  const end = Date.parse(big.start_time) + 3_590_000;
  const growth = watchFrames(page, '60,000 spans');
  for (let message = 0; message < 50; message++) {
    const spans = Array.from({ length: 200 }, (_, i) => {
      const number = count + message * 200 + i + 1;
      return makeLiveSpan(number, 1, 'tool', `late step ${number}`, end + number / 10, 0.01);
    });
    mock.push(feed, { type: 'spans', spans });
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  const { worst, frames } = await growth;
  console.log(`  50,000 spans and 10,000 more in 2 s: ${frames} frames, slowest ${worst} ms`);
  // How long a frame takes depends on what else the machine does; that there are some does not.
  assert.ok(frames >= 5, `${frames} frames only, the slowest took ${worst} ms`);

  await page.getByRole('tree').focus();
  await page.keyboard.press('End');
  await page.locator(span, { hasText: 'late step 60000' }).click();
  // The mock server has never heard of what it sent.
  await page.getByTestId('span-panel').getByText('Cannot load messages and attributes').waitFor();
  assert.equal(reads, 2, 'a large trace is not read anew for each change');

  // The page was too slow for a message: now the trace has to be read.
  // It rests four times as long as the last read took, which is long on a busy machine.
  const isReadAgain = page.waitForResponse((response) => response.url().endsWith(whole), {
    timeout: 180_000,
  });
  mock.push(feed, { type: 'spans', skipped: 1, spans: [] });
  await isReadAgain;
}

export async function runLiveStates(page, mock, shoot) {
  await listFollows(page, mock, shoot);
  await signsShow(page, mock, shoot);
  await traceGrows(page, mock, shoot);
  await largeTraceGrows(page, mock);
}
