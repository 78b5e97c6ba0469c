// SPDX-License-Identifier: Apache-2.0
// Opens a page of which two pictures are the same on any machine of one Debian release: its fonts, its clock,
// its zone and its language are fixed, and nothing in it moves.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openPage, until } from '../browser.mjs';

const fonts = fileURLToPath(new URL('fonts.conf', import.meta.url));
const flags = ['--disable-lcd-text', '--font-render-hinting=none', '--force-color-profile=srgb'];

export const looks = [
  { name: '1440', viewport: { width: 1440, height: 900 } },
  { name: '390', viewport: { width: 390, height: 844 } },
];

const neededFonts = [
  '/usr/share/fonts/opentype/inter/Inter-Regular.otf',
  '/usr/share/fonts/truetype/liberation2/LiberationMono-Regular.ttf',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
];

/** A browser that knows no fonts but those of the pictures. */
export function launchPainter() {
  const missing = neededFonts.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`no ${missing.join(', ')}: tools/setup installs it`);
  return launchBrowser({ args: flags, env: { ...process.env, FONTCONFIG_FILE: fonts } });
}

/** Counts the requests under way, so that one can wait until there are none. */
function watchRequests(page) {
  const open = new Set();
  page.on('request', (request) => open.add(request));
  for (const end of ['requestfinished', 'requestfailed'])
    page.on(end, (request) => open.delete(request));
  return () => open.size;
}

/** Runs in the page: now is always the same, while timers go on. */
function stopClock(nowMs) {
  const RealDate = window.Date;
  window.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [nowMs] : parts));
    }

    static now() {
      return nowMs;
    }
  };
}

/** A page in the given look, with its clock standing at `at`. */
export async function openStage(browser, baseUrl, { viewport, at }) {
  const { page, check } = await openPage(browser, baseUrl, {
    viewport,
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await page.addInitScript(stopClock, Date.parse(at));
  return { page, check, openRequests: watchRequests(page) };
}

/** Brings the page into the state that the scene is about. */
export async function enter(page, scene, address) {
  await page.goto(address);
  await page.locator(scene.ready).first().waitFor();
  await scene.act?.(page);
  await until(page, () => document.querySelector('[data-testid=loading]') === null);
  await page.evaluate(() => document.fonts.ready);
}
