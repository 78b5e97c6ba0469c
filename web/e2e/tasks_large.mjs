// SPDX-License-Identifier: Apache-2.0
// A run of 50,000 spans on a server that received them: it is opened, scrolled to its end, and searched. How
// fast its frames are is measured in states.mjs and timeline_states.mjs.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { until } from './browser.mjs';
import { openRuns, parameter } from './tasks_find.mjs';

const spanCount = 50_000;
const requestSpans = 5000;
const workflow = 'large-import';
/** Every so many steps is named for the search, the last one among them. */
const needleEvery = 12_500;

const attribute = (key, value) => ({ key, value: { stringValue: value } });

/** Steps one after the other under one root, which comes first. */
export async function sendLargeRun(otlpUrl) {
  const traceId = randomBytes(16).toString('hex');
  const idOf = (index) => (index + 1).toString(16).padStart(16, '0');
  const start = BigInt(Date.now() - 120_000) * 1_000_000n;
  const spans = Array.from({ length: spanCount }, (_, index) => ({
    traceId,
    spanId: idOf(index),
    ...(index === 0 ? {} : { parentSpanId: idOf(0) }),
    name:
      index === 0
        ? `invoke_agent ${workflow}`
        : (index + 1) % needleEvery === 0
          ? `needle ${index + 1}`
          : `step ${index + 1}`,
    kind: 1,
    startTimeUnixNano: String(start + BigInt(index) * 1_000_000n),
    endTimeUnixNano: String(
      start + BigInt(index === 0 ? spanCount : index) * 1_000_000n + 900_000n,
    ),
    attributes:
      index === 0
        ? [
            attribute('gen_ai.operation.name', 'invoke_agent'),
            attribute('gen_ai.agent.name', workflow),
          ]
        : [],
  }));
  for (let from = 0; from < spanCount; from += requestSpans) {
    const answer = await fetch(`${otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [{ scopeSpans: [{ spans: spans.slice(from, from + requestSpans) }] }],
      }),
    });
    assert.equal(answer.status, 200, await answer.text());
  }
  return traceId;
}

const active = (page) =>
  page.evaluate(() => document.querySelector('[role=treeitem][aria-selected=true]')?.textContent);

/** The run is a click away; its last span is reached, and only what is seen is drawn. */
async function openLarge(page, task, traceId) {
  await openRuns(page);
  await page.getByRole('combobox', { name: 'Search names, ids and messages' }).fill(traceId);
  await page.keyboard.press('Enter');
  await task.click(page.locator(`[data-run="${traceId}"] a[data-index]`));
  await until(
    page,
    (count) =>
      document
        .querySelector('[data-testid=span-count]')
        ?.textContent.replaceAll(',', '')
        .startsWith(`${count} spans`),
    spanCount,
  );
}

export async function openAndScroll({ page, task, large }) {
  await openLarge(page, task, large);
  const tree = page.getByRole('tree', { name: 'Spans' });
  await tree.evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
  await tree.getByText(`needle ${spanCount}`).waitFor();
  const drawn = await page.getByRole('treeitem').count();
  assert.ok(drawn < 200, `${drawn} rows are drawn`);
}

/** Hits are counted and walked forth and back, by keys and by the buttons beside the field. */
export async function searchInside({ page, task, large }) {
  await openLarge(page, task, large);
  const field = page.getByRole('searchbox', { name: 'Find in run' });
  await page.keyboard.press('/');
  await field.fill('needle');
  const count = spanCount / needleEvery;
  const status = page.getByRole('toolbar', { name: 'Run' }).getByRole('status');
  await status.getByText(`${count} matches`).waitFor();
  const isAt = async (hit) => {
    await status.getByText(`${hit} of ${count}`, { exact: true }).waitFor();
    await until(
      page,
      (name) =>
        document
          .querySelector('[role=treeitem][aria-selected=true]')
          ?.textContent.includes(name) === true,
      `needle ${hit * needleEvery}`,
    );
  };
  await field.press('Enter');
  await isAt(1);
  await field.press('Enter');
  await isAt(2);
  await field.press('Shift+Enter');
  await isAt(1);
  await task.click(page.getByRole('button', { name: 'Match before' }));
  await isAt(count);
  await task.click(page.getByRole('button', { name: 'Next match' }));
  await isAt(1);
  assert.match(await active(page), /needle/);
  const span = await page.evaluate(parameter, 'span');
  await page.getByRole('button', { name: 'Clear Find in run' }).focus();
  await page.keyboard.press('Enter');
  await until(page, () => !new URL(location.href).searchParams.has('find'));
  assert.equal(await page.evaluate(parameter, 'span'), span, 'what was found stays selected');
}
