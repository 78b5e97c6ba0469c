// SPDX-License-Identifier: Apache-2.0
// What a server answered while a scene was recorded, a file for each scene: its address, the time at which
// the clock of the page stood, the first message of each feed and the answer to each request, one a line.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('answers', import.meta.url));

const fileOf = (scene) => `${folder}/${scene}.json`;

/** A request as the recordings name it. */
export const requestKey = (method, url) => `${method} ${url.pathname}${url.search}`;

/** The scenes of which there is a recording. */
export const recordedScenes = () => readdirSync(folder).map((name) => name.replace(/\.json$/, ''));

export function readRecording(scene) {
  if (!existsSync(fileOf(scene))) throw new Error(`${scene}: not recorded, see web/README.md`);
  return JSON.parse(readFileSync(fileOf(scene), 'utf8'));
}

export function writeRecording(scene, { address, at, feeds, answers }) {
  const lines = (values) => values.map((value) => `\n    ${JSON.stringify(value)}`).join(',');
  const text = `{
  "address": ${JSON.stringify(address)},
  "at": ${JSON.stringify(at)},
  "feeds": [${lines(feeds)}
  ],
  "answers": [${lines(answers)}
  ]
}
`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(scene), text);
}
