// SPDX-License-Identifier: Apache-2.0
// A dashboard is built, its panels moved by keys and by hand, then it is saved, loaded again, exported, imported and deleted.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertAccessible, openPage, until } from './browser.mjs';
import { checkLooks } from './pages.mjs';

const name = `Journey ${Date.now().toString(36)}`;

/** Where a panel stands while it is edited, in pixels, once it stands still. */
async function boxOf(page, id) {
  const where = `[data-panel=${id}]`;
  await until(
    page,
    (selector) => {
      const box = document.querySelector(selector).getBoundingClientRect();
      const now = [box.x, box.y, box.width, box.height].join(' ');
      const { before, times } = (window.stillness ??= { before: '', times: 0 });
      window.stillness = { before: now, times: now === before ? times + 1 : 0 };
      if (window.stillness.times < 20) return false;
      delete window.stillness;
      return true;
    },
    where,
  );
  return page.locator(where).boundingBox();
}

/** To the side first, then up or down: what is dragged over another panel moves that one. */
async function dragBy(page, from, dx, dy) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + dx, from.y, { steps: 6 });
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 6 });
  await page.mouse.up();
}

async function build(page) {
  await page.getByRole('button', { name: 'New dashboard' }).click();
  const made = page.getByRole('form', { name: 'New dashboard' });
  await made.getByLabel('Name', { exact: true }).fill('At first');
  await made.getByRole('button', { name: 'Make it' }).click();
  const editor = page.getByTestId('dashboard-editor');
  const form = page.getByRole('form', { name: 'Panel' });
  const done = form.getByRole('button', { name: 'Done' });
  await editor.getByLabel('Name', { exact: true }).fill(name);
  await editor.getByRole('button', { name: 'Add a panel' }).click();
  await done.click();
  await editor.getByRole('button', { name: 'Add a panel' }).click();
  await form.getByLabel('Title').fill('By status');
  await form.getByLabel('Kind').selectOption('top');
  await form.getByLabel('Add a key').selectOption('status');
  await done.click();
  await page.locator('[data-panel=panel-2]').getByText('completed').waitFor();
  // By keys: wider, and one row down, which moves the other one down, too.
  await editor.getByRole('button', { name: 'Move Runs' }).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await editor.getByText('Runs: column 1, row 1, 5 wide, 3 high').waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  await editor.getByText('Runs: column 1, row 2, 5 wide, 3 high').waitFor({ state: 'attached' });
  // By hand: beside it, and larger.
  const first = await boxOf(page, 'panel-1');
  const second = await boxOf(page, 'panel-2');
  await dragBy(
    page,
    { x: second.x + 120, y: second.y + 18 },
    first.x + first.width + 60 - second.x,
    first.y - second.y,
  );
  await until(
    page,
    (right) => document.querySelector('[data-panel=panel-2]').getBoundingClientRect().left > right,
    first.x + first.width - 20,
  );
  const moved = await boxOf(page, 'panel-2');
  const corner = { x: moved.x + moved.width - 4, y: moved.y + moved.height - 4 };
  await dragBy(page, corner, 0, 130);
  await until(
    page,
    (height) =>
      document.querySelector('[data-panel=panel-2]').getBoundingClientRect().height > height,
    moved.height + 60,
  );
  await assertAccessible(page, 'a dashboard that is edited');
  await editor.getByRole('button', { name: 'More for By status' }).click();
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await page.locator('[data-panel=panel-3]').getByText('completed').waitFor();
  await editor.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByTestId('dashboard').waitFor();
}

async function remove(page) {
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: `Delete “${name}”` }).click();
  await until(page, () => location.pathname === '/dashboards');
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
}

export async function runDashboardJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto('/dashboards');
  await page.getByRole('link', { name: 'Agents', exact: true }).waitFor();
  await build(page);
  await page.reload();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.locator('[data-panel=panel-2]').getByText('completed').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const path = await file.path();
  const { panels } = JSON.parse(readFileSync(path, 'utf8')).document;
  assert.deepEqual(panels[0].position, { x: 0, y: 1, w: 5, h: 3 });
  assert.ok(panels[1].position.x >= 5 && panels[1].position.h > 3, JSON.stringify(panels[1]));
  assert.equal(panels.length, 3);
  await remove(page);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Import from a file…' }).click(),
  ]);
  await chooser.setFiles(path);
  await page
    .getByTestId('dashboard-editor')
    .getByRole('button', { name: 'Leave without saving' })
    .click();
  await page.locator('[data-panel=panel-2]').getByText('completed').waitFor();
  await remove(page);
  await check();
  await checkLooks(browser, baseUrl, {
    path: '/dashboards/tools?t=1h',
    selector: '[data-panel=tools] [data-row]',
    name: 'dashboard',
    shoot,
  });
}
