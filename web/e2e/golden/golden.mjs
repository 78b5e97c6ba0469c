// SPDX-License-Identifier: Apache-2.0
// Holds each page to its pictures, in light and dark and at two widths, as answered by a recording.
// node e2e/golden/golden.mjs [--update] [SCENE...]

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { decodePicture, encodePicture } from './png.mjs';
import { readRecording, recordedScenes } from './recordings.mjs';
import { startReplayServer } from './replay_server.mjs';
import { scenes } from './scenes.mjs';
import { enter, launchPainter, looks, openStage, takePicture, viewportOf } from './stage.mjs';

const folder = fileURLToPath(new URL('pictures', import.meta.url));
/** The release of Chromium that the pictures were taken with. */
const versionFile = join(folder, 'chromium.txt');
const themes = ['light', 'dark'];
/** Each is two pages, of which one is often idle. */
const scenesAtOnce = 2;
/** How far two colours may be apart, from 0 to 1, and be the same. */
const threshold = 0.1;
/** How many pixels may differ. A digit of body text is more. */
const allowedPixels = 4;
/** How many pixels differ and, if wanted, a picture of where. */
function compare(golden, actual, withDiff = false) {
  const { width, height } = golden;
  if (width !== actual.width || height !== actual.height) return { count: Infinity, diff: actual };
  const diff = withDiff ? new PNG({ width, height }) : undefined;
  const count = pixelmatch(golden.data, actual.data, diff?.data, width, height, { threshold });
  return { count, diff };
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
    (taken) => compare(golden, decodePicture(taken)).count <= allowedPixels,
  );
  if (good) return undefined;
  const { count, diff } = compare(golden, decodePicture(bytes), true);
  const what = count === Infinity ? 'has another size' : `${count} pixels differ`;
  return `${name}: ${what}, see ${writeEvidence(name, bytes, diff)}`;
}

async function update(stage, name) {
  const { bytes } = await takePicture(stage);
  const taken = decodePicture(bytes);
  const file = encodePicture(taken);
  if (compare(decodePicture(file), taken).count > 0)
    return `${name}: has too many colours for a file`;
  writeFileSync(join(folder, `${name}.png`), file);
  return undefined;
}

/** The scene at one width, in both themes. */
async function playLook(browser, { url }, { scene, recording, look }, visit) {
  const viewport = viewportOf(scene, look);
  const stage = await openStage(browser, url, { viewport, at: recording.at });
  const problems = [];
  try {
    await enter(stage.page, scene, recording.address);
    for (const theme of themes) {
      await stage.page.emulateMedia({ colorScheme: theme });
      const problem = await visit(stage, `${scene.name}-${look.name}-${theme}`);
      if (problem !== undefined) problems.push(problem);
    }
    await stage.check();
  } catch (error) {
    problems.push(`${scene.name}-${look.name}: ${error.message}`);
  } finally {
    await stage.page.context().close();
  }
  return problems;
}

async function playScene(browser, scene, visit) {
  const recording = readRecording(scene.name);
  const server = await startReplayServer(recording);
  try {
    const problems = await Promise.all(
      looks.map((look) => playLook(browser, server, { scene, recording, look }, visit)),
    );
    for (const request of server.missing)
      problems.push(`${scene.name}: ${request} is not recorded; record the scene again`);
    return problems.flat();
  } finally {
    await server.close();
  }
}

/** Another release of the browser may draw otherwise, which is then no fault of a page. */
function aboutBrowser(browser) {
  const kept = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : 'no release';
  return kept === browser.version()
    ? []
    : [`the pictures are of Chromium ${kept}, and this one is ${browser.version()}`];
}

/** Plays the scenes, some at once; what is wrong stands in their order. */
async function play(played, visit) {
  const browser = await launchPainter();
  if (visit === update && played === scenes) writeFileSync(versionFile, `${browser.version()}\n`);
  const problems = new Map();
  const waiting = [...played];
  const playRest = async () => {
    for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift())
      problems.set(scene, await playScene(browser, scene, visit).catch(({ message }) => [message]));
  };
  try {
    await Promise.all(Array.from({ length: scenesAtOnce }, playRest));
    const found = played.flatMap((scene) => problems.get(scene));
    return found.length > 0 ? [...found, ...aboutBrowser(browser)] : [];
  } finally {
    await browser.close();
  }
}

/** Pictures and recordings of what is no scene any more. */
function findLeftovers() {
  const names = scenes.map(({ name }) => name);
  const pictures = names.flatMap((name) =>
    looks.flatMap((look) => themes.map((theme) => `${name}-${look.name}-${theme}.png`)),
  );
  return [
    ...recordedScenes().filter((name) => !names.includes(name)),
    ...readdirSync(folder).filter((file) => file.endsWith('.png') && !pictures.includes(file)),
  ].map((name) => `${name} belongs to no scene: delete it`);
}

/** Fails with every page that does not look like its pictures. */
export async function checkGoldenPictures() {
  const problems = [...(await play(scenes, check)), ...findLeftovers()];
  if (problems.length > 0) throw new Error(`golden pictures:\n  ${problems.join('\n  ')}`);
}

/** The scenes with these names, or all. */
function findScenes(names) {
  const unknown = names.filter((name) => !scenes.some((scene) => scene.name === name));
  if (unknown.length > 0) throw new Error(`no scene has the name ${unknown.join(', ')}`);
  return names.length === 0 ? scenes : scenes.filter(({ name }) => names.includes(name));
}

async function main(words) {
  const isUpdate = words.includes('--update');
  const wanted = findScenes(words.filter((word) => word !== '--update'));
  mkdirSync(folder, { recursive: true });
  const startedAt = performance.now();
  const problems = [...(await play(wanted, isUpdate ? update : check)), ...findLeftovers()];
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log([...problems, `golden pictures: ${wanted.length} scenes, ${seconds} s`].join('\n'));
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
