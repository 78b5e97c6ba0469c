// SPDX-License-Identifier: Apache-2.0
// Opens a page of which two pictures are the same on any machine of one Debian release: its fonts, its clock,
// its zone and its language are fixed, and nothing in it moves.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openPage } from '../browser.mjs';

const fonts = fileURLToPath(new URL('fonts.conf', import.meta.url));
const flags = ['--disable-lcd-text', '--font-render-hinting=none', '--force-color-profile=srgb'];

export const looks = [
  { name: '1440', viewport: { width: 1440, height: 900 } },
  { name: '390', viewport: { width: 390, height: 844 } },
];

/** Pictures are taken beside other work, too; nothing waits longer than it has to. */
const patienceMs = 120_000;
/** A page that looks the same in so many pictures in a row, with nothing asked for, stays so. */
const settledAfter = 3;
const betweenMs = 150;
const mostPictures = 40;

/** A scene may be taller, to show more of a page that scrolls. */
export function viewportOf(scene, { name, viewport }) {
  return { ...viewport, height: scene.heights?.[name] ?? viewport.height };
}

const neededFonts = [
  '/usr/share/fonts/opentype/inter/Inter-Regular.otf',
  '/usr/share/fonts/truetype/liberation2/LiberationMono-Regular.ttf',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
];

/** A browser that knows no fonts but those of the pictures. */
export function launchPainter() {
  const missing = neededFonts.filter((file) => !existsSync(file));
  if (missing.length > 0)
    throw new Error(
      `the pictures need fonts that are not here, which tools/setup installs: ${missing.join(', ')}`,
    );
  return launchBrowser({
    args: flags,
    timeout: patienceMs,
    env: { ...process.env, FONTCONFIG_FILE: fonts },
  });
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
  page.setDefaultTimeout(patienceMs);
  await page.addInitScript(stopClock, Date.parse(at));
  return { page, check, openRequests: watchRequests(page) };
}

/** Runs in the page: nothing that is seen waits for an answer. */
function hasLoaded() {
  const isSeen = (element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight && right > 0 && left < window.innerWidth;
  };
  const waiting = document.querySelectorAll('[data-testid=skeleton], [aria-busy=true]');
  return ![...waiting].some(isSeen);
}

/** Brings the page into the state that the scene is about. */
export async function enter(page, scene, address) {
  await page.goto(address);
  for (const ready of [scene.ready].flat()) await page.locator(ready).first().waitFor();
  await scene.act?.(page);
  await page.waitForFunction(() => document.querySelector('[data-testid=loading]') === null);
  await page.waitForFunction(hasLoaded);
  await page.evaluate(() => document.fonts.ready);
  for (const alert of await page.getByRole('alert').all())
    throw new Error(`it says: ${await alert.innerText()}`);
}

/** Takes pictures until one is good or the page has settled; the last one and whether it is good. */
export async function takePicture(stage, isGood = () => false) {
  let last;
  let taken = 0;
  for (let same = 0; same < settledAfter;) {
    if (taken++ === mostPictures) throw new Error('it does not come to rest');
    const bytes = await stage.page.screenshot({ animations: 'disabled', caret: 'hide' });
    same = last?.equals(bytes) && stage.openRequests() === 0 ? same + 1 : 0;
    if (same === 0 && isGood(bytes)) return { bytes, good: true };
    last = bytes;
    await stage.page.waitForTimeout(betweenMs);
  }
  return { bytes: last, good: false };
}
