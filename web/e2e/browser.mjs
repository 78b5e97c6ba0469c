// SPDX-License-Identifier: Apache-2.0
// One Chromium for all journeys: Debian's, with everything off that would reach for the network.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Generous: journeys run beside other work. Nothing waits longer than it has to. */
const timeoutMs = 30_000;

export function launchBrowser({ args = [], ...options } = {}) {
  const executablePath = process.env.SIGHTLINE_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...flags, ...args], ...options });
}

/** A page that notes each error in its console and each request to another server; check() fails on any. */
export async function openPage(browser, baseUrl, options = {}) {
  const context = await browser.newContext({
    baseURL: baseUrl,
    viewport: { width: 1440, height: 860 },
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  const problems = [];
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // Refused requests are part of the journeys that ask for them; the page's own errors never are.
    const isRefusal = /^(Failed to load resource|WebSocket connection to)/.test(message.text());
    if (message.type() === 'error' && !isRefusal) problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(baseUrl) || request.url().startsWith('data:');
    if (!isOwn) problems.push(`request to another server: ${request.url()}`);
  });
  const check = async () => {
    assert.deepEqual(problems, []);
    await context.close();
  };
  return { page, check };
}

/** Waits until the given function answers true in the page. */
export function until(page, what, argument) {
  return page.waitForFunction(what, argument, { timeout: timeoutMs });
}

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const axeOptions = {
  runOnly: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  rules: { 'label-content-name-mismatch': { enabled: true } },
};

/** No violation that axe knows of, in what the page shows now. */
export async function assertAccessible(page, what) {
  await page.evaluate(`window.axe === undefined && (() => { ${axeSource} })()`);
  const violations = await page.evaluate(async (options) => {
    const result = await window.axe.run(document, options);
    return result.violations.map(
      (violation) =>
        `${violation.id}: ${violation.nodes
          .map((node) => node.html.slice(0, 160))
          .slice(0, 3)
          .join(' | ')}`,
    );
  }, axeOptions);
  assert.deepEqual(violations, [], `accessibility of ${what}`);
}

/** Nothing may stick out of the window. */
export async function assertNoOverflow(page) {
  const { wide, high } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - window.innerWidth,
    high: document.documentElement.scrollHeight - window.innerHeight,
  }));
  assert.ok(wide <= 0, `the page is ${wide} px wider than its window`);
  assert.ok(high <= 0, `the page is ${high} px higher than its window`);
}

export function makeCamera() {
  const folder = process.env.SIGHTLINE_SCREENSHOTS;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  return async (page, name) => {
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
  };
}
