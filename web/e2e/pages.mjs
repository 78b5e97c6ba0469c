// SPDX-License-Identifier: Apache-2.0
// What every page must stand: both themes, a phone and a wide screen, and nothing that axe knows of.

import { assertAccessible, assertNoOverflow, openPage } from './browser.mjs';

const looks = [
  { name: 'light', options: { viewport: { width: 1024, height: 800 } } },
  { name: 'phone', options: { viewport: { width: 390, height: 844 } } },
  { name: 'wide', options: { viewport: { width: 1920, height: 1000 }, colorScheme: 'dark' } },
];

/** Opens the address in each look, waits for `selector`, and checks it. */
export async function checkLooks(browser, baseUrl, { path, selector, name, shoot }) {
  for (const look of looks) {
    const { page, check } = await openPage(browser, baseUrl, look.options);
    await page.goto(path);
    await page.locator(selector).first().waitFor();
    await assertNoOverflow(page);
    await assertAccessible(page, `${name}, ${look.name}`);
    await shoot(page, `${name}-${look.name}`);
    await check();
  }
}
