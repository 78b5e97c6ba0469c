// SPDX-License-Identifier: Apache-2.0
// From an empty store to the first run: the page says what to paste, lights up, and leads to the run.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { assertAccessible, assertNoOverflow, openPage } from './browser.mjs';
import { startServer } from './own_server.mjs';

async function sendRun(otlpUrl) {
  const traceId = randomBytes(16).toString('hex');
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (key, value) => ({ key, value: { stringValue: value } });
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'invoke_agent weather',
    startTimeUnixNano: String(now - 1_000_000_000n),
    endTimeUnixNano: String(now),
    attributes: [
      text('gen_ai.operation.name', 'invoke_agent'),
      text('gen_ai.agent.name', 'weather'),
    ],
  };
  const answer = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  assert.equal(answer.status, 200);
  return traceId;
}

export async function playFirstRun(browser, { url, otlpUrl }, shoot) {
  for (const options of [
    { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    { viewport: { width: 1440, height: 860 } },
  ]) {
    const { page, check } = await openPage(browser, url, options);
    await page.goto('/runs');
    await page.getByRole('tab', { name: 'Python' }).click();
    await page.getByText(`${otlpUrl}/v1/traces`).first().waitFor();
    await assertNoOverflow(page);
    await assertAccessible(page, 'the way to the first run');
    await shoot(page, `first-run-${options.viewport.width}`);
    await check();
  }
  const { page, check } = await openPage(browser, url);
  await page.goto('/runs');
  await page.getByText('Nothing has arrived yet').waitFor();
  const traceId = await sendRun(otlpUrl);
  await page.getByText('It has arrived:').waitFor();
  await assertAccessible(page, 'the first run has arrived');
  await shoot(page, 'first-run-arrived');
  await page.getByTestId('first-trace').getByRole('link').click();
  await page.waitForURL(new RegExp(`/runs/${traceId}`));
  await page.goBack();
  await page.locator(`[data-run="${traceId}"]`).waitFor();
  await check();
}

export async function runFirstRunJourney(browser, shoot) {
  const server = await startServer();
  try {
    await playFirstRun(browser, server, shoot);
  } finally {
    await server.stop();
  }
}
