// SPDX-License-Identifier: Apache-2.0
// A list is filtered, saved under a name, opened from another place and by its link, renamed, and deleted.

import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow, openPage, until } from './browser.mjs';

const name = `Failed ${Date.now().toString(36)}`;
const face = (page) => page.getByTestId('views').getByRole('button').first();
const panel = (page) => page.getByRole('group', { name: 'Saved views' });

async function save(page, shoot) {
  await page.goto('/runs?status=failed&hold=1');
  await face(page).click();
  await panel(page).getByLabel('Name', { exact: true }).fill(name);
  await panel(page).getByText('Keeps status failed.').waitFor();
  await panel(page).getByRole('button', { name: 'Save what is shown' }).click();
  await panel(page).getByRole('link', { name }).waitFor();
  await assertAccessible(page, 'saved views');
  await shoot(page, 'views');
}

async function openByNameAndLink(page) {
  await page.goto('/runs');
  await face(page).waitFor();
  await page.keyboard.press('v');
  await panel(page).getByRole('link', { name }).click();
  await until(page, () => location.search === '?status=failed');
  await until(
    page,
    (wanted) => document.querySelector('[data-testid=views] button')?.textContent === wanted,
    name,
  );
  assert.equal(await panel(page).isVisible(), false, 'opening one closes the menu');
  await face(page).click();
  await panel(page)
    .getByRole('button', { name: `Copy the link: ${name}` })
    .click();
  await panel(page)
    .getByRole('button', { name: `Copy the link: ${name}` })
    .waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(new URL(link).search, '?status=failed');
  await page.goto(link);
  await until(
    page,
    (wanted) => document.querySelector('[data-testid=views] button')?.textContent === wanted,
    name,
  );
}

async function renameAndDelete(page, shoot) {
  await page.setViewportSize({ width: 390, height: 844 });
  await face(page).click();
  await panel(page)
    .getByRole('button', { name: `Change: ${name}` })
    .click();
  const rename = panel(page).getByRole('form', { name: `Rename: ${name}` });
  await rename.getByLabel('Name', { exact: true }).fill(`${name} again`);
  await assertNoOverflow(page);
  await assertAccessible(page, 'a view that is changed, on a phone');
  await shoot(page, 'views-phone');
  await rename.getByRole('button', { name: 'Rename' }).click();
  await panel(page)
    .getByRole('link', { name: `${name} again` })
    .waitFor();
  await panel(page)
    .getByRole('button', { name: `Change: ${name} again` })
    .click();
  await panel(page).getByRole('button', { name: 'Delete…' }).click();
  await panel(page)
    .getByRole('button', { name: `Delete “${name} again”` })
    .click();
  await panel(page)
    .getByRole('link', { name: `${name} again` })
    .waitFor({ state: 'detached' });
}

export async function runViewsJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl, {
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: 'dark',
  });
  await save(page, shoot);
  await openByNameAndLink(page);
  await renameAndDelete(page, shoot);
  await check();
}
