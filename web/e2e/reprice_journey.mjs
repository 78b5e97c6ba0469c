// SPDX-License-Identifier: Apache-2.0
// Stored calls get a price: the model that has none is found, given one, the difference is shown, applied,
// and all sums change. Then the price of a model that has one is replaced, and taken back.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';
import { sendModelCall } from './live_run.mjs';

const house = 'house-model';
const known = 'gpt-4o';
/** Runs settle half a minute after their last span. */
const patienceMs = 90_000;

const part = (page, id) => page.getByTestId(id);

/** Runs are stored a while after they are over; only then can they be priced again. */
async function untilStored(url, runs) {
  const root = `${url}/api/v1/cost-tracking/reprice`;
  const ask = async (path, options) => (await fetch(`${root}${path}`, options)).json();
  const body = JSON.stringify({
    start_time: new Date(Date.now() - 3_600_000).toISOString(),
    end_time: new Date().toISOString(),
  });
  const headers = { 'content-type': 'application/json' };
  const deadline = Date.now() + patienceMs;
  let job = await ask('', { method: 'POST', headers, body });
  while (job.state === 'running' || job.runs < runs) {
    assert.ok(Date.now() < deadline, `the runs are not stored: ${JSON.stringify(job)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    job =
      job.state === 'running'
        ? await ask(`/${job.reprice_id}`)
        : await ask('', { method: 'POST', headers, body });
  }
}

async function setPrice(page, { input, output, from }) {
  const form = page.getByRole('form', { name: 'Set a price' });
  await form.getByLabel('Input', { exact: true }).fill(input);
  await form.getByLabel('Output').fill(output);
  if (from !== undefined) await form.getByLabel('Holds from').fill(from);
  await form.getByRole('button', { name: 'Set this price' }).click();
  await form.getByText(/^It holds for calls/).waitFor();
}

/** Shows the difference, applies it, and closes the drawer. */
async function priceAgain(page, { runs, sums, change, shoot, name }) {
  const panel = part(page, 'reprice');
  await panel.getByRole('button', { name: 'Show what would change' }).click();
  await panel.getByText(`${runs} would cost something else.`).waitFor();
  await part(page, 'reprice-sums').getByText(sums).waitFor();
  await part(page, 'reprice-models').getByText(change, { exact: true }).waitFor();
  await assertAccessible(page, `the difference of prices, ${name}`);
  await shoot(page, `reprice-${name}`);
  await panel.getByRole('button', { name: /^Apply to/ }).click();
  await panel.getByText(/^Done: /).waitFor();
  await shoot(page, `reprice-${name}-done`);
  await page.keyboard.press('Escape');
  await part(page, 'price').waitFor({ state: 'detached' });
}

/** A model without a price, in three clicks after the figures are typed. */
async function pricesUnpriced(page, traceId, shoot) {
  await part(page, 'total-cost').getByText('without 1 unpriced call').waitFor();
  await part(page, 'unpriced')
    .getByRole('link', { name: `Set a price for ${house}` })
    .click();
  await part(page, 'no-price').waitFor();
  await setPrice(page, { input: '2', output: '4' });
  await priceAgain(page, {
    runs: '1 of 2 runs',
    sums: '≥ $7.500 → $11.50 (+$4.000)',
    change: '+$4.000',
    shoot,
    name: 'unpriced',
  });
  await part(page, 'total-cost').getByText('$11.50', { exact: true }).waitFor();
  await part(page, 'unpriced')
    .getByText('The cost of every model call in this time is known')
    .waitFor();
  await page.locator(`[data-row="acme/${house}"]`).getByText('$4.000').first().waitFor();
  await page.goto(`/runs/${traceId}`);
  await page.getByText('$4.000').first().waitFor();
  await page.goto('/cost');
}

async function overridesKnown(page, shoot) {
  const row = page.locator(`[data-testid=cut-table] [data-row="openai/${known}"]`);
  await row.getByRole('link', { name: `Price of openai/${known}` }).click();
  await part(page, 'price-rule').getByText('comes with the program').first().waitFor();
  await setPrice(page, { input: '1', output: '2', from: '2026-01-01' });
  await priceAgain(page, {
    runs: '1 of 2 runs',
    sums: '$11.50 → $6.000 (−$5.500)',
    change: '−$5.500',
    shoot,
    name: 'override',
  });
  await part(page, 'total-cost').getByText('$6.000', { exact: true }).waitFor();
  await row.getByRole('link', { name: `Price of openai/${known}` }).click();
  await page.getByRole('button', { name: 'Delete this price…' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByRole('button', { name: 'Delete this price…' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await part(page, 'price').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Price stored calls again' }).click();
  await until(page, () => new URL(location.href).searchParams.get('reprice') === '1');
  await priceAgain(page, {
    runs: '1 of 2 runs',
    sums: '$6.000 → $11.50 (+$5.500)',
    change: '+$5.500',
    shoot,
    name: 'back',
  });
  await part(page, 'total-cost').getByText('$11.50', { exact: true }).waitFor();
}

export async function playRepricing(browser, { url, otlpUrl }, shoot) {
  const traceId = await sendModelCall(otlpUrl, { agent: 'house', model: house });
  await sendModelCall(otlpUrl, { agent: 'known', model: known, provider: 'openai' });
  await untilStored(url, 2);
  const { page, check } = await openPage(browser, url);
  await page.goto('/cost');
  await pricesUnpriced(page, traceId, shoot);
  await overridesKnown(page, shoot);
  await check();
  const phone = await openPage(browser, url, {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  await phone.page.goto('/cost?reprice=1');
  await phone.page.getByRole('button', { name: 'Show what would change' }).click();
  await phone.page.getByText(/^Nothing to change: 2 runs/).waitFor();
  await assertNoOverflow(phone.page);
  await assertAccessible(phone.page, 'pricing again on a phone');
  await shoot(phone.page, 'reprice-phone');
  await phone.check();
}
