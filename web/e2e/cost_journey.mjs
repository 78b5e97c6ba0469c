// SPDX-License-Identifier: Apache-2.0
// What it all costs: a model without a price is found, a price is set, and the sums change with the next
// call; on a server of its own, stored calls are priced again. The calls are sent by this journey.

import assert from 'node:assert/strict';
import { assertAccessible, openPage, until } from './browser.mjs';
import { otlpUrlOf, sendModelCall } from './live_run.mjs';
import { startServer } from './own_server.mjs';
import { checkLooks } from './pages.mjs';
import { playRepricing } from './reprice_journey.mjs';

/** Names of its own, so that the journey can be played again on the same server. */
const mark = Date.now().toString(36);
const agent = `cost-journey-${mark}`;
const model = `house-${mark}`;
const row = `[data-testid=cut-table] [data-row="acme/${model}"]`;

async function setsPrice(page, shoot) {
  await page
    .getByTestId('unpriced')
    .getByRole('link', { name: `Set a price for ${model}` })
    .click();
  await page.getByTestId('no-price').waitFor();
  await until(
    page,
    (name) => new URL(location.href).searchParams.get('price') === name,
    `acme/${model}`,
  );
  const form = page.getByRole('form', { name: 'Set a price' });
  await form.getByRole('button', { name: 'Set this price' }).click();
  await form.getByText('Needed; 0 if it costs nothing').first().waitFor();
  await form.getByLabel('Input', { exact: true }).fill('two');
  await form.getByText('A number of dollars, such as 2.50').waitFor();
  await assertAccessible(page, 'a price that is not understood');
  await form.getByLabel('Input', { exact: true }).fill('2');
  await form.getByLabel('Output').fill('4');
  // The calls of this journey begin some seconds before they are sent.
  await form.getByLabel('Holds from').fill('2026-01-01');
  await page
    .getByTestId('would-cost')
    .getByText('The 1 call of this time would come to about $4.000')
    .waitFor();
  await shoot(page, 'cost-price');
  await form.getByRole('button', { name: 'Set this price' }).click();
  await form.getByText(/^It holds for calls that are received from now on/).waitFor();
  await page.getByTestId('price-rule').getByText('set here').waitFor();
  await assertAccessible(page, 'the price of a model');
  await page.keyboard.press('Escape');
  await page.getByTestId('price').waitFor({ state: 'detached' });
  await until(page, () => !new URL(location.href).searchParams.has('price'));
}

/** Each cut is a part of the address; a figure leads to the runs behind it. */
async function cutsAndLinks(page, shoot) {
  await page.getByRole('button', { name: 'Provider', exact: true }).click();
  await page.locator('[data-testid=cut-table] [data-row=acme]').waitFor();
  await until(page, () => new URL(location.href).searchParams.get('by') === 'provider');
  await page.getByRole('button', { name: 'Token kind', exact: true }).click();
  const input = page.locator('[data-testid=cut-table] [data-row=Input]');
  await input.getByText('2.00M').waitFor();
  await page.getByRole('button', { name: 'Model', exact: true }).click();
  await page.locator(row).getByRole('link').first().click();
  await until(page, (name) => new URL(location.href).searchParams.get('model') === name, model);
  assert.equal(new URL(page.url()).searchParams.get('agent'), agent, 'the filter goes along');
  await page.waitForSelector('[data-run]');
  assert.equal(await page.locator('[data-run]').count(), 2);
  await page.goBack();
  await page.waitForSelector(row);
  await shoot(page, 'cost-priced');
}

export async function runCostJourney(browser, baseUrl, shoot) {
  const otlpUrl = await otlpUrlOf(baseUrl);
  await sendModelCall(otlpUrl, { agent, model });
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto(`/cost?agent=${agent}`);
  await until(page, () => document.title.startsWith('Cost, agent cost-journey-'));
  await page.getByTestId('total-cost').getByText('unpriced', { exact: true }).waitFor();
  await page.locator(row).getByText('unpriced').waitFor();
  await setsPrice(page, shoot);
  await sendModelCall(otlpUrl, { agent, model });
  // 2 dollars for a million tokens in, and half of 4 for what came out; the first call stays unpriced.
  await page.getByTestId('total-cost').getByText('≥ $4.000').waitFor();
  await page.locator(row).getByText('≥ $4.000').waitFor();
  await cutsAndLinks(page, shoot);
  await page.goto('/cost?agents=x&by=moon');
  const problems = page.getByTestId('address-problems');
  await problems.getByText('Did you mean “agent”?').waitFor();
  await problems.getByText('by=moon').waitFor();
  await check();
  await checkLooks(browser, baseUrl, {
    path: '/cost',
    selector: '[data-testid=cut-table] [data-row]',
    name: 'cost',
    shoot,
  });
  const own = await startServer('--seal-seconds', '1');
  try {
    await playRepricing(browser, own, shoot);
  } finally {
    await own.stop();
  }
}
