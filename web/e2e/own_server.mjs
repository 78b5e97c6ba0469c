// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../build/release/sightline', import.meta.url));
const patienceMs = 20_000;

/** An empty server of one's own on free ports, from SIGHTLINE_BIN or the release build, with more flags. */
export async function startServer(...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'sightline-'));
  const ports = ['--port', '--otlp-grpc-port', '--otlp-http-port'].flatMap((flag) => [flag, '0']);
  const child = spawn(
    process.env.SIGHTLINE_BIN ?? built,
    ['serve', '--data-dir', folder, ...ports, ...flags],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  const file = join(folder, 'ports.json');
  const deadline = Date.now() + patienceMs;
  while (!existsSync(file) && child.exitCode === null && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!existsSync(file)) {
    await stop();
    throw new Error('the server does not listen');
  }
  const { http, otlp_http: otlpHttp } = JSON.parse(readFileSync(file, 'utf8'));
  return { url: `http://127.0.0.1:${http}`, otlpUrl: `http://127.0.0.1:${otlpHttp}`, stop };
}
