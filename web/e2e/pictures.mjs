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

/** High enough for all of the overview. Pictures that stand in one row are of one height. */
const viewport = { width: 1440, height: 1116 };
/** The scene of each picture, and what is scrolled to its top. */
const pictures = [
  { name: 'overview', scene: 'overview' },
  { name: 'runs', scene: 'runs' },
  {
    name: 'run',
    scene: 'run-transcript',
    height: 860,
    top: 'summary:has-text("agent ") >> nth=1',
  },
  { name: 'workflow', scene: 'workflow' },
];

async function take(browser, picture) {
  const scene = scenes.find(({ name }) => name === picture.scene);
  const recording = readRecording(scene.name);
  const server = await startReplayServer(recording);
  try {
    const look = { ...viewport, height: picture.height ?? viewport.height };
    const stage = await openStage(browser, server.url, { viewport: look, at: recording.at });
    await enter(stage.page, scene, recording.address);
    if (picture.top !== undefined)
      await stage.page.locator(picture.top).evaluate((element) => element.scrollIntoView());
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
  for (const picture of pictures)
    writeFileSync(join(folder, `${picture.name}.png`), await take(browser, picture));
} finally {
  await browser.close();
}
