// SPDX-License-Identifier: Apache-2.0
// From the list of sessions to what was said in one of them, to its user, and to the runs behind a figure.

import assert from 'node:assert/strict';
import { openPage, until } from './browser.mjs';
import { checkLooks } from './pages.mjs';

/** A session of one user with more than one run, of those that the demo sends. */
async function pickSession(page) {
  return page.evaluate(async () => {
    const answer = await fetch('/api/v1/observability/sessions?limit=500');
    const { sessions } = await answer.json();
    const ended = sessions.filter((one) => one.calls > 0 && one.users_count === 1);
    return ended.find((one) => one.runs > 1) ?? ended[0];
  });
}

export async function runGroupsJourney(browser, baseUrl, shoot) {
  const { page, check } = await openPage(browser, baseUrl);
  await page.goto('/sessions?hold=1');
  await page.waitForSelector('[data-run]');
  assert.equal(await page.title(), 'Sessions · Sightline');
  const session = await pickSession(page);
  assert.ok(session !== undefined, 'no session with a user and a model call');
  await page.locator('a[data-index="0"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/sessions\/.+hold=1/);
  await page.goto(`/sessions/${encodeURIComponent(session.session_id)}`);
  const turns = page.locator('[data-turn]');
  await turns.first().getByText('Asked', { exact: true }).waitFor();
  assert.ok((await turns.count()) >= session.runs, 'each run is a turn');
  const [user] = session.users;
  await page.getByTestId('group-tiles').getByRole('link', { name: user, exact: true }).click();
  await page.waitForURL(/\/users\/.+/);
  await page.getByTestId('user').getByRole('heading', { level: 1, name: user }).waitFor();
  await page.getByRole('link', { name: session.session_id, exact: true }).first().waitFor();
  await page.getByTestId('group-tiles').getByRole('link').first().click();
  await until(page, (id) => new URL(location.href).searchParams.get('user_id') === id, user);
  await page.waitForSelector('[data-run]');
  await page.goto('/sessions/no-such-session');
  await page.getByText('No run of this session in this time').waitFor();
  await page.goto('/users?user_id=nobody-at-all');
  await page.getByText('No user matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.waitForSelector('[data-run]');
  await page.goto('/users?has_error=true');
  await page.getByTestId('address-problems').getByText('has_error=true').waitFor();
  await check();
  const selector = '[data-run], [data-turn]';
  for (const [path, name] of [
    ['/sessions', 'sessions'],
    ['/users', 'users'],
    [`/sessions/${encodeURIComponent(session.session_id)}`, 'session'],
    [`/users/${encodeURIComponent(user)}`, 'user'],
  ])
    await checkLooks(browser, baseUrl, { path, selector, name, shoot });
}
