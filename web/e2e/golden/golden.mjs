// SPDX-License-Identifier: Apache-2.0
// Holds each page to its pictures, in light and dark and at two widths, as answered by a recording.
// node e2e/golden/golden.mjs [--update] [SCENE...]

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { decodePicture, encodePicture } from './png.mjs';
import { readRecording } from './recordings.mjs';
import { startReplayServer } from './replay_server.mjs';
import { scenes } from './scenes.mjs';
import { enter, launchPainter, looks, openStage } from './stage.mjs';

const folder = fileURLToPath(new URL('pictures', import.meta.url));
const themes = ['light', 'dark'];
/** How far two colours may be apart, from 0 to 1, and be the same. */
const threshold = 0.1;
/** The share of pixels that may differ. A word of body text is more. */
const allowedShare = 0.000005;
/** A page that looks the same in so many pictures in a row, with nothing asked for, stays so. */
const settledAfter = 4;
const betweenMs = 150;

/** The share of pixels that differ and, if wanted, a picture of where. */
function compare(golden, actual, withDiff = false) {
  const { width, height } = golden;
  if (width !== actual.width || height !== actual.height) return { share: 1, diff: actual };
  const diff = withDiff ? new PNG({ width, height }) : undefined;
  const count = pixelmatch(golden.data, actual.data, diff?.data, width, height, { threshold });
  return { share: count / (width * height), diff };
}

/** Takes pictures until one is good or the page has settled; the last one and whether it is good. */
async function takePicture(stage, isGood) {
  let last;
  for (let same = 0; same < settledAfter;) {
    const bytes = await stage.page.screenshot({ animations: 'disabled', caret: 'hide' });
    same = last?.equals(bytes) && stage.openRequests() === 0 ? same + 1 : 0;
    if (same === 0 && isGood(bytes)) return { bytes, good: true };
    last = bytes;
    await stage.page.waitForTimeout(betweenMs);
  }
  return { bytes: last, good: false };
}

function writeEvidence(name, actual, diff) {
  const place = process.env.SIGHTLINE_SCREENSHOTS ?? join(tmpdir(), 'sightline-golden');
  mkdirSync(place, { recursive: true });
  const actualPath = join(place, `${name}.actual.png`);
  const diffPath = join(place, `${name}.diff.png`);
  writeFileSync(actualPath, actual);
  writeFileSync(diffPath, PNG.sync.write(diff));
  return `${actualPath}, ${diffPath}`;
}

/** What is wrong with the picture, undefined if nothing is. */
async function check(stage, name) {
  const path = join(folder, `${name}.png`);
  if (!existsSync(path)) return `${name}: there is no golden picture`;
  const golden = decodePicture(readFileSync(path));
  const { bytes, good } = await takePicture(
    stage,
    (taken) => compare(golden, decodePicture(taken)).share <= allowedShare,
  );
  if (good) return undefined;
  const { share, diff } = compare(golden, decodePicture(bytes), true);
  const percent = (share * 100).toFixed(4);
  return `${name}: ${percent} % of the pixels differ, see ${writeEvidence(name, bytes, diff)}`;
}

async function update(stage, name) {
  const { bytes } = await takePicture(stage, () => false);
  const taken = decodePicture(bytes);
  const file = encodePicture(taken);
  const { share } = compare(decodePicture(file), taken);
  if (share > 0) return `${name}: has too many colours for a file`;
  writeFileSync(join(folder, `${name}.png`), file);
  return undefined;
}

/** The scene at one width, in both themes. */
async function playLook(browser, server, { scene, recording, look }, visit) {
  const problems = [];
  const stage = await openStage(browser, server.url, {
    viewport: look.viewport,
    at: recording.at,
  });
  try {
    await enter(stage.page, scene, recording.address);
  } catch (error) {
    problems.push(`${scene.name}-${look.name}: ${error.message}`);
    return problems;
  }
  for (const theme of themes) {
    await stage.page.emulateMedia({ colorScheme: theme });
    const problem = await visit(stage, `${scene.name}-${look.name}-${theme}`);
    if (problem !== undefined) problems.push(problem);
  }
  await stage.check();
  return problems;
}

async function playScene(browser, server, scene, visit) {
  const recording = readRecording(scene.name);
  server.play(recording);
  const problems = await Promise.all(
    looks.map((look) => playLook(browser, server, { scene, recording, look }, visit)),
  );
  for (const request of server.missing)
    problems.push(`${scene.name}: ${request} is not recorded; record the scene again`);
  return problems.flat();
}

async function play(wanted, visit) {
  const server = await startReplayServer();
  const browser = await launchPainter();
  const problems = [];
  try {
    for (const scene of scenes)
      if (wanted.length === 0 || wanted.includes(scene.name))
        problems.push(...(await playScene(browser, server, scene, visit)));
  } finally {
    await browser.close();
    await server.close();
  }
  return problems;
}

/** Fails with every page that does not look like its pictures. */
export async function checkGoldenPictures() {
  const problems = await play([], check);
  if (problems.length > 0) throw new Error(`golden pictures:\n  ${problems.join('\n  ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2).filter((word) => word !== '--update');
  const isUpdate = process.argv.includes('--update');
  mkdirSync(folder, { recursive: true });
  const startedAt = performance.now();
  const problems = await play(wanted, isUpdate ? update : check);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(problems.length > 0 ? problems.join('\n') : `golden pictures ok, ${seconds} s`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
