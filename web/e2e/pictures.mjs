// SPDX-License-Identifier: Apache-2.0
// Takes the pictures of the documents, from the recordings of the golden pictures:
// node e2e/pictures.mjs FOLDER

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePicture, encodePicture } from './golden/png.mjs';
import { readRecording } from './golden/recordings.mjs';
import { startReplayServer } from './golden/replay_server.mjs';
import { scenes } from './golden/scenes.mjs';
import { enter, launchPainter, openStage, takePicture } from './golden/stage.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node e2e/pictures.mjs FOLDER');

const viewport = { width: 1440, height: 860 };
/** The scene of each picture. */
const sceneNames = {
  overview: 'overview',
  runs: 'runs',
  run: 'run-transcript',
  workflow: 'workflow',
};

async function take(browser, scene) {
  const recording = readRecording(scene.name);
  const server = await startReplayServer(recording);
  try {
    const stage = await openStage(browser, server.url, { viewport, at: recording.at });
    await enter(stage.page, scene, recording.address);
    const { bytes } = await takePicture(stage);
    await stage.check();
    return encodePicture(decodePicture(bytes));
  } finally {
    await server.close();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await launchPainter();
try {
  for (const [name, sceneName] of Object.entries(sceneNames)) {
    const scene = scenes.find((one) => one.name === sceneName);
    writeFileSync(join(folder, `${name}.png`), await take(browser, scene));
  }
} finally {
  await browser.close();
}
