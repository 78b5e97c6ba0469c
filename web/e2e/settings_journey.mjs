// SPDX-License-Identifier: Apache-2.0
// The settings of a server that works: its data, its version, the days of its runs, and how to connect.

import { openPage } from './browser.mjs';
import { checkLooks } from './pages.mjs';

export async function runSettingsJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto('/settings');
  await page.getByText('Telemetry is taken').waitFor();
  await page.getByTestId('settings-data').getByText('On disk').waitFor();
  await page.getByTestId('settings-days').locator('[data-row]').first().waitFor();
  await page
    .getByTestId('settings-about')
    .getByText(/^\d+\.\d+\.\d+$/)
    .waitFor();
  await page.getByRole('tab', { name: 'Codex' }).click();
  await page.getByText('Belongs into ~/.codex/config.toml.').waitFor();
  await check();
  await checkLooks(browser, baseUrl, {
    path: '/settings',
    selector: '[data-testid=settings-days] [data-row]',
    name: 'settings',
    shoot,
  });
}
